using System.Buffers;

namespace Lhcre.Record;

/// <summary>
/// Rows that have left the log, whole, in one chunk: the same bytes compressed together, a fifth to a tenth of what they take one by one.
/// Nothing of history is ever deleted. The layout is on the page <c>Log/FORMAT.md</c>; keep the two in step.
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
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<LogRow> rows)
    {
        var format = rows.Any(r => LogBody.IsCorrecting(r.Body)) ? CorrectingFormat : Format;
        var bodies = new List<byte[]>(rows.Count);
        foreach (var row in rows)
            bodies.Add(LogBody.Unpack(row.Body));
        var plain = new ArrayBufferWriter<byte>(1024 + bodies.Sum(b => b.Length + 64));
        var writer = new LogWriter(plain);
        writer.Number(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            writer.Number(checked((int)rows[i].Seq));
            writer.Hash(rows[i].Push.Hash);
            writer.Ticks(rows[i].At);
            writer.Byte(LogBody.Reader(rows[i].Body));
            writer.Byte(LogBody.Rules(rows[i].Body));
            if (format == CorrectingFormat)
                writer.Byte(LogBody.IsCorrecting(rows[i].Body) ? LogBody.CorrectingFormat : LogBody.Format);
            writer.Number(bodies[i].Length);
        }

        foreach (var body in bodies)
            plain.Write(body);
        return PackedBytes.Pack(format, FactsReader.Number, plain.WrittenSpan);
    }

    /// <summary>Bytes to rows, each with its fragments.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of a format that this release knows, or are damaged.</exception>
    public static IReadOnlyList<RecordRow> Read(ReadOnlyMemory<byte> body)
    {
        var hasRules = body.Span is not [WithoutRules, ..];
        var hasFormats = body.Span is [CorrectingFormat, ..];
        PackedBytes.Check(body, hasFormats ? CorrectingFormat : hasRules ? Format : WithoutRules, "history chunk");
        var plain = PackedBytes.Unpack(body);
        var reader = new LogReader(plain, 0);
        var heads = new (RecordRow Row, byte Reader, bool IsCorrecting, int Length)[reader.Count(LeastRowBytes)];
        for (var i = 0; i < heads.Length; i++)
        {
            var row = new RecordRow(reader.Number(), new PushId(reader.Hash()), reader.Ticks() ?? default, default, []);
            var madeBy = reader.Byte();
            row = row with { Rules = hasRules ? reader.Byte() : LogBody.RulesOf(madeBy) };
            heads[i] = (row, madeBy, hasFormats && reader.Byte() == LogBody.CorrectingFormat, reader.Number());
        }

        var at = reader.Position;
        var rows = new RecordRow[heads.Length];
        for (var i = 0; i < heads.Length; i++)
        {
            var (row, madeBy, isCorrecting, length) = heads[i];
            if (length > plain.Length - at)
                throw new InvalidDataException("A history chunk is damaged: a row runs over its end.");
            rows[i] = LogBody.ReadPlain(row, plain.AsMemory(at, length), madeBy, isCorrecting);
            at += length;
        }

        return at == plain.Length ? rows : throw new InvalidDataException("A history chunk is damaged: there are bytes behind its last row.");
    }
}
