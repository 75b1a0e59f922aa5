using System.Buffers.Binary;
using System.IO.Compression;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>What stands in a stored body, by the words of FORMAT.md alone: with code of its own, so that what the product cannot see it does not hide.</summary>
internal static class DecodedBody
{
    /// <summary>All plain bytes in a body: of a row, a log body, a history chunk or a live chunk. Empty for what is none of these.</summary>
    public static byte[] Of(ReadOnlySpan<byte> body)
    {
        if (body.Length < 8)
            return [];
        switch (body[0])
        {
            case 4 or 7:
                return Packed(body[2..]);
            case 3 or 6 or 9:
                var at = 2 + 16;
                Number(body, ref at);
                var length = Number(body, ref at);
                return length > 0 && length < body.Length - at ? [.. Packed(body.Slice(at, length)), .. Packed(body[(at + length)..])] : [];
            case 1 or 2 or 5 or 8:
                return Packed(body);
            default:
                return [];
        }
    }

    private static byte[] Packed(ReadOnlySpan<byte> packed)
    {
        var at = 2;
        var length = Number(packed, ref at);
        if (length < 0 || at + 4 > packed.Length)
            return [];
        _ = BinaryPrimitives.ReadUInt32BigEndian(packed[at..]);
        var plain = new byte[length];
        return BrotliDecoder.TryDecompress(packed[(at + 4)..], plain, out var written) && written == length ? plain : [];
    }

    private static int Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        var number = 0L;
        for (var shift = 0; at < bytes.Length && shift < 35; shift += 7)
        {
            var next = bytes[at++];
            number |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
                return number < 1 << 28 ? (int)number : -1;
        }

        return -1;
    }
}
