using System.Text;
using Lhcre.Processes;
using Microsoft.AspNetCore.Http;
using Npgsql;
using NpgsqlTypes;

namespace Lhcre.Benchmarks.Rivals;

/// <summary>ASP.NET and Npgsql over a table of jsonb rows, one a resource, with the indexes that its questions ask for.</summary>
internal sealed class JsonbRows : Rival
{
    private readonly PostgresServer _server;
    private readonly NpgsqlDataSource _source;

    private JsonbRows(PostgresServer server, NpgsqlDataSource source) => (_server, _source) = (server, source);

    /// <inheritdoc/>
    public override string Name => "ASP.NET + Npgsql over jsonb rows";

    /// <summary>Starts its database.</summary>
    public static async Task<JsonbRows> Start()
    {
        var server = await PostgresServer.Start();
        var source = NpgsqlDataSource.Create(await server.CreateDatabase());
        await using var table = source.CreateCommand("""
            CREATE TABLE resource (patient text, type text, id text, codes text[], at timestamptz, body jsonb, PRIMARY KEY (patient, type, id));
            CREATE INDEX resource_at ON resource (patient, type, at)
            """);
        await table.ExecuteNonQueryAsync();
        return new JsonbRows(server, source);
    }

    /// <inheritdoc/>
    protected override async Task Store(string patient, IReadOnlyList<Held> entries)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using (var copy = await connection.BeginBinaryImportAsync("COPY resource FROM STDIN (FORMAT binary)"))
        {
            foreach (var entry in entries)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(patient);
                await copy.WriteAsync(entry.Type);
                await copy.WriteAsync(entry.Id);
                await copy.WriteAsync(entry.Codes);
                if (entry.At is { } at)
                    await copy.WriteAsync(at, NpgsqlDbType.TimestampTz);
                else
                    await copy.WriteNullAsync();
                await copy.WriteAsync(entry.Resource, NpgsqlDbType.Jsonb);
            }

            await copy.CompleteAsync();
        }

        await using var analyse = new NpgsqlCommand("ANALYZE resource", connection);
        await analyse.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    protected override Task Everything(HttpContext http, string patient) =>
        Answer(http, "SELECT type, id, body::text FROM resource WHERE patient = $1 ORDER BY type, id", patient);

    /// <inheritdoc/>
    protected override Task Observations(HttpContext http, string patient, string code, DateTime from) => Answer(
        http, "SELECT type, id, body::text FROM resource WHERE patient = $1 AND type = 'Observation' AND codes @> ARRAY[$2] AND at >= $3 ORDER BY at DESC", patient, code, from);

    private async Task Answer(HttpContext http, string sql, params object[] values)
    {
        await using var connection = await _source.OpenConnectionAsync(http.RequestAborted);
        await using var select = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            select.Parameters.Add(new() { Value = value });
        await select.PrepareAsync();
        var entries = new List<ReadOnlyMemory<byte>>();
        await using (var reader = await select.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                entries.Add(Encoding.UTF8.GetBytes(
                    $"{{\"fullUrl\":\"http://127.0.0.1/fhir/{reader.GetString(0)}/{reader.GetString(1)}\",\"resource\":{reader.GetString(2)},\"search\":{{\"mode\":\"match\"}}}}"));
            }
        }

        await Write(http, entries);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _source.DisposeAsync();
        await _server.DisposeAsync();
    }
}
