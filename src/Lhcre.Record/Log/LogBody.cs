using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace Lhcre.Record;

/// <summary>
/// The body of a journal row, of a kept supporting resource and of a parked one: fragments in bytes, compressed, the format first.
/// The layout is on the page <c>FORMAT.md</c> beside this file; keep the two in step.
/// </summary>
public static class LogBody
{
    /// <summary>The format that <see cref="Write"/> makes: 1. Every format ever written is read for ever.</summary>
    public const byte Format = 1;

    // Of Brotli's 0 to 11: above 4 a push costs more in compression than in everything else together, for a tenth less of bytes.
    private const int Quality = 4;
    private const int Window = 22;

    // Four request bodies: what was sent, its mended copy, and their facts. A damaged length must not ask for all the memory there is.
    private const int MostPlainBytes = 4 * Limits.BodyBytes;
    private const int CheckLength = 4;

    /// <summary>Fragments to bytes.</summary>
    /// <exception cref="InvalidOperationException">They come to more than 256 MiB.</exception>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<Fragment> fragments)
    {
        var plain = new ArrayBufferWriter<byte>(1024 + fragments.Sum(f => f.AsSent.Length + (f.Mended?.Length ?? 0) + 256));
        var writer = new LogWriter(plain);
        writer.Number(fragments.Count);
        foreach (var fragment in fragments)
            FragmentRow.Write(writer, fragment);

        foreach (var fragment in fragments)
        {
            plain.Write(fragment.AsSent.Span);
            plain.Write((fragment.Mended ?? default).Span);
        }

        return Pack(plain.WrittenSpan);
    }

    /// <summary>Bytes to fragments. Facts that an older reader made are read again.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of a format that this release knows, or are damaged.</exception>
    public static Fragment[] Read(ReadOnlyMemory<byte> body)
    {
        var span = body.Span;
        if (span.Length < 3 || span[0] != Format)
            throw new InvalidDataException($"A log body of format {(span.Length > 0 ? span[0] : -1)} is not known to this release; it reads format {Format}.");
        var readAgain = span[1] < FactsReader.Number;
        var plain = Unpack(body);
        var reader = new LogReader(plain, 0);
        var rows = new FragmentRow[reader.Count(FragmentRow.LeastBytes)];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = FragmentRow.Read(ref reader);
        var at = reader.Position;
        var fragments = new Fragment[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var fragment = rows[i].Restore(plain, ref at);
            fragments[i] = readAgain ? fragment.ReadAgain() : fragment;
        }

        if (at != plain.Length)
            throw new InvalidDataException("A log body is damaged: there are bytes behind its last resource.");
        return fragments;
    }

    internal static byte[] Pack(ReadOnlySpan<byte> plain)
    {
        if (plain.Length > MostPlainBytes)
            throw new InvalidOperationException($"A log body of {plain.Length} bytes is over the limit of {MostPlainBytes}.");
        Span<byte> header = stackalloc byte[16];
        header[0] = Format;
        header[1] = FactsReader.Number;
        var length = 2 + LogWriter.Number(header[2..], plain.Length);
        BinaryPrimitives.WriteUInt32BigEndian(header[length..], Check(plain));
        length += CheckLength;
        var body = new byte[length + BrotliEncoder.GetMaxCompressedLength(plain.Length)];
        header[..length].CopyTo(body);
        if (!BrotliEncoder.TryCompress(plain, body.AsSpan(length), out var written, Quality, Window))
            throw new InvalidOperationException("Brotli did not fit into its own bound.");
        // A row stays in memory as long as its record is warm: no slack behind it.
        return body.AsSpan(0, length + written).ToArray();
    }

    internal static byte[] Unpack(ReadOnlyMemory<byte> body)
    {
        var header = new LogReader(body, 2);
        var length = header.Number();
        var check = header.Check();
        if (length > MostPlainBytes)
            throw new InvalidDataException("A log body is damaged: it states a length that is never written.");
        var plain = new byte[length];
        if (!BrotliDecoder.TryDecompress(body.Span[header.Position..], plain, out var written) || written != length)
            throw new InvalidDataException("A log body is damaged: it does not decompress to the length that it states.");
        if (Check(plain) != check)
            throw new InvalidDataException("A log body is damaged: its check does not fit its bytes.");
        return plain;
    }

    // CRC-32C (Castagnoli). Brotli has no check of its own, and a flipped bit in a dose would be served.
    private static uint Check(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var last in bytes)
            crc = BitOperations.Crc32C(crc, last);
        return ~crc;
    }
}
