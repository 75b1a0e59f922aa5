using System.Buffers;

namespace Lhcre.Record;

/// <summary>
/// The body of a journal row, of a kept supporting resource and of a parked one: fragments in bytes, compressed, the format first.
/// The layout is on the page <c>FORMAT.md</c> beside this file; keep the two in step.
/// </summary>
public static class LogBody
{
    /// <summary>The format that <see cref="Write"/> makes: 1. Every format ever written is read for ever.</summary>
    public const byte Format = 1;

    /// <summary>The format that <see cref="WriteRow"/> makes: 4, which is one of format 1 with the merge rules in front.</summary>
    public const byte RowFormat = 4;

    // Rows were written without their merge rules as long as the two counted alike.
    private const byte LastReaderWithoutRules = 2;

    /// <summary>Fragments to bytes.</summary>
    /// <exception cref="InvalidOperationException">They come to more than 256 MiB.</exception>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<Fragment> fragments) => Pack(fragments, default);

    /// <summary>The fragments of a journal row to bytes, with the merge rules under which it is appended.</summary>
    /// <exception cref="InvalidOperationException">They come to more than 256 MiB.</exception>
    public static ReadOnlyMemory<byte> WriteRow(IReadOnlyList<Fragment> fragments) => Pack(fragments, [RowFormat, PatientRecord.MergeRules]);

    /// <summary>The number of the merge rules under which a journal row was appended.</summary>
    public static byte Rules(ReadOnlyMemory<byte> body) =>
        body.Span is [RowFormat, var rules, ..] ? rules : RulesOf(Reader(body));

    /// <summary>The same of a row from before they were written down.</summary>
    internal static byte RulesOf(byte reader) => Math.Min(reader, LastReaderWithoutRules);

    /// <summary>Bytes to fragments. Facts that an older reader made are read again.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of a format that this release knows, or are damaged.</exception>
    public static Fragment[] Read(ReadOnlyMemory<byte> body)
    {
        var packed = Packed(body);
        PackedBytes.Check(packed, Format, "log body");
        return ReadPlain(PackedBytes.Unpack(packed), Reader(packed));
    }

    /// <summary>Which facts reader made the facts of a body.</summary>
    internal static byte Reader(ReadOnlyMemory<byte> body) => Packed(body).Span is [_, var reader, ..] ? reader : (byte)0;

    /// <summary>The plain bytes of a body to fragments.</summary>
    internal static Fragment[] ReadPlain(ReadOnlyMemory<byte> plain, byte madeBy)
    {
        if (madeBy is 0 or > FactsReader.Number)
            throw new InvalidDataException($"A log body's facts are of reader {madeBy}, whose layout this release does not know; it knows 1 to {FactsReader.Number}.");
        var readAgain = madeBy < FactsReader.Number;
        var reader = new LogReader(plain, 0);
        var rows = new FragmentRow[reader.Count(FragmentRow.LeastBytes)];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = FragmentRow.Read(ref reader, madeBy);
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

    internal static byte[] Unpack(ReadOnlyMemory<byte> body)
    {
        var packed = Packed(body);
        PackedBytes.Check(packed, Format, "log body");
        return PackedBytes.Unpack(packed);
    }

    private static ReadOnlyMemory<byte> Pack(IReadOnlyList<Fragment> fragments, ReadOnlySpan<byte> before)
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

        return PackedBytes.Pack(Format, FactsReader.Number, plain.WrittenSpan, before);
    }

    private static ReadOnlyMemory<byte> Packed(ReadOnlyMemory<byte> body) => body.Span is [RowFormat, _, ..] ? body[2..] : body;
}
