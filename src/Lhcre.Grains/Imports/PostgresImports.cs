using Lhcre.Grains.Journal;
using Npgsql;
using NpgsqlTypes;

namespace Lhcre.Grains.Imports;

/// <summary>
/// Imports of a cluster: tables beside the journal's, on connections of their own, so that a piece never holds up a commit of the journal. Any
/// silo takes up any piece. Each call is one statement, or one transaction of some.
/// </summary>
public sealed class PostgresImports : IImportJournal
{
    private const string Columns =
        "id, source, state, at, began, ended, bytes, lines, lines_done, applied, unchanged, parked, refused, resumed";

    // Times that other transactions may be in the way before it counts as a failure.
    private const int Attempts = 4;

    // What is acknowledged is on disk, also where somebody has set the database otherwise.
    private const string Durable = "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'";

    private readonly NpgsqlDataSource _source;

    private PostgresImports(NpgsqlDataSource source) => _source = source;

    /// <summary>The imports of a database that has this version's schema; nothing is reached yet.</summary>
    /// <param name="connectionString">Of the database; it stands in no message.</param>
    /// <exception cref="JournalRefusedException">It is no connection string.</exception>
    public static PostgresImports Open(string connectionString) => new(PostgresConnections.ForReads(connectionString));

    /// <inheritdoc/>
    public async Task<ImportBegin> Begin(string id, string source, DateTimeOffset at, TimeSpan patience, int most, CancellationToken cancellation)
    {
        var rows = await All(
            """
            WITH others AS (SELECT count(*) AS n FROM import WHERE source = $2 AND state < 3 AND id <> $1),
            begun AS (
                INSERT INTO import AS i (id, source, state, turn, due, at) SELECT $1, $2, 0, 1, clock_timestamp() + $4, $3 FROM others WHERE n < $5
                ON CONFLICT (id) DO UPDATE SET turn = i.turn + 1, due = excluded.due, at = excluded.at, pieces_left = 0 WHERE i.state = 0
                RETURNING i.turn)
            SELECT (SELECT turn FROM begun), (SELECT n FROM others), EXISTS (SELECT FROM import WHERE id = $1 AND state > 0)
            """,
            row => (Turn: row.IsDBNull(0) ? 0 : row.GetInt32(0), Others: row.GetInt64(1), IsAccepted: row.GetBoolean(2)),
            cancellation,
            Text(id), Text(source), Ticks(at), Interval(patience), Number(most));
        if (rows is not [{ Turn: > 0 and var turn }])
            return rows is [{ IsAccepted: false, Others: var others }] && others >= most ? new ImportBegin.TooMany() : new ImportBegin.Accepted();
        // In a statement of its own, which sees what an earlier attempt stored last; from here on it can store nothing.
        await IsAny("DELETE FROM import_piece WHERE import = $1 RETURNING 1", cancellation, Text(id));
        return new ImportBegin.Open(new ImportUpload(id, turn));
    }

    /// <inheritdoc/>
    public Task<bool> Store(ImportUpload upload, ImportPiece piece, TimeSpan patience, CancellationToken cancellation) => IsAny(
        """
        WITH held AS (
            UPDATE import SET due = clock_timestamp() + $3, pieces_left = pieces_left + 1 WHERE id = $1 AND state = 0 AND turn = $2 RETURNING id)
        INSERT INTO import_piece (import, rank, piece, first_line, lines, body) SELECT id, $4, $5, $6, $7, $8 FROM held RETURNING 1
        """,
        cancellation,
        Text(upload.Id), Number(upload.Turn), Interval(patience), Rank(piece), Number(piece.Number), PostgresArguments.Number(piece.FirstLine),
        Number(piece.Lines), PostgresArguments.Blob(PostgresArguments.Bytes(piece.Body)));

    /// <inheritdoc/>
    public Task<bool> Accept(
        ImportUpload upload, long bytes, long lines, IReadOnlyList<ImportRefusal> refused, DateTimeOffset at, CancellationToken cancellation) => IsAny(
        """
        WITH accepted AS (
            UPDATE import SET state = CASE WHEN pieces_left = 0 THEN 3 ELSE 1 END, at = $3, ended = CASE WHEN pieces_left = 0 THEN $3 END,
                bytes = $4, lines = $5, lines_done = cardinality($6), refused = cardinality($6)
            WHERE id = $1 AND state = 0 AND turn = $2 RETURNING id),
        said AS (
            INSERT INTO import_refused (import, line, entry, code, expression)
            SELECT id, r.* FROM accepted, unnest($6, $7, $8, $9) AS r ON CONFLICT DO NOTHING)
        SELECT 1 FROM accepted
        """,
        cancellation,
        [Text(upload.Id), Number(upload.Turn), Ticks(at), PostgresArguments.Number(bytes), PostgresArguments.Number(lines), .. Refusals(refused)]);

    /// <inheritdoc/>
    public Task Abandon(ImportUpload upload, CancellationToken cancellation) => IsAny(
        """
        WITH gone AS (DELETE FROM import WHERE id = $1 AND state = 0 AND turn = $2 RETURNING id)
        DELETE FROM import_piece USING gone WHERE import = gone.id RETURNING 1
        """,
        cancellation,
        Text(upload.Id), Number(upload.Turn));

    /// <inheritdoc/>
    public async Task<Import?> Find(string source, string id, CancellationToken cancellation) => (await All(
        $"SELECT {Columns} FROM import WHERE source = $1 AND id = $2 AND state > 0", Read, cancellation, Text(source), Text(id))).SingleOrDefault();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Import>> List(string source, string? after, int limit, CancellationToken cancellation) => await All(
        $"""
        SELECT {Columns} FROM import WHERE source = $1 AND state > 0
            AND (at, id) < (SELECT coalesce(max(at), {long.MaxValue}), coalesce(max(id), '') FROM import WHERE source = $1 AND id = $2)
        ORDER BY at DESC, id DESC LIMIT $3
        """,
        Read,
        cancellation,
        Text(source), Text(PostgresArguments.Storable(after) ?? ""), Number(limit));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ImportRefusal>> Refused(string id, (long Line, int? Entry)? after, int limit, CancellationToken cancellation) => await All(
        """
        SELECT line, entry, code, expression FROM import_refused WHERE import = $1 AND (line, entry) > ($2, $3) ORDER BY line, entry LIMIT $4
        """,
        row => new ImportRefusal(row.GetInt64(0), row.GetInt32(1) < 0 ? null : row.GetInt32(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3)),
        cancellation,
        Text(id), PostgresArguments.Number(after?.Line ?? 0), Number(after?.Entry ?? -1), Number(limit));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(string Code, long Count)>> RefusedCodes(string id, CancellationToken cancellation) => await All(
        "SELECT code, count(*) FROM import_refused WHERE import = $1 GROUP BY code ORDER BY code",
        row => (row.GetString(0), row.GetInt64(1)),
        cancellation,
        Text(id));

    /// <inheritdoc/>
    public async Task<ImportWork?> Take(DateTimeOffset at, TimeSpan lease, CancellationToken cancellation)
    {
        var imports = await All(
            """
            SELECT i.id, i.source FROM import i WHERE i.state IN (1, 2) AND NOT EXISTS (
                SELECT FROM import o WHERE o.source = i.source AND o.state IN (1, 2) AND (o.at, o.id) < (i.at, i.id))
            ORDER BY (SELECT count(*) FROM import_piece p WHERE p.import = i.id AND p.lease > clock_timestamp()), i.at, i.id
            """,
            row => (Id: row.GetString(0), Source: row.GetString(1)),
            cancellation);
        foreach (var (id, source) in imports)
        {
            var taken = await All(
                """
                WITH next AS (
                    SELECT import, rank, piece FROM import_piece WHERE import = $1 AND rank = (SELECT min(rank) FROM import_piece WHERE import = $1)
                        AND (lease IS NULL OR lease <= clock_timestamp()) ORDER BY piece LIMIT 1 FOR UPDATE SKIP LOCKED),
                taken AS (
                    UPDATE import_piece p SET turn = p.turn + 1, lease = clock_timestamp() + $2 FROM next n
                    WHERE p.import = n.import AND p.rank = n.rank AND p.piece = n.piece RETURNING p.*),
                began AS (
                    UPDATE import SET state = 2, began = coalesce(began, $3), resumed = resumed + CASE WHEN taken.turn > 1 THEN 1 ELSE 0 END
                    FROM taken WHERE id = $1)
                SELECT turn, piece, rank, first_line, lines, body FROM taken
                """,
                row => new ImportWork(id, source, row.GetInt32(0), new ImportPiece(
                    row.GetInt32(1), row.GetInt16(2) == 0, row.GetInt64(3), row.GetInt32(4), row.GetFieldValue<byte[]>(5))),
                cancellation,
                Text(id), Interval(lease), Ticks(at));
            if (taken is [var work])
                return work;
        }

        return null;
    }

    /// <inheritdoc/>
    public Task<bool> Renew(ImportWork work, TimeSpan lease, CancellationToken cancellation) => IsAny(
        "UPDATE import_piece SET lease = clock_timestamp() + $5 WHERE import = $1 AND rank = $2 AND piece = $3 AND turn = $4 RETURNING 1",
        cancellation,
        [.. Held(work), Interval(lease)]);

    /// <inheritdoc/>
    public Task GiveBack(ImportWork work, CancellationToken cancellation) => IsAny(
        "UPDATE import_piece SET lease = '-infinity' WHERE import = $1 AND rank = $2 AND piece = $3 AND turn = $4 RETURNING 1", cancellation, Held(work));

    /// <inheritdoc/>
    public Task<bool> Finish(ImportWork work, ImportCounts counts, IReadOnlyList<ImportRefusal> refused, DateTimeOffset at, CancellationToken cancellation) => IsAny(
        """
        WITH gone AS (DELETE FROM import_piece WHERE import = $1 AND rank = $2 AND piece = $3 AND turn = $4 RETURNING import, lines),
        counted AS (
            UPDATE import i SET lines_done = i.lines_done + gone.lines, applied = i.applied + $5, unchanged = i.unchanged + $6,
                parked = i.parked + $7, refused = i.refused + $8, pieces_left = i.pieces_left - 1,
                state = CASE WHEN i.pieces_left = 1 THEN 3 ELSE i.state END, ended = CASE WHEN i.pieces_left = 1 THEN $9 END
            FROM gone WHERE i.id = gone.import RETURNING i.id),
        said AS (
            INSERT INTO import_refused (import, line, entry, code, expression)
            SELECT id, r.* FROM counted, unnest($10, $11, $12, $13) AS r ON CONFLICT DO NOTHING)
        SELECT 1 FROM counted
        """,
        cancellation,
        [
            .. Held(work), PostgresArguments.Number(counts.Applied), PostgresArguments.Number(counts.Unchanged), PostgresArguments.Number(counts.Parked),
            PostgresArguments.Number(counts.Refused), Ticks(at), .. Refusals(refused),
        ]);

    /// <inheritdoc/>
    public Task Cancel(string source, string id, DateTimeOffset at, CancellationToken cancellation) => IsAny(
        // The pieces first, as whoever finishes one does: two that wait for each other would both fail.
        """
        WITH gone AS (
            DELETE FROM import_piece p USING import i WHERE i.id = p.import AND i.source = $1 AND i.id = $2 AND i.state IN (1, 2) RETURNING 1)
        UPDATE import SET state = 4, ended = $3 WHERE source = $1 AND id = $2 AND state IN (1, 2) AND (SELECT count(*) FROM gone) >= 0 RETURNING 1
        """,
        cancellation,
        Text(source), Text(id), Ticks(at));

    /// <inheritdoc/>
    public Task Forget(DateTimeOffset before, CancellationToken cancellation) => IsAny(
        """
        WITH gone AS (DELETE FROM import WHERE (state = 0 AND due < clock_timestamp()) OR ended < $1 RETURNING id),
        pieces AS (DELETE FROM import_piece p USING gone WHERE p.import = gone.id)
        DELETE FROM import_refused r USING gone WHERE r.import = gone.id RETURNING 1
        """,
        cancellation,
        Ticks(before));

    /// <summary>Closes the connections. Later calls are refused as unavailable.</summary>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<bool> IsAny(string sql, CancellationToken cancellation, params NpgsqlParameter[] arguments) =>
        (await All(sql, row => row.GetInt32(0), cancellation, arguments)).Count > 0;

    private async Task<List<T>> All<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params NpgsqlParameter[] arguments)
    {
        cancellation.ThrowIfCancellationRequested();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // Not cancelled once it was sent: whether it was carried out would not be known.
                return await Run(sql, read, arguments).WaitAsync(PostgresConnections.Longest, CancellationToken.None);
            }
            catch (PostgresException failure) when (attempt < Attempts && PostgresFault.IsWorthRepeating(failure))
            {
            }
            catch (NpgsqlException lost) when (attempt == 1 && PostgresFault.IsOfALostConnection(lost) && sql.StartsWith("SELECT", StringComparison.Ordinal))
            {
                // Of a pool whose server was started again every connection is lost, and the first use of each says so.
                _source.Clear();
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException or ObjectDisposedException)
            {
                throw PostgresFault.ToCaller(failure, outcomeUnknown: failure is not PostgresException);
            }
        }
    }

    private async Task<List<T>> Run<T>(string sql, Func<NpgsqlDataReader, T> read, NpgsqlParameter[] arguments)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand(Durable), new NpgsqlBatchCommand(sql) } };
        foreach (var argument in arguments)
            batch.BatchCommands[1].Parameters.Add(argument.Clone());
        var rows = new List<T>();
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        // To the end: a transaction is committed behind its last answer.
        while (await reader.NextResultAsync())
        {
        }

        return rows;
    }

    private static NpgsqlParameter[] Held(ImportWork work) => [Text(work.Import), Rank(work.Piece), Number(work.Piece.Number), Number(work.Turn)];

    private static NpgsqlParameter[] Refusals(IReadOnlyList<ImportRefusal> refused) =>
    [
        PostgresArguments.Numbers([.. refused.Select(refusal => refusal.Line)]),
        PostgresArguments.Numbers([.. refused.Select(refusal => refusal.Entry ?? -1)]),
        PostgresArguments.Texts([.. refused.Select(refusal => refusal.Code)]),
        PostgresArguments.Texts([.. refused.Select(refusal => PostgresArguments.Storable(refusal.Expression))]),
    ];

    private static NpgsqlParameter Text(string value) => PostgresArguments.Text(PostgresArguments.Storable(value)!);

    private static NpgsqlParameter Number(int value) => PostgresArguments.Number(value);

    private static NpgsqlParameter<short> Rank(ImportPiece piece) => new() { TypedValue = (short)(piece.IsFirst ? 0 : 1), NpgsqlDbType = NpgsqlDbType.Smallint };

    private static NpgsqlParameter Ticks(DateTimeOffset at) => PostgresArguments.Number(at.UtcTicks);

    private static NpgsqlParameter<TimeSpan> Interval(TimeSpan span) => new() { TypedValue = span, NpgsqlDbType = NpgsqlDbType.Interval };

    private static Import Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Source = row.GetString(1),
        State = (ImportState)row.GetInt16(2),
        At = Time(row, 3)!.Value,
        Began = Time(row, 4),
        Ended = Time(row, 5),
        Bytes = row.GetInt64(6),
        Lines = row.GetInt64(7),
        LinesDone = row.GetInt64(8),
        Counts = new ImportCounts(row.GetInt64(9), row.GetInt64(10), row.GetInt64(11), row.GetInt64(12)),
        Resumed = row.GetInt32(13),
    };

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);
}
