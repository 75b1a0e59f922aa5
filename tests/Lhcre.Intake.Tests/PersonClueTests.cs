using Lhcre.Record;
using static Lhcre.Intake.Tests.Push;

namespace Lhcre.Intake.Tests;

/// <summary>Whose an entry is, as far as the push itself says.</summary>
public class PersonClueTests
{
    private const string Local = "urn:hospital";

    private static readonly string LocalPatient = $$"""{"resourceType":"Patient","id":"p","identifier":[{"system":"{{Local}}","value":"4711"},{"value":"no system"}]}""";

    private static PersonClue.Named AnnBy(string? patient) => new(Ann, patient is null ? null : Key("Patient", patient));

    private static PersonClue.LookUp ByPatient(string id, IssueCode? ifUnknown = null) => new(Key("Patient", id), [], ifUnknown ?? IssueCodes.UnknownPerson);

    private static PersonClue.Unknowable Parked(IssueCode code, string? waitsFor = null) => new(code, waitsFor is null ? null : Key("Patient", waitsFor));

    /// <summary>The members of one Patient, and whose it is.</summary>
    public static TheoryData<string, PersonClue> Patients() => new()
    {
        { Identifiers((NhsSystem, Ann.Digits())), AnnBy("p") },
        { Identifiers((NhsNumber.LegacySystem, Ann.Digits())), AnnBy("p") },
        { Identifiers((NhsSystem, $" {Ann.Digits()[..3]} {Ann.Digits()[3..6]} {Ann.Digits()[6..]}")), AnnBy("p") },
        { Identifiers((NhsSystem, Ann.Digits()), (NhsSystem, Ann.Digits()), (Local, "4711")), AnnBy("p") },
        { Identifiers((NhsSystem, Ann.Digits()), (NhsSystem, Bob.Digits())), Parked(IssueCodes.AmbiguousPerson) },
        { Identifiers((NhsSystem, Ann.Digits()), (NhsSystem, WrongCheckDigit)), Parked(IssueCodes.InvalidNhsNumber) },
        { Identifiers((NhsSystem, WrongCheckDigit), (Local, "4711")), Parked(IssueCodes.InvalidNhsNumber) },
        { Identifiers((NhsSystem, "#(nhsNumber)")), Parked(IssueCodes.InvalidNhsNumber) },
        { Identifiers((Local, "4711")), new PersonClue.LookUp(Key("Patient", "p"), [new Identifier(Local, "4711", null)], IssueCodes.NoNhsNumber) },
        { "\"active\":true", ByPatient("p", IssueCodes.NoNhsNumber) },
    };

    [Theory]
    [MemberData(nameof(Patients), DisableDiscoveryEnumeration = true)]
    public void A_Patient_is_known_by_its_own_identifiers(string members, PersonClue clue) =>
        Assert.Equal(clue, One("Patient", $$"""{"resourceType":"Patient","id":"p",{{members}}}""").Person);

    /// <summary>The subject of one Observation that comes alone, and whose it is.</summary>
    public static TheoryData<string?, PersonClue> Subjects() => new()
    {
        { About("Patient/p"), ByPatient("p") },
        { About("Patient/p/_history/3"), ByPatient("p") },
        { About($"{Base}/Patient/p"), ByPatient("p") },
        { About($"Patient?identifier={NhsSystem}|{Ann.Digits()}"), AnnBy(null) },
        { About($"Patient?identifier={Uri.EscapeDataString($"{NhsSystem}|{Ann.Digits()}")}"), AnnBy(null) },
        { About($"Patient?identifier={NhsSystem}|{WrongCheckDigit}"), Parked(IssueCodes.InvalidNhsNumber) },
        { About($"Patient?identifier={Local}|4711"), new PersonClue.LookUp(null, [new Identifier(Local, "4711", null)], IssueCodes.UnknownPerson) },
        { About("https://elsewhere.example/fhir/Patient/p"), Parked(IssueCodes.UnknownPerson) },
        { About("urn:uuid:0b2e6c7a-9d3f-4b53-8d0e-1f2a3b4c5d6e"), Parked(IssueCodes.UnknownPerson) },
        { Logical(NhsSystem, Ann.Digits()), AnnBy(null) },
        { Logical(NhsSystem, WrongCheckDigit), Parked(IssueCodes.InvalidNhsNumber) },
        { Logical(Local, "4711"), new PersonClue.LookUp(null, [new Identifier(Local, "4711", null)], IssueCodes.UnknownPerson) },
        { Logical(NhsSystem, Ann.Digits(), "Patient/p"), AnnBy("p") },
        { Logical(Local, "4711", "Patient/p"), new PersonClue.LookUp(Key("Patient", "p"), [new Identifier(Local, "4711", null)], IssueCodes.UnknownPerson) },
        { "{\"display\":\"Ann\"}", Parked(IssueCodes.NoSubject) },
        { About("Group/g"), Parked(IssueCodes.NoSubject) },
        { null, Parked(IssueCodes.NoSubject) },
    };

    [Theory]
    [MemberData(nameof(Subjects), DisableDiscoveryEnumeration = true)]
    public void A_resource_that_comes_alone_is_known_by_its_subject(string? subject, PersonClue clue) =>
        Assert.Equal(clue, One("Observation", Observation("o", subject)).Person);

    /// <summary>One Patient in a collection, and whose an Observation about it is.</summary>
    public static TheoryData<string, PersonClue> BundledPatients() => new()
    {
        { Patient("p", Ann), AnnBy("p") },
        { LocalPatient, new PersonClue.LookUp(Key("Patient", "p"), [new Identifier(Local, "4711", null)], IssueCodes.UnknownPerson) },
        { Patient("p", WrongCheckDigit), Parked(IssueCodes.UnknownPerson, "p") },
        { """{"resourceType":"Patient","id":"p","birthDate":"never"}""", ByPatient("p") },
    };

    [Theory]
    [MemberData(nameof(BundledPatients), DisableDiscoveryEnumeration = true)]
    public void A_resource_is_its_Patient_s_and_waits_for_a_Patient_that_is_parked(string patient, PersonClue clue) =>
        Assert.Equal(clue, ToBase(Bundle("collection", Entry(patient), Entry(Observation("o", About("Patient/p"))))).Entries[1].Person);

    [Fact]
    public void A_subject_that_contradicts_its_Patient_is_not_settled_by_guessing()
    {
        var entries = ToBase(Bundle("collection", Entry(Patient("p", Ann)), Entry(Observation("o", Logical(NhsSystem, Bob.Digits(), "Patient/p"))))).Entries;

        Assert.Equal(Parked(IssueCodes.AmbiguousPerson), entries[1].Person);
        Assert.Equal(["Bundle.entry[1].resource.subject"], entries[1].Issues.Select(i => i.Expression));
    }

    [Fact]
    public void A_contained_Patient_names_the_person()
    {
        var json = $$"""
            {"resourceType":"Immunization","id":"i","contained":[{"resourceType":"Patient","id":"c","identifier":[{"system":"{{NhsSystem}}","value":"{{Ann.Digits()}}"}]}],
            "status":"completed","vaccineCode":{"text":"x"},"patient":{"reference":"#c"},"occurrenceString":"May"}
            """;

        Assert.Equal(AnnBy(null), One("Immunization", json).Person);
        Assert.Equal(Parked(IssueCodes.NoSubject), One("Immunization", json.Replace("\"#c\"", "\"#d\"", StringComparison.Ordinal)).Person);
    }

    /// <summary>A resource that may or must be about nobody, and whose it is when it comes alone.</summary>
    public static TheoryData<string, string, PersonClue> Supporting() => new()
    {
        { "Practitioner", "\"active\":true", PersonClue.Nobody.One },
        { "Medication", "\"status\":\"active\"", PersonClue.Nobody.One },
        { "Device", "\"status\":\"active\"", PersonClue.Nobody.One },
        { "Device", "\"patient\":{\"reference\":\"Patient/p\"}", ByPatient("p") },
        { "Device", "\"patient\":{\"reference\":\"https://elsewhere.example/Patient/p\"}", Parked(IssueCodes.UnknownPerson) },
        { "Specimen", "\"subject\":{\"reference\":\"Substance/s\"}", PersonClue.Nobody.One },
    };

    [Theory]
    [MemberData(nameof(Supporting), DisableDiscoveryEnumeration = true)]
    public void A_supporting_resource_is_nobody_s_unless_it_says_so(string type, string members, PersonClue clue) =>
        Assert.Equal(clue, One(type, $$"""{"resourceType":"{{type}}","id":"s",{{members}}}""").Person);

    /// <summary>The actors of an Appointment, and whose it is.</summary>
    public static TheoryData<string, PersonClue> Actors() => new()
    {
        { About("Patient/p") + "},{\"actor\":" + About("Practitioner/d"), ByPatient("p") },
        { About("Patient/p") + "},{\"actor\":" + About("Patient/q"), Parked(IssueCodes.AmbiguousPerson) },
        { Logical(NhsSystem, Ann.Digits()), AnnBy(null) },
        { Logical("https://fhir.nhs.uk/Id/sds-user-id", "1"), Parked(IssueCodes.NoSubject) },
        { About("https://elsewhere.example/Patient/p"), Parked(IssueCodes.UnknownPerson) },
    };

    [Theory]
    [MemberData(nameof(Actors), DisableDiscoveryEnumeration = true)]
    public void A_resource_that_names_its_person_somewhere_inside_is_that_person_s(string actor, PersonClue clue)
    {
        var json = """{"resourceType":"Appointment","id":"a","status":"booked","participant":[{"actor":ACTOR}]}""".Replace("ACTOR", actor, StringComparison.Ordinal);
        json = json.Replace("}]}", ",\"status\":\"accepted\"}]}", StringComparison.Ordinal).Replace("},{\"actor\"", ",\"status\":\"accepted\"},{\"actor\"", StringComparison.Ordinal);

        Assert.Equal(clue, One("Appointment", json).Person);
    }

    [Fact]
    public void What_names_nobody_is_whose_it_refers_to_and_whose_refers_to_it_however_far()
    {
        const string Report = """{"resourceType":"DiagnosticReport","id":"r","status":"final","code":{"text":"x"},"result":[{"reference":"Observation/o"}]}""";
        const string Provenance = """{"resourceType":"Provenance","id":"v","target":[{"reference":"DiagnosticReport/r"}],"recorded":"2026-01-01T00:00:00Z","agent":[{"who":{"display":"x"}}]}""";
        var person = Entry(Patient("p", Ann));
        var other = Entry(Patient("q", Bob));
        var visit = Entry("""{"resourceType":"Encounter","id":"e","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/p"}}""");
        var finding = Entry("""{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"encounter":{"reference":"Encounter/e"}}""");

        var entries = ToBase(Bundle("collection", person, other, Entry(Provenance), Entry(Report), finding, visit)).Entries;

        Assert.All(entries.Where(e => e.Key!.Id is not "q"), e => Assert.Equal(AnnBy("p"), e.Person));
    }

    [Fact]
    public void What_is_tied_to_two_persons_is_nobody_s_to_guess()
    {
        const string Provenance = """{"resourceType":"Provenance","id":"v","target":[{"reference":"Observation/1"},{"reference":"Observation/2"}],"recorded":"2026-01-01T00:00:00Z","agent":[{"who":{"display":"x"}}]}""";

        var entries = ToBase(Bundle("batch",
            Request("POST", "Patient", Patient("p", Ann)),
            Request("POST", "Patient", Patient("q", Bob)),
            Request("POST", "Observation", Observation("1", About("Patient/p"))),
            Request("POST", "Observation", Observation("2", About("Patient/q"))),
            Request("POST", "Provenance", Provenance))).Entries;

        Assert.Equal(Parked(IssueCodes.AmbiguousPerson), entries[4].Person);
    }

    [Theory]
    [InlineData("transaction", true)]
    [InlineData("message", true)]
    [InlineData("document", true)]
    [InlineData("batch", false)]
    [InlineData("collection", false)]
    public void What_is_tied_to_nothing_is_the_one_person_s_of_a_transaction_message_or_document(string kind, bool isHers)
    {
        var received = ToBase(kind is "transaction" or "batch"
            ? Bundle(kind, Request("POST", "Patient", Patient("p", Ann)), Request("POST", "Observation", Observation("o", null)), Request("DELETE", "Observation/d"))
            : Bundle(kind, Entry(Patient("p", Ann)), Entry(Observation("o", null))));

        Assert.Equal(isHers ? AnnBy("p") : Parked(IssueCodes.NoSubject), received.Entries[1].Person);
        Assert.All(received.Entries.Skip(2), e => Assert.Equal(new PersonClue.OwnKey(Key("Observation", "d")), e.Person));
    }

    [Fact]
    public void In_a_message_with_two_persons_it_is_nobody_s()
    {
        var entries = ToBase(Bundle("message", Entry(Patient("p", Ann)), Entry(Patient("q", Bob)), Entry(Observation("o", null)))).Entries;

        Assert.Equal([AnnBy("p"), new PersonClue.Named(Bob, Key("Patient", "q")), Parked(IssueCodes.NoSubject)], entries.Select(e => e.Person));
    }

    [Fact]
    public void A_transaction_may_name_its_one_person_in_many_ways()
    {
        var received = ToBase(Bundle("transaction",
            Request("POST", "Patient", Patient("p", Ann)),
            Request("POST", "Patient", Patient("q", Ann)),
            Request("POST", "Observation", Observation("1", Logical(NhsSystem, Ann.Digits()))),
            Request("POST", "Observation", Observation("2", About("Patient/known-by-look-up-only")))));

        Assert.False(received.IsRefused);
        Assert.Equal(ByPatient("known-by-look-up-only"), received.Entries[3].Person);
    }

    private static string Logical(string system, string value, string? reference = null) =>
        $$"""{{{(reference is null ? "" : $"\"reference\":\"{reference}\",")}}"identifier":{"system":"{{system}}","value":"{{value}}"} }""";

    private static string Identifiers(params (string System, string Value)[] identifiers) =>
        $"\"identifier\":[{string.Join(',', identifiers.Select(i => $$"""{"system":"{{i.System}}","value":"{{i.Value}}"}"""))}]";
}
