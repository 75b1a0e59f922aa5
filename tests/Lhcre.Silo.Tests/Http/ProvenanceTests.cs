using System.Net;
using System.Text.Json.Nodes;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>Where a merged resource comes from, as Provenance: made when it is asked for.</summary>
[Collection(nameof(TestSilo))]
public sealed class ProvenanceTests(TestSilo silo)
{
    private static readonly FhirJsonDeserializer Strict = new(new DeserializerSettings().UsingMode(DeserializationMode.Strict));

    private readonly string _nhs = FreshNhsNumber();

    [Fact]
    public async System.Threading.Tasks.Task It_names_every_member_at_its_source_and_every_source_once()
    {
        await PushTwice();

        var provenance = await OfTheObservation();

        Assert.Equal(["hampshire", "dorset"], provenance.Agent.Select(a => a.Who!.Identifier!.Value).OrderDescending());
        Assert.Equal(["Dorset Care Record", "Hampshire CHIE"], provenance.Agent.Select(a => a.Who!.Display));
        Assert.Equal(
            [$"{silo.Url}/sources/dorset/fhir/Observation/pv-{_nhs}", $"{silo.Url}/sources/hampshire/fhir/Observation/pv-{_nhs}"],
            provenance.Entity.Select(e => e.What!.Reference));
        Assert.All(provenance.Entity, e => Assert.Equal(Provenance.ProvenanceEntityRole.Source, e.Role));
        Assert.Equal("2024-05-01T00:00:00.000Z", Recorded(provenance.Entity[0]));
        Assert.Equal("merge", provenance.Activity!.Coding.Single().Code);
        foreach (var entity in provenance.Entity)
            Assert.Equal(HttpStatusCode.OK, (await silo.Get(entity.What!.Reference![(silo.Url.Length + 1)..])).Status);
    }

    [Fact]
    public async System.Threading.Tasks.Task It_was_recorded_when_we_received_what_it_is_about()
    {
        await PushTwice();
        var observation = (await silo.Everything(_nhs)).Single(r => r["resourceType"]!.GetValue<string>() == "Observation");

        var provenance = await OfTheObservation();

        Assert.Equal($"Observation/{observation["id"]}", provenance.Target.Single().Reference);
        Assert.Equal(observation["meta"]!["lastUpdated"]!.GetValue<string>(), Text(provenance.Meta!.LastUpdated));
        Assert.Equal(provenance.Meta.LastUpdated, provenance.Recorded);
        Assert.Equal(observation["meta"]!["versionId"]!.GetValue<string>(), provenance.Meta.VersionId);
    }

    [Fact]
    public async System.Threading.Tasks.Task In_everything_there_is_one_for_each_resource_and_it_counts_as_no_match()
    {
        await PushTwice();

        var answer = await silo.Get($"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything?_revinclude=Provenance:target");

        var (matches, included) = (answer.Resources("match"), answer.Resources("include"));
        Assert.Equal(matches.Count, answer.Json["total"]!.GetValue<int>());
        Assert.Equal(
            matches.Select(r => $"{r["resourceType"]}/{r["id"]}"),
            included.Select(r => r["target"]![0]!["reference"]!.GetValue<string>()));
        Assert.EndsWith("$everything?_revinclude=Provenance%3Atarget", answer.Json["link"]![0]!["url"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.All(included, r => Parsed(r));
    }

    [Fact]
    public async System.Threading.Tasks.Task Unless_it_is_asked_for_there_is_none()
    {
        await PushTwice();

        Assert.Empty((await silo.Get($"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything")).Resources("include"));
        Assert.Empty((await silo.Get($"fhir/Observation?patient={TestSilo.PatientId(_nhs)}")).Resources("include"));
    }

    [Theory]
    [InlineData("Provenance:colour")]
    [InlineData("Observation:code")]
    [InlineData("Nothing:target")]
    public async System.Threading.Tasks.Task A_revinclude_that_is_no_reference_of_any_type_is_ignored_with_a_warning_or_refused(string value)
    {
        await PushTwice();
        var path = $"fhir/Observation?patient={TestSilo.PatientId(_nhs)}&_revinclude={value}";

        Assert.Contains("LHC505", (await silo.Get(path)).Codes);
        Assert.Equal(["LHC506"], (await silo.Get(path, ("Prefer", "handling=strict"))).Codes);
    }

    [Fact]
    public async System.Threading.Tasks.Task Its_id_answers_by_GET_and_so_does_that_of_a_member_which_is_not_the_smallest_any_more()
    {
        await silo.Push("hampshire", Collection(Patient("pv-" + _nhs, _nhs), Pushed("2024-05-01T00:00:00Z")));
        var before = await OfTheObservation();
        await silo.Push("dorset", Collection(Patient("pv-" + _nhs, _nhs), Pushed("2024-05-01T00:00:00Z")));
        var after = await OfTheObservation();
        Assert.NotEqual(before.Id, after.Id);

        var read = await silo.Get($"fhir/Provenance/{after.Id}");
        var former = await silo.Get($"fhir/Provenance/{before.Id}");

        Assert.Equal(HttpStatusCode.OK, read.Status);
        Assert.True(after.IsExactly(Parsed(read.Json)));
        Assert.Equal($"{silo.Url}/fhir/Provenance/{after.Id}", former.ContentHeaders.ContentLocation!.ToString());
        Assert.Equal(read.Body, former.Body);
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Get($"fhir/Provenance/{TestSilo.PatientId(_nhs)}-{new string('a', 26)}")).Status);
    }

    [Fact]
    public async System.Threading.Tasks.Task When_all_have_withdrawn_what_it_is_about_it_is_gone()
    {
        await PushTwice();
        var id = (await OfTheObservation()).Id;

        foreach (var source in new[] { "dorset", "hampshire" })
            await silo.Send(HttpMethod.Delete, $"sources/{source}/fhir/Observation/pv-{_nhs}");

        Assert.Equal("LHC502", (await silo.Get($"fhir/Provenance/{id}")).Codes.Single());
    }

    [Fact]
    public async System.Threading.Tasks.Task What_a_source_says_of_provenance_itself_comes_along_with_what_it_is_about()
    {
        await PushTwice();
        await silo.Push("dorset", Collection($$$"""
            {"resourceType":"Provenance","id":"own-{{{_nhs}}}","target":[{"reference":"Observation/pv-{{{_nhs}}}"}],"recorded":"2024-05-01T00:00:00Z",
             "agent":[{"who":{"reference":"Patient/pv-{{{_nhs}}}"}}]}
            """));

        var observations = await silo.Get($"fhir/Observation?patient={TestSilo.PatientId(_nhs)}&_revinclude=Provenance:target");
        var patients = await silo.Get($"fhir/Patient?_id={TestSilo.PatientId(_nhs)}&_revinclude=Provenance:target");

        Assert.Equal((1, 2), (observations.Json["total"]!.GetValue<int>(), observations.Resources("include").Count));
        Assert.Single(patients.Resources("include"));
    }

    [Fact]
    public async System.Threading.Tasks.Task Of_a_disagreement_it_names_the_entries_on_all_sides()
    {
        foreach (var (source, criticality) in new[] { ("dorset", "high"), ("hampshire", "low") })
        {
            await silo.Push(source, Collection(Patient("pv-" + _nhs, _nhs), $$$"""
                {"resourceType":"AllergyIntolerance","id":"pv-{{{_nhs}}}","patient":{"reference":"Patient/pv-{{{_nhs}}}"},"criticality":"{{{criticality}}}",
                 "code":{"coding":[{"system":"http://snomed.info/sct","code":"91936005"}]}}
                """));
        }

        var answer = await silo.Get($"fhir/DetectedIssue?patient={TestSilo.PatientId(_nhs)}&_revinclude=Provenance:target");

        var provenance = Parsed(answer.Resources("include").Single());
        Assert.Equal($"DetectedIssue/{answer.Resources("match").Single()["id"]}", provenance.Target.Single().Reference);
        Assert.Equal(["dorset", "hampshire"], provenance.Agent.Select(a => a.Who!.Identifier!.Value));
        Assert.All(provenance.Entity, e => Assert.EndsWith($"fhir/AllergyIntolerance/pv-{_nhs}", e.What!.Reference, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await silo.Get($"fhir/Provenance/{provenance.Id}")).Status);
    }

    [Fact]
    public async System.Threading.Tasks.Task A_search_for_Provenance_finds_ours_as_well()
    {
        await PushTwice();

        var answer = await silo.Get($"fhir/Provenance?patient={TestSilo.PatientId(_nhs)}");

        Assert.Equal((2, 2), (answer.Json["total"]!.GetValue<int>(), answer.Resources("match").Count));
    }

    // Everything that the CapabilityStatement declares holds of ours as of what a source stated: {0} the person, {1} a Provenance, {2} what it is of.
    [Theory]
    [InlineData("_id=x", 0)]
    [InlineData("_id={1}", 1)]
    [InlineData("_lastUpdated=lt2001", 0)]
    [InlineData("_lastUpdated=gt2001", 2)]
    [InlineData("_tag=x", 0)]
    [InlineData("_profile=https://example.org/x", 0)]
    [InlineData("_source=urn:x", 0)]
    [InlineData("_security=R", 0)]
    [InlineData("_security:missing=true", 2)]
    [InlineData("subject=Device/x", 0)]
    [InlineData("patient:not=Patient/{0}", 1)] // R4: of what it is, and one of the two is of the Patient
    [InlineData("target=Observation/{2}", 1)]
    [InlineData("target={2}", 1)]
    [InlineData("target:Observation={2}", 1)]
    [InlineData("target:Condition={2}", 0)]
    [InlineData("target:Observation.status=final", 1)]
    [InlineData("recorded=gt2001", 2)]
    [InlineData("recorded=lt2001", 0)]
    [InlineData("agent:identifier=dorset", 2)]
    [InlineData("agent:identifier=wight", 0)]
    public async System.Threading.Tasks.Task A_search_for_Provenance_holds_ours_against_all_that_is_asked(string condition, int count)
    {
        await PushTwice();
        var ours = await OfTheObservation();
        var query = string.Format(null, condition, TestSilo.PatientId(_nhs), ours.Id, ours.Target.Single().Reference!["Observation/".Length..]);

        var answer = await silo.Get($"fhir/Provenance?patient={TestSilo.PatientId(_nhs)}&{query}", ("Prefer", "handling=strict"));

        Assert.Equal((HttpStatusCode.OK, count), (answer.Status, answer.Json["total"]!.GetValue<int>()));
        Assert.Equal(count, answer.Resources("match").Count);
    }

    private System.Threading.Tasks.Task<Answer[]> PushTwice() => System.Threading.Tasks.Task.WhenAll(
        new[] { "dorset", "hampshire" }.Select(s => silo.Push(s, Collection(Patient("pv-" + _nhs, _nhs), Pushed("2024-05-01T00:00:00Z")))));

    private string Pushed(string time) => Observation(
        "pv-" + _nhs, "Patient/pv-" + _nhs, more: $$"""{{Meta(time)}},"identifier":[{"system":"https://example.org/result","value":"{{_nhs}}"}]""");

    private async System.Threading.Tasks.Task<Provenance> OfTheObservation()
    {
        var answer = await silo.Get($"fhir/Observation?patient={TestSilo.PatientId(_nhs)}&_revinclude=Provenance:target");
        Assert.Equal(1, answer.Json["total"]!.GetValue<int>());
        return Parsed(answer.Resources("include").Single());
    }

    private static Provenance Parsed(JsonNode node) => (Provenance)Strict.DeserializeResource(node.ToJsonString());

    private static string? Recorded(Provenance.EntityComponent entity) =>
        entity.Extension.Single(e => e.Url == "https://fhir.wessexcarerecords.org.uk/StructureDefinition/recorded").Value is Instant instant
            ? Text(instant.Value)
            : null;

    private static string? Text(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null);
}
