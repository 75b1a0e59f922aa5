using System.Net;
using System.Text.Json.Nodes;
using Lhcre.Grains.Journal;
using Lhcre.Intake;
using Lhcre.Record.Searching;
using Lhcre.Silo.Tests.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lhcre.Silo.Tests.Negotiating;

/// <summary>The document tells of every route, and of no other.</summary>
public sealed class OpenApiTests : IAsyncLifetime
{
    private readonly TestSilo _silo = new(
        async folder => await SqliteJournal.Open(folder.FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None), o => o with { IsDevelopment = true });

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task Every_route_is_in_the_document_and_the_reverse()
    {
        var document = (await _silo.Get("openapi.json")).Json;
        var told = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(m => $"{m.Key.ToUpperInvariant()} {OfItsType(path.Key)}"))
            .Distinct().Order().ToArray();
        var routed = _silo.Parts.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => !e.RoutePattern.RawText!.StartsWith("/scalar", StringComparison.Ordinal))
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(m => $"{m} {e.RoutePattern.RawText!.TrimEnd('/')}"))
            .Distinct().Order().ToArray();

        Assert.NotEmpty(routed);
        Assert.Equal(routed, told);
    }

    [Fact]
    public async Task Every_search_parameter_is_in_the_document()
    {
        var paths = (await _silo.Get("openapi.json")).Json["paths"]!;

        Assert.All(SearchTable.AllTypes, type =>
        {
            string[] told = [.. paths[$"/fhir/{type}"]!["get"]!["parameters"]!.AsArray().Select(p => p!["name"]!.GetValue<string>())];
            Assert.Empty(SearchTable.Of(type).Concat(SearchTable.Everywhere).Select(p => p.Name).Except(told));
            Assert.Equal(told.Length, told.Distinct().Count());
        });
    }

    [Theory]
    [InlineData("/fhir/Patient/{id}/$everything", "_since _at start end _type _count _include _revinclude")]
    [InlineData("/fhir/Patient/{id}/$summary", "identifier profile _at")]
    [InlineData("/fhir/{type}", "_at _include _revinclude _count _sort")]
    [InlineData("/fhir/{type}/{id}/_history", "_since _at _count")]
    [InlineData("/fhir/{type}/_history", "patient _since _at _count")]
    [InlineData("/fhir/_history", "patient _since _at _count")]
    [InlineData("/sources/{source}/parked", "code type since before kind state _count after")]
    public async Task What_else_is_asked_with_is_in_the_document(string path, string names)
    {
        var parameters = (await _silo.Get("openapi.json")).Json["paths"]![path]!["get"]!["parameters"]!.AsArray();

        string[] told = [.. parameters.Select(p => p!["name"]?.GetValue<string>()).OfType<string>()];
        Assert.Empty(names.Split(' ').Except(told));
        Assert.Equal(told.Length, told.Distinct().Count());
    }

    [Fact]
    public async Task What_is_sent_with_a_discard_is_in_the_document_and_what_other_lists_take_is_no_more_than_pages()
    {
        var paths = (await _silo.Get("openapi.json")).Json["paths"]!;

        var discard = paths["/sources/{source}/parked/{id}/$discard"]!["post"]!["requestBody"]!;
        Assert.True(discard["required"]!.GetValue<bool>());
        Assert.Equal("#/components/schemas/Discarding", discard["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>());
        Assert.Equal(
            ["source", "_count", "after"],
            paths["/sources/{source}/imports"]!["get"]!["parameters"]!.AsArray().Select(p => p!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task It_is_a_document_whose_references_lead_somewhere()
    {
        var document = (await _silo.Get("openapi.json")).Json;

        Assert.Equal(("3.1.0", _silo.Url), (document["openapi"]!.GetValue<string>(), document["servers"]![0]!["url"]!.GetValue<string>()));
        var references = References(document).Distinct().ToArray();
        Assert.NotEmpty(references);
        Assert.All(references, r => Assert.NotNull(r.TrimStart('#', '/').Split('/').Aggregate((JsonNode?)document, (node, name) => node?[name])));
        // Each parameter of a path is declared.
        Assert.All(document["paths"]!.AsObject(), path => Assert.All(path.Value!.AsObject(), method => Assert.Equal(
            path.Key.Split('/').Where(s => s.StartsWith('{')).Select(s => s.Trim('{', '}')),
            method.Value!["parameters"]!.AsArray().Where(p => p!["in"]?.GetValue<string>() == "path").Select(p => p!["name"]!.GetValue<string>()))));
    }

    [Fact]
    public async Task In_development_a_page_shows_it_from_our_own_parts_alone()
    {
        var page = await _silo.Get("scalar", ("Accept", "text/html"));

        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.Status, page.ContentHeaders.ContentType!.MediaType));
        Assert.Contains("openapi.json", page.Body, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"https?://", page.Body);
        var script = await _silo.Get("scalar/scalar.js");
        Assert.Equal(HttpStatusCode.OK, script.Status);
    }

    [Fact]
    public async Task Elsewhere_there_is_the_document_and_no_page()
    {
        var plain = new TestSilo();
        await plain.InitializeAsync();
        try
        {
            Assert.Equal(HttpStatusCode.NotFound, (await plain.Get("scalar")).Status);
            Assert.Equal(HttpStatusCode.OK, (await plain.Get("openapi.json")).Status);
            Assert.Equal((HttpStatusCode.OK, ""), (await plain.Send(HttpMethod.Head, "openapi.json")) is var a ? (a.Status, a.Body) : default);
        }
        finally
        {
            await plain.DisposeAsync();
        }
    }

    // A path that is written out for one type is routed for all.
    private static string OfItsType(string path)
    {
        var parts = path.Split('/');
        return parts is ["", "fhir", var type] && FhirTypes.IsResource(type) ? "/fhir/{type}" : path;
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject found => found.SelectMany(m => m.Key == "$ref" ? [m.Value!.GetValue<string>()] : References(m.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };
}
