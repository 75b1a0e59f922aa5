using System.Security.Cryptography;
using System.Text;

namespace Lhcre.Adapters.Examples;

/// <summary>The Isle of Wight: a folder into which the trust's integration engine drops HL7 v2 files.</summary>
internal static class IsleOfWightFiles
{
    private const string Help = """
        Lhcre.Adapters.Examples isle-of-wight --folder DIR [OPTIONS]

        Pushes the HL7 v2 messages of every *.hl7 of a folder, in the order of the files' names, and moves the file to done/ below the folder.
        A file holds one message or several, also as a batch (FHS, BHS, BTS, FTS). Whoever writes one writes it under another name first and renames it.

          --folder DIR    where the files come
        """;

    /// <summary>Runs it; gives its exit code.</summary>
    public static async Task<int> Run(string[] args, CancellationToken stop)
    {
        var adapter = AdapterRun.Read(args, Help, new() { ["--folder"] = null, ["--source"] = "isle-of-wight" }, out var exitCode);
        if (adapter is null)
            return exitCode;
        var folder = Directory.CreateDirectory(adapter["--folder"]);
        var done = Directory.CreateDirectory(Path.Combine(folder.FullName, "done"));
        return await adapter.Run((outbox, token) => Round(folder, done, outbox, token), stop);
    }

    private static async Task Round(DirectoryInfo folder, DirectoryInfo done, Outbox outbox, CancellationToken stop)
    {
        foreach (var file in folder.EnumerateFiles("*.hl7").OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            var bytes = await File.ReadAllBytesAsync(file.FullName, stop);
            // All messages of a file and that it was read are kept together: killed between here and the move, it is not taken twice.
            var cursor = $"{file.Name} {Convert.ToHexString(SHA256.HashData(bytes).AsSpan(0, 8))}";
            if (cursor != outbox.Cursor)
                await outbox.Append([.. Split(bytes).Select(m => Outgoing.Hl7V2(Person(m.Span), m))], cursor, stop);
            file.MoveTo(Path.Combine(done.FullName, file.Name), overwrite: true);
        }
    }

    /// <summary>
    /// The messages of a file: each from its MSH to the next segment that is not of a message, bytes as they are. What else stands there goes too: the
    /// record says what is wrong with it, and nobody else would.
    /// </summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Split(byte[] file)
    {
        var start = -1;
        for (var at = 0; at < file.Length; at = NextLine(file, at))
        {
            // Letters of a segment's name are the same in every charset of HL7 table 0211 but UTF-16 and UTF-32, which none sends in files.
            var name = Encoding.Latin1.GetString(file, at, Math.Min(3, file.Length - at));
            var isOfBatch = name is "FHS" or "BHS" or "BTS" or "FTS";
            if (start >= 0 && (isOfBatch || name == "MSH"))
            {
                yield return Message(file, start, at);
                start = -1;
            }

            if (start < 0 && !isOfBatch && file.AsSpan(at, LineEnd(file, at) - at).ContainsAnyExcept(" \t"u8))
                start = at;
        }

        if (start >= 0)
            yield return Message(file, start, file.Length);
    }

    // Some engines end lines as text files do; a segment ends with a carriage return alone (HL7 v2, 2.4.2).
    private static ReadOnlyMemory<byte> Message(byte[] file, int start, int end)
    {
        var message = new MemoryStream(end - start);
        for (var at = start; at < end; at = NextLine(file, at))
        {
            var length = LineEnd(file, at) - at;
            if (length == 0)
                continue;
            message.Write(file, at, length);
            message.WriteByte((byte)'\r');
        }

        return message.ToArray();
    }

    private static int LineEnd(byte[] file, int at)
    {
        var end = file.AsSpan(at).IndexOfAny((byte)'\r', (byte)'\n');
        return end < 0 ? file.Length : at + end;
    }

    private static int NextLine(byte[] file, int at) => Math.Min(file.Length, LineEnd(file, at) + 1);

    // Whose it is: PID-3, the first identifier, without reading more of the message than that.
    private static string Person(ReadOnlySpan<byte> message)
    {
        foreach (var segment in Encoding.Latin1.GetString(message).Split('\r'))
        {
            if (segment.StartsWith("PID", StringComparison.Ordinal) && segment.Length > 3 && segment.Split(segment[3]) is { Length: > 3 } fields)
                return fields[3].Split('~', '^')[0];
        }

        return "";
    }
}
