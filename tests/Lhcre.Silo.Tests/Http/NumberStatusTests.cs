using System.Net;
using static Lhcre.Silo.Tests.Data.Examples;
using static Lhcre.Silo.Tests.Http.UnnumberedSilo;

namespace Lhcre.Silo.Tests.Http;

/// <summary>Whose record a number with a verification status leads to, over HTTP.</summary>
public sealed class NumberStatusTests(UnnumberedSilo unnumbered) : IClassFixture<UnnumberedSilo>
{
    private readonly string _nhs = FreshNhsNumber();

    private TestSilo Silo => unnumbered.Http;

    [Theory]
    [InlineData("01", true)]
    [InlineData("number-present-and-verified", true)]
    [InlineData("02", false)]
    [InlineData("number-present-but-not-traced", false)]
    [InlineData("03", false)]
    [InlineData("trace-required", false)]
    [InlineData("04", false)]
    [InlineData("05", false)]
    [InlineData("06", false)]
    [InlineData("07", false)]
    [InlineData("08", false)]
    [InlineData("trace-postponed", false)]
    [InlineData("", false)]
    [InlineData("99", false)]
    public async Task Only_a_verified_number_joins_a_record(string status, bool joins)
    {
        var ann = $"ann-{_nhs}-{status}";
        await Silo.Push("dorset", Collection(Patient($"owner-{_nhs}", _nhs)));

        var answer = await Silo.Push("hampshire", Collection(With(status, Patient(ann, _nhs)), Observation(ann, $"Patient/{ann}")));

        Assert.Equal(["201", "201"], answer.EntryStatuses);
        Assert.Equal(joins ? [] : ["LHC711"], answer.Codes);
        var hers = $"hampshire Observation/{ann} hampshire Patient/{ann}";
        Assert.Equal(joins ? $"dorset Patient/owner-{_nhs} {hers}" : $"dorset Patient/owner-{_nhs}", await Shown(Silo, TestSilo.PatientId(_nhs)));
        var patient = Assert.Single(await Find(Silo, $"MRN-{ann}"));
        Assert.Equal(joins, !IsUnverified(patient));
        Assert.Equal(joins ? $"dorset Patient/owner-{_nhs} {hers}" : hers, await Shown(Silo, patient["id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_number_in_doubt_and_nothing_else_is_parked_until_it_is_verified()
    {
        var ann = $"ann-{_nhs}";
        var doubted = With("04", Patient(ann, _nhs));

        var answer = await Silo.Push("isle-of-wight", Collection(doubted, Observation(ann, $"Patient/{ann}")));
        Assert.Equal(["202", "202"], answer.EntryStatuses);
        Assert.Equal(["LHC303", "LHC710", "LHC711"], answer.Codes.Order(StringComparer.Ordinal));

        await Silo.Push("isle-of-wight", Collection(With("01", Patient(ann, _nhs))));
        Assert.Equal($"isle-of-wight Observation/{ann} isle-of-wight Patient/{ann}", await Shown(Silo, TestSilo.PatientId(_nhs)));
    }

    [Fact]
    public async Task A_number_that_is_traced_later_brings_all_that_was_filed_in_doubt()
    {
        var ann = $"ann-{_nhs}";
        await Silo.Push("dorset", Collection(With("03", Patient(ann, _nhs)), Observation(ann, $"Patient/{ann}")));
        Assert.Equal("", await Shown(Silo, TestSilo.PatientId(_nhs)));

        await Silo.Push("dorset", Collection(With("01", Patient(ann, _nhs))));

        Assert.Equal($"dorset Observation/{ann} dorset Patient/{ann}", await Shown(Silo, TestSilo.PatientId(_nhs)));
    }

    [Theory]
    [InlineData("\"use\":\"old\"")]
    [InlineData("\"period\":{\"end\":\"2025-01-01\"}")]
    public async Task A_superseded_number_answers_with_its_successors_record(string old)
    {
        var former = FreshNhsNumber();
        await Silo.Push("dorset", Collection(Superseding(former, old)));

        Assert.Equal($"dorset Patient/ann-{_nhs}", await Shown(Silo, TestSilo.PatientId(_nhs)));
        Assert.Equal(TestSilo.PatientId(_nhs), Assert.Single((await Silo.Get($"fhir/Patient?identifier={former}")).Resources("match"))["id"]!.GetValue<string>());
        Assert.Single((await Silo.Get($"fhir/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|{former}")).Resources("match"));

        Assert.Equal(HttpStatusCode.OK, (await Silo.Get($"fhir/Patient/$summary?identifier=https://fhir.nhs.uk/Id/nhs-number|{former}")).Status);

        // It was a mistake, and is nobody's any more.
        await Silo.Put("dorset", $"Patient/ann-{_nhs}", Patient($"ann-{_nhs}", _nhs));
        Assert.Empty((await Silo.Get($"fhir/Patient?identifier={former}")).Resources("match"));
    }

    [Fact]
    public async Task A_superseded_number_under_which_there_is_a_record_answers_with_that()
    {
        var former = FreshNhsNumber();
        await Silo.Push("hampshire", Collection(Patient($"former-{_nhs}", former)));

        await Silo.Push("dorset", Collection(Superseding(former, "\"use\":\"old\"")));

        Assert.Equal(TestSilo.PatientId(former), Assert.Single((await Silo.Get($"fhir/Patient?identifier={former}")).Resources("match"))["id"]!.GetValue<string>());
    }

    private string Superseding(string former, string old) => Patient($"ann-{_nhs}", _nhs).Replace(
        "\"identifier\":[", $"\"identifier\":[{{{old},\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"{former}\"}},", StringComparison.Ordinal);

    // On the identifier that stands first, which is the NHS number.
    internal static string With(string status, string patient) => patient.Replace(
        "\"identifier\":[{",
        "\"identifier\":[{\"extension\":[{\"url\":\"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus\",\"valueCodeableConcept\":{\"coding\":[{"
            + $"\"system\":\"https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland\"{(status.Length == 0 ? "" : $",\"code\":\"{status}\"")}}}]}}}}],",
        StringComparison.Ordinal);
}
