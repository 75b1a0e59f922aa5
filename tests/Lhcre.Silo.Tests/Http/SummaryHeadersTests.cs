using System.Net;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>What stands in the headers of a summary: it is of one instant and clinical, so that nobody between keeps it, in whatever form.</summary>
[Collection(nameof(TestSilo))]
public sealed class SummaryHeadersTests(TestSilo silo)
{
    private readonly string _nhs = FreshNhsNumber();

    [Theory]
    [InlineData("application/fhir+json")]
    [InlineData("application/fhir+xml")]
    [InlineData("text/html")]
    public async Task A_summary_is_kept_by_nobody(string media)
    {
        await silo.Push("dorset", Collection(Patient("ex-" + _nhs, _nhs)));

        var answer = await silo.Get($"fhir/Patient/$summary?identifier=https://fhir.nhs.uk/Id/nhs-number%7C{_nhs}", ("Accept", media));

        Assert.Equal((HttpStatusCode.OK, media), (answer.Status, answer.ContentHeaders.ContentType?.MediaType));
        Assert.Equal((true, true), (answer.Headers.CacheControl?.NoStore, answer.Headers.CacheControl?.Private));
        Assert.Equal("Accept, Accept-Encoding, Origin, Prefer", string.Join(", ", answer.Headers.Vary));
    }
}
