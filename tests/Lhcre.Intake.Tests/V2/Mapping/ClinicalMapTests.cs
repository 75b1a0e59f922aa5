namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>AL1, IAM, DG1 and PR1, row by row.</summary>
public class ClinicalMapTests
{
    private const string Pid = "PID|||633^^^R0A^MR";
    private const string Pv1 = "PV1||I|||||||||||||||||2139^^^VISITID";

    /// <summary>The segment, where to look, and what is there.</summary>
    public static TheoryData<string, string, string> Rows() => new()
    {
        { "AL1|1|DA|Z88.5", "AllergyIntolerance.clinicalStatus.coding[0].code", "active" },
        { "AL1|1|DA|Z88.5", "AllergyIntolerance.category", """["medication"]""" },
        { "AL1|1|DA|Z88.5", "AllergyIntolerance.type", "allergy" },
        { "AL1|1|MC|Z88.5", "AllergyIntolerance.type", "" },
        { "AL1|1|DA|Z88.5", "AllergyIntolerance.code", """{"coding":[{"code":"Z88.5"}]}""" },
        { "AL1|1|DA|91936005^Penicillin allergy^SCT", "AllergyIntolerance.code.coding[0]", """{"system":"http://snomed.info/sct","code":"91936005","display":"Penicillin allergy"}""" },
        { "AL1|1|FA|^Peanuts", "AllergyIntolerance.code", """{"text":"Peanuts"}""" },
        { "AL1|1|DA|Z88.5", "AllergyIntolerance.patient.reference", "Patient/R0A.633" },
        { "AL1|1|DA|Z88.5|SV|Rash~Wheeze", "AllergyIntolerance.reaction[0]", """{"manifestation":[{"text":"Rash"},{"text":"Wheeze"}],"severity":"severe"}""" },
        { "AL1|1|DA|Z88.5|SV", "AllergyIntolerance.criticality", "high" },
        { "AL1|1|DA|Z88.5|MO", "AllergyIntolerance.criticality", "" },
        { "AL1|1|DA|Z88.5|||199807011755", "AllergyIntolerance.onsetDateTime", "1998-07-01T17:55:00+01:00" },
        { "IAM|1|DA|Z88.5^^L|SV|Rash|A|AL77^PAS|||||19980701||202601020930", "AllergyIntolerance.id", "PAS.AL77" },
        { "IAM|1|DA|Z88.5^^L|SV|Rash|A|AL77^PAS|||||19980701||202601020930", "AllergyIntolerance.identifier[0].value", "AL77" },
        { "IAM|1|DA|Z88.5||Rash|A|||||19980701||202601020930", "AllergyIntolerance.onsetDateTime", "1998-07-01" },
        { "IAM|1|DA|Z88.5||Rash|A||||||as a child|202601020930", "AllergyIntolerance.onsetString", "as a child" },
        { "IAM|1|DA|Z88.5||Rash|A||||||as a child|202601020930", "AllergyIntolerance.recordedDate", "2026-01-02T09:30:00+00:00" },
        { "IAM|1|DA|Z88.5||Rash|D", "AllergyIntolerance.verificationStatus.coding[0].code", "entered-in-error" },
        { "IAM|1|DA|Z88.5||Rash|D", "AllergyIntolerance.clinicalStatus", "" },
        { "IAM|1|DA|Z88.5||Rash|A|||||||||||I", "AllergyIntolerance.clinicalStatus.coding[0].code", "inactive" },
        { "IAM|1|DA|Z88.5||Rash|A|||||||||||S", "AllergyIntolerance.verificationStatus.coding[0].code", "unconfirmed" },
        { "DG1|1||N39.3^Stress incontinence^ICD10", "Condition.code.coding[0]", """{"system":"http://hl7.org/fhir/sid/icd-10","code":"N39.3","display":"Stress incontinence"}""" },
        { "DG1|1||N39.3^X^I10|In words", "Condition.code.text", "In words" },
        { "DG1|1|||In words", "Condition.code", """{"text":"In words"}""" },
        { "DG1|1||N39.3^X^I10||202607010900", "Condition.onsetDateTime", "2026-07-01T09:00:00+01:00" },
        { "DG1|1||N39.3^X^I10", "Condition.category[0].coding[0].code", "encounter-diagnosis" },
        { "DG1|1||N39.3^X^I10", "Condition.encounter.reference", "Encounter/VISITID.2139" },
        { "DG1|1||N39.3^X^I10", "Condition.verificationStatus", "" },
        { "DG1|1||N39.3^X^I10|||A|||||||||2", "Encounter.diagnosis[0].use.coding[0].code", "AD" },
        { "DG1|1||N39.3^X^I10|||A|||||||||2", "Encounter.diagnosis[0].rank", "2" },
        { "DG1|1||N39.3^X^I10|||A|||||||||0", "Encounter.diagnosis[0].rank", "" },
        { "DG1|1||N39.3^X^I10|||F||||||||||C1^Darwin^S", "Condition.asserter.display", "S Darwin" },
        { "DG1|1||N39.3^X^I10|||F|||||||||||||20260701", "Condition.recordedDate", "2026-07-01" },
        { "DG1|1||N39.3^X^I10|||F||||||||||||||D5^PAS|D", "Condition.verificationStatus.coding[0].code", "entered-in-error" },
        { "DG1|1||N39.3^X^I10|||F||||||||||||||D5^PAS|D", "Condition.id", "PAS.D5" },
        { "PR1|1||U19.2^24 hour ECG^OPCS4", "Procedure.code.coding[0].system", "https://fhir.nhs.uk/Id/opcs-4" },
        { "PR1|1||U19.2^24 hour ECG^OPCS4", "Procedure.status", "unknown" },
        { "PR1|1||U19.2^^OPCS4|ECG", "Procedure.code.text", "ECG" },
        { "PR1|1||U19.2||20260701|D|34", "Procedure.performedDateTime", "2026-07-01" },
        { "PR1|1||U19.2||202607010900|D|34", "Procedure.performedPeriod", """{"start":"2026-07-01T09:00:00+01:00","end":"2026-07-01T09:34:00+01:00"}""" },
        { "PR1|1||U19.2||20260701|D", "Procedure.category.coding[0].code", "D" },
        { "PR1|1||U19.2||||||||C1^Darwin^S", "Procedure.performer[0]", """{"function":{"coding":[{"system":"http://snomed.info/sct","code":"304292004"}]},"actor":{"display":"S Darwin"}}""" },
        { "PR1|1||U19.2||||||||||||N39.3", "Procedure.reasonCode[0].coding[0].code", "N39.3" },
        { "PR1|1||U19.2||||||||||||||||P7^PAS", "Procedure.id", "PAS.P7" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_row_is_followed(string segment, string path, string expected)
    {
        var found = Mapped.Of("ADT^A01", Pid, Pv1, segment).At(path);

        // The id of a practitioner is a hash.
        Assert.Equal(expected, System.Text.RegularExpressions.Regex.Replace(found, "\"reference\":\"Practitioner/[0-9a-f]{32}\",", ""));
    }

    [Fact]
    public void The_next_message_about_the_same_allergy_diagnosis_or_procedure_has_the_same_id_and_another_visit_another()
    {
        static string[] Ids(string visit, params string[] segments)
        {
            var mapped = Mapped.Of("ADT^A08", [Pid, $"PV1||I|||||||||||||||||{visit}", .. segments]);
            return [mapped.At("AllergyIntolerance.id"), mapped.At("Condition.id"), mapped.At("Procedure.id")];
        }

        var first = Ids("1", "AL1|1|DA|Z88.5", "DG1|1||J03.0^^I10", "PR1|1||U19.2^^OPCS4||20260701");
        var second = Ids("1", "DG1|2||J03.0^Tonsillitis^I10||20260630|F", "AL1|7|DA|Z88.5^Opioids|SV|Rash", "PR1|9||U19.2^ECG^OPCS4||20260701|D");
        var other = Ids("2", "AL1|1|DA|Z88.5", "DG1|1||J03.0^^I10", "PR1|1||U19.2^^OPCS4||20260701");

        Assert.Equal(first, second);
        Assert.Equal(first[0], other[0]);
        Assert.NotEqual(first[1], other[1]);
        Assert.NotEqual(first[2], other[2]);
    }

    [Fact]
    public void An_observation_of_a_visit_is_stated_again_by_the_next_message_unless_it_has_a_time_of_its_own()
    {
        static List<string> Ids(params string[] segments) =>
            [.. Mapped.Of("ADT^A08", [Pid, Pv1, .. segments]).All("Observation").Select(o => o.GetProperty("id").GetString()!)];

        var weight = Ids("OBX|1|NM|3141-9^Weight^LN||70.5|kg|||||F");
        Assert.Equal(weight, Ids("OBX|7|NM|3141-9^Weight^LN||71|kg|||||F", "AL1|1|DA|X"));
        Assert.NotEqual(weight, Ids("OBX|1|NM|3141-9^Weight^LN||70.5|kg|||||F|||202607010900"));
        Assert.NotEqual(weight, Ids("OBX|1|NM|3137-7^Height^LN||170|cm|||||F"));
        Assert.Equal("Encounter/VISITID.2139", Mapped.Of("ADT^A08", Pid, Pv1, "OBX|1|NM|3141-9^Weight^LN||70.5|kg|||||F").At("Observation.encounter.reference"));
    }

    [Fact]
    public void What_a_message_states_twice_counts_once_and_a_diagnosis_of_two_types_is_one_condition()
    {
        var mapped = Mapped.Of("ADT^A01", Pid, Pv1, "AL1|1|DA|Z88.5", "AL1|2|DA|Z88.5|SV", "DG1|1||J03.0^^I10|||A", "DG1|2||J03.0^^I10|||F");

        Assert.Single(mapped.All("AllergyIntolerance"));
        Assert.Single(mapped.All("Condition"));
        Assert.Equal(mapped.At("Encounter.diagnosis[0].condition.reference"), mapped.At("Encounter.diagnosis[1].condition.reference"));
        Assert.Contains("LHC618 AL1[2], LHC618 DG1[2]", mapped.Issues, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AL1|1|DA||SV", "LHC615 AL1-3")]
    [InlineData("AL1|1|DA|Z88.5|5", "LHC616 AL1-4")]
    [InlineData("AL1|1|XX|Z88.5", "LHC616 AL1-2")]
    [InlineData("AL1|1|DA|Z88.5|||19981301", "LHC615 AL1-6")]
    [InlineData("DG1|1", "LHC615 DG1-3")]
    [InlineData("PR1|1", "LHC615 PR1-3")]
    [InlineData("DG1|1||J03.0||soon", "LHC615 DG1-5")]
    [InlineData("ZU1|1", "LHC614 ZU1, EVN-5")]
    [InlineData("PR1|1|OLD|U19.2", "LHC614 EVN-5, PR1-2")]
    public void What_cannot_be_mapped_is_named_to_the_sender_and_the_rest_is_taken(string segment, string issue)
    {
        var mapped = Mapped.Of("ADT^A01", Pid, Pv1, segment);

        Assert.Contains(issue, mapped.Issues, StringComparison.Ordinal);
        Assert.Single(mapped.All("Encounter"));
    }
}
