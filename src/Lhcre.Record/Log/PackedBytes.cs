using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace Lhcre.Record;

/// <summary>The envelope of everything that is stored: format, facts reader, length, check, and the plain bytes compressed (<c>FORMAT.md</c>).</summary>
internal static class PackedBytes
{
    // Of Brotli's 0 to 11: above 4 a push costs more in compression than in everything else together, for a tenth less of bytes.
    private const int Quality = 4;
    private const int Window = 22;

    // Four request bodies: what was sent, its mended copy, and their facts. A damaged length must not ask for all the memory there is.
    private const int MostPlainBytes = 4 * Limits.BodyBytes;
    private const int CheckLength = 4;

    /// <summary>Plain bytes to stored ones.</summary>
    /// <param name="format">Of what.</param>
    /// <param name="reader">The facts reader.</param>
    /// <param name="plain">The bytes.</param>
    /// <param name="before">What stands in front of it all.</param>
    public static byte[] Pack(byte format, byte reader, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> before = default)
    {
        if (plain.Length > MostPlainBytes)
            throw new InvalidOperationException($"What is to be stored comes to {plain.Length} bytes, over the limit of {MostPlainBytes}.");
        Span<byte> header = stackalloc byte[16];
        header[0] = format;
        header[1] = reader;
        var length = 2 + LogWriter.Number(header[2..], plain.Length);
        BinaryPrimitives.WriteUInt32BigEndian(header[length..], Crc(plain));
        length += CheckLength;
        var body = new byte[before.Length + length + BrotliEncoder.GetMaxCompressedLength(plain.Length)];
        before.CopyTo(body);
        header[..length].CopyTo(body.AsSpan(before.Length));
        length += before.Length;
        if (!BrotliEncoder.TryCompress(plain, body.AsSpan(length), out var written, Quality, Window))
            throw new InvalidOperationException("Brotli did not fit into its own bound.");
        // It stays in memory as long as its record is warm: no slack behind it.
        return body.AsSpan(0, length + written).ToArray();
    }

    /// <summary>Refuses what is not of the given format.</summary>
    public static void Check(ReadOnlyMemory<byte> body, byte format, string what)
    {
        var span = body.Span;
        if (span.Length < 3 || span[0] != format)
            throw new InvalidDataException($"A {what} of format {(span.Length > 0 ? span[0] : -1)} is not known to this release; it reads format {format}.");
    }

    /// <summary>How many plain bytes there are.</summary>
    public static int PlainLength(ReadOnlyMemory<byte> body)
    {
        var length = new LogReader(body, 2).Number();
        return length <= MostPlainBytes ? length : throw new InvalidDataException("A stored body is damaged: it states a length that is never written.");
    }

    /// <summary>Stored bytes to plain ones.</summary>
    public static byte[] Unpack(ReadOnlyMemory<byte> body)
    {
        var plain = new byte[PlainLength(body)];
        Unpack(body, plain);
        return plain;
    }

    /// <summary>The same into <paramref name="plain"/>, which has just the length that there is.</summary>
    public static void Unpack(ReadOnlyMemory<byte> body, Span<byte> plain)
    {
        var header = new LogReader(body, 2);
        header.Number();
        var check = header.Check();
        if (!BrotliDecoder.TryDecompress(body.Span[header.Position..], plain, out var written) || written != plain.Length)
            throw new InvalidDataException("A stored body is damaged: it does not decompress to the length that it states.");
        if (Crc(plain) != check)
            throw new InvalidDataException("A stored body is damaged: its check does not fit its bytes.");
    }

    // CRC-32C (Castagnoli). Brotli has no check of its own, and a flipped bit in a dose would be served.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var last in bytes)
            crc = BitOperations.Crc32C(crc, last);
        return ~crc;
    }
}
