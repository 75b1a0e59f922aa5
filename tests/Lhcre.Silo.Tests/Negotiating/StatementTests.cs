using System.Net;
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
}
