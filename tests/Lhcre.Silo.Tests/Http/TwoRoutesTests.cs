using System.Net;
using System.Text.Json.Nodes;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>
/// The Isle of Wight pushes here and feeds Hampshire's CHIE, which pushes here too: the same fact comes by two routes, with the business identifier that the Isle
/// of Wight gave it (CLINICAL.md, rule 0), and ids, references and words of its own.
/// </summary>
[Collection(nameof(TestSilo))]
public sealed class TwoRoutesTests(TestSilo silo)
{
    private const string Direct = "isle-of-wight";
    private const string Relay = "hampshire";
    private const string Contributor = "https://fhir.wessexcarerecords.org.uk/StructureDefinition/contributor";

    private readonly string _nhs = FreshNhsNumber();

    // What both say of each type, and the status by which it is taken back; ' stands for ".
    private static readonly Dictionary<string, (string Status, string InError, string Words)> Facts = new()
    {
        ["Observation"] = (
            "'status':'final'", "'status':'entered-in-error'",
            "'code':{'coding':[{'system':'http://snomed.info/sct','code':'1000661000000107'}]},'effectiveDateTime':'2026-03-01T09:30:00Z','valueQuantity':{'value':141,'unit':'mmol/L'}"),
        ["Condition"] = (
            "'clinicalStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'active'}]}",
            "'verificationStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-ver-status','code':'entered-in-error'}]}",
            "'code':{'coding':[{'system':'http://snomed.info/sct','code':'195967001'}]},'onsetDateTime':'2019-05'"),
        ["MedicationRequest"] = (
            "'status':'active'", "'status':'entered-in-error'",
            "'intent':'order','medicationCodeableConcept':{'coding':[{'system':'https://dmd.nhs.uk','code':'39720311000001101'}]},'authoredOn':'2026-02-01','dosageInstruction':[{'text':'One a day'}]"),
        ["Immunization"] = (
            "'status':'completed'", "'status':'entered-in-error'",
            "'vaccineCode':{'coding':[{'system':'http://snomed.info/sct','code':'39114911000001105'}]},'occurrenceDateTime':'2025-10-04'"),
        ["Encounter"] = (
            "'status':'finished'", "'status':'entered-in-error'",
            "'class':{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'EMER'},'period':{'start':'2026-01-05T22:10:00Z'}"),
        ["DocumentReference"] = (
            "'status':'current'", "'status':'entered-in-error'",
            "'content':[{'attachment':{'contentType':'text/plain','title':'Discharge summary','url':'https://example.org/documents/7'}}]"),
    };

    public static TheoryData<string> Types => [.. Facts.Keys];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task The_same_fact_by_two_routes_is_one_resource_with_two_contributors(string type)
    {
        await Push(Direct, 1, Said(type, Direct));
        var alone = Assert.Single(await Shown(type));
        await Push(Relay, 2, Said(type, Relay, more: ",'language':'en-GB'"));

        var both = Assert.Single(await Shown(type));

        Assert.Equal([Direct], Contributors(alone));
        Assert.Equal([Relay, Direct], Contributors(both));
        // Its originator's number stands there once, whoever's words are shown, and nothing contradicts it.
        Assert.Equal(["K-" + _nhs], both["identifier"]!.AsArray().Select(i => $"{i!["value"]}"));
        Assert.Empty(await Shown("DetectedIssue"));
        // Each answers by the id that it had when it was alone.
        Assert.Equal($"{both["id"]}", $"{(await silo.Get($"fhir/{type}/{alone["id"]}")).Json["id"]}");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_DELETE_by_one_route_withdraws_that_route_only(string type)
    {
        foreach (var (withdraws, stays) in new[] { (Direct, Relay), (Relay, Direct) })
        {
            await Push(Direct, 1, Said(type, Direct));
            await Push(Relay, 1, Said(type, Relay));
            Assert.Equal([Relay, Direct], Contributors(Assert.Single(await Shown(type))));

            Assert.Equal(HttpStatusCode.NoContent, (await silo.Send(HttpMethod.Delete, $"sources/{withdraws}/fhir/{type}/{Id(withdraws)}")).Status);

            Assert.Equal([stays], Contributors(Assert.Single(await Shown(type))));
            // Who withdrew it and who states it still, for somebody to look at.
            var conflict = Assert.Single(await Shown("DetectedIssue"));
            Assert.Contains(type, conflict["implicated"]!.ToJsonString(), StringComparison.Ordinal);

            Assert.Equal(HttpStatusCode.Created, (await silo.Put(withdraws, $"{type}/{Id(withdraws)}", Said(type, withdraws))).Status);
            Assert.Equal([Relay, Direct], Contributors(Assert.Single(await Shown(type))));
            Assert.Empty(await Shown("DetectedIssue"));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Entered_in_error_by_one_route_is_that_routes_word_only(string type)
    {
        await Push(Direct, 1, Said(type, Direct));
        await Push(Relay, 1, Said(type, Relay));

        await Push(Direct, 2, Said(type, Direct, InError(type)));

        var shown = await Shown(type);
        Assert.Equal([Relay, Direct], shown.SelectMany(Contributors).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("entered-in-error", shown.Single(r => Contributors(r).Contains(Relay)).ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("entered-in-error", shown.Single(r => Contributors(r).Contains(Direct)).ToJsonString(), StringComparison.Ordinal);
        Assert.Single(await Shown("DetectedIssue"));

        // When the other route has heard of it too, they say the same again.
        await Push(Relay, 3, Said(type, Relay, InError(type)));
        Assert.Equal([Relay, Direct], Contributors(Assert.Single(await Shown(type))));
        Assert.Empty(await Shown("DetectedIssue"));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_whole_push_that_leaves_it_out_withdraws_that_route_only(string type)
    {
        await Push(Direct, 1, Said(type, Direct));
        await Push(Relay, 1, Said(type, Relay));

        var answer = await Push(Relay, 2, null, ("X-Lhcre-Extent", $"whole; types={type}"));

        Assert.Equal(["whole; withdrawn=1"], answer.Headers.GetValues("X-Lhcre-Extent"));
        Assert.Equal([Direct], Contributors(Assert.Single(await Shown(type))));
        Assert.Single(await Shown("DetectedIssue"));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Two_facts_that_are_alike_stay_two_by_two_routes_each(string type)
    {
        foreach (var source in new[] { Direct, Relay })
            await Push(source, 1, Said(type, source, number: "K"), ("X-Request-Id", $"1{source}{_nhs}"));
        foreach (var source in new[] { Relay, Direct })
            await Push(source, 1, Said(type, source, number: "L"), ("X-Request-Id", $"2{source}{_nhs}"));

        var shown = await Shown(type);

        Assert.Equal(2, shown.Count);
        Assert.All(shown, r => Assert.Equal([Relay, Direct], Contributors(r)));
        Assert.Equal(["K-" + _nhs, "L-" + _nhs], shown.Select(r => $"{Assert.Single(r["identifier"]!.AsArray())!["value"]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_relay_that_lags_behind_a_correction_is_a_conflict_until_it_has_caught_up()
    {
        var (before, after) = (Result("6.9", "final"), Result("4.1", "corrected"));
        await Push(Direct, 1, Said("Observation", Direct, before));
        await Push(Relay, 1, Said("Observation", Relay, before));

        await Push(Direct, 2, Said("Observation", Direct, after));

        Assert.Equal(2, (await Shown("Observation")).Count);
        Assert.Single(await Shown("DetectedIssue"));
        await Push(Relay, 3, Said("Observation", Relay, after));
        Assert.Equal([Relay, Direct], Contributors(Assert.Single(await Shown("Observation"))));
        Assert.Empty(await Shown("DetectedIssue"));

        static string Result(string value, string status) =>
            $"'status':'{status}','code':{{'coding':[{{'system':'http://snomed.info/sct','code':'1000651000000109'}}]}},'effectiveDateTime':'2026-03-01T09:30:00Z','valueQuantity':{{'value':{value},'unit':'mmol/L'}}";
    }

    private async Task<Answer> Push(string source, int day, string? resource, params (string, string)[] headers)
    {
        var answer = await silo.Push(
            source,
            Bundle("collection", new[] { Patient(Id(source), _nhs), resource }.OfType<string>().Select(r => $$"""{"resource":{{r}}}"""), $$""","timestamp":"2026-03-1{{day}}T02:00:00Z" """),
            headers);
        Assert.Equal((HttpStatusCode.OK, true), (answer.Status, answer.EntryStatuses.All(s => s is "200" or "201")));
        return answer;
    }

    private string Id(string source, string number = "K") => $"{source[0]}{number}-{_nhs}";

    private string Said(string type, string source, string? words = null, string more = "", string number = "K")
    {
        words ??= $"{Facts[type].Status},{Facts[type].Words}";
        var subject = type == "Immunization" ? "patient" : "subject";
        return ($"{{'resourceType':'{type}','id':'{Id(source, number)}','identifier':[{{'system':'https://example.org/iow/{type}','value':'{number}-{_nhs}'}}],"
            + $"'{subject}':{{'reference':'Patient/{Id(source)}'}},{words}{more}}}").Replace('\'', '"');
    }

    private static string InError(string type) => $"{Facts[type].InError},{Facts[type].Words}";

    private async Task<List<JsonNode>> Shown(string type) => [.. (await silo.Everything(_nhs)).Where(r => $"{r["resourceType"]}" == type)];

    private static string[] Contributors(JsonNode resource) =>
    [
        .. resource["meta"]!["extension"]!.AsArray().Where(e => $"{e!["url"]}" == Contributor)
            .Select(e => $"{e!["extension"]!.AsArray().Single(part => $"{part!["url"]}" == "source")!["valueCode"]}"),
    ];
}
