using System.Collections.Concurrent;
using System.Net;
using Lhcre.Record;
using Lhcre.Silo.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Visits;

/// <summary>A FHIR base elsewhere, over real HTTP, where people are at home: it knows whom a test says, and remembers what it was asked.</summary>
internal sealed class HomeSource : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string[]> _people = [];

    private HomeSource(WebApplication app) => _app = app;

    /// <summary>Path and query of each request, in the order of arrival.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Waited for before anything is answered.</summary>
    public Func<int, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>The status of every answer; 200 for the answer itself.</summary>
    public int Status { get; set; } = 200;

    /// <summary>What stands in the place of an answer's Bundle; null for nothing.</summary>
    public string? Instead { get; set; }

    /// <summary>Resources on a page.</summary>
    public int PageSize { get; set; } = 100;

    public Uri Url { get; private set; } = new("http://unknown.example");

    public static async Task<HomeSource> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(o => o.Listen(IPAddress.Loopback, 0));
        var server = new HomeSource(builder.Build());
        server._app.Run(server.Answer);
        await server._app.StartAsync();
        server.Url = new Uri(server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/fhir/");
        return server;
    }

    /// <summary>Somebody is at home here: their Patient, registered with a practice, and these resources.</summary>
    public void Knows(string nhsNumber, string practice, params string[] resources) => _people[nhsNumber] =
        [Patient("h1", nhsNumber, $$$""","generalPractitioner":[{"identifier":{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{{{practice}}}"}}]"""), .. resources];

    /// <summary>One person and nobody else is at home here: these resources, their Patient <c>h1</c> first.</summary>
    public void KnowsOnly(string nhsNumber, params string[] resources)
    {
        _people.Clear();
        _people[nhsNumber] = resources;
    }

    /// <summary>A plan that asks it.</summary>
    public PulledSource Pulled(string id = "wales") => new(new SourceSystem(id, "Wales"), Url) { Timeout = TimeSpan.FromSeconds(20) };

    public int AskedFor(string part) => Asked.Count(a => a.Contains(part, StringComparison.Ordinal));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task Answer(HttpContext http)
    {
        var request = http.Request;
        Asked.Enqueue(request.Path + request.QueryString);
        await Before(Asked.Count).WaitAsync(http.RequestAborted);
        http.Response.StatusCode = Status;
        http.Response.ContentType = "application/fhir+json";
        await http.Response.WriteAsync(Status != 200 ? "" : Instead ?? Found(request));
    }

    private string Found(HttpRequest request)
    {
        var path = request.Path.Value!;
        if (path.EndsWith("/Patient", StringComparison.Ordinal))
        {
            var number = request.Query["identifier"].ToString().Split('|')[1];
            return Searchset(_people.TryGetValue(number, out var known) ? known[..1] : [], null);
        }

        // There is one person to a test, so the id is always the same.
        var all = _people.Values.Single();
        var skip = int.TryParse(request.Query["skip"], out var given) ? given : 0;
        var next = skip + PageSize < all.Length ? $"{Url}Patient/h1/$everything?skip={skip + PageSize}" : null;
        return Searchset(all.Skip(skip).Take(PageSize), next);
    }

    private static string Searchset(IEnumerable<string> resources, string? next) => Bundle(
        "searchset", resources.Select(r => $$$"""{"resource":{{{r}}},"search":{"mode":"match"}}"""), next is null ? "" : $$""","link":[{"relation":"next","url":"{{next}}"}]""");
}
