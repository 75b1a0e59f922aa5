using System.Net;
using Lhcre.Silo.Fhir;
using Lhcre.Silo.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Negotiating;

/// <summary>An answer that is asked for again and again: what is kept of it is told from what is made anew by nothing but its cost.</summary>
[Collection(nameof(TestSilo))]
public sealed class KeptAnswersTests(TestSilo silo)
{
    // What is asked for with this is always made anew.
    private static readonly (string, string) Anew = ("Prefer", "handling=lenient");

    private readonly string _nhs = FreshNhsNumber();

    [Theory]
    [InlineData("fhir/Patient/{id}/$everything")]
    [InlineData("fhir/Patient/{id}/$everything?_type=Observation")]
    [InlineData("fhir/Patient/{id}/$everything?_count=1")]
    [InlineData("fhir/Patient/{id}/$everything?_summary=true")]
    [InlineData("fhir/Patient/{id}/$everything?_at=2030-01-01T00:00:00Z")]
    [InlineData("fhir/Observation?patient={id}")]
    [InlineData("fhir/Observation?patient={id}&_elements=code")]
    [InlineData("fhir/Observation?patient={id}&%5Fformat=xml")]
    [InlineData("fhir/Observation?patient={id}&unknown=1")]
    [InlineData("fhir/Observation?patient.identifier={nhs}")]
    [InlineData("fhir/Patient?identifier={nhs}")]
    [InlineData("fhir/Patient/{id}")]
    [InlineData("fhir/Patient/{id}/_history")]
    [InlineData("fhir/metadata?_pretty=true")]
    [InlineData("fhir/Condition")]
    [InlineData("fhir/Nonsense?patient={id}")]
    [InlineData("sources/dorset/fhir/Patient/p-{nhs}/$everything")]
    public async Task However_often_it_is_asked_for_it_is_the_same_answer(string path)
    {
        await Push("first");
        path = Of(path);
        var anew = await Asked(path, Anew);
        for (var i = 0; i < 4; i++)
            Assert.Equal(anew, await Asked(path));

        await Push("second");
        var later = await Asked(path, Anew);
        for (var i = 0; i < 4; i++)
            Assert.Equal(later, await Asked(path));
    }

    [Fact]
    public async Task What_is_kept_is_not_made_again_and_answers_whoever_holds_it_or_wants_it_otherwise()
    {
        await Push("first");
        var path = Of("fhir/Observation?patient={id}&_sort=-date");
        var forms = silo.Parts.GetRequiredService<Negotiation>().Forms;
        var first = await silo.Get(path);
        var before = forms.Bytes;
        await silo.Get(path);
        Assert.True(forms.Bytes > before);

        Assert.Equal(HttpStatusCode.NotModified, (await silo.Get(path, ("If-None-Match", $"{first.Headers.ETag}"))).Status);
        Assert.Equal("application/fhir+xml", (await silo.Get(path, ("Accept", "application/fhir+xml"))).ContentHeaders.ContentType!.MediaType);
        Assert.Equal("application/json", (await silo.Get(path, ("Accept", "application/json"))).ContentHeaders.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotAcceptable, (await silo.Get(path, ("Accept", "image/png"))).Status);
        Assert.Equal(["zstd"], (await silo.Get(path, ("Accept-Encoding", "zstd, identity;q=0"))).ContentHeaders.ContentEncoding);
        var head = await silo.Send(HttpMethod.Head, path);
        Assert.Equal(("", first.ContentHeaders.ContentLength), (head.Body, head.ContentHeaders.ContentLength));
        Assert.Equal("mine", (await silo.Get(path, ("X-Request-Id", "mine"))).Headers.GetValues("X-Request-Id").Single());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await silo.Send(HttpMethod.Delete, path)).Status);
    }

    private async Task<string> Asked(string path, params (string Name, string Value)[] headers)
    {
        var answer = await silo.Get(path, [.. headers, ("X-Request-Id", "the-same")]);
        var told = answer.Headers.Concat(answer.ContentHeaders).Where(h => h.Key != "Date").OrderBy(h => h.Key, StringComparer.Ordinal);
        return $"{answer.Status}\n{string.Join('\n', told.Select(h => $"{h.Key}: {string.Join(',', h.Value)}"))}\n{answer.Body}";
    }

    private async Task Push(string id) =>
        Assert.Equal(HttpStatusCode.OK, (await silo.Push("dorset", Collection(Patient("p-" + _nhs, _nhs), Observation($"{id}-{_nhs}", "Patient/p-" + _nhs)))).Status);

    private string Of(string path) => path.Replace("{id}", TestSilo.PatientId(_nhs), StringComparison.Ordinal).Replace("{nhs}", _nhs, StringComparison.Ordinal);
}
