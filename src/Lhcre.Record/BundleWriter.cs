using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Lhcre.Record;

/// <summary>
/// A <c>searchset</c> Bundle around entries that are bytes already: a head, the entries with commas between them, a tail. Nothing is
/// encoded again, so a Bundle of any size costs its head.
/// </summary>
public sealed class BundleWriter
{
    private static readonly byte[] Comma = ","u8.ToArray();

    private readonly byte[] _head;
    private readonly byte[] _tail;
    private readonly byte[][] _entries;
    private readonly byte[][] _beside;
    private readonly int _count;

    /// <summary>A Bundle of all these entries.</summary>
    /// <param name="entries">Whole Bundle entries.</param>
    /// <param name="entryBytes">Their bytes together.</param>
    /// <param name="total">How many resources match.</param>
    /// <param name="self">The URL that was asked for.</param>
    /// <param name="lastUpdated">When what it shows changed last; null where there is nothing.</param>
    /// <param name="beside">More entries, behind these: such as are no matches.</param>
    public BundleWriter(byte[][] entries, long entryBytes, int total, string self, DateTimeOffset? lastUpdated, byte[][]? beside = null)
    {
        (_entries, _beside) = (entries, beside ?? []);
        _count = entries.Length + _beside.Length;
        var head = new StringBuilder("{\"resourceType\":\"Bundle\"");
        if (lastUpdated is { } at)
            head.Append(CultureInfo.InvariantCulture, $",\"meta\":{{\"lastUpdated\":\"{Rendering.Instant(at)}\"}}");
        head.Append(CultureInfo.InvariantCulture, $",\"type\":\"searchset\",\"total\":{total},\"link\":[{{\"relation\":\"self\",\"url\":");
        head.Append(JsonSerializer.Serialize(self)).Append("}]");
        // FHIR knows no empty lists: a Bundle without entries has no entry member.
        head.Append(_count > 0 ? ",\"entry\":[" : "");
        _head = Encoding.UTF8.GetBytes(head.ToString());
        _tail = _count > 0 ? "]}"u8.ToArray() : "}"u8.ToArray();
        Length = _head.Length + entryBytes + _beside.Sum(e => (long)e.Length) + Math.Max(_count - 1, 0) + _tail.Length;
    }

    /// <summary>The bytes of the whole Bundle.</summary>
    public long Length { get; }

    /// <summary>Writes the Bundle in stretches of at most <paramref name="stretch"/> bytes, and calls <paramref name="flush"/> behind each.</summary>
    public async ValueTask Write(IBufferWriter<byte> target, int stretch, Func<ValueTask> flush)
    {
        var (part, from) = (0, 0);
        for (var rest = Length; rest > 0;)
        {
            // One request for memory a stretch, not one an entry: what is asked of a PipeWriter costs more than the copying.
            var length = (int)Math.Min(rest, stretch);
            Fill(target.GetSpan(length)[..length], ref part, ref from);
            target.Advance(length);
            rest -= length;
            await flush();
        }
    }

    // From a place in a part on, as much as the target takes.
    private void Fill(Span<byte> target, ref int part, ref int from)
    {
        while (!target.IsEmpty)
        {
            var bytes = Part(part).AsSpan(from);
            var taken = Math.Min(bytes.Length, target.Length);
            bytes[..taken].CopyTo(target);
            target = target[taken..];
            (part, from) = taken == bytes.Length ? (part + 1, 0) : (part, from + taken);
        }
    }

    // The head, the entries with commas between them, the tail.
    private int PartCount => Math.Max(2 * _count, 1) + 1;

    private byte[] Part(int number) =>
        number == 0 ? _head
        : number == PartCount - 1 ? _tail
        : number % 2 == 1 ? Entry(number / 2)
        : Comma;

    private byte[] Entry(int number) => number < _entries.Length ? _entries[number] : _beside[number - _entries.Length];
}
