using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Lhcre.Adapters.Storage;

/// <summary>
/// What the record refused, a JSON object a line, for people to read and mend. It grows until somebody takes lines away, also while an adapter runs.
/// </summary>
internal sealed class RefusedFile
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly HashSet<long> _known = [];

    private RefusedFile(string path) => _path = path;

    /// <summary>Reads the file, or begins it; half a line that a crash left is cut off.</summary>
    /// <param name="folder">Of the outbox.</param>
    /// <param name="settled">Up to where no message can be refused any more.</param>
    public static RefusedFile Open(string folder, long settled)
    {
        var refused = new RefusedFile(Path.Combine(folder, "refused.ndjson"));
        using var file = SafeFile.Open(refused._path, FileMode.OpenOrCreate);
        long end = 0;
        foreach (var line in Lines(file))
        {
            end += line.Length + 1;
            if (Sequence(line) is { } sequence && sequence > settled)
                refused._known.Add(sequence);
        }

        file.SetLength(end);
        return refused;
    }

    /// <summary>Keeps what was refused; returns when it is on disk. One that a crash made come twice is kept once.</summary>
    public void Add(IEnumerable<RefusedMessage> refused, DateTimeOffset at)
    {
        lock (_gate)
        {
            // Opened each time: whoever took lines away may have put another file there.
            using var file = SafeFile.Open(_path, FileMode.OpenOrCreate);
            RefusedMessage[] unknown = [.. refused.Where(m => !_known.Contains(m.Queued.Sequence))];
            if (!EndsALine(file))
                file.WriteByte((byte)'\n');
            foreach (var message in unknown)
                file.Write(Line(message, at));
            file.Flush(flushToDisk: true);
            _known.UnionWith(unknown.Select(m => m.Queued.Sequence));
        }
    }

    /// <summary>These are settled: they cannot come again.</summary>
    public void Forget(IEnumerable<long> sequences)
    {
        lock (_gate)
            _known.ExceptWith(sequences);
    }

    // And leaves the file at its end.
    private static bool EndsALine(FileStream file)
    {
        file.Position = Math.Max(0, file.Length - 1);
        return file.ReadByte() is -1 or '\n';
    }

    private static byte[] Line(RefusedMessage refused, DateTimeOffset at)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            var message = refused.Queued.Message;
            writer.WriteStartObject();
            writer.WriteNumber("sequence", refused.Queued.Sequence);
            writer.WriteString("refused", at);
            writer.WriteNumber("status", refused.Status);
            writer.WriteStartArray("issue");
            foreach (var issue in refused.Issues)
            {
                writer.WriteStartObject();
                if (issue.Code is { } code)
                    writer.WriteString("code", code);
                writer.WriteString("text", issue.Text);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            if (refused.Entries.Count > 0)
            {
                writer.WriteStartArray("entry");
                foreach (var entry in refused.Entries)
                    writer.WriteNumberValue(entry);
                writer.WriteEndArray();
            }

            writer.WriteString("kind", message.Kind.ToString());
            writer.WriteString("person", message.Person);
            writer.WriteString("path", message.Path);
            if (Utf8.IsValid(message.Body.Span))
                writer.WriteString("body", message.Body.Span);
            else
                writer.WriteBase64String("bodyBase64", message.Body.Span);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    // Whole lines, without their ends.
    private static IEnumerable<byte[]> Lines(FileStream file)
    {
        var line = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            var start = 0;
            for (int end; (end = buffer.AsSpan(start, read - start).IndexOf((byte)'\n')) >= 0; start += end + 1)
            {
                line.Write(buffer, start, end);
                yield return line.ToArray();
                line.SetLength(0);
            }

            line.Write(buffer, start, read - start);
        }
    }

    private static long? Sequence(byte[] line)
    {
        const string start = "{\"sequence\":";
        var text = Encoding.UTF8.GetString(line.AsSpan(0, Math.Min(line.Length, 40)));
        var end = text.IndexOf(',', StringComparison.Ordinal);
        return text.StartsWith(start, StringComparison.Ordinal) && end > 0 && long.TryParse(text[start.Length..end], out var sequence) ? sequence : null;
    }
}
