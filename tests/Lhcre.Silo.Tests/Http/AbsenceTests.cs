using System.Text.Json.Nodes;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>The three faces of absence: none known, nothing held, never supplied.</summary>
public sealed class AbsenceTests : IAsyncLifetime
{
    private const string NoneKnown = "LHC509";
    private const string NothingHeld = "LHC510";
    private const string NeverSupplied = "LHC511";

    private readonly string _nhs = FreshNhsNumber();

    private readonly TestSilo _silo = new(
        async folder => await SqliteJournal.Open(folder.FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None),
        options => options with { Sources = [new SourceSystem("dorset", "Dorset Care Record"), new SourceSystem("hampshire"), new SourceSystem("labs", "Labs", ["Patient", "Observation"])] });

    // Every source has been heard, of somebody else: of one that never was, only that is told.
    public async Task InitializeAsync()
    {
        await _silo.InitializeAsync();
        foreach (var source in (string[])["dorset", "hampshire", "labs"])
            await _silo.Push(source, Collection(Patient("other", FreshNhsNumber())));
    }

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task Each_source_is_told_apart_in_a_search_of_one_type()
    {
        await _silo.Push("dorset", Collection(Patient("ab", _nhs), Allergy("none", "716186003")));
        await _silo.Push("hampshire", Collection(Patient("ab", _nhs)));
        await _silo.Push("labs", Collection(Patient("ab", _nhs)));

        var answer = await _silo.Get($"fhir/AllergyIntolerance?patient={TestSilo.PatientId(_nhs)}");

        Assert.Equal([(NoneKnown, "dorset"), (NothingHeld, "hampshire"), (NeverSupplied, "labs")], Told(answer).Select(t => (t.Code, t.Source)));
        Assert.All(Told(answer), t => Assert.Equal(("AllergyIntolerance", "information"), (t.Types, t.Severity)));
        Assert.Equal((1, 1), (answer.Json["total"]!.GetValue<int>(), answer.Resources("match").Count));
    }

    [Fact]
    public async Task Of_the_whole_record_it_is_told_for_allergies_problems_and_medications()
    {
        await _silo.Push("dorset", Collection(Patient("ab", _nhs), Allergy("penicillin", "91936005"), Request("statin")));

        var told = Told(await Everything());

        Assert.Equal(
            [
                (NothingHeld, "dorset", "Condition"),
                (NothingHeld, "hampshire", null),
                (NeverSupplied, "labs", "AllergyIntolerance | Condition | MedicationStatement | MedicationRequest"),
                (NothingHeld, "labs", null),
            ],
            told.Select(t => (t.Code, t.Source, t.Types)));
        Assert.StartsWith("Dorset Care Record", told[0].Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_marked_as_entered_in_error_is_not_held()
    {
        await _silo.Push("dorset", Collection(Patient("ab", _nhs), Allergy("wrong", "91936005", "entered-in-error")));

        Assert.Equal([(NothingHeld, "dorset"), (NothingHeld, "hampshire"), (NeverSupplied, "labs")], Told(await Allergies()).Select(t => (t.Code, t.Source)));
    }

    [Fact]
    public async Task None_known_of_one_source_hides_no_allergy_of_another_and_is_not_hidden_by_it()
    {
        await _silo.Push("dorset", Collection(Patient("ab", _nhs), Allergy("none", "716186003")));
        await _silo.Push("hampshire", Collection(Patient("ab", _nhs), Allergy("penicillin", "91936005")));

        var answer = await Allergies();

        Assert.Equal(2, answer.Resources("match").Count);
        Assert.Equal([(NoneKnown, "dorset"), (NeverSupplied, "labs")], Told(answer).Select(t => (t.Code, t.Source)));
    }

    [Theory]
    [InlineData("Observation", 2)]
    [InlineData("CarePlan", 3)]
    [InlineData("Patient", 0)]
    [InlineData("Practitioner", 0)]
    [InlineData("DetectedIssue", 0)]
    public async Task It_is_told_of_types_that_are_about_a_person(string type, int issues)
    {
        await _silo.Push("dorset", Collection(Patient("ab", _nhs), Observation("weight", "Patient/ab")));

        var subject = type == "Patient" ? "_id" : "patient";
        Assert.Equal(issues, Told(await _silo.Get($"fhir/{type}?{subject}={TestSilo.PatientId(_nhs)}")).Count);
    }

    [Fact]
    public async Task At_a_sources_own_base_nothing_is_told_of_others()
    {
        await _silo.Push("dorset", Collection(Patient("ab", _nhs)));

        Assert.Empty((await _silo.Get("sources/dorset/fhir/AllergyIntolerance?patient=ab")).Resources("outcome"));
        Assert.Empty((await _silo.Get("sources/dorset/fhir/Patient/ab/$everything")).Resources("outcome"));
    }

    private Task<Answer> Everything() => _silo.Get($"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything");

    private Task<Answer> Allergies() => _silo.Get($"fhir/AllergyIntolerance?patient={TestSilo.PatientId(_nhs)}");

    private static List<Telling> Told(Answer answer) => [.. answer.Resources("outcome").SelectMany(o => o["issue"]!.AsArray()).Select(i => Telling.Of(i!))];

    private static string Allergy(string id, string code, string status = "confirmed") => $$$"""
        {"resourceType":"AllergyIntolerance","id":"{{{id}}}","patient":{"reference":"Patient/ab"},"code":{"coding":[{"system":"http://snomed.info/sct","code":"{{{code}}}"}]},
         "verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-verification","code":"{{{status}}}"}]}}
        """;

    private static string Request(string id) => $$$"""
        {"resourceType":"MedicationRequest","id":"{{{id}}}","status":"active","intent":"order","subject":{"reference":"Patient/ab"},
         "medicationCodeableConcept":{"coding":[{"system":"https://dmd.nhs.uk","code":"319996000"}]}}
        """;

    private sealed record Telling(string Code, string Source, string? Types, string Severity, string Diagnostics)
    {
        public static Telling Of(JsonNode issue) => new(
            issue["details"]!["coding"]![0]!["code"]!.GetValue<string>(),
            issue["extension"]![0]!["valueCode"]!.GetValue<string>(),
            issue["expression"]?[0]?.GetValue<string>(),
            issue["severity"]!.GetValue<string>(),
            issue["diagnostics"]!.GetValue<string>());
    }
}
