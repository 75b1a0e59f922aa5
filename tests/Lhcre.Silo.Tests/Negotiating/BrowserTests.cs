using System.Net;
using Lhcre.Grains.Journal;
using Lhcre.Silo.Tests.Http;

namespace Lhcre.Silo.Tests.Negotiating;

/// <summary>What a browser asks before it lets an application read here.</summary>
public sealed class BrowserTests : IAsyncLifetime
{
    private const string Portal = "https://portal.example";

    private readonly TestSilo _silo = new(
        async folder => await SqliteJournal.Open(folder.FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None), o => o with { CorsOrigins = [Portal] });

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Theory]
    [InlineData("fhir", "OPTIONS")]
    [InlineData("fhir/metadata", "GET, HEAD, OPTIONS")]
    [InlineData("fhir/Patient", "GET, HEAD, OPTIONS")]
    [InlineData("fhir/Patient/x/$everything", "GET, HEAD, POST, OPTIONS")]
    [InlineData("fhir/Patient/_search", "GET, HEAD, POST, OPTIONS")]
    [InlineData("sources/dorset/fhir", "POST, OPTIONS")]
    [InlineData("sources/dorset/fhir/Patient", "GET, HEAD, POST, OPTIONS")]
    [InlineData("sources/dorset/fhir/Patient/1", "GET, HEAD, PUT, DELETE, OPTIONS")]
    [InlineData("health/live", "GET, HEAD, OPTIONS")]
    public async Task OPTIONS_tells_the_methods_of_a_path(string path, string methods)
    {
        var answer = await _silo.Send(HttpMethod.Options, path);

        Assert.Equal((HttpStatusCode.NoContent, ""), (answer.Status, answer.Body));
        Assert.Equal(methods.Split(", ").Order(), answer.ContentHeaders.Allow.Order());
    }

    [Theory]
    [InlineData("fhir", "GET", "LHC109", "OPTIONS")]
    [InlineData("fhir", "POST", "LHC110", "OPTIONS")]
    [InlineData("fhir/", "DELETE", "LHC110", "OPTIONS")]
    [InlineData("fhir/Patient/1", "PUT", "LHC110", "GET, HEAD")]
    public async Task A_refusal_tells_only_the_methods_that_are_served(string path, string method, string code, string methods)
    {
        var answer = await _silo.Send(new HttpMethod(method), path);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, code), (answer.Status, answer.Codes.Single()));
        Assert.Equal(methods.Split(", ").Order(), answer.ContentHeaders.Allow.Order());
    }

    [Fact]
    public async Task OPTIONS_at_a_path_that_is_not_served_is_an_error() =>
        Assert.Equal((HttpStatusCode.NotFound, "LHC108"), (await _silo.Send(HttpMethod.Options, "nothing/here")) is var a ? (a.Status, a.Codes.Single()) : default);

    [Theory]
    [InlineData("GET", "accept,prefer,if-none-match,x-request-id")]
    [InlineData("POST", "content-type,authorization")]
    public async Task A_preflight_of_a_configured_origin_is_let_through(string method, string headers)
    {
        var answer = await Preflight(Portal, method, headers);

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Equal(Portal, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Contains(method, Header(answer, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.All(headers.Split(','), h => Assert.Contains(h, Header(answer, "Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase));
        Assert.Equal("600", Header(answer, "Access-Control-Max-Age"));
    }

    [Fact]
    public async Task A_preflight_of_another_origin_is_not()
    {
        var answer = await Preflight("https://elsewhere.example", "GET", "accept");

        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task No_origin_writes_here(string method)
    {
        var answer = await Preflight(Portal, method, "content-type");

        Assert.DoesNotContain(method, Header(answer, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sources/dorset/fhir", "POST")]
    [InlineData("sources/dorset/fhir/Patient/1", "PUT")]
    [InlineData("sources/dorset/fhir/Patient/1", "GET")]
    [InlineData("sources/dorset/parked", "GET")]
    public async Task What_is_a_sources_own_is_for_no_browser(string path, string method)
    {
        var preflight = await Preflight(Portal, method, "content-type", path);
        var answer = await _silo.Send(new HttpMethod(method), path, method == "GET" ? null : "{}", ("Origin", Portal));

        Assert.All([preflight, answer], a => Assert.DoesNotContain(a.Headers, h => h.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData("fhir/metadata", HttpStatusCode.OK)]
    [InlineData("fhir/Patient/4711", HttpStatusCode.NotFound)]
    public async Task An_answer_shows_the_application_its_headers(string path, HttpStatusCode status)
    {
        var answer = await _silo.Get(path, ("Origin", Portal));

        Assert.Equal((status, Portal), (answer.Status, Header(answer, "Access-Control-Allow-Origin")));
        var shown = Header(answer, "Access-Control-Expose-Headers");
        Assert.All(["ETag", "Last-Modified", "Content-Location", "Location", "X-Request-Id", "X-LHCRE-Source-Status"], h => Assert.Contains(h, shown, StringComparison.Ordinal));
        Assert.Contains("Origin", answer.Headers.Vary);
    }

    [Fact]
    public async Task By_default_no_origin_is_let_in()
    {
        var closed = new TestSilo();
        await closed.InitializeAsync();
        try
        {
            Assert.False((await closed.Get("fhir/metadata", ("Origin", Portal))).Headers.Contains("Access-Control-Allow-Origin"));
        }
        finally
        {
            await closed.DisposeAsync();
        }
    }

    private Task<Answer> Preflight(string origin, string method, string headers, string path = "fhir/Patient") => _silo.Send(
        HttpMethod.Options, path, null, ("Origin", origin), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", headers));

    private static string Header(Answer answer, string name) => string.Join(", ", answer.Headers.GetValues(name));
}
