namespace Lhcre.Silo.Load;

/// <summary>A file to push from.</summary>
/// <param name="Path">Its path as found.</param>
/// <param name="Length">Bytes when it was found.</param>
internal sealed record InputFile(string Path, long Length)
{
    /// <summary>The place of its first push among those of all files found, from 0: which assigned NHS number it gets.</summary>
    public int FirstNumber { get; init; }

    /// <summary>One Bundle or resource a line, by its name's ending.</summary>
    public bool IsNdjson => Path.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase);

    /// <summary>HL7 v2: one message or several, by its name's ending (<c>.hl7</c>) or by how it begins (MSH, FHS, BHS).</summary>
    public bool IsHl7 { get; init; }

    /// <summary>
    /// All files that the paths name: a folder stands for every <c>*.json</c>, <c>*.ndjson</c> and file of HL7 v2 below it. Sorted by file name (then by path),
    /// ordinal, so that the order does not depend on where the folder lies; a file that two paths name comes once.
    /// </summary>
    /// <param name="paths">Folders and files.</param>
    /// <param name="missing">The first path that does not exist; null where all do.</param>
    public static List<InputFile> Find(IEnumerable<string> paths, out string? missing)
    {
        var everywhere = new EnumerationOptions { RecurseSubdirectories = true, MatchCasing = MatchCasing.CaseInsensitive };
        var found = new Dictionary<string, FileInfo>(StringComparer.Ordinal);
        missing = null;
        foreach (var path in paths)
        {
            IEnumerable<FileInfo> files = [];
            if (Directory.Exists(path))
                files = new DirectoryInfo(path).EnumerateFiles("*", everywhere).Where(f => IsJson(f) || SaysHl7(f));
            else if (File.Exists(path))
                files = [new FileInfo(path)];
            else
                missing ??= path;
            foreach (var file in files)
                found.TryAdd(file.FullName, file);
        }

        return
        [
            .. found.Values
                .OrderBy(f => f.Name, StringComparer.Ordinal)
                .ThenBy(f => f.FullName, StringComparer.Ordinal)
                .Select((f, n) => new InputFile(f.FullName, f.Length) { FirstNumber = n, IsHl7 = !IsJson(f) && SaysHl7(f) }),
        ];
    }

    /// <summary>The files of a slice, and of those not more than the limit.</summary>
    public static List<InputFile> Select(IEnumerable<InputFile> files, LoadOptions options) =>
        [.. files.Where((_, n) => n % options.Slices == options.Slice - 1).Take(options.Limit ?? int.MaxValue)];

    private static bool IsJson(FileInfo file) => file.Extension.ToLowerInvariant() is ".json" or ".ndjson";

    // One that cannot be read is told of when it is its turn.
    private static bool SaysHl7(FileInfo file)
    {
        if (file.Extension.Equals(".hl7", StringComparison.OrdinalIgnoreCase))
            return true;
        try
        {
            Span<byte> head = stackalloc byte[16];
            using var stream = file.OpenRead();
            ReadOnlySpan<byte> begins = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
            if (begins.StartsWith("\uFEFF"u8))
                begins = begins[3..];
            // Some write the bytes of the frame into the file.
            begins = begins.TrimStart("\v\r\n "u8);
            return begins.StartsWith("MSH"u8) || begins.StartsWith("FHS"u8) || begins.StartsWith("BHS"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
