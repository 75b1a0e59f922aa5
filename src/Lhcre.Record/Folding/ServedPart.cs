using System.Buffers;

namespace Lhcre.Record;

/// <summary>What is served of a live chunk.</summary>
/// <param name="Head">The record as of it.</param>
/// <param name="Resources">Each resource's smallest member, its Bundle entry, and where the resource stands in that.</param>
internal sealed record ServedPart(ChunkHead Head, (EntryKey Smallest, byte[] Bytes, ByteRange Resource)[] Resources)
{
    /// <summary>The head alone.</summary>
    public static ChunkHead ReadHead(ReadOnlyMemory<byte> packed)
    {
        var reader = new LogReader(PackedBytes.Unpack(packed), 0);
        return ChunkHead.Read(ref reader);
    }

    /// <summary>All of it.</summary>
    /// <param name="packed">The packed part.</param>
    /// <param name="superseded">What no longer counts: its bytes are left out.</param>
    public static ServedPart Read(ReadOnlyMemory<byte> packed, SupersededItems? superseded)
    {
        var length = PackedBytes.PlainLength(packed);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var plain = rented.AsMemory(0, length);
            PackedBytes.Unpack(packed, plain.Span);
            var reader = new LogReader(plain, 0);
            var head = ChunkHead.Read(ref reader);
            var resources = new (EntryKey Smallest, byte[] Bytes, ByteRange Resource)[reader.Count(LiveChunk.LeastDirectoryBytes)];
            var lengths = new int[resources.Length];
            for (var i = 0; i < resources.Length; i++)
            {
                resources[i].Smallest = reader.Key();
                lengths[i] = reader.Number();
                resources[i].Resource = reader.Range();
            }

            for (var i = 0; i < resources.Length; i++)
            {
                var bytes = reader.Bytes(lengths[i]);
                resources[i].Bytes = superseded?.Has(i) == true ? [] : bytes.ToArray();
            }

            return new ServedPart(head, resources);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
