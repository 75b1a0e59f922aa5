using Lhcre.Grains.Journal;
using Lhcre.Processes;
using Lhcre.Record;
using Npgsql;
using NpgsqlTypes;

namespace Lhcre.Benchmarks.Stores;

/// <summary>PostgreSQL: a server of this run, or the one that <c>LHCRE_TEST_POSTGRES</c> names.</summary>
internal sealed class PostgresStore : Store
{
    private readonly PostgresServer _server;
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _writer;

    private PostgresStore(PostgresServer server, NpgsqlDataSource source, NpgsqlConnection writer, IJournal journal) =>
        (_server, _source, _writer, Journal) = (server, source, writer, journal);

    /// <inheritdoc/>
    public override string Name => "PostgreSQL";

    /// <inheritdoc/>
    public override IJournal Journal { get; }

    /// <summary>Starts it, with a schema and an empty table beside it.</summary>
    public static async Task<PostgresStore> Start()
    {
        var server = await PostgresServer.Start();
        var connection = await server.CreateDatabase();
        await PostgresSchema.Migrate(connection, HostedSilo.Pseudonym.Fingerprint, CancellationToken.None);
        var journal = await PostgresJournal.Open(connection, HostedSilo.Pseudonym.Fingerprint, CancellationToken.None);
        var source = NpgsqlDataSource.Create(connection);
        await using (var table = source.CreateCommand(
            "CREATE TABLE bare (seq bigint, push_id bytea, at bigint, body bytea); ALTER TABLE bare ALTER COLUMN body SET STORAGE EXTERNAL"))
            await table.ExecuteNonQueryAsync();
        return new PostgresStore(server, source, await source.OpenConnectionAsync(), journal);
    }

    /// <inheritdoc/>
    public override async Task Insert(IReadOnlyList<LogRow> rows)
    {
        await using var insert = new NpgsqlCommand("INSERT INTO bare SELECT * FROM unnest($1, $2, $3, $4)", _writer);
        insert.Parameters.Add(new() { Value = rows.Select(r => r.Seq).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        insert.Parameters.Add(new() { Value = rows.Select(r => Bytes(r.Push)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        insert.Parameters.Add(new() { Value = rows.Select(r => r.At.UtcTicks).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        insert.Parameters.Add(new() { Value = rows.Select(r => r.Body.ToArray()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        await insert.PrepareAsync();
        await insert.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    public override async Task<long> Select(PatientKey patient)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var select = new NpgsqlCommand("SELECT chunk_no, from_seq, to_seq, body FROM record_chunk WHERE patient = $1 AND kind = 1", connection);
        select.Parameters.Add(new() { Value = patient.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await select.PrepareAsync();
        await using var reader = await select.ExecuteReaderAsync();
        var bytes = 0L;
        while (await reader.ReadAsync())
            bytes += reader.GetFieldValue<byte[]>(3).Length;
        return bytes;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        await _writer.DisposeAsync();
        await _source.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static byte[] Bytes(PushId push)
    {
        var bytes = new byte[ContentHash.Length];
        push.Hash.Write(bytes);
        return bytes;
    }
}
