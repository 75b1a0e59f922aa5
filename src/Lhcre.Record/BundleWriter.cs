using System.Buffers;
using System.Text;

namespace Lhcre.Record;

/// <summary>
/// A Bundle around entries that are bytes already: a head, the entries with commas between them, a tail. Nothing is encoded again, so a
/// Bundle of any size costs its head. Not all entries need be at hand at once: a large record comes in parts.
/// </summary>
/// <param name="head">What stands before the entries.</param>
/// <param name="entries">Whole Bundle entries, or the first of them.</param>
/// <param name="entryBytes">The bytes of all entries together.</param>
/// <param name="count">How many entries there are in all.</param>
/// <param name="beside">More entries, behind these: such as are no matches.</param>
/// <param name="more">Gives the following entries, again and again until there were so many; null where all are at hand.</param>
public sealed class BundleWriter(
    BundleHead head, byte[][] entries, long entryBytes, int count, byte[][] beside, Func<CancellationToken, ValueTask<byte[][]>>? more = null)
{
    private static readonly byte[] Comma = ","u8.ToArray();

    // FHIR knows no empty lists: a Bundle without entries has no entry member.
    private readonly bool _hasEntries = count + beside.Length > 0;
    private byte[]? _head;

    /// <summary>The bytes of the whole Bundle.</summary>
    public long Length => Head.Length + entryBytes + beside.Sum(e => (long)e.Length) + Math.Max(count + beside.Length - 1, 0) + Tail.Length;

    private byte[] Head => _head ??= Encoding.UTF8.GetBytes(head.Text() + (_hasEntries ? ",\"entry\":[" : ""));

    private ReadOnlySpan<byte> Tail => _hasEntries ? "]}"u8 : "}"u8;

    /// <summary>Writes the Bundle in stretches of at most <paramref name="stretch"/> bytes, and calls <paramref name="flush"/> behind each.</summary>
    public async ValueTask Write(IBufferWriter<byte> target, int stretch, Func<ValueTask> flush, CancellationToken cancellation = default)
    {
        var (at, rest) = (new Place(entries), Length);
        while (rest > 0)
        {
            // One request for memory a stretch, not one an entry: what is asked of a PipeWriter costs more than the copying.
            var length = (int)Math.Min(rest, stretch);
            var filled = Fill(target.GetSpan(length)[..length], ref at);
            target.Advance(filled);
            rest -= filled;
            if (filled > 0)
                await flush();
            if (filled < length)
                at.GoOn(await more!(cancellation));
        }
    }

    // From a place on, as much as the target takes and is at hand.
    private int Fill(Span<byte> target, ref Place at)
    {
        var filled = 0;
        while (filled < target.Length && TryPart(at, out var part))
        {
            var bytes = part[at.Byte..];
            var taken = Math.Min(bytes.Length, target.Length - filled);
            bytes[..taken].CopyTo(target[filled..]);
            filled += taken;
            at.Move(taken, part.Length);
        }

        return filled;
    }

    // The head, the entries with commas between them, the tail; false where the next entry is not at hand.
    private bool TryPart(in Place at, out ReadOnlySpan<byte> part)
    {
        var all = count + beside.Length;
        var entry = at.Part / 2;
        part = at.Part == 0 ? Head
            : at.Part == Math.Max(2 * all, 1) ? Tail
            : at.Part % 2 == 0 ? Comma
            : entry >= count ? beside[entry - count]
            : entry - at.First < at.Entries.Length ? at.Entries[entry - at.First]
            : default;
        return !part.IsEmpty;
    }

    // The part that comes next and the byte in it, and the entries at hand with the number of the first of them.
    private struct Place(byte[][] entries)
    {
        public byte[][] Entries { get; private set; } = entries;

        public int First { get; private set; }

        public int Part { get; private set; }

        public int Byte { get; private set; }

        public void Move(int taken, int length) => (Part, Byte) = Byte + taken == length ? (Part + 1, 0) : (Part, Byte + taken);

        public void GoOn(byte[][] following) => (First, Entries) = following.Length > 0
            ? (First + Entries.Length, following)
            : throw new InvalidOperationException("A Bundle's entries ended before all were written.");
    }
}
