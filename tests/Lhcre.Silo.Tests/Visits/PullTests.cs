using System.Net;
using Lhcre.Grains.Journal;
using Lhcre.Silo.Tests.Data;
using Lhcre.Silo.Tests.Http;
using Lhcre.Silo.Visits;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Visits;

/// <summary>Somebody is looked up whose home is elsewhere: what is asked, what is waited for, and what the answer tells.</summary>
public sealed class PullTests : IAsyncLifetime
{
    private const string Header = "X-LHCRE-Source-Status";

    private readonly string _nhs = FreshNhsNumber();
    private readonly ShiftedTime _clock = new();
    private HomeSource _wales = null!;
    private HomeSource _scotland = null!;
    private TestSilo _silo = null!;

    public async Task InitializeAsync()
    {
        (_wales, _scotland) = (await HomeSource.Start(), await HomeSource.Start());
        _silo = new TestSilo(
            async folder => await SqliteJournal.Open(folder.FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None),
            options => options with
            {
                Pulls = new PullPlan { Sources = [_wales.Pulled() with { Practices = ["W"], FreshFor = TimeSpan.FromMinutes(1) }, _scotland.Pulled("scotland")], Deadline = TimeSpan.FromSeconds(10) },
            },
            _clock);
        await _silo.InitializeAsync();
        foreach (var source in new[] { "dorset", "hampshire", "isle-of-wight" })
            await _silo.Push(source, Collection(Patient("resident", FreshNhsNumber())));
    }

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _wales.DisposeAsync();
        await _scotland.DisposeAsync();
    }

    [Fact]
    public async Task A_hundred_who_look_up_a_cold_visitor_at_once_have_each_source_asked_once_and_all_get_what_it_holds()
    {
        _wales.Knows(_nhs, "W91001", Observation("weight", "Patient/h1"));
        _wales.Before = _ => Task.Delay(200);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => _silo.Get($"fhir/Observation?patient.identifier={_nhs}")));

        Assert.All(answers, a => Assert.Equal((HttpStatusCode.OK, 1), (a.Status, a.Resources("match").Count)));
        Assert.Equal([$"/fhir/Patient?identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C{_nhs}", "/fhir/Patient/h1/$everything"], _wales.Asked);
        Assert.Single(_scotland.Asked);
    }

    [Fact]
    public async Task What_was_pulled_is_a_part_of_the_record_and_says_from_where_it_is()
    {
        _wales.Knows(_nhs, "W91001", Observation("weight", $"{_wales.Url}Patient/h1"), Practitioner("dr", "Rhys"));

        var found = Assert.Single((await _silo.Get($"fhir/Patient?identifier={_nhs}")).Resources("match"));

        Assert.Equal(TestSilo.PatientId(_nhs), found["id"]!.GetValue<string>());
        var weight = Assert.Single((await _silo.Get($"fhir/Observation?patient={TestSilo.PatientId(_nhs)}")).Resources("match"));
        Assert.Equal("wales", weight["meta"]!["extension"]![0]!["extension"]![0]!["valueCode"]!.GetValue<string>());
        Assert.Equal($"Patient/{TestSilo.PatientId(_nhs)}", weight["subject"]!["reference"]!.GetValue<string>());
        var provenance = await _silo.Get($"fhir/Observation?patient={TestSilo.PatientId(_nhs)}&_revinclude=Provenance:target");
        Assert.Contains("Wales (pulled for a visit)", provenance.Body, StringComparison.Ordinal);
        // As it said it, at its own base here; where nobody pushes.
        Assert.Equal(HttpStatusCode.OK, (await _silo.Get("sources/wales/fhir/Observation/weight")).Status);
        Assert.Equal(["LHC740"], (await _silo.Push("wales", Collection(Patient("h1", _nhs)))).Codes);
    }

    [Fact]
    public async Task A_source_that_knows_nobody_is_told_of_as_that_and_not_as_missing()
    {
        _wales.Knows(_nhs, "W91001");

        var answer = await _silo.Get($"fhir/Patient?identifier={_nhs}");

        Assert.Equal(["LHC738"], answer.Codes);
        Assert.False(answer.Headers.Contains(Header));
        Assert.Equal(HttpStatusCode.OK, (await _silo.Get($"fhir/Patient?identifier={_nhs}", ("Prefer", "handling=strict"))).Status);
    }

    [Fact]
    public async Task Of_residents_nobody_is_asked_and_of_visitors_those_where_they_are_registered()
    {
        await _silo.Push("dorset", Collection(Registered("p1", _nhs, "J81001")));
        var unregistered = FreshNhsNumber();
        await _silo.Push("dorset", Collection(Patient("p2", unregistered), Observation("weight", "Patient/p2")));
        await _silo.Get($"fhir/Patient?identifier={_nhs}");
        await _silo.Get($"fhir/Patient?identifier={unregistered}");
        Assert.Empty(_wales.Asked.Concat(_scotland.Asked));

        // Admitted here, with what a hospital says on admission; registered in England, elsewhere.
        var visitor = FreshNhsNumber();
        await _silo.Push("dorset", Collection(Registered("p3", visitor, "A81001"), Visit("v3", "p3")));
        await _silo.Get($"fhir/Patient?identifier={visitor}");
        Assert.Equal((0, 1), (_wales.Asked.Count, _scotland.Asked.Count));

        // Admitted, and nothing is said of where they are registered.
        var unknown = FreshNhsNumber();
        await _silo.Push("dorset", Collection(Patient("p4", unknown), Visit("v4", "p4")));
        await _silo.Get($"fhir/Patient/{TestSilo.PatientId(unknown)}/$everything");
        Assert.Equal((1, 2), (_wales.Asked.Count, _scotland.Asked.Count));
        Assert.Equal(1, _wales.AskedFor(unknown));
    }

    [Fact]
    public async Task Whose_whereabouts_must_not_be_told_is_not_asked_for_elsewhere()
    {
        await _silo.Push("dorset", Collection(Patient(
            "p1", _nhs, ""","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}""")));

        await _silo.Get($"fhir/Patient?identifier={_nhs}");

        Assert.Empty(_wales.Asked.Concat(_scotland.Asked));
    }

    [Fact]
    public async Task Who_is_restricted_at_home_is_restricted_here_and_nothing_tells_where_home_is()
    {
        _wales.Knows(_nhs, "W91001", Patient("h2", _nhs, ""","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}"""));
        _scotland.Status = 500;

        var answer = await _silo.Get($"fhir/Patient?identifier={_nhs}");

        Assert.Contains("LHC720", answer.Codes);
        Assert.DoesNotContain("wales", $"{answer.Body} {answer.Headers}", StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("scotland", $"{answer.Body} {answer.Headers}", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task All_pages_are_taken_and_what_a_later_answer_leaves_out_is_withdrawn()
    {
        _wales.Knows(_nhs, "W91001", Observation("one", "Patient/h1"), Observation("two", "Patient/h1", "71"), Observation("three", "Patient/h1", "72"));
        _wales.PageSize = 2;

        Assert.Equal(3, (await _silo.Get($"fhir/Observation?patient.identifier={_nhs}")).Resources("match").Count);
        Assert.Equal((2, 1), (_wales.AskedFor("everything"), _wales.AskedFor("skip=2")));
        // As long as an answer stands, nobody is asked again.
        await _silo.Get($"fhir/Observation?patient.identifier={_nhs}");
        Assert.Equal(2, _wales.AskedFor("everything"));

        _wales.Knows(_nhs, "W91001", Observation("one", "Patient/h1"), Observation("three", "Patient/h1", "72"));
        _clock.Shift(TimeSpan.FromSeconds(80));
        var later = await _silo.Get($"fhir/Observation?patient.identifier={_nhs}");

        Assert.Equal(["70.10", "72"], later.Resources("match").Select(r => r["valueQuantity"]!["value"]!.ToJsonString()).Order());
        Assert.Equal(4, _wales.AskedFor("everything"));
    }

    [Fact]
    public async Task What_is_about_somebody_else_is_not_taken_in_and_the_answer_says_so()
    {
        _wales.Instead = Bundle("searchset", [$$$"""{"resource":{{{Patient("h1", FreshNhsNumber())}}}}"""]);

        var answer = await _silo.Get($"fhir/Patient?identifier={_nhs}");

        Assert.Equal(["LHC737", "LHC738"], answer.Codes);
        Assert.Empty(answer.Resources("match"));
    }

    [Theory]
    [InlineData(401, null, "LHC733")]
    [InlineData(403, null, "LHC733")]
    [InlineData(302, null, "LHC734")]
    [InlineData(500, null, "LHC734")]
    [InlineData(200, "this is no FHIR", "LHC735")]
    [InlineData(200, """{"resourceType":"OperationOutcome"}""", "LHC735")]
    public async Task What_goes_wrong_at_the_far_end_is_told_with_a_code(int status, string? body, string code)
    {
        (_wales.Status, _wales.Instead) = (status, body);

        var answer = await _silo.Get($"fhir/Patient?identifier={_nhs}");

        Assert.Equal([code, "LHC738"], answer.Codes);
        Assert.StartsWith("wales; missing-since=", Assert.Single(answer.Headers.GetValues(Header)), StringComparison.Ordinal);
        var strict = await _silo.Get($"fhir/Patient?identifier={_nhs}", ("Prefer", "handling=strict"));
        Assert.Equal((HttpStatusCode)424, strict.Status);
    }

    [Fact]
    public async Task A_link_that_leads_elsewhere_is_not_followed()
    {
        _wales.Knows(_nhs, "W91001");
        _wales.Instead = Bundle("searchset", [$$$"""{"resource":{{{Patient("h1", _nhs)}}}}"""], $$""","link":[{"relation":"next","url":"{{_scotland.Url}}Patient/h1/$everything"}]""");

        Assert.Contains("LHC735", (await _silo.Get($"fhir/Patient?identifier={_nhs}")).Codes);
        Assert.Single(_scotland.Asked);
    }

    [Fact]
    public async Task An_answer_without_an_end_is_given_up()
    {
        _wales.Knows(_nhs, "W91001");
        _wales.Instead = Bundle("searchset", [$$$"""{"resource":{{{Patient("h1", _nhs)}}}}"""], $$""","link":[{"relation":"next","url":"{{_wales.Url}}Patient/h1/$everything"}]""");

        Assert.Contains("LHC736", (await _silo.Get($"fhir/Patient?identifier={_nhs}")).Codes);
        Assert.Equal(200, _wales.AskedFor("everything"));
    }

    [Fact]
    public async Task Some_of_an_answer_that_cannot_be_taken_in_is_told_and_the_rest_is_there()
    {
        _wales.Knows(_nhs, "W91001", Observation("weight", "Patient/h1"), """{"resourceType":"Observation","id":"bad","status":"nonsense","subject":{"reference":"Patient/h1"}}""", Observation("other", "Patient/somebody-else"));

        var answer = await _silo.Get($"fhir/Observation?patient.identifier={_nhs}");

        Assert.Single(answer.Resources("match"));
        Assert.Contains("LHC739", answer.Codes);
        Assert.Empty((await _silo.Get("sources/wales/parked")).Json["entry"]?.AsArray() ?? []);
    }

    private static string Registered(string id, string nhsNumber, string practice) => Patient(
        id, nhsNumber, $$$""","generalPractitioner":[{"identifier":{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{{{practice}}}"}}]""");

    private static string Visit(string id, string patient) =>
        $$$"""{"resourceType":"Encounter","id":"{{{id}}}","status":"in-progress","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},"subject":{"reference":"Patient/{{{patient}}}"}}""";
}
