using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>The record as of a chunk's last row. Of several live chunks the one with the highest number speaks for all.</summary>
/// <param name="Seq">The last row in it.</param>
/// <param name="Version">The record's version.</param>
/// <param name="LastUpdated">When that was appended.</param>
/// <param name="LastAppended">When the last row was appended.</param>
/// <param name="LastRules">Under which merge rules that was.</param>
/// <param name="Superseded">What no longer counts in the chunks below this one.</param>
internal sealed record ChunkHead(
    long Seq, long Version, DateTimeOffset LastUpdated, DateTimeOffset LastAppended, byte LastRules, ImmutableArray<SupersededItems> Superseded)
{
    private const int LeastSupersededBytes = 2;

    /// <summary>The head of a record.</summary>
    public static ChunkHead Of(PatientRecord record, ImmutableArray<SupersededItems> superseded) =>
        new(record.Seq, record.Version, record.LastUpdated, record.LastAppended, record.LastRules, superseded);

    /// <summary>What no longer counts in a chunk; null where all of it does.</summary>
    public SupersededItems? SupersededIn(int chunk) => Superseded.FirstOrDefault(s => s.Chunk == chunk);

    public void Write(LogWriter writer)
    {
        writer.Number(checked((int)Seq));
        writer.Number(checked((int)Version));
        writer.Ticks(LastUpdated);
        writer.Ticks(LastAppended);
        writer.Byte(LastRules);
        writer.Number(Superseded.Length);
        foreach (var items in Superseded)
        {
            writer.Number(items.Chunk);
            writer.Number(items.Bits.Length);
            foreach (var bits in items.Bits)
                writer.Byte(bits);
        }
    }

    public static ChunkHead Read(ref LogReader reader)
    {
        var (seq, version) = (reader.Number(), reader.Number());
        var (updated, appended, rules) = (reader.Ticks() ?? default, reader.Ticks() ?? default, reader.Byte());
        var superseded = ImmutableArray.CreateBuilder<SupersededItems>(reader.Count(LeastSupersededBytes));
        while (superseded.Count < superseded.Capacity)
        {
            var chunk = reader.Number();
            superseded.Add(new SupersededItems(chunk, [.. reader.Bytes(reader.Number())]));
        }

        return new ChunkHead(seq, version, updated, appended, rules, superseded.MoveToImmutable());
    }
}

/// <summary>Which items of a chunk no longer count.</summary>
/// <param name="Chunk">The chunk's number.</param>
/// <param name="Bits">A bit an item, the lowest first: 1 superseded. As long as is needed.</param>
internal sealed record SupersededItems(int Chunk, ImmutableArray<byte> Bits)
{
    /// <summary>Whether the item at a place is superseded.</summary>
    public bool Has(int index) => index / 8 < Bits.Length && (Bits[index / 8] & (1 << (index % 8))) != 0;

    /// <summary>All items of a chunk but these.</summary>
    public static SupersededItems AllBut(int chunk, int count, IEnumerable<int> alive)
    {
        var bits = new byte[(count + 7) / 8];
        for (var i = 0; i < count; i++)
            bits[i / 8] |= (byte)(1 << (i % 8));
        foreach (var index in alive)
            bits[index / 8] &= (byte)~(1 << (index % 8));
        return new SupersededItems(chunk, [.. bits]);
    }
}
