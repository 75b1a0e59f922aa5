using Lhcre.Grains.Journal;
using Lhcre.Record;
using Microsoft.Data.Sqlite;

namespace Lhcre.Benchmarks.Stores;

/// <summary>SQLite: the embedded store in a folder that goes with it, and a database of one table beside it.</summary>
internal sealed class SqliteStore : Store
{
    private readonly DirectoryInfo _folder;
    private readonly SqliteConnection _bare;
    private readonly SqliteConnection _reader;

    private SqliteStore(DirectoryInfo folder, SqliteConnection bare, SqliteConnection reader, IJournal journal) =>
        (_folder, _bare, _reader, Journal) = (folder, bare, reader, journal);

    /// <inheritdoc/>
    public override string Name => "SQLite";

    /// <inheritdoc/>
    public override IJournal Journal { get; }

    /// <summary>Opens it.</summary>
    public static async Task<SqliteStore> Start()
    {
        var folder = Directory.CreateTempSubdirectory("lhcre-benchmark-");
        var journal = await SqliteJournal.Open(folder.FullName, HostedSilo.Pseudonym.Fingerprint, CancellationToken.None);
        var bare = Open(Path.Combine(folder.FullName, "bare.db"));
        // As the journal does it.
        Execute(bare, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (seq INTEGER, push_id BLOB, at INTEGER, body BLOB)");
        return new SqliteStore(folder, bare, Open(Path.Combine(folder.FullName, "journal.db")), journal);
    }

    /// <inheritdoc/>
    public override Task Insert(IReadOnlyList<LogRow> rows)
    {
        using var transaction = _bare.BeginTransaction();
        using var insert = _bare.CreateCommand();
        insert.CommandText = "INSERT INTO bare VALUES ($seq, $push, $at, $body)";
        var (seq, push, at, body) = (insert.Parameters.Add("$seq", SqliteType.Integer), insert.Parameters.Add("$push", SqliteType.Blob), insert.Parameters.Add("$at", SqliteType.Integer), insert.Parameters.Add("$body", SqliteType.Blob));
        foreach (var row in rows)
        {
            var id = new byte[ContentHash.Length];
            row.Push.Hash.Write(id);
            (seq.Value, push.Value, at.Value, body.Value) = (row.Seq, id, row.At.UtcTicks, row.Body.ToArray());
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task<long> Select(PatientKey patient)
    {
        using var select = _reader.CreateCommand();
        select.CommandText = "SELECT chunk_no, from_seq, to_seq, body FROM record_chunk WHERE patient = $patient AND kind = 1";
        select.Parameters.AddWithValue("$patient", patient.Value);
        using var reader = select.ExecuteReader();
        var bytes = 0L;
        while (reader.Read())
            bytes += ((byte[])reader.GetValue(3)).Length;
        return Task.FromResult(bytes);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        await _bare.DisposeAsync();
        await _reader.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
