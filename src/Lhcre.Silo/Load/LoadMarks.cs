using System.Buffers;
using System.Text.Json;

namespace Lhcre.Silo.Load;

/// <summary>
/// Which pushes of a load were answered, remembered in a file, so that a load that was stopped or killed goes on where it was. One line of JSON for
/// each thing that became known; the last one of a file of pushes counts, and a line that was cut off counts for nothing: then a few pushes are
/// sent once more, which changes nothing. Safe for concurrent use.
/// </summary>
internal sealed class LoadMarks : IDisposable
{
    // Lost with a kill, and sent again: no more than this.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Mark> _marks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private long _written;

    private LoadMarks(FileStream file, TimeProvider time) => (_file, _time, _written) = (file, time, time.GetTimestamp());

    // What is known of a file: how many of its first parts were answered, whether there are more, and which of those behind them are under way.
    private sealed class Mark(long length, long modified)
    {
        public long Length { get; } = length;

        public long Modified { get; } = modified;

        public int Answered { get; set; }

        public bool IsRead { get; set; }

        public SortedSet<int> Open { get; } = [];

        public int Last { get; set; }
    }

    /// <summary>How many resources were refused in earlier runs.</summary>
    public long RefusedBefore { get; private set; }

    /// <summary>Opens the file, makes it where there is none, and reads what it remembers.</summary>
    /// <param name="path">The file.</param>
    /// <param name="source">Whose load it is.</param>
    /// <param name="to">To which server.</param>
    /// <param name="time">The clock.</param>
    /// <param name="problem">Why it cannot be used; null where it can.</param>
    /// <exception cref="IOException">It cannot be read or written, or another load has it.</exception>
    public static LoadMarks? Open(string path, string source, Uri to, TimeProvider time, out string? problem)
    {
        var marks = new LoadMarks(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read), time);
        var server = to.AbsoluteUri.TrimEnd('/');
        problem = marks.ReadAll(source, server);
        if (problem is null)
        {
            if (marks._file.Length == 0)
                marks.Append(json => json.WriteString("source", source), json => json.WriteString("to", server));
            return marks;
        }

        marks.Dispose();
        return null;
    }

    /// <summary>How many of a file's first parts (lines, messages; a file of one push has one) need not be sent again; all of them: <see cref="int.MaxValue"/>.</summary>
    public int Before(InputFile file)
    {
        lock (_lock)
        {
            var mark = Of(file);
            return mark is { IsRead: true, Open.Count: 0 } ? int.MaxValue : mark.Answered;
        }
    }

    /// <summary>A part is to be sent; in their order.</summary>
    public void Begin(InputFile file, int part)
    {
        lock (_lock)
        {
            var mark = Of(file);
            mark.Open.Add(part);
            mark.Last = part;
        }
    }

    /// <summary>A part was answered, or will never be sent for what it is.</summary>
    /// <param name="file">Of which file.</param>
    /// <param name="part">Which.</param>
    /// <param name="refused">Resources refused in this run so far.</param>
    public void End(InputFile file, int part, long refused)
    {
        lock (_lock)
        {
            Of(file).Open.Remove(part);
            Changed(file, refused);
        }
    }

    /// <summary>All parts of a file have begun.</summary>
    public void EndOfFile(InputFile file, long refused)
    {
        lock (_lock)
        {
            Of(file).IsRead = true;
            Changed(file, refused);
        }
    }

    /// <summary>Writes what is not written yet.</summary>
    public void Write(long refused)
    {
        lock (_lock)
        {
            foreach (var path in _changed)
            {
                var mark = _marks[path];
                Append(
                    json => json.WriteString("file", path),
                    json => json.WriteNumber("length", mark.Length),
                    json => json.WriteNumber("modified", mark.Modified),
                    json => json.WriteNumber("answered", mark.Answered),
                    json => json.WriteBoolean("whole", mark is { IsRead: true, Open.Count: 0 }),
                    json => json.WriteNumber("refused", RefusedBefore + refused));
            }

            _changed.Clear();
            _file.Flush();
            _written = _time.GetTimestamp();
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    // Of a file that is another one than it was, nothing is known.
    private Mark Of(InputFile file)
    {
        var modified = File.GetLastWriteTimeUtc(file.Path).Ticks;
        if (!_marks.TryGetValue(file.Path, out var mark) || mark.Length != file.Length || mark.Modified != modified)
            _marks[file.Path] = mark = new Mark(file.Length, modified);
        return mark;
    }

    private void Changed(InputFile file, long refused)
    {
        var mark = Of(file);
        mark.Answered = Math.Max(mark.Answered, mark.Open.Count > 0 ? mark.Open.Min - 1 : mark.Last);
        _changed.Add(file.Path);
        if (_time.GetElapsedTime(_written) >= Every)
            Write(refused);
    }

    private string? ReadAll(string source, string server)
    {
        using var reader = new StreamReader(_file, leaveOpen: true);
        if (reader.ReadLine() is { } head && Refuse(head, source, server) is { } problem)
            return problem;
        while (reader.ReadLine() is { } line)
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                Remember(json.RootElement);
            }
            catch (Exception e) when (IsNone(e))
            {
                // Cut off by a kill.
            }
        }

        // What comes next begins a line, also behind one that was cut off.
        _file.Seek(0, SeekOrigin.End);
        if (_file.Length > 0)
            _file.WriteByte((byte)'\n');
        return null;
    }

    // Whatever it is instead, nothing may be written behind it.
    private static string? Refuse(string head, string source, string server)
    {
        try
        {
            using var json = JsonDocument.Parse(head);
            var (whose, where) = (json.RootElement.GetProperty("source").GetString(), json.RootElement.GetProperty("to").GetString());
            return whose == source && where == server ? null : $"--resume: the file remembers a load of {whose} to {where}; take another one.";
        }
        catch (Exception e) when (IsNone(e))
        {
            return "--resume: the file holds something else; take another one.";
        }
    }

    private static bool IsNone(Exception e) => e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException;

    private void Remember(JsonElement line)
    {
        var isWhole = line.GetProperty("whole").GetBoolean();
        _marks[line.GetProperty("file").GetString()!] = new Mark(line.GetProperty("length").GetInt64(), line.GetProperty("modified").GetInt64())
        {
            Answered = line.GetProperty("answered").GetInt32(),
            IsRead = isWhole,
        };
        RefusedBefore = line.GetProperty("refused").GetInt64();
    }

    private void Append(params ReadOnlySpan<Action<Utf8JsonWriter>> members)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var write in members)
                write(json);
            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        _file.Write(bytes.WrittenSpan);
    }
}
