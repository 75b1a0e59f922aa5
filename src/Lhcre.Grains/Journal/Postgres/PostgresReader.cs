using Lhcre.Record;
using Lhcre.Record.People;
using Npgsql;

namespace Lhcre.Grains.Journal;

/// <summary>What is read, each in one statement, and so as of one moment. Safe from any thread.</summary>
internal sealed class PostgresReader(NpgsqlDataSource source) : IAsyncDisposable
{
    private const string ParkedColumns =
        "p.parked_id, p.source, p.at, p.push_id, p.code, p.reason, p.type, p.waits_source, p.waits_type, p.waits_id, p.body";

    // LATERAL and LIMIT: one look into an index for each key, whatever the planner thinks of the table.
    private const string Keys = "FROM unnest($1, $2, $3) WITH ORDINALITY AS k (source, type, id, nth) LEFT JOIN LATERAL";
    private const string OfKey = """WHERE t.source = k.source COLLATE "C" AND t.type = k.type COLLATE "C" AND t.id = k.id COLLATE "C" LIMIT 1""";

    public async Task<JournalledRecord> Load(PatientKey patient, CancellationToken cancellation)
    {
        var head = default(RecordHead);
        var (chunks, rows) = (new List<RecordChunk>(), new List<LogRow>());
        await Read(
            """
            SELECT 0, epoch, seq, snap_seq, NULL::bytea, NULL::bytea FROM record_head WHERE patient = $1
            UNION ALL
            SELECT 1, chunk_no, from_seq, to_seq, NULL, body FROM record_chunk WHERE patient = $1 AND kind = 1
            UNION ALL
            SELECT 2, seq, at, NULL, push_id, body FROM record_log
            WHERE patient = $1 AND seq > coalesce((SELECT h.snap_seq FROM record_head h WHERE h.patient = $1), 0)
            """,
            row =>
            {
                switch (row.GetInt32(0))
                {
                    case 0:
                        head = new RecordHead(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
                        break;
                    case 1:
                        chunks.Add(Chunk(row));
                        break;
                    default:
                        rows.Add(Row(row));
                        break;
                }
            },
            cancellation,
            PostgresArguments.Text(patient.Value));
        return new JournalledRecord(head, Ordered(chunks), Ordered(rows));
    }

    public Task<JournalledLog> LoadLog(PatientKey patient, CancellationToken cancellation) => Log(
        """
        SELECT 1, chunk_no, from_seq, to_seq, NULL::bytea, body FROM record_chunk WHERE patient = $1 AND kind = 2
        UNION ALL
        SELECT 2, seq, at, NULL, push_id, body FROM record_log WHERE patient = $1
        """,
        cancellation,
        PostgresArguments.Text(patient.Value));

    public Task<JournalledLog> LoadLog(PatientKey patient, IReadOnlyList<long> seqs, CancellationToken cancellation) => Log(
        """
        SELECT 1, chunk_no, from_seq, to_seq, NULL::bytea, body FROM record_chunk
        WHERE patient = $1 AND kind = 2 AND EXISTS (SELECT FROM unnest($2) AS seq WHERE seq BETWEEN from_seq AND to_seq)
        UNION ALL
        SELECT 2, seq, at, NULL, push_id, body FROM record_log WHERE patient = $1 AND seq = ANY ($2)
        """,
        cancellation,
        PostgresArguments.Text(patient.Value),
        PostgresArguments.Numbers([.. seqs.Distinct()]));

    public async Task<IReadOnlyList<RecordHead>> Heads(IReadOnlyList<PatientKey> patients, CancellationToken cancellation) => await All(
        """
        SELECT h.epoch, h.seq, h.snap_seq FROM unnest($1) WITH ORDINALITY AS k (patient, nth)
        LEFT JOIN LATERAL (SELECT epoch, seq, snap_seq FROM record_head t WHERE t.patient = k.patient COLLATE "C" LIMIT 1) h ON true ORDER BY nth
        """,
        row => row.IsDBNull(0) ? default : new RecordHead(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
        cancellation,
        PostgresArguments.Texts([.. patients.Select(patient => patient.Value)]));

    public async Task<IReadOnlyList<PatientKey?>> FindPatients(IReadOnlyList<EntryKey> keys, CancellationToken cancellation) => await All(
        $"SELECT f.patient {Keys} (SELECT patient FROM source_index t {OfKey}) f ON true ORDER BY nth",
        row => row.IsDBNull(0) ? (PatientKey?)null : Patient(row, 0),
        cancellation,
        Columns(keys));

    public async Task<IReadOnlyList<PatientKey>> FindPatients(string source, LocalIdentifier identifier, CancellationToken cancellation) => await All(
        "SELECT patient FROM local_identifier WHERE source = $1 AND system = $2 AND value = $3 ORDER BY patient",
        row => Patient(row, 0),
        cancellation,
        PostgresArguments.Text(PostgresArguments.Storable(source)!),
        PostgresArguments.Blob(PostgresArguments.Utf8(identifier.System)),
        PostgresArguments.Blob(PostgresArguments.Utf8(identifier.Value)));

    public async Task<IReadOnlyList<PatientKey>> FindPeople(PersonQuery query, int limit, CancellationToken cancellation)
    {
        var (sql, arguments) = PeopleSelect.Of(query, limit, isSqlite: false);
        return await All(
            sql,
            row => Patient(row, 0),
            cancellation,
            [.. arguments.Select(argument => argument is string text ? PostgresArguments.Text(text) : PostgresArguments.Number((int)argument))]);
    }

    public async Task<IReadOnlyList<PatientKey>> Patients(PatientKey? after, int limit, CancellationToken cancellation) =>
        await All(PeopleSelect.NextPatients, row => Patient(row, 0), cancellation, PostgresArguments.Text(after?.Value ?? ""), PostgresArguments.Number((long)limit));

    public async Task<(IReadOnlyList<PatientKey> Patients, PatientKey? Last)> Unfindable(PatientKey? after, int among, CancellationToken cancellation) =>
        PeopleSelect.Unfindable(await All(
            PeopleSelect.Next,
            row => (Patient(row, 0), row.GetInt32(1) == 1),
            cancellation,
            PostgresArguments.Text(after?.Value ?? ""),
            PostgresArguments.Number((long)among)));

    public async Task<IReadOnlyList<SupportingResource?>> FindSupporting(IReadOnlyList<EntryKey> keys, CancellationToken cancellation) => await All(
        $"SELECT nth::int, f.version, f.body {Keys} (SELECT version, body FROM supporting t {OfKey}) f ON true ORDER BY nth",
        row => row.IsDBNull(1) ? null : new SupportingResource(keys[row.GetInt32(0) - 1], Blob(row, 1), Blob(row, 2)),
        cancellation,
        Columns(keys));

    public async Task<AsidePage> Asides(AsideQuery query, CancellationToken cancellation)
    {
        var (sql, arguments) = AsideSelect.Of(query);
        return AsideSelect.Page(query, await All(sql, Aside, cancellation, Arguments(arguments)));
    }

    public async Task<Aside?> FindAside(string source, string id, CancellationToken cancellation) =>
        (await All(AsideSelect.One, Aside, cancellation, Arguments([source, id]))).FirstOrDefault().Item;

    public async Task<IReadOnlyList<ParkedResource>> ParkedFor(IReadOnlyList<EntryKey> keys, CancellationToken cancellation) => await All(
        $"""
        SELECT {ParkedColumns} FROM unnest($1, $2, $3) AS k (source, type, id)
        JOIN parked p ON p.waits_source = k.source COLLATE "C" AND p.waits_type = k.type COLLATE "C" AND p.waits_id = k.id COLLATE "C"
        WHERE p.discarded_at IS NULL ORDER BY p.at, p.parked_id
        """,
        Parked,
        cancellation,
        Columns([.. keys.Distinct()]));

    public async Task<IReadOnlyList<ParkedResource>> ParkedResolvable(int limit, CancellationToken cancellation) => await All(
        $"""
        SELECT {ParkedColumns} FROM parked p
        JOIN source_index i ON i.source = p.waits_source AND i.type = p.waits_type AND i.id = p.waits_id
        WHERE p.discarded_at IS NULL ORDER BY p.at, p.parked_id LIMIT $1
        """,
        Parked,
        cancellation,
        PostgresArguments.Number((long)limit));

    public async Task<KeptAnswer?> FindAnswer(PushId push, DateTimeOffset since, CancellationToken cancellation) => (await All(
        "SELECT status, at, location, body FROM answer WHERE push_id = $1 AND at >= $2",
        row => new KeptAnswer(row.GetInt32(0), Time(row, 1), row.IsDBNull(2) ? null : row.GetString(2), Blob(row, 3)),
        cancellation,
        PostgresArguments.Blob(PostgresArguments.Bytes(push)),
        PostgresArguments.Number(since.UtcTicks))).FirstOrDefault();

    public async Task<IReadOnlyList<FollowUp>> FollowUps(long after, int limit, CancellationToken cancellation) => await All(
        """
        SELECT follow_up_id, patient, kind, source, type, id, version FROM follow_up WHERE follow_up_id > $1 ORDER BY follow_up_id LIMIT $2
        """,
        row => new FollowUp(row.GetInt64(0), Patient(row, 1), (FollowUpKind)row.GetInt16(2), Key(row, 3), Blob(row, 6)),
        cancellation,
        PostgresArguments.Number(after),
        PostgresArguments.Number((long)limit));

    /// <summary>Closes the connections that nobody uses; the next read opens a new one.</summary>
    public void ForgetConnections() => source.Clear();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task<JournalledLog> Log(string sql, CancellationToken cancellation, params NpgsqlParameter[] arguments)
    {
        var (chunks, rows) = (new List<RecordChunk>(), new List<LogRow>());
        await Read(
            sql,
            row =>
            {
                if (row.GetInt32(0) == 1)
                    chunks.Add(Chunk(row));
                else
                    rows.Add(Row(row));
            },
            cancellation,
            arguments);
        return new JournalledLog(Ordered(chunks), Ordered(rows));
    }

    /// <summary>All rows that a statement answers.</summary>
    public async Task<List<T>> All<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params NpgsqlParameter[] arguments)
    {
        var all = new List<T>();
        await Read(sql, row => all.Add(read(row)), cancellation, arguments);
        return all;
    }

    private async Task Read(string sql, Action<NpgsqlDataReader> read, CancellationToken cancellation, params NpgsqlParameter[] arguments)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(arguments);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            read(reader);
    }

    private static NpgsqlParameter[] Columns(IReadOnlyList<EntryKey> keys) =>
    [
        PostgresArguments.Texts([.. keys.Select(key => PostgresArguments.Storable(key.Source))]),
        PostgresArguments.Texts([.. keys.Select(key => PostgresArguments.Storable(key.Type))]),
        PostgresArguments.Texts([.. keys.Select(key => PostgresArguments.Storable(key.Id))]),
    ];

    // In the order of an index as they come; the server does not sort what it would have to carry along.
    private static List<RecordChunk> Ordered(List<RecordChunk> chunks)
    {
        chunks.Sort((one, other) => one.Number.CompareTo(other.Number));
        return chunks;
    }

    private static List<LogRow> Ordered(List<LogRow> rows)
    {
        rows.Sort((one, other) => one.Seq.CompareTo(other.Seq));
        return rows;
    }

    private static RecordChunk Chunk(NpgsqlDataReader row) => new((int)row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), Blob(row, 5));

    private static LogRow Row(NpgsqlDataReader row) => new(row.GetInt64(1), Push(row, 4), Time(row, 2), Blob(row, 5));

    private static ParkedResource Parked(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), Time(row, 2), Push(row, 3), row.GetString(4), row.GetString(5), row.GetString(6),
        row.IsDBNull(7) ? null : Key(row, 7), Blob(row, 10));

    private static NpgsqlParameter[] Arguments(IReadOnlyList<object> arguments) =>
    [
        .. arguments.Select(argument => argument is string text
            ? PostgresArguments.Text(PostgresArguments.Storable(text)!)
            : PostgresArguments.Number((long)argument)),
    ];

    // The columns of AsideSelect.
    private static AsideRow Aside(NpgsqlDataReader row)
    {
        if (row.GetInt32(0) == 0)
            return new AsideRow(null, KeyValuePair.Create(row.GetString(5), row.GetInt32(13)));
        var (id, source, at, code, reason, type) = (row.GetString(1), row.GetString(2), Time(row, 3), row.GetString(5), row.GetString(6), row.GetString(7));
        Aside item = row.GetInt32(0) == 1
            ? new ParkedResource(id, source, at, Push(row, 4), code, reason, type, row.IsDBNull(8) ? null : Key(row, 8), Blob(row, 14))
            : new RefusedLetter(id, source, at, code, reason, AsideSelect.Form(row.GetString(11)), type, row.GetString(12), row.IsDBNull(14) ? default : Blob(row, 14))
            {
                Length = row.GetInt32(13),
            };
        return new AsideRow(row.IsDBNull(15) ? item : item with { Discarded = new Discarding(Time(row, 15), row.GetString(16), row.GetString(17)) }, default);
    }

    private static PatientKey Patient(NpgsqlDataReader row, int column) => PatientKey.Parse(row.GetString(column));

    private static EntryKey Key(NpgsqlDataReader row, int column) => new(row.GetString(column), row.GetString(column + 1), row.GetString(column + 2));

    private static PushId Push(NpgsqlDataReader row, int column) => new(ContentHash.Read(Blob(row, column)));

    private static DateTimeOffset Time(NpgsqlDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    private static byte[] Blob(NpgsqlDataReader row, int column) => row.GetFieldValue<byte[]>(column);
}
