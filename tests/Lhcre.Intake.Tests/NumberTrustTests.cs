using Lhcre.Record;
using static Lhcre.Intake.Tests.Push;

namespace Lhcre.Intake.Tests;

/// <summary>Which of the NHS numbers of a Patient names the person.</summary>
public class NumberTrustTests
{
    private const string Local = "urn:hospital";

    private static readonly PersonClue Hers = new PersonClue.Named(Ann, Key("Patient", "p"));
    private static readonly PersonClue InDoubt = new PersonClue.LookUp(Key("Patient", "p"), [], IssueCodes.NumberNotVerified);
    private static readonly PersonClue Old = new PersonClue.LookUp(Key("Patient", "p"), [], IssueCodes.NumberSuperseded);

    [Theory]
    [InlineData(null, true, false, false)]
    [InlineData("01", true, true, true)]
    [InlineData("number-present-and-verified", true, true, true)]
    [InlineData("02", false, false, true)]
    [InlineData("number-present-but-not-traced", false, false, true)]
    [InlineData("03", false, false, false)]
    [InlineData("trace-needs-to-be-resolved", false, false, false)]
    [InlineData("08", false, false, false)]
    [InlineData("verified", false, false, false)]
    public void A_number_names_the_person_where_its_status_is_trusted(string? status, bool usually, bool verifiedOnly, bool tracedOrNot)
    {
        var patient = WithIdentifiers(Number(Ann, Status(status)));

        Assert.Equal(usually ? Hers : InDoubt, Clue(patient, NumberTrust.Usual));
        Assert.Equal(verifiedOnly ? Hers : InDoubt, Clue(patient, Trust("01")));
        Assert.Equal(tracedOrNot ? Hers : InDoubt, Clue(patient, Trust("01", "02")));
    }

    [Theory]
    [InlineData("03")]
    [InlineData("08")]
    [InlineData("00")]
    [InlineData("")]
    public void No_source_is_trusted_with_a_number_that_it_doubts_itself(string status) => Assert.False(NumberTrust.TryOf(["01", status], out _));

    [Fact]
    public void The_status_counts_in_the_extension_of_Care_Connect_too()
    {
        var former = Status("03").Replace(VerificationStatus.Extension, VerificationStatus.FormerExtension, StringComparison.Ordinal);

        Assert.Equal(InDoubt, Clue(WithIdentifiers(Number(Ann, former)), NumberTrust.Usual));
    }

    /// <summary>The NHS numbers of one Patient, and whose it is.</summary>
    public static TheoryData<string, PersonClue> Superseded() => new()
    {
        { WithIdentifiers(Number(Ann), Number(Bob, "\"use\":\"old\"")), Hers },
        { WithIdentifiers(Number(Bob, "\"use\":\"old\""), Number(Ann)), Hers },
        { WithIdentifiers(Number(Ann), Number(Bob, "\"period\":{\"end\":\"2020\"}")), Hers },
        { WithIdentifiers(Number(Ann, "\"period\":{\"start\":\"2020\"}"), Number(Bob, "\"period\":{\"end\":\"2020\"}")), Hers },
        { WithIdentifiers(Number(Ann, "\"period\":{\"end\":\"2020\"}")), Hers },
        { WithIdentifiers(Number(Ann, "\"use\":\"old\"")), Old },
        { WithIdentifiers(Number(Ann), Number(Bob)), new PersonClue.Unknowable(IssueCodes.AmbiguousPerson, null) },
        { WithIdentifiers(Number(Ann), Number(Bob, Status("04"))), Hers },
        { WithIdentifiers(Number(Ann, Status("04")), Number(Bob, "\"use\":\"old\"")), InDoubt },
        { WithIdentifiers(Number(Ann, Status("01")), Number(Ann, Status("04"))), Hers },
    };

    [Theory]
    [MemberData(nameof(Superseded), DisableDiscoveryEnumeration = true)]
    public void The_present_number_names_the_person(string patient, PersonClue clue) => Assert.Equal(clue, Clue(patient, NumberTrust.Usual));

    [Fact]
    public void A_number_in_doubt_is_told_of_and_leaves_the_other_identifiers_to_find_the_person()
    {
        var patient = WithIdentifiers(Number(Ann, Status("04")), $$"""{"system":"{{Local}}","value":"4711"}""");
        var entry = Assert.Single(Post("Patient", patient).Entries);

        Assert.Equal(new PersonClue.LookUp(Key("Patient", "p"), [new Identifier(Local, "4711", null)], IssueCodes.NumberNotVerified), entry.Person);
        Assert.Equal([IssueCodes.NumberNotUsed], entry.Issues.Select(i => i.Code));
        Assert.False(entry.IsRefused);
    }

    [Fact]
    public void What_names_by_number_alone_a_Patient_of_the_same_push_whose_number_is_in_doubt_is_that_Patients()
    {
        var doubted = WithIdentifiers(Number(Ann, Status("04")));
        var finding = Observation("o", $$"""{"identifier":{"system":"{{NhsSystem}}","value":"{{Ann.Digits()}}"} }""");

        Assert.Equal(new PersonClue.LookUp(Key("Patient", "p"), [], IssueCodes.UnknownPerson), ToBase(Bundle("collection", Entry(finding), Entry(doubted))).Entries[0].Person);
        Assert.Equal(new PersonClue.Named(Ann, null), ToBase(Bundle("collection", Entry(finding), Entry(doubted), Entry(Patient("q", Ann)))).Entries[0].Person);
    }

    [Fact]
    public void A_contained_Patient_and_a_logical_reference_may_be_in_doubt_too()
    {
        var contained = $$"""
            {"resourceType":"Observation","id":"o","contained":[{{WithIdentifiers(Number(Ann, Status("05")))}}],"status":"final","code":{"text":"x"},"subject":{"reference":"#p"} }
            """;
        var logical = Observation("o", $$"""{"identifier":{{Number(Ann, Status("05"))}} }""");

        Assert.All([contained, logical], json => Assert.Equal(new PersonClue.Unknowable(IssueCodes.UnknownPerson, null), One("Observation", json).Person));
    }

    private static PersonClue Clue(string patient, NumberTrust trust) =>
        Assert.Single(FhirIntake.Read(Bytes(patient), new Interaction("POST", "Patient", null), Source, Base, trust).Entries).Person;

    private static NumberTrust Trust(params string[] statuses) => NumberTrust.TryOf(statuses, out var trust) ? trust : throw new ArgumentException("no trust");

    private static string WithIdentifiers(params string[] identifiers) => $$"""{"resourceType":"Patient","id":"p","identifier":[{{string.Join(',', identifiers)}}]}""";

    private static string Number(NhsNumber number, string more = "") =>
        $$"""{{{(more.Length == 0 ? "" : more + ",")}}"system":"{{NhsSystem}}","value":"{{number.Digits()}}"}""";

    private static string Status(string? status) => status is null
        ? ""
        : $$$"""
        "extension":[{"url":"{{{VerificationStatus.Extension}}}","valueCodeableConcept":{"coding":[{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland","code":"{{{status}}}"}]}}]
        """;
}
