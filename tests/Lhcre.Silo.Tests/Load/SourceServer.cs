using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lhcre.Silo.Tests.Load;

/// <summary>A request that reached the server.</summary>
internal sealed record Pushed(string Method, string Path, string RequestId, string Priority, string ContentType, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>What the server answers: a status, and a body in FHIR JSON.</summary>
internal sealed record Reply(int Status, string Body = "", string? RetryAfter = null)
{
    public static Reply Refused(int status, string code, string words, string? expression = null) => new(status, Outcome(code, words, expression));

    public static string Outcome(string code, string words, string? expression = null) => new JsonObject
    {
        ["resourceType"] = "OperationOutcome",
        ["issue"] = new JsonArray(new JsonObject
        {
            ["severity"] = "error",
            ["code"] = "invalid",
            ["details"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "urn:test", ["code"] = code }) },
            ["diagnostics"] = words,
            ["expression"] = expression is null ? null : new JsonArray(expression),
        }),
    }.ToJsonString();

    /// <summary>A response Bundle with one entry for each status; an entry may have an outcome.</summary>
    public static Reply Entries(params (string Status, string? Outcome)[] entries) => new(200, new JsonObject
    {
        ["resourceType"] = "Bundle",
        ["type"] = "batch-response",
        ["entry"] = new JsonArray([.. entries.Select(e => new JsonObject
        {
            ["response"] = e.Outcome is null
                ? new JsonObject { ["status"] = e.Status }
                : new JsonObject { ["status"] = e.Status, ["outcome"] = JsonNode.Parse(e.Outcome) },
        })]),
    }.ToJsonString());

    /// <summary>What a server says that takes everything in.</summary>
    public static Reply AllCreated(Pushed pushed)
    {
        using var json = JsonDocument.Parse(pushed.Body);
        return json.RootElement.GetProperty("resourceType").GetString() != "Bundle"
            ? new Reply(201)
            : Entries([.. json.RootElement.GetProperty("entry").EnumerateArray().Select(_ => ("201 Created", (string?)null))]);
    }
}

/// <summary>A source base over real HTTP that says what a test wants it to say, and remembers what it was sent.</summary>
internal sealed class SourceServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _now;

    private SourceServer(WebApplication app) => _app = app;

    /// <summary>In the order of arrival.</summary>
    public ConcurrentQueue<Pushed> Pushes { get; } = new();

    /// <summary>The most requests that were under way at a time.</summary>
    public int AtATime { get; private set; }

    public Uri Url { get; private set; } = new("http://unknown.example");

    public static Task<SourceServer> Start() => Start(Reply.AllCreated);

    public static Task<SourceServer> Start(Func<Pushed, Reply> answer) => Start((pushed, _) => Task.FromResult(answer(pushed)));

    public static async Task<SourceServer> Start(Func<Pushed, CancellationToken, Task<Reply>> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(o => o.Listen(IPAddress.Loopback, 0));
        var server = new SourceServer(builder.Build());
        server._app.Run(context => server.Take(context, answer));
        await server._app.StartAsync();
        server.Url = new Uri(server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task Take(HttpContext context, Func<Pushed, CancellationToken, Task<Reply>> answer)
    {
        lock (Pushes)
            AtATime = Math.Max(AtATime, ++_now);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = context.Request;
        var pushed = new Pushed(request.Method, request.Path, request.Headers["X-Request-Id"].ToString(), request.Headers["Priority"].ToString(), request.ContentType ?? "", body.ToArray());
        Pushes.Enqueue(pushed);
        var reply = await answer(pushed, context.RequestAborted);
        lock (Pushes)
            _now--;
        context.Response.StatusCode = reply.Status;
        if (reply.RetryAfter is not null)
            context.Response.Headers.RetryAfter = reply.RetryAfter;
        context.Response.ContentType = "application/fhir+json";
        await context.Response.WriteAsync(reply.Body);
    }
}
