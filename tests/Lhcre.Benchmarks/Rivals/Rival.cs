using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Lhcre.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lhcre.Benchmarks.Rivals;

/// <summary>What a team would write instead: a server that holds what the product serves of one person, and answers the same questions.</summary>
internal abstract class Rival : IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>What it is, for a row of a table.</summary>
    public abstract string Name { get; }

    /// <summary>The HTTP port on 127.0.0.1.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>Takes in what the product has answered to <c>$everything</c>, by the Patient's id, and serves it.</summary>
    public async Task Serve(IEnumerable<(string Id, byte[] Bundle)> people)
    {
        foreach (var (id, bundle) in people)
            await Store(id, Held.In(bundle));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.AddServerHeader = false).UseUrls($"http://127.0.0.1:{Port}");
        _app = builder.Build();
        _app.MapGet("/fhir/Patient/{id}/$everything", (RequestDelegate)(http => Everything(http, (string)http.Request.RouteValues["id"]!)));
        _app.MapGet("/fhir/Observation", (RequestDelegate)(http =>
        {
            var query = http.Request.Query;
            // date=ge2024-01-01: the only form that is asked for.
            return Observations(http, $"{query["patient"]}", $"{query["code"]}", DateTime.SpecifyKind(DateTime.Parse($"{query["date"]}"[2..], CultureInfo.InvariantCulture), DateTimeKind.Utc));
        }));
        await _app.StartAsync();
    }

    /// <summary>Takes in what it is to serve.</summary>
    protected abstract Task Store(string patient, IReadOnlyList<Held> entries);

    /// <summary>Answers with the whole record.</summary>
    protected abstract Task Everything(HttpContext http, string patient);

    /// <summary>Answers with the Observations of a code from a date on.</summary>
    protected abstract Task Observations(HttpContext http, string patient, string code, DateTime from);

    /// <summary>A Bundle of entries that are bytes.</summary>
    protected static async Task Write(HttpContext http, IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        var head = Encoding.UTF8.GetBytes($"{{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"total\":{entries.Count},\"entry\":[");
        http.Response.ContentType = "application/fhir+json; charset=utf-8";
        http.Response.ContentLength = head.Length + entries.Sum(e => (long)e.Length) + Math.Max(entries.Count - 1, 0) + 2;
        var body = http.Response.BodyWriter;
        await body.WriteAsync(head);
        for (var i = 0; i < entries.Count; i++)
        {
            if (i > 0)
                body.Write(","u8);
            body.Write(entries[i].Span);
            if (body.UnflushedBytes > 256 * 1024)
                await body.FlushAsync();
        }

        body.Write("]}"u8);
        await body.FlushAsync();
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        if (_app is { } app)
            await app.DisposeAsync();
    }
}

/// <summary>One entry, and by what it is searched.</summary>
/// <param name="Entry">The Bundle entry.</param>
/// <param name="Resource">The resource in it.</param>
/// <param name="Type">Its type.</param>
/// <param name="Id">Its id.</param>
/// <param name="Codes">Of an Observation: <c>system|code</c> of each coding.</param>
/// <param name="At">Of an Observation: when; null where it says nothing.</param>
internal sealed record Held(ReadOnlyMemory<byte> Entry, string Resource, string Type, string Id, string[] Codes, DateTime? At)
{
    /// <summary>The matches of a Bundle.</summary>
    public static IReadOnlyList<Held> In(byte[] bundle)
    {
        using var json = JsonDocument.Parse(bundle);
        return [.. json.RootElement.GetProperty("entry").EnumerateArray().Where(e => e.GetProperty("search").GetProperty("mode").GetString() == "match").Select(Of)];
    }

    private static Held Of(JsonElement entry)
    {
        var resource = entry.GetProperty("resource");
        string[] codes = resource.TryGetProperty("code", out var code) && code.TryGetProperty("coding", out var codings)
            ? [.. codings.EnumerateArray().Select(c => $"{(c.TryGetProperty("system", out var s) ? s.GetString() : "")}|{c.GetProperty("code").GetString()}")]
            : [];
        return new Held(
            JsonSerializer.SerializeToUtf8Bytes(entry), resource.GetRawText(), resource.GetProperty("resourceType").GetString()!, resource.GetProperty("id").GetString()!, codes,
            resource.TryGetProperty("effectiveDateTime", out var at) && at.TryGetDateTimeOffset(out var instant) ? instant.UtcDateTime : null);
    }
}
