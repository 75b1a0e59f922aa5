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

    /// <summary>The format that <see cref="WriteRow"/> makes of a row that says more than its fragments do: 7.</summary>
    public const byte CorrectingFormat = 7;

    /// <summary>In place of the merge rules of a row of which something was erased: it says less than it did, whatever the rules.</summary>
    internal const byte RulesOfErased = 0;

    private const byte HasReceived = 1;
    private const byte HasCorrection = 2;
    private const byte HasCause = 4;
    private const byte HasMove = 16;

    // Rows were written without their merge rules as long as the two counted alike.
    private const byte LastReaderWithoutRules = 2;

    /// <summary>Fragments to bytes.</summary>
    /// <exception cref="InvalidOperationException">They come to more than 256 MiB.</exception>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<Fragment> fragments) => Pack(fragments, Format, default);

    /// <summary>The fragments of a journal row to bytes, with the merge rules under which it is appended, and what else it says.</summary>
    /// <param name="fragments">The fragments.</param>
    /// <param name="received">When they were received, where that is not when the row is appended.</param>
    /// <param name="correction">Which rows count from now on; null where that stays.</param>
    /// <param name="cause">When that was received by which they came from another record; null where they came by themselves.</param>
    /// <param name="move">By which move they are here; null where they were filed here.</param>
    /// <exception cref="InvalidOperationException">They come to more than 256 MiB.</exception>
    public static ReadOnlyMemory<byte> WriteRow(
        IReadOnlyList<Fragment> fragments, DateTimeOffset? received = null, Correction? correction = null, DateTimeOffset? cause = null, PushId? move = null) =>
        received is null && correction is null && cause is null && move is null
            ? Pack(fragments, Format, [RowFormat, PatientRecord.MergeRules])
            : Pack(fragments, CorrectingFormat, [CorrectingFormat, PatientRecord.MergeRules], received, correction, cause, move);

    /// <summary>A row without what is erased; null where nothing of it is. It keeps all else that it says, and tells that it was made anew by its merge rules, which are none.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of a format that this release knows, or are damaged.</exception>
    public static LogRow? Without(LogRow row, Erasure erasure) =>
        ReadRow(row) is var read && read.Fragments.Any(erasure.Covers) ? row with { Body = Without(read, erasure) } : null;

    /// <summary>The body of a row that has been read, without what is erased.</summary>
    internal static ReadOnlyMemory<byte> Without(RecordRow row, Erasure erasure)
    {
        Fragment[] left = [.. row.Fragments.Where(f => !erasure.Covers(f))];
        return row is { Received: null, Correction: null, Cause: null }
            ? Pack(left, Format, [RowFormat, RulesOfErased])
            : Pack(left, CorrectingFormat, [CorrectingFormat, RulesOfErased], row.Received, row.Correction, row.Cause);
    }

    /// <summary>The number of the merge rules under which a journal row was appended; 0 of one of which something was erased.</summary>
    public static byte Rules(ReadOnlyMemory<byte> body) =>
        body.Span is [RowFormat or CorrectingFormat, var rules, ..] ? rules : RulesOf(Reader(body));

    /// <summary>The same of a row from before they were written down.</summary>
    internal static byte RulesOf(byte reader) => Math.Min(reader, LastReaderWithoutRules);

    /// <summary>Bytes to fragments. Facts that an older reader made are read again.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of a format that this release knows, or are damaged.</exception>
    public static Fragment[] Read(ReadOnlyMemory<byte> body) =>
        (Fragment[])ReadPlain(new RecordRow(0, default, default, default, []), Unpack(body), Reader(body), IsCorrecting(body)).Fragments;

    /// <summary>The same of a journal row, with all that it says.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of a format that this release knows, or are damaged.</exception>
    public static RecordRow ReadRow(LogRow row) =>
        ReadPlain(new RecordRow(row.Seq, row.Push, row.At, row.Body, []), Unpack(row.Body), Reader(row.Body), IsCorrecting(row.Body));

    /// <summary>Whether a row may say more than its fragments do.</summary>
    internal static bool IsCorrecting(ReadOnlyMemory<byte> body) => body.Span is [CorrectingFormat, ..];

    /// <summary>Which facts reader made the facts of a body.</summary>
    internal static byte Reader(ReadOnlyMemory<byte> body) => Packed(body).Span is [_, var reader, ..] ? reader : (byte)0;

    /// <summary>A row with what the plain bytes of its body say.</summary>
    /// <param name="row">The row, as far as it is known beside them.</param>
    /// <param name="plain">The bytes.</param>
    /// <param name="madeBy">The number of the facts reader that made the facts in them.</param>
    /// <param name="isCorrecting">Whether they may say more than the fragments do.</param>
    internal static RecordRow ReadPlain(RecordRow row, ReadOnlyMemory<byte> plain, byte madeBy, bool isCorrecting)
    {
        if (madeBy is 0 or > FactsReader.Number)
            throw new InvalidDataException($"A log body's facts are of reader {madeBy}, whose layout this release does not know; it knows 1 to {FactsReader.Number}.");
        var readAgain = madeBy < FactsReader.Number;
        var reader = new LogReader(plain, 0);
        if (isCorrecting)
        {
            var says = reader.Byte();
            if ((says & ~(HasReceived | HasCorrection | HasCause | HasMove)) != 0)
                throw new InvalidDataException("A row is damaged, or of a later release: it says what this release does not know of.");
            row = row with
            {
                Received = (says & HasReceived) != 0 ? reader.Ticks() : null,
                Cause = (says & HasCause) != 0 ? reader.Ticks() : null,
                Move = (says & HasMove) != 0 ? new PushId(reader.Hash()) : null,
                Correction = (says & HasCorrection) != 0 ? CorrectionRow.Read(ref reader) : null,
            };
        }

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
        return row with { Fragments = fragments };
    }

    internal static byte[] Unpack(ReadOnlyMemory<byte> body)
    {
        var packed = Packed(body);
        PackedBytes.Check(packed, IsCorrecting(body) ? CorrectingFormat : Format, "log body");
        return PackedBytes.Unpack(packed);
    }

    private static ReadOnlyMemory<byte> Pack(
        IReadOnlyList<Fragment> fragments, byte format, ReadOnlySpan<byte> before, DateTimeOffset? received = null, Correction? correction = null, DateTimeOffset? cause = null,
        PushId? move = null)
    {
        var plain = new ArrayBufferWriter<byte>(1024 + fragments.Sum(f => f.AsSent.Length + (f.Mended?.Length ?? 0) + 256));
        var writer = new LogWriter(plain);
        if (format == CorrectingFormat)
        {
            writer.Byte((byte)((received is null ? 0 : HasReceived) | (correction is null ? 0 : HasCorrection) | (cause is null ? 0 : HasCause) | (move is null ? 0 : HasMove)));
            if (received is not null)
                writer.Ticks(received);
            if (cause is not null)
                writer.Ticks(cause);
            if (move is { } moved)
                writer.Hash(moved.Hash);
            if (correction is not null)
                CorrectionRow.Write(writer, correction);
        }

        writer.Number(fragments.Count);
        foreach (var fragment in fragments)
            FragmentRow.Write(writer, fragment);

        foreach (var fragment in fragments)
        {
            plain.Write(fragment.AsSent.Span);
            plain.Write((fragment.Mended ?? default).Span);
        }

        return PackedBytes.Pack(format, FactsReader.Number, plain.WrittenSpan, before);
    }

    private static ReadOnlyMemory<byte> Packed(ReadOnlyMemory<byte> body) => body.Span is [RowFormat or CorrectingFormat, _, ..] ? body[2..] : body;
}
