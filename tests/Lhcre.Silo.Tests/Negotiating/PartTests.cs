using System.Net;
using System.Text.Json.Nodes;
using Lhcre.Silo.Tests.Http;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Negotiating;

/// <summary><c>_summary</c> and <c>_elements</c> over HTTP; what a part holds, the tests of Subset tell.</summary>
[Collection(nameof(TestSilo))]
public sealed class PartTests(TestSilo silo)
{
    private readonly string _nhs = FreshNhsNumber();

    [Theory]
    [InlineData("_summary=true", "resourceType meta id status code subject valueQuantity")]
    [InlineData("_summary=text", "resourceType meta id text status code")]
    [InlineData("_summary=data", "resourceType meta id status code subject valueQuantity note")]
    [InlineData("_elements=note", "resourceType meta id status code note")]
    [InlineData("_elements=valueQuantity", "resourceType meta id status code valueQuantity")]
    [InlineData("_elements=Observation.value,subject", "resourceType meta id status code subject valueQuantity")]
    [InlineData("_summary=false", "resourceType meta id text status code subject valueQuantity note")]
    public async Task A_search_answers_with_a_part_of_each(string query, string expected)
    {
        await PushObservation();
        var patient = TestSilo.PatientId(_nhs);

        var found = (await silo.Get($"fhir/Observation?patient={patient}&{query}")).Resources("match").Single();
        AssertHolds(found, expected, isPart: !query.EndsWith("false", StringComparison.Ordinal));
        var read = await silo.Get($"fhir/Observation/{found["id"]}?{query}");
        Assert.Equal(found.ToJsonString(), read.Json.ToJsonString());
        using var form = new FormUrlEncodedContent([new("patient", patient), new(query.Split('=')[0], query.Split('=')[1])]);
        using var posted = await silo.Client.PostAsync("fhir/Observation/_search", form);
        AssertHolds(JsonNode.Parse(await posted.Content.ReadAsStringAsync())!["entry"]![0]!["resource"]!, expected, isPart: !query.EndsWith("false", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Observation?patient={0}&_elements=code,colour", "_elements=colour")]
    [InlineData("Observation?patient={0}&_elements=birthDate", "_elements=birthDate")]
    [InlineData("Observation?patient={0}&_elements=birthDate&_include=Observation:subject", null)]
    [InlineData("Observation?patient={0}&_elements=valueQuantity", null)]
    [InlineData("Patient/{0}/$everything?_elements=birthDate,value", null)]
    [InlineData("Patient/{0}/$everything?_elements=birthDate&_type=Observation,Condition", "_elements=birthDate")]
    public async Task An_element_that_no_type_asked_for_has_is_told_or_refused(string path, string? told)
    {
        await PushObservation();
        path = "fhir/" + path.Replace("{0}", TestSilo.PatientId(_nhs), StringComparison.Ordinal);

        var (lenient, strict) = (await silo.Get(path), await silo.Get(path, ("Prefer", "handling=strict")));

        Assert.Equal(told is not null, lenient.Codes.Contains("LHC505"));
        Assert.Equal(told is not null, strict.Status == HttpStatusCode.BadRequest && strict.Codes.Single() == "LHC506" && strict.Body.Contains(told!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_count_tells_how_many()
    {
        await PushObservation();

        var answer = await silo.Get($"fhir/Observation?patient={TestSilo.PatientId(_nhs)}&_summary=count");

        Assert.Equal((HttpStatusCode.OK, 1), (answer.Status, answer.Json["total"]!.GetValue<int>()));
        Assert.Empty(answer.Resources("match"));
    }

    [Theory]
    [InlineData("_summary=some")]
    [InlineData("_summary=true&_elements=code")]
    [InlineData("_summary=true&_summary=text")]
    public async Task What_cannot_be_read_is_refused(string query)
    {
        var answer = await silo.Get($"fhir/Observation?patient={TestSilo.PatientId(_nhs)}&{query}");

        Assert.Equal((HttpStatusCode.BadRequest, "LHC504"), (answer.Status, answer.Codes.Single()));
    }

    [Fact]
    public async Task A_part_is_another_representation_under_its_own_url()
    {
        await PushObservation();
        var path = $"fhir/Observation?patient={TestSilo.PatientId(_nhs)}";
        var (whole, part) = (await silo.Get(path), await silo.Get(path + "&_elements=code", ("Accept", "application/fhir+xml")));

        Assert.DoesNotContain("SUBSETTED", whole.Body, StringComparison.Ordinal);
        Assert.Contains("SUBSETTED", part.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotModified, (await silo.Get(path + "&_elements=code", ("Accept", "application/fhir+xml"), ("If-None-Match", $"{part.Headers.ETag}"))).Status);
    }

    [Theory]
    [InlineData("fhir/Observation?patient={0}&_pretty=true")]
    [InlineData("fhir/Patient/{0}/$everything?_pretty=true")]
    [InlineData("fhir/Patient/{0}?_pretty=true")]
    [InlineData("fhir/metadata?_pretty=true")]
    [InlineData("fhir/Patient/4711?_pretty=true")]
    public async Task For_people_it_is_laid_out_and_says_the_same(string path)
    {
        await PushObservation();
        path = path.Replace("{0}", TestSilo.PatientId(_nhs), StringComparison.Ordinal);

        var (plain, pretty) = (await silo.Get(path.Replace("_pretty=true", "_pretty=false", StringComparison.Ordinal)), await silo.Get(path));

        Assert.DoesNotContain('\n', plain.Body);
        Assert.Contains("\n  \"resourceType\"", pretty.Body, StringComparison.Ordinal);
        Assert.Null(Record.JsonDifference.Find(
            System.Text.Encoding.UTF8.GetBytes(plain.Body), System.Text.Encoding.UTF8.GetBytes(pretty.Body.Replace("_pretty=true", "_pretty=false", StringComparison.Ordinal))));
    }

    private static void AssertHolds(JsonNode resource, string expected, bool isPart)
    {
        Assert.Equal(expected.Split(' ').Order(), resource.AsObject().Select(m => m.Key).Order());
        Assert.Equal(isPart, resource["meta"]!["tag"]?.AsArray().Any(t => t!["code"]!.GetValue<string>() == "SUBSETTED") ?? false);
    }

    private Task<Answer> PushObservation() => silo.Push("dorset", Collection(
        Patient("p-" + _nhs, _nhs),
        Observation("p-" + _nhs, "Patient/p-" + _nhs, more: ""","note":[{"text":"n"}],"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"}""")));
}
