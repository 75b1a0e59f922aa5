namespace Lhcre.Grains.Journal;

/// <summary>
/// The folder of an embedded journal, ours alone while it is held: readable by its owner only, and locked against a second process.
/// </summary>
/// <remarks>
/// The lock is the operating system's, on <c>journal.lock</c>, so that it ends with the process however that ends. The file itself stays:
/// removing it would let two processes lock two files of one name.
/// </remarks>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>The database's file in it, which exists and only its owner may read.</summary>
    public string Database => System.IO.Path.Combine(Path, "journal.db");

    /// <summary>Makes the folder where there is none, and takes it.</summary>
    /// <exception cref="JournalInUseException">Another process holds it.</exception>
    /// <exception cref="JournalFolderException">It cannot be made, read or written.</exception>
    public static DataFolder Take(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        FileStream? held = null;
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            held = Open(System.IO.Path.Combine(path, "journal.lock"));
            var folder = new DataFolder(path, held);
            // SQLite would make its file readable by everybody; its WAL and index take over the mode that they find here.
            if (!File.Exists(folder.Database))
                Make(folder.Database);
            return folder;
        }
        catch (IOException busy) when (held is null && IsLocked(busy))
        {
            throw new JournalInUseException(path, busy);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw new JournalFolderException(path, failure);
        }
    }

    /// <summary>Makes an empty file that only its owner may read.</summary>
    public static void Make(string file) => Open(file).Dispose();

    /// <summary>Lets the folder go.</summary>
    public void Dispose() => _lock.Dispose();

    private static FileStream Open(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(file, options);
    }

    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsLocked(IOException failure) => failure.HResult is 11 or 35 || (failure.HResult & 0xFFFF) == 32;
}
