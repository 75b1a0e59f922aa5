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

    /// <summary>A Bundle of all these entries.</summary>
    /// <param name="entries">Whole Bundle entries.</param>
    /// <param name="entryBytes">Their bytes together.</param>
    /// <param name="total">How many resources match.</param>
    /// <param name="self">The URL that was asked for.</param>
    /// <param name="lastUpdated">When what it shows changed last; null where there is nothing.</param>
    public BundleWriter(byte[][] entries, long entryBytes, int total, string self, DateTimeOffset? lastUpdated)
    {
        _entries = entries;
        var head = new StringBuilder("{\"resourceType\":\"Bundle\"");
        if (lastUpdated is { } at)
            head.Append(CultureInfo.InvariantCulture, $",\"meta\":{{\"lastUpdated\":\"{Rendering.Instant(at)}\"}}");
        head.Append(CultureInfo.InvariantCulture, $",\"type\":\"searchset\",\"total\":{total},\"link\":[{{\"relation\":\"self\",\"url\":");
        head.Append(JsonSerializer.Serialize(self)).Append("}]");
        // FHIR knows no empty lists: a Bundle without entries has no entry member.
        head.Append(entries.Length > 0 ? ",\"entry\":[" : "");
        _head = Encoding.UTF8.GetBytes(head.ToString());
        _tail = entries.Length > 0 ? "]}"u8.ToArray() : "}"u8.ToArray();
        Length = _head.Length + entryBytes + Math.Max(entries.Length - 1, 0) + _tail.Length;
    }

    /// <summary>The bytes of the whole Bundle.</summary>
    public long Length { get; }

    /// <summary>Writes the Bundle, and calls <paramref name="flush"/> whenever <paramref name="flushEvery"/> bytes have gone since the last time.</summary>
    public async ValueTask Write(IBufferWriter<byte> target, int flushEvery, Func<ValueTask> flush)
    {
        target.Write(_head);
        var pending = _head.Length;
        for (var i = 0; i < _entries.Length; i++)
        {
            if (i > 0)
                target.Write(Comma);
            target.Write(_entries[i]);
            pending += _entries[i].Length + 1;
            if (pending < flushEvery)
                continue;
            await flush();
            pending = 0;
        }

        target.Write(_tail);
        await flush();
    }
}
