using Lhcre.Record;
using Npgsql;

namespace Lhcre.Grains.Journal;

/// <summary>The commands about leases and what is erased at their end.</summary>
internal static class PostgresBlanking
{
    private const string Hold = """
        SELECT g.patient, g.source, g.from_at, g.until_at FROM unnest($1, $2, $3, $4) AS g (patient, source, from_at, until_at) ORDER BY g.patient COLLATE "C", g.source COLLATE "C"
        """;

    // Behind the appends, and only of those that won: whose row was written by this very transaction.
    private const string HoldOfRow = """
        SELECT g.patient, g.source, g.from_at, g.until_at FROM unnest($1, $2, $3, $4, $5, $6) AS g (patient, source, from_at, until_at, seq, push_id)
        JOIN record_log l ON l.patient = g.patient COLLATE "C" AND l.seq = g.seq AND l.push_id = g.push_id AND l.xmin = pg_current_xact_id()::xid
        ORDER BY g.patient COLLATE "C", g.source COLLATE "C"
        """;

    /// <summary>What the rows of these appends bring is held.</summary>
    public static NpgsqlBatchCommand OfRows(IEnumerable<Append> appends)
    {
        var held = appends.Where(append => append.Lease is not null).ToList();
        return Command(
            LeaseSelect.Hold(HoldOfRow, "held"),
            [
                .. Columns([.. held.Select(append => append.Lease!)]),
                PostgresArguments.Numbers([.. held.Select(append => append.Row.Seq)]),
                PostgresArguments.Blobs([.. held.Select(append => PostgresArguments.Bytes(append.Row.Push))]),
            ]);
    }

    /// <summary>What a write about leases does.</summary>
    public static NpgsqlBatchCommand Of(JournalWrite write) => write switch
    {
        JournalWrite.OfLease(var lease) => Command(LeaseSelect.Hold(Hold, "held"), Columns([lease])),
        JournalWrite.OfDischarge(var patient, var until) =>
            Command(LeaseSelect.Discharge, PostgresArguments.Number(until.UtcTicks), PostgresArguments.Text(patient.Value)),
        JournalWrite.OfAdopted(var source, var from, var until) => Command(
            LeaseSelect.Adopt, PostgresArguments.Number(from.UtcTicks), PostgresArguments.Number(until.UtcTicks), PostgresArguments.Text(source)),
        JournalWrite.OfScrubbed(var mark) => Command(
            $"DELETE FROM lhcre_meta WHERE name = '{LeaseSelect.Mark}' AND value = $1", PostgresArguments.Text(LeaseSelect.Text(mark))),
        _ => throw new ArgumentException("A write that is not about leases.", nameof(write)),
    };

    /// <summary>What goes with a row that erases, behind it; answers whether that row was written.</summary>
    public static NpgsqlBatchCommand Of(Blanking blanking)
    {
        (ChunkKind Kind, RecordChunk Chunk)[] chunks =
            [.. blanking.Live.Select(chunk => (ChunkKind.Live, chunk)), .. blanking.History.Select(chunk => (ChunkKind.History, chunk))];
        var (row, unused) = (blanking.Append.Row, blanking.Append.Unused);
        return Command(
            $"SELECT journal_blank({string.Join(", ", Enumerable.Range(1, 20).Select(number => $"${number}"))})",
            PostgresArguments.Text(blanking.Append.Patient.Value),
            PostgresArguments.Number(row.Seq),
            PostgresArguments.Blob(PostgresArguments.Bytes(row.Push)),
            PostgresArguments.Number(row.At.UtcTicks),
            PostgresArguments.TextOrNull(blanking.Source),
            PostgresArguments.Numbers(blanking.Kept),
            PostgresArguments.Numbers([.. chunks.Select(chunk => (short)chunk.Kind)]),
            PostgresArguments.Numbers([.. chunks.Select(chunk => chunk.Chunk.Number)]),
            PostgresArguments.Numbers([.. chunks.Select(chunk => chunk.Chunk.FromSeq)]),
            PostgresArguments.Numbers([.. chunks.Select(chunk => chunk.Chunk.ToSeq)]),
            PostgresArguments.Blobs([.. chunks.Select(chunk => PostgresArguments.Bytes(chunk.Chunk.Body))]),
            Texts(blanking.Names.Select(name => name.Source)),
            PostgresArguments.Blobs([.. blanking.Names.Select(name => PostgresArguments.Utf8(name.Identifier.System))]),
            PostgresArguments.Blobs([.. blanking.Names.Select(name => PostgresArguments.Utf8(name.Identifier.Value))]),
            Texts(unused.Select(key => key.Source)),
            Texts(unused.Select(key => key.Type)),
            Texts(unused.Select(key => key.Id)),
            PostgresArguments.Numbers([.. unused.Select(PostgresAppends.Stripe).Distinct().Order()]),
            Texts(blanking.Asides),
            PostgresArguments.Blobs([.. blanking.Answers.Select(PostgresArguments.Bytes)]));
    }

    private static NpgsqlParameter Texts(IEnumerable<string> texts) => PostgresArguments.Texts([.. texts.Select(PostgresArguments.Storable)]);

    private static NpgsqlParameter[] Columns(IReadOnlyList<Lease> leases) =>
    [
        PostgresArguments.Texts([.. leases.Select(lease => lease.Patient.Value)]),
        PostgresArguments.Texts([.. leases.Select(lease => lease.Source)]),
        PostgresArguments.Numbers([.. leases.Select(lease => lease.From.UtcTicks)]),
        PostgresArguments.Numbers([.. leases.Select(lease => lease.Until.UtcTicks)]),
    ];

    private static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] arguments)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(arguments);
        return command;
    }
}
