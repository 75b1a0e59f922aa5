using static Lhcre.Record.Tests.Said;
using static Lhcre.Record.Tests.Summaries.ReadSummary;

namespace Lhcre.Record.Tests.Summaries;

/// <summary>The three faces of absence (CLINICAL.md): this source says "none known"; this source holds nothing; this source never supplies this type.</summary>
public class SilenceTests
{
    private const string NoneKnown = "'clinicalStatus':{'coding':[{'code':'active'}]},'code':{'coding':[{'system':'http://snomed.info/sct','code':'716186003'}]},'patient':{'reference':'Patient/1'}";
    private const string Penicillin = "'clinicalStatus':{'coding':[{'code':'active'}]},'code':{'coding':[{'system':'http://snomed.info/sct','code':'91936005','display':'Allergy to penicillin'}]},'patient':{'reference':'Patient/1'}";

    [Theory]
    [InlineData(Problems, "Condition", "no-problem-info")]
    [InlineData(Allergies, "AllergyIntolerance", "no-allergy-info")]
    [InlineData(Medicines, "MedicationStatement", "no-medication-info")]
    public void Where_nobody_says_anything_a_code_says_that_there_is_no_information_and_nobody_that_there_are_none(string section, string type, string code)
    {
        var entry = Assert.Single(ReadSummary.Of().Section(section));
        Assert.Equal(type, entry.GetProperty("resourceType").GetString());
        Assert.Equal([code], ReadSummary.Of().Codes(section));
        Assert.DoesNotContain("no-known", Text(ReadSummary.Of().Bytes), StringComparison.Ordinal);
        Assert.DoesNotContain("emptyReason", Text(ReadSummary.Of().Bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Problems, "Condition", "'subject'", "code", "160245001", "no-known-problems")]
    [InlineData(Allergies, "AllergyIntolerance", "'patient'", "code", "716186003", "no-known-allergies")]
    [InlineData(Medicines, "MedicationStatement", "'subject'", "medicationCodeableConcept", "787481004", "no-known-medications")]
    [InlineData(Medicines, "MedicationRequest", "'subject'", "medicationCodeableConcept", "787481004", "no-known-medications")]
    [InlineData(Immunisations, "Immunization", "'patient'", "vaccineCode", "787482006", "no-known-immunizations")]
    public void Where_a_source_says_that_none_are_known_its_own_statement_stands_there_with_the_code_of_the_IPS_behind_its_own(
        string section, string type, string subject, string concept, string snomed, string ips)
    {
        var summary = ReadSummary.Of(Of(Dorset, type, "1", 1, $"'{concept}':{{'coding':[{{'system':'http://snomed.info/sct','code':'{snomed}','display':'None (situation)'}}],'text':'NKDA'}},{subject}:{{'reference':'Patient/1'}}"));
        var codings = Assert.Single(summary.Section(section)).GetProperty(concept).GetProperty("coding").EnumerateArray().Select(c => c.GetProperty("code").GetString());
        Assert.Equal([snomed, ips], codings);
        Assert.Contains("Dorset Care Record states that no ", summary.Words(section), StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_uses_the_code_of_the_IPS_gets_no_second_one()
    {
        var summary = ReadSummary.Of(Of(Dorset, "AllergyIntolerance", "1", 1, "'code':{'coding':[{'system':'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips','code':'no-known-allergies'}]},'patient':{'reference':'Patient/1'}"));
        Assert.Equal(1, Assert.Single(summary.Section(Allergies)).GetProperty("code").GetProperty("coding").GetArrayLength());
    }

    [Fact]
    public void None_known_of_one_source_stands_beside_the_allergy_of_another_and_hides_it_not()
    {
        var summary = ReadSummary.Of(Of(Dorset, "AllergyIntolerance", "1", 1, NoneKnown), Of(Hampshire, "AllergyIntolerance", "1", 1, Penicillin));
        Assert.Equal(["716186003", "91936005"], summary.Codes(Allergies));
        Assert.StartsWith("Active allergies|", summary.Words(Allergies), StringComparison.Ordinal);
        Assert.Contains("Dorset Care Record states that no allergies are known.|Isle of Wight holds nothing of this person.", summary.Words(Allergies), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'verificationStatus':{'coding':[{'code':'entered-in-error'}]},")]
    [InlineData("'verificationStatus':{'coding':[{'code':'refuted'}]},")]
    [InlineData("'clinicalStatus':{'coding':[{'code':'inactive'}]},'recordedDate':'2020',")]
    public void None_known_that_was_taken_back_or_is_over_says_nothing(string status) =>
        Assert.Equal(["no-allergy-info"], ReadSummary.Of(Of(Dorset, "AllergyIntolerance", "1", 1, $"{status}{NoneKnown[NoneKnown.IndexOf("'code':{'coding':[{'system'", StringComparison.Ordinal)..]}")).Codes(Allergies));

    [Fact]
    public void Each_source_is_told_apart()
    {
        var sources = new SourceSystems([new("dorset", "Dorset"), new("hampshire", "Hampshire"), new("isle-of-wight", "Wight"), new("pharmacy", "Pharmacy", ["MedicationDispense"]), new("clinic", "Clinic")]);
        var record = Diary.Of(
            Of(Dorset, "AllergyIntolerance", "1", 1, NoneKnown),
            Of(Hampshire, "AllergyIntolerance", "1", null, $"{Penicillin.Replace("'active'", "'resolved'", StringComparison.Ordinal)}"),
            Of(Wight, "Encounter", "1", 1)).Record;
        var words = ReadSummary.Of(record, sources).Words(Allergies);
        Assert.EndsWith(
            "Dorset states that no allergies are known.|Hampshire holds allergies, none of which are listed here.|"
            + "Wight holds nothing about allergies, and does not state that there are none.|Pharmacy never supplies allergies, for anybody.|Clinic holds nothing of this person.",
            words,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_that_are_all_over_are_no_statement_that_there_are_none()
    {
        var summary = ReadSummary.Of(Of(Dorset, "Condition", "1", 1, "'clinicalStatus':{'coding':[{'code':'resolved'}]},'code':{'text':'Asthma'},'subject':{'reference':'Patient/1'}"));
        Assert.Equal(["no-problem-info"], summary.Codes(Problems));
        Assert.Contains("Not listed here: 1 that sources state as inactive, resolved or refuted. The record has them.", summary.Words(Problems), StringComparison.Ordinal);
    }
}
