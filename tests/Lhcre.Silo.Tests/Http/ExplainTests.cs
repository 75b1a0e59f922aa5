using System.Net;
using System.Text.Json.Nodes;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>How a merged resource came about: <c>$explain</c>.</summary>
[Collection(nameof(TestSilo))]
public sealed class ExplainTests(TestSilo silo)
{
    private static readonly FhirJsonDeserializer Strict = new(new DeserializerSettings().UsingMode(DeserializationMode.Strict));

    private readonly string _nhs = FreshNhsNumber();

    [Fact]
    public async System.Threading.Tasks.Task It_names_the_entries_behind_a_resource_and_whose_words_are_shown()
    {
        var id = await PushedBy("dorset", "hampshire");

        var answer = await Explained(id);

        Assert.Equal("shown", Value(answer, "status"));
        Assert.Equal($"Observation/{id}", answer.Parameter.Single(p => p.Name == "resource").Value is ResourceReference r ? r.Reference : null);
        var members = answer.Parameter.Where(p => p.Name == "member").ToList();
        Assert.Equal(
            [("dorset", "Dorset Care Record", $"{silo.Url}/sources/dorset/fhir/Observation/ex-{_nhs}", "2024-05-01", "false"),
             ("hampshire", "Hampshire CHIE", $"{silo.Url}/sources/hampshire/fhir/Observation/ex-{_nhs}", "2024-05-02", "true")],
            members.Select(m => (Value(m, "source"), Value(m, "name"), Value(m, "reference"), Value(m, "recorded")?[..10], Value(m, "shown"))));
        Assert.All(members, m => Assert.Equal("1", Value(m, "version")));
    }

    [Fact]
    public async System.Threading.Tasks.Task What_joined_two_entries_is_told_with_its_rule()
    {
        var id = await PushedBy("dorset", "hampshire");

        var join = (await Explained(id)).Parameter.Single(p => p.Name == "join");

        Assert.Equal(
            ($"{silo.Url}/sources/dorset/fhir/Observation/ex-{_nhs}", $"{silo.Url}/sources/hampshire/fhir/Observation/ex-{_nhs}", "0", $"identifier https://example.org/result|{_nhs}"),
            (Value(join, "left"), Value(join, "right"), Value(join, "rule"), Value(join, "through")));
    }

    [Fact]
    public async System.Threading.Tasks.Task What_was_not_joined_is_told_with_the_reason_and_the_disagreement_is_explained_itself()
    {
        await silo.Push("dorset", Collection(Patient("ex-" + _nhs, _nhs), Allergy("high")));
        await silo.Push("hampshire", Collection(Patient("ex-" + _nhs, _nhs), Allergy("low")));
        var everything = await silo.Everything(_nhs);
        var allergies = everything.Where(r => r["resourceType"]!.GetValue<string>() == "AllergyIntolerance").Select(r => r["id"]!.GetValue<string>()).ToList();
        var issue = everything.Single(r => r["resourceType"]!.GetValue<string>() == "DetectedIssue")["id"]!.GetValue<string>();

        var (apart, disagreement) = ((await Explained(allergies[0], "AllergyIntolerance")).Parameter.Single(p => p.Name == "notJoined"), await Explained(issue, "DetectedIssue"));

        Assert.Equal(
            ($"AllergyIntolerance/{allergies[1]}", "conflict", "criticality differs"),
            ((apart.Part.Single(p => p.Name == "resource").Value as ResourceReference)?.Reference, Value(apart, "kind"), Value(apart, "why")));
        Assert.Equal(("shown", "criticality"), (Value(disagreement, "status"), Value(disagreement, "element")));
        Assert.Equal(["dorset", "hampshire"], disagreement.Parameter.Where(p => p.Name == "side").Select(s => Value(s, "source")));
        Assert.Equal(HttpStatusCode.OK, (await silo.Get($"fhir/DetectedIssue/{issue}")).Status);
    }

    [Fact]
    public async System.Threading.Tasks.Task A_label_that_another_source_added_is_told()
    {
        await PushedBy("dorset");
        var id = await PushedBy("hampshire", ",\"security\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-Confidentiality\",\"code\":\"V\"}]", "2024-04-01");

        var addition = (await Explained(id)).Parameter.Single(p => p.Name == "addition");

        Assert.Equal(
            ("meta.security", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality|V", "hampshire"),
            (Value(addition, "element"), Value(addition, "value"), Value(addition, "source")));
    }

    [Fact]
    public async System.Threading.Tasks.Task Who_withdrew_is_told_of_what_others_still_say()
    {
        var id = await PushedBy("dorset", "hampshire");
        await silo.Send(HttpMethod.Delete, $"sources/dorset/fhir/Observation/ex-{_nhs}");

        var answer = await Explained(id);

        Assert.Equal("shown", Value(answer, "status"));
        Assert.Equal("hampshire", Value(answer.Parameter.Single(p => p.Name == "member"), "source"));
        var former = answer.Parameter.Single(p => p.Name == "former");
        Assert.Equal(("dorset", "deleted"), (Value(former, "source"), Value(former, "withdrawal")));
    }

    [Fact]
    public async System.Threading.Tasks.Task What_all_have_withdrawn_is_explained_where_a_read_says_gone()
    {
        var id = await PushedBy("dorset");
        await silo.Send(HttpMethod.Delete, $"sources/dorset/fhir/Observation/ex-{_nhs}");
        Assert.Equal(HttpStatusCode.Gone, (await silo.Get($"fhir/Observation/{id}")).Status);

        var answer = await Explained(id);

        Assert.Equal("withdrawn", Value(answer, "status"));
        Assert.Equal("dorset", Value(answer.Parameter.Single(p => p.Name == "former"), "source"));
    }

    [Fact]
    public async System.Threading.Tasks.Task A_withdrawn_person_is_explained_too()
    {
        await silo.Push("dorset", Collection(Patient("ex-" + _nhs, _nhs)));
        await silo.Send(HttpMethod.Delete, $"sources/dorset/fhir/Patient/ex-{_nhs}");

        Assert.Equal("withdrawn", Value(await Explained(TestSilo.PatientId(_nhs), "Patient"), "status"));
    }

    [Fact]
    public async System.Threading.Tasks.Task It_may_be_posted_without_a_body()
    {
        var id = await PushedBy("dorset");

        var answer = await silo.Send(HttpMethod.Post, $"fhir/Observation/{id}/$explain");

        Assert.Equal((await silo.Get($"fhir/Observation/{id}/$explain")).Body, answer.Body);
    }

    [Theory]
    [InlineData("Observation/nonsense", 404, "LHC501")]
    [InlineData("Observation/{0}-aaaaaaaaaaaaaaaaaaaaaaaaaa", 404, "LHC501")]
    [InlineData("Condition/{1}", 404, "LHC501")]
    [InlineData("Nothing/{1}", 404, "LHC507")]
    public async System.Threading.Tasks.Task What_was_never_known_is_not_found(string path, int status, string code)
    {
        var id = await PushedBy("dorset");

        var answer = await silo.Get($"fhir/{string.Format(null, path, TestSilo.PatientId(_nhs), id)}/$explain");

        Assert.Equal((status, code), ((int)answer.Status, answer.Codes.Single()));
    }

    [Fact]
    public async System.Threading.Tasks.Task The_statement_of_capabilities_offers_it_for_every_type_of_the_merged_record_only()
    {
        var (merged, source) = ((await silo.Get("fhir/metadata")).Json, (await silo.Get("sources/dorset/fhir/metadata")).Json);

        Assert.All(Types(merged), t => Assert.Contains("explain", Operations(t)));
        Assert.All(Types(merged), t => Assert.Contains("Provenance:target", t["searchRevInclude"]!.AsArray().Select(i => i!.GetValue<string>())));
        Assert.All(Types(source), t => Assert.DoesNotContain("explain", Operations(t)));
        Assert.All(Types(source), t => Assert.Null(t["searchRevInclude"]));
    }

    private static IEnumerable<JsonNode> Types(JsonNode statement) => statement["rest"]![0]!["resource"]!.AsArray().Select(t => t!);

    private static IEnumerable<string> Operations(JsonNode type) => type["operation"]?.AsArray().Select(o => o!["name"]!.GetValue<string>()) ?? [];

    private string Allergy(string criticality) => $$$"""
        {"resourceType":"AllergyIntolerance","id":"ex-{{{_nhs}}}","patient":{"reference":"Patient/ex-{{{_nhs}}}"},"criticality":"{{{criticality}}}",
         "code":{"coding":[{"system":"http://snomed.info/sct","code":"91936005"}]}}
        """;

    // The same result by each of these sources, dated from the first of May on, one day later each.
    private async System.Threading.Tasks.Task<string> PushedBy(params string[] sources)
    {
        var id = "";
        for (var i = 0; i < sources.Length; i++)
            id = await PushedBy(sources[i], "", $"2024-05-0{i + 1}");
        return id;
    }

    private async System.Threading.Tasks.Task<string> PushedBy(string source, string more, string day)
    {
        var meta = $$""","meta":{"versionId":"1","lastUpdated":"{{day}}T00:00:00Z"{{more}}},"identifier":[{"system":"https://example.org/result","value":"{{_nhs}}"}]""";
        await silo.Push(source, Collection(Patient("ex-" + _nhs, _nhs), Observation("ex-" + _nhs, "Patient/ex-" + _nhs, more: meta)));
        return (await silo.Everything(_nhs)).Single(r => r["resourceType"]!.GetValue<string>() == "Observation")["id"]!.GetValue<string>();
    }

    private async System.Threading.Tasks.Task<Parameters> Explained(string id, string type = "Observation")
    {
        var answer = await silo.Get($"fhir/{type}/{id}/$explain");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return (Parameters)Strict.DeserializeResource(answer.Body);
    }

    private static string? Value(Parameters parameters, string name) => parameters.Parameter.Single(p => p.Name == name).Value?.ToString();

    private static string? Value(Parameters.ParameterComponent group, string name) => group.Part.Single(p => p.Name == name).Value?.ToString();
}
