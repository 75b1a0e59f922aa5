using System.Globalization;
using Lhcre.Grains.Journal;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lhcre.Grains.Imports;

/// <summary>The rows of <see cref="SqliteImports"/>: one connection, used by one caller at a time, who begins and commits.</summary>
internal sealed class SqliteImportRows : IDisposable
{
    // The number that PRAGMA user_version has.
    private const int Schema = 1;

    // Times are UTC ticks. turn counts attempts: at receiving the import, at carrying a piece out. entry is -1 for the whole line.
    private const string Tables = """
        CREATE TABLE import (
            id         TEXT    NOT NULL PRIMARY KEY,       -- without meaning
            source     TEXT    NOT NULL,                   -- whose
            state      INTEGER NOT NULL,                   -- 0 receiving, 1 waiting, 2 running, 3 done, 4 cancelled
            turn       INTEGER NOT NULL,                   -- which attempt at receiving it counts
            due        INTEGER NOT NULL,                   -- receiving: by when the next piece must come
            at         INTEGER NOT NULL,                   -- when it was accepted
            began      INTEGER,                            -- when its first piece was taken up
            ended      INTEGER,                            -- when it was done or cancelled
            bytes      INTEGER NOT NULL DEFAULT 0,
            lines      INTEGER NOT NULL DEFAULT 0,
            lines_done INTEGER NOT NULL DEFAULT 0,
            applied    INTEGER NOT NULL DEFAULT 0,
            unchanged  INTEGER NOT NULL DEFAULT 0,
            parked     INTEGER NOT NULL DEFAULT 0,
            refused    INTEGER NOT NULL DEFAULT 0,
            resumed    INTEGER NOT NULL DEFAULT 0          -- pieces that were taken up again
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX import_by_source ON import (source, at, id);
        CREATE INDEX import_unfinished ON import (state) WHERE state < 3;

        -- What is still to be carried out. A table with a rowid, since bodies are too wide for the inner pages of a clustered key.
        CREATE TABLE import_piece (
            import     TEXT    NOT NULL,
            rank       INTEGER NOT NULL,                   -- 0 before 1
            piece      INTEGER NOT NULL,
            first_line INTEGER NOT NULL,
            lines      INTEGER NOT NULL,
            turn       INTEGER NOT NULL DEFAULT 0,
            lease      INTEGER,                            -- until when it is somebody's; null for nobody's
            body       BLOB    NOT NULL,                   -- the lines, compressed
            PRIMARY KEY (import, rank, piece)
        ) STRICT;
        CREATE INDEX import_piece_taken ON import_piece (import) WHERE lease IS NOT NULL;

        CREATE TABLE import_refused (
            import     TEXT    NOT NULL,
            line       INTEGER NOT NULL,
            entry      INTEGER NOT NULL,
            code       TEXT    NOT NULL,
            expression TEXT,
            PRIMARY KEY (import, line, entry)
        ) STRICT, WITHOUT ROWID;
        """;

    private const string Columns =
        "id, source, state, at, began, ended, bytes, lines, lines_done, applied, unchanged, parked, refused, resumed";

    private readonly SqliteConnection _connection;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, SqliteStatement> _statements = [];

    public SqliteImportRows(SqliteConnection connection, TimeProvider clock) => (_connection, _clock) = (connection, clock);

    private long Now => _clock.GetUtcNow().UtcTicks;

    public static void Upgrade(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        using var ask = connection.CreateCommand();
        ask.CommandText = "PRAGMA user_version";
        var found = (long)ask.ExecuteScalar()!;
        if (found > Schema)
            throw JournalSchemaException.TooNew(found, Schema);
        if (found == 0)
            SqliteConnections.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"{Tables} PRAGMA user_version = {Schema};"));
        transaction.Commit();
    }

    public void Begin()
    {
        TryRollBack();
        Sql("BEGIN IMMEDIATE").Run();
    }

    public void Commit() => Sql("COMMIT").Run();

    public void TryRollBack()
    {
        try
        {
            if (raw.sqlite3_get_autocommit(_connection.Handle!) == 0)
                Sql("ROLLBACK").Run();
        }
        catch (SqliteException)
        {
            // Tried again before the next transaction; its failure must not hide the one that it follows.
        }
    }

    public void FreeAll() => Sql("UPDATE import_piece SET lease = 0 WHERE lease IS NOT NULL").Run();

    public ImportBegin Begin(string id, string source, DateTimeOffset at, TimeSpan patience, int most)
    {
        var found = Sql("SELECT state, turn FROM import WHERE id = ?").Text(id).First<(long State, long Turn)?>(row => (row.NumberAt(0), row.NumberAt(1)));
        if (found is { State: > 0 })
            return new ImportBegin.Accepted();
        if (Sql("SELECT count(*) FROM import WHERE source = ? AND state < 3 AND id <> ?").Text(source).Text(id).First(row => row.NumberAt(0)) >= most)
            return new ImportBegin.TooMany();
        var turn = (int)(found?.Turn ?? 0) + 1;
        Sql("DELETE FROM import_piece WHERE import = ?").Text(id).Run();
        Sql("INSERT OR REPLACE INTO import (id, source, state, turn, due, at) VALUES (?, ?, 0, ?, ?, ?)")
            .Text(id).Text(source).Number(turn).Number(Now + patience.Ticks).Number(at.UtcTicks).Run();
        return new ImportBegin.Open(new ImportUpload(id, turn));
    }

    public bool Store(ImportUpload upload, ImportPiece piece, TimeSpan patience)
    {
        if (Sql("UPDATE import SET due = ? WHERE id = ? AND state = 0 AND turn = ?").Number(Now + patience.Ticks).Text(upload.Id).Number(upload.Turn).Run() == 0)
            return false;
        Sql("INSERT INTO import_piece (import, rank, piece, first_line, lines, body) VALUES (?, ?, ?, ?, ?, ?)")
            .Text(upload.Id).Number(piece.IsFirst ? 0 : 1).Number(piece.Number).Number(piece.FirstLine).Number(piece.Lines).Blob(piece.Body.Span).Run();
        return true;
    }

    public bool Accept(ImportUpload upload, long bytes, long lines, IReadOnlyList<ImportRefusal> refused, DateTimeOffset at)
    {
        var hasPieces = Sql("SELECT EXISTS (SELECT 1 FROM import_piece WHERE import = ?)").Text(upload.Id).First(row => row.NumberAt(0)) == 1;
        if (Sql("""
                UPDATE import SET state = ?, at = ?, ended = CASE WHEN ? THEN NULL ELSE ? END, bytes = ?, lines = ?, lines_done = ?, refused = ?
                WHERE id = ? AND state = 0 AND turn = ?
                """).Number((long)(hasPieces ? ImportState.Waiting : ImportState.Done)).Number(at.UtcTicks).Number(hasPieces ? 1 : 0).Number(at.UtcTicks)
                .Number(bytes).Number(lines).Number(refused.Count).Number(refused.Count).Text(upload.Id).Number(upload.Turn).Run() == 0)
            return false;
        Refuse(upload.Id, refused);
        return true;
    }

    public bool Abandon(ImportUpload upload)
    {
        if (Sql("DELETE FROM import WHERE id = ? AND state = 0 AND turn = ?").Text(upload.Id).Number(upload.Turn).Run() == 0)
            return false;
        Sql("DELETE FROM import_piece WHERE import = ?").Text(upload.Id).Run();
        return true;
    }

    public Import? Find(string source, string id) =>
        Sql($"SELECT {Columns} FROM import WHERE source = ? AND id = ? AND state > 0").Text(source).Text(id).First(Read);

    public IReadOnlyList<Import> List(string source, string? after, int limit)
    {
        var at = after is null ? null : Sql("SELECT at FROM import WHERE source = ? AND id = ?").Text(source).Text(after).First<long?>(row => row.NumberAt(0));
        return Sql($"SELECT {Columns} FROM import WHERE source = ? AND state > 0 AND (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT ?")
            .Text(source).Number(at ?? long.MaxValue).Text(at is null ? "" : after!).Number(limit).All(Read);
    }

    public IReadOnlyList<ImportRefusal> Refused(string id, (long Line, int? Entry)? after, int limit) =>
        Sql("SELECT line, entry, code, expression FROM import_refused WHERE import = ? AND (line, entry) > (?, ?) ORDER BY line, entry LIMIT ?")
            .Text(id).Number(after?.Line ?? 0).Number(after?.Entry ?? -1).Number(limit)
            .All(row => new ImportRefusal(
                row.NumberAt(0), row.NumberAt(1) < 0 ? null : (int)row.NumberAt(1), row.TextAt(2), row.IsNull(3) ? null : row.TextAt(3)));

    public IReadOnlyList<(string Code, long Count)> RefusedCodes(string id) =>
        Sql("SELECT code, count(*) FROM import_refused WHERE import = ? GROUP BY code ORDER BY code").Text(id).All(row => (row.TextAt(0), row.NumberAt(1)));

    public ImportWork? Take(DateTimeOffset at, TimeSpan lease)
    {
        var now = Now;
        var imports = Sql("""
            SELECT id, source FROM import i WHERE state IN (1, 2) AND NOT EXISTS (
                SELECT 1 FROM import o WHERE o.source = i.source AND o.state IN (1, 2) AND (o.at, o.id) < (i.at, i.id))
            ORDER BY (SELECT count(*) FROM import_piece p WHERE p.import = i.id AND p.lease IS NOT NULL AND p.lease > ?), at, id
            """).Number(now).All(row => (Id: row.TextAt(0), Source: row.TextAt(1)));
        foreach (var (id, source) in imports)
        {
            var work = Sql("""
                UPDATE import_piece SET turn = turn + 1, lease = ? WHERE rowid = (
                    SELECT rowid FROM import_piece WHERE import = ? AND rank = (SELECT min(rank) FROM import_piece WHERE import = ?)
                        AND (lease IS NULL OR lease <= ?) ORDER BY piece LIMIT 1)
                RETURNING turn, piece, rank, first_line, lines, body
                """).Number(now + lease.Ticks).Text(id).Text(id).Number(now).All(row => new ImportWork(id, source, (int)row.NumberAt(0), new ImportPiece(
                    (int)row.NumberAt(1), row.NumberAt(2) == 0, row.NumberAt(3), (int)row.NumberAt(4), row.BlobAt(5).ToArray())));
            if (work is not [var taken])
                continue;
            Sql("UPDATE import SET state = 2, began = coalesce(began, ?), resumed = resumed + ? WHERE id = ?")
                .Number(at.UtcTicks).Number(taken.Turn > 1 ? 1 : 0).Text(id).Run();
            return taken;
        }

        return null;
    }

    public bool Renew(ImportWork work, TimeSpan lease) => Held("UPDATE import_piece SET lease = ?", work, Now + lease.Ticks) == 1;

    // In the past rather than null: that it was taken up before stays counted by its turn alone.
    public bool GiveBack(ImportWork work) => Held("UPDATE import_piece SET lease = ?", work, 0) == 1;

    public bool Finish(ImportWork work, ImportCounts counts, IReadOnlyList<ImportRefusal> refused, DateTimeOffset at)
    {
        if (Held("DELETE FROM import_piece", work, null) == 0)
            return false;
        Sql("""
            UPDATE import SET lines_done = lines_done + ?, applied = applied + ?, unchanged = unchanged + ?, parked = parked + ?, refused = refused + ?
            WHERE id = ?
            """).Number(work.Piece.Lines).Number(counts.Applied).Number(counts.Unchanged).Number(counts.Parked).Number(counts.Refused).Text(work.Import).Run();
        Sql("UPDATE import SET state = 3, ended = ? WHERE id = ? AND NOT EXISTS (SELECT 1 FROM import_piece WHERE import = ?)")
            .Number(at.UtcTicks).Text(work.Import).Text(work.Import).Run();
        Refuse(work.Import, refused);
        return true;
    }

    public bool Cancel(string source, string id, DateTimeOffset at)
    {
        if (Sql("UPDATE import SET state = 4, ended = ? WHERE source = ? AND id = ? AND state IN (1, 2)").Number(at.UtcTicks).Text(source).Text(id).Run() == 0)
            return false;
        Sql("DELETE FROM import_piece WHERE import = ?").Text(id).Run();
        return true;
    }

    public bool Forget(DateTimeOffset before)
    {
        var gone = Sql("DELETE FROM import WHERE (state = 0 AND due < ?) OR ended < ? RETURNING id").Number(Now).Number(before.UtcTicks).All(row => row.TextAt(0));
        foreach (var id in gone)
        {
            Sql("DELETE FROM import_piece WHERE import = ?").Text(id).Run();
            Sql("DELETE FROM import_refused WHERE import = ?").Text(id).Run();
        }

        return gone.Count > 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
    }

    private int Held(string act, ImportWork work, long? lease)
    {
        var statement = Sql($"{act} WHERE import = ? AND rank = ? AND piece = ? AND turn = ?");
        if (lease is { } until)
            statement.Number(until);
        return statement.Text(work.Import).Number(work.Piece.IsFirst ? 0 : 1).Number(work.Piece.Number).Number(work.Turn).Run();
    }

    private void Refuse(string id, IReadOnlyList<ImportRefusal> refused)
    {
        foreach (var refusal in refused)
        {
            Sql("INSERT INTO import_refused (import, line, entry, code, expression) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
                .Text(id).Number(refusal.Line).Number(refusal.Entry ?? -1).Text(refusal.Code).Text(refusal.Expression).Run();
        }
    }

    private static Import Read(SqliteStatement row) => new()
    {
        Id = row.TextAt(0),
        Source = row.TextAt(1),
        State = (ImportState)row.NumberAt(2),
        At = Time(row, 3)!.Value,
        Began = Time(row, 4),
        Ended = Time(row, 5),
        Bytes = row.NumberAt(6),
        Lines = row.NumberAt(7),
        LinesDone = row.NumberAt(8),
        Counts = new ImportCounts(row.NumberAt(9), row.NumberAt(10), row.NumberAt(11), row.NumberAt(12)),
        Resumed = (int)row.NumberAt(13),
    };

    private static DateTimeOffset? Time(SqliteStatement row, int column) => row.IsNull(column) ? null : new DateTimeOffset(row.NumberAt(column), TimeSpan.Zero);

    private SqliteStatement Sql(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements[sql] = statement = new SqliteStatement(_connection, sql);
        return statement;
    }
}
