using System.Net;
using System.Text.Json.Nodes;
using Lhcre.Record;
using Lhcre.Record.Searching;
using Lhcre.Silo.Tests.Http;

namespace Lhcre.Silo.Tests.Negotiating;

/// <summary>The CapabilityStatement keeps what it promises, and a client that holds one learns of the next.</summary>
[Collection(nameof(TestSilo))]
public sealed class StatementTests(TestSilo silo)
{
    [Fact]
    public async Task Another_statement_has_another_tag()
    {
        var merged = await silo.Get("fhir/metadata");
        var dorset = await silo.Get("sources/dorset/fhir/metadata");

        Assert.NotEqual(merged.Headers.ETag!.Tag, dorset.Headers.ETag!.Tag);
        Assert.Matches("^\"h[0-9a-f]{32}", merged.Headers.ETag.Tag);
        Assert.Equal(HttpStatusCode.OK, (await silo.Get("sources/dorset/fhir/metadata", ("If-None-Match", $"{merged.Headers.ETag}"))).Status);
        Assert.Equal(HttpStatusCode.NotModified, (await silo.Get("fhir/metadata", ("If-None-Match", $"{merged.Headers.ETag}"))).Status);
    }

    [Theory]
    [InlineData("searchInclude", "_include")]
    [InlineData("searchRevInclude", "_revinclude")]
    public async Task Every_inclusion_that_is_declared_is_understood(string list, string parameter)
    {
        var resources = (await silo.Get("fhir/metadata")).Json["rest"]![0]!["resource"]!.AsArray();
        (string Type, string Value)[] declared = [.. resources.SelectMany(r => Texts(r![list]).Select(value => (r["type"]!.GetValue<string>(), value)))];

        Assert.NotEmpty(declared);
        Assert.All(declared, d => Assert.Empty(SearchQuery.Read(d.Type, [new(parameter, d.Value)], new ReadOptions(new Addresses(silo.Url), DateTimeOffset.UnixEpoch, IsStrict: true)).Issues));
    }

    private static IEnumerable<string> Texts(JsonNode? list) => list?.AsArray().Select(text => text!.GetValue<string>()) ?? [];
}
