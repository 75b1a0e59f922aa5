using System.Collections.Concurrent;
using System.Text;
using Lhcre.Processes;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Lhcre.Benchmarks.Rivals;

/// <summary>
/// One Bundle a patient in a bytea, behind a cache in memory: read and taken apart once, then answered from memory. It merges nothing, never
/// asks whether what it holds is current, and knows one search.
/// </summary>
internal sealed class CachedBlob : Rival
{
    private readonly PostgresServer _server;
    private readonly NpgsqlDataSource _source;
    private readonly ConcurrentDictionary<string, Task<Blob>> _cache = new();

    private CachedBlob(PostgresServer server, NpgsqlDataSource source) => (_server, _source) = (server, source);

    /// <inheritdoc/>
    public override string Name => "one blob a patient in bytea behind a memory cache";

    /// <summary>Starts its database.</summary>
    public static async Task<CachedBlob> Start()
    {
        var server = await PostgresServer.Start();
        var source = NpgsqlDataSource.Create(await server.CreateDatabase());
        await using var table = source.CreateCommand("CREATE TABLE record (patient text PRIMARY KEY, bundle bytea)");
        await table.ExecuteNonQueryAsync();
        return new CachedBlob(server, source);
    }

    /// <inheritdoc/>
    protected override async Task Store(string patient, IReadOnlyList<Held> entries)
    {
        var bundle = Encoding.UTF8.GetBytes(
            $"{{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"total\":{entries.Count},\"entry\":[{string.Join(',', entries.Select(e => Encoding.UTF8.GetString(e.Entry.Span)))}]}}");
        await using var insert = _source.CreateCommand("INSERT INTO record VALUES ($1, $2)");
        insert.Parameters.Add(new() { Value = patient });
        insert.Parameters.Add(new() { Value = bundle });
        await insert.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    protected override async Task Everything(HttpContext http, string patient)
    {
        var blob = await Find(patient);
        http.Response.ContentType = "application/fhir+json; charset=utf-8";
        http.Response.ContentLength = blob.Bundle.Length;
        await http.Response.BodyWriter.WriteAsync(blob.Bundle);
    }

    /// <inheritdoc/>
    protected override async Task Observations(HttpContext http, string patient, string code, DateTime from) =>
        await Write(http, [.. (await Find(patient)).Observations.Where(o => o.At >= from && o.Codes.Contains(code)).OrderByDescending(o => o.At).Select(o => o.Entry)]);

    private Task<Blob> Find(string patient) => _cache.GetOrAdd(patient, Read);

    private async Task<Blob> Read(string patient)
    {
        await using var select = _source.CreateCommand("SELECT bundle FROM record WHERE patient = $1");
        select.Parameters.Add(new() { Value = patient });
        var bundle = (byte[])(await select.ExecuteScalarAsync())!;
        return new Blob(bundle, [.. Held.In(bundle).Where(e => e.Type == "Observation")]);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _source.DisposeAsync();
        await _server.DisposeAsync();
    }

    private sealed record Blob(byte[] Bundle, Held[] Observations);
}
