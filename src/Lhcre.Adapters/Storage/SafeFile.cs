using System.Runtime.InteropServices;

namespace Lhcre.Adapters.Storage;

/// <summary>Files that only this account reads, since they hold patient data, and that are there after a power failure.</summary>
internal static class SafeFile
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens a file, which need not exist; one that is made by <see cref="FileMode.OpenOrCreate"/> is there after a power failure.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share = FileShare.Read)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
            options.UnixCreateMode = OwnFile;
        var isNew = mode == FileMode.OpenOrCreate && !File.Exists(path);
        var file = new FileStream(path, options);
        if (isNew)
            SyncFolder(Path.GetDirectoryName(path)!);
        return file;
    }

    /// <summary>Makes a folder for this account alone; one that exists is left as it is.</summary>
    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnFile | UnixFileMode.UserExecute);
    }

    /// <summary>Puts a file there whole, or not at all: written aside, synced, renamed, and the folder synced.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        var aside = path + ".new";
        using (var file = Open(aside, FileMode.Create))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes renames and new files in a folder survive a power failure (fsync(2): "calling fsync does not necessarily ensure that the entry in the directory … has also reached disk").</summary>
    private static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var handle = OpenFolder(folder, 0);
        if (handle < 0)
            throw new IOException($"The folder of the outbox cannot be opened for fsync (errno {Marshal.GetLastPInvokeError()}).");
        var synced = Sync(handle);
        _ = Close(handle);
        if (synced != 0)
            throw new IOException("The folder of the outbox cannot be synced.");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int OpenFolder(string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(int handle);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int handle);
}
