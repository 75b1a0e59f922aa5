using Lhcre.Grains.Journal;
using Microsoft.Data.Sqlite;

namespace Lhcre.Grains.Imports;

/// <summary>
/// Imports of the embedded store: <c>imports.db</c> beside the journal, a file of its own, since gigabytes that pass through would otherwise
/// stay in the journal's file and in its backups, and their commits would hold up its own. SQLite in WAL mode with a sync at every commit.
/// </summary>
public sealed class SqliteImports : IImportJournal
{
    private readonly SqliteConnection _connection;
    private readonly SqliteImportRows _rows;
    private readonly SemaphoreSlim _turn = new(1);
    private bool _closed;

    private SqliteImports(SqliteConnection connection, TimeProvider clock)
    {
        _connection = connection;
        _rows = new SqliteImportRows(connection, clock);
        // This process is alone in the folder: whoever held a piece is gone.
        _rows.FreeAll();
    }

    /// <summary>Opens the imports of a folder that the journal has made and holds; makes the file where there is none.</summary>
    /// <exception cref="JournalUnavailableException">The database cannot be read or written.</exception>
    /// <exception cref="JournalSchemaException">A newer version wrote it.</exception>
    public static SqliteImports Open(string folder, TimeProvider clock)
    {
        var file = Path.Combine(folder, "imports.db");
        SqliteConnection? connection = null;
        try
        {
            // Readable by its owner only, as the journal is; its WAL takes over the mode that it finds here.
            if (!File.Exists(file))
                DataFolder.Make(file);
            connection = SqliteConnections.OpenWriter(file);
            SqliteImportRows.Upgrade(connection);
            return new SqliteImports(connection, clock);
        }
        catch (Exception failure) // Whatever it is: no connection may stay open that nobody has.
        {
            connection?.Dispose();
            if (failure is SqliteException sqlite)
                throw SqliteFault.ToCaller(sqlite, outcomeUnknown: false);
            if (failure is IOException or UnauthorizedAccessException)
                throw new JournalUnavailableException($"'{file}' cannot be made.", outcomeUnknown: false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<ImportBegin> Begin(string id, string source, DateTimeOffset at, TimeSpan patience, int most, CancellationToken cancellation) =>
        Do(rows => rows.Begin(id, source, at, patience, most), cancellation);

    /// <inheritdoc/>
    public Task<bool> Store(ImportUpload upload, ImportPiece piece, TimeSpan patience, CancellationToken cancellation) =>
        Do(rows => rows.Store(upload, piece, patience), cancellation);

    /// <inheritdoc/>
    public Task<bool> Accept(
        ImportUpload upload, long bytes, long lines, IReadOnlyList<ImportRefusal> refused, DateTimeOffset at, CancellationToken cancellation) =>
        Do(rows => rows.Accept(upload, bytes, lines, refused, at), cancellation);

    /// <inheritdoc/>
    public Task Abandon(ImportUpload upload, CancellationToken cancellation) => Do(rows => rows.Abandon(upload), cancellation);

    /// <inheritdoc/>
    public Task<Import?> Find(string source, string id, CancellationToken cancellation) => Do(rows => rows.Find(source, id), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Import>> List(string source, string? after, int limit, CancellationToken cancellation) =>
        Do(rows => rows.List(source, after, limit), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ImportRefusal>> Refused(string id, (long Line, int? Entry)? after, int limit, CancellationToken cancellation) =>
        Do(rows => rows.Refused(id, after, limit), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<(string Code, long Count)>> RefusedCodes(string id, CancellationToken cancellation) =>
        Do(rows => rows.RefusedCodes(id), cancellation);

    /// <inheritdoc/>
    public Task<ImportWork?> Take(DateTimeOffset at, TimeSpan lease, CancellationToken cancellation) => Do(rows => rows.Take(at, lease), cancellation);

    /// <inheritdoc/>
    public Task<bool> Renew(ImportWork work, TimeSpan lease, CancellationToken cancellation) => Do(rows => rows.Renew(work, lease), cancellation);

    /// <inheritdoc/>
    public Task GiveBack(ImportWork work, CancellationToken cancellation) => Do(rows => rows.GiveBack(work), cancellation);

    /// <inheritdoc/>
    public Task<bool> Finish(ImportWork work, ImportCounts counts, IReadOnlyList<ImportRefusal> refused, DateTimeOffset at, CancellationToken cancellation) =>
        Do(rows => rows.Finish(work, counts, refused, at), cancellation);

    /// <inheritdoc/>
    public Task Cancel(string source, string id, DateTimeOffset at, CancellationToken cancellation) => Do(rows => rows.Cancel(source, id, at), cancellation);

    /// <inheritdoc/>
    public Task Forget(DateTimeOffset before, CancellationToken cancellation) => Do(rows => rows.Forget(before), cancellation);

    /// <summary>Closes it. Later calls are refused as unavailable.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (_closed)
                return;
            _closed = true;
            _rows.Dispose();
            _connection.Dispose();
        }
        finally
        {
            _turn.Release();
        }
    }

    // One at a time, each in a transaction. Nobody waits long: a piece is a few milliseconds.
    private async Task<T> Do<T>(Func<SqliteImportRows, T> act, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        var committing = false;
        try
        {
            if (_closed)
                throw new JournalUnavailableException("The journal of imports is closed.", outcomeUnknown: false);
            _rows.Begin();
            var outcome = act(_rows);
            committing = true;
            _rows.Commit();
            return outcome;
        }
        catch (SqliteException failure)
        {
            throw SqliteFault.ToCaller(failure, outcomeUnknown: committing);
        }
        finally
        {
            if (!_closed)
                _rows.TryRollBack();
            _turn.Release();
        }
    }
}
