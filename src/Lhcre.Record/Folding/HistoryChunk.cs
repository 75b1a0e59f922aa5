using System.Buffers;

namespace Lhcre.Record;

/// <summary>
/// Rows that have left the log, whole, in one chunk: the same bytes compressed together, a fifth to a tenth of what they take one by one.
/// Nothing of history is ever deleted but what is erased. The layout is on the page <c>Log/FORMAT.md</c>; keep the two in step.
/// </summary>
public static class HistoryChunk
{
    /// <summary>The format that <see cref="Write"/> makes: 5. Format 2, whose rows lack their merge rules, is read for ever too.</summary>
    public const byte Format = 5;

    /// <summary>The format of a chunk in which a row says more than its fragments do: 8, which is 5 with the format of each row's body.</summary>
    public const byte CorrectingFormat = 8;

    private const byte WithoutRules = 2;
    private const int LeastRowBytes = 1 + ContentHash.Length + 8 + 1 + 1;

    /// <summary>Rows to bytes.</summary>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<LogRow> rows) => Pack([.. rows.Select(Stored.Of)]);

    /// <summary>Bytes to rows, each with its fragments.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of a format that this release knows, or are damaged.</exception>
    public static IReadOnlyList<RecordRow> Read(ReadOnlyMemory<byte> body) => Array.ConvertAll(Unpack(body), stored => stored.Row());

    /// <summary>A chunk's bytes without what is erased, every other row in it byte for byte; null where nothing of it is.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of a format that this release knows, or are damaged.</exception>
    public static ReadOnlyMemory<byte>? Without(ReadOnlyMemory<byte> body, Erasure erasure)
    {
        var rows = Unpack(body);
        var isChanged = false;
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i].Row();
            if (!row.Fragments.Any(erasure.Covers))
                continue;
            rows[i] = Stored.Of(new LogRow(row.Seq, row.Push, row.At, LogBody.Without(row, erasure)));
            isChanged = true;
        }

        // Not by a conditional expression: its null would be a chunk of no bytes.
        if (!isChanged)
            return null;
        return Pack(rows);
    }

    private static ReadOnlyMemory<byte> Pack(Stored[] rows)
    {
        var format = rows.Any(r => r.IsCorrecting) ? CorrectingFormat : Format;
        var plain = new ArrayBufferWriter<byte>(1024 + rows.Sum(r => r.Plain.Length + 64));
        var writer = new LogWriter(plain);
        writer.Number(rows.Length);
        foreach (var row in rows)
        {
            writer.Number(checked((int)row.Seq));
            writer.Hash(row.Push.Hash);
            writer.Ticks(row.At);
            writer.Byte(row.Reader);
            writer.Byte(row.Rules);
            if (format == CorrectingFormat)
                writer.Byte(row.IsCorrecting ? LogBody.CorrectingFormat : LogBody.Format);
            writer.Number(row.Plain.Length);
        }

        foreach (var row in rows)
            plain.Write(row.Plain.Span);
        return PackedBytes.Pack(format, FactsReader.Number, plain.WrittenSpan);
    }

    private static Stored[] Unpack(ReadOnlyMemory<byte> body)
    {
        var hasRules = body.Span is not [WithoutRules, ..];
        var hasFormats = body.Span is [CorrectingFormat, ..];
        PackedBytes.Check(body, hasFormats ? CorrectingFormat : hasRules ? Format : WithoutRules, "history chunk");
        var plain = PackedBytes.Unpack(body);
        var reader = new LogReader(plain, 0);
        var rows = new Stored[reader.Count(LeastRowBytes)];
        var lengths = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var (seq, push, at, madeBy) = (reader.Number(), new PushId(reader.Hash()), reader.Ticks() ?? default, reader.Byte());
            rows[i] = new Stored(seq, push, at, madeBy, hasRules ? reader.Byte() : LogBody.RulesOf(madeBy), hasFormats && reader.Byte() == LogBody.CorrectingFormat, default);
            lengths[i] = reader.Number();
        }

        var place = reader.Position;
        for (var i = 0; i < rows.Length; i++)
        {
            if (lengths[i] > plain.Length - place)
                throw new InvalidDataException("A history chunk is damaged: a row runs over its end.");
            rows[i] = rows[i] with { Plain = plain.AsMemory(place, lengths[i]) };
            place += lengths[i];
        }

        return place == plain.Length ? rows : throw new InvalidDataException("A history chunk is damaged: there are bytes behind its last row.");
    }

    // A row as it stands in a chunk.
    private readonly record struct Stored(long Seq, PushId Push, DateTimeOffset At, byte Reader, byte Rules, bool IsCorrecting, ReadOnlyMemory<byte> Plain)
    {
        public static Stored Of(LogRow row) =>
            new(row.Seq, row.Push, row.At, LogBody.Reader(row.Body), LogBody.Rules(row.Body), LogBody.IsCorrecting(row.Body), LogBody.Unpack(row.Body));

        public RecordRow Row() => LogBody.ReadPlain(new RecordRow(Seq, Push, At, default, []) { Rules = Rules }, Plain, Reader, IsCorrecting);
    }
}
