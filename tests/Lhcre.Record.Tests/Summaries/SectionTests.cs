using static Lhcre.Record.Tests.Said;
using static Lhcre.Record.Tests.Summaries.ReadSummary;

namespace Lhcre.Record.Tests.Summaries;

/// <summary>What of a record stands in which section (CLINICAL.md, "<c>$summary</c> (IPS)"). All is seen from 1 March 2026.</summary>
public class SectionTests
{
    private const string Subject = "'subject':{'reference':'Patient/1'}";
    private const string Patient = "'patient':{'reference':'Patient/1'}";

    [Fact]
    public void Three_sections_are_always_there_and_three_where_there_is_anything()
    {
        Assert.Equal([Problems, Allergies, Medicines], ReadSummary.Of().SectionCodes);
        var all = ReadSummary.Of(
            Of(Dorset, "Immunization", "1", 1, $"'status':'completed',{Vaccine},{Patient}"),
            Of(Dorset, "Observation", "1", 1, $"'status':'final',{Coded("1")},{Subject},'effectiveDateTime':'2026-01-01'"),
            Of(Dorset, "Procedure", "1", 1, $"'status':'completed',{Coded("1")},{Subject}"));
        Assert.Equal([Problems, Allergies, Medicines, Immunisations, Results, Procedures], all.SectionCodes);
    }

    [Theory]
    [InlineData("active", "confirmed", "", true)]
    [InlineData("recurrence", "confirmed", "", true)]
    [InlineData("relapse", "provisional", "", true)]
    [InlineData("active", "differential", "", true)]
    [InlineData("inactive", "confirmed", "", false)]
    [InlineData("remission", "confirmed", "", false)]
    [InlineData("resolved", "confirmed", "", false)]
    [InlineData("active", "refuted", "", false)]
    [InlineData(null, "entered-in-error", "", false)]
    [InlineData(null, null, "", true)]
    [InlineData(null, null, ",'abatementDateTime':'2020'", false)]
    [InlineData(null, null, ",'abatementDateTime':'2026'", true)]
    [InlineData(null, null, ",'abatementString':'last summer'", false)]
    public void A_problem_is_listed_unless_it_is_over_or_was_taken_back(string? clinical, string? verification, string more, bool isListed)
    {
        var summary = ReadSummary.Of(Of(Dorset, "Condition", "1", 1, $"{Status(clinical, verification)}{Coded("195967001")},{Subject}{more}"));
        Assert.Equal([isListed ? "195967001" : "no-problem-info"], summary.Codes(Problems));
    }

    [Theory]
    [InlineData("{'coding':[{'system':'http://snomed.info/sct','code':'73425007'},{'system':'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'inactive'}]}", false)]
    [InlineData("{'coding':[{'system':'http://snomed.info/sct','code':'55561003'},{'system':'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'active'}],'text':'Resolved'}", true)]
    [InlineData("{'text':'Resolved'}", false)]
    [InlineData("{'text':'Comes and goes'}", true)]
    public void A_status_counts_by_the_code_of_FHIR_wherever_it_stands_and_by_its_words_where_it_has_no_code(string status, bool isListed) => Assert.Equal(
        [isListed ? "1" : "no-problem-info"], ReadSummary.Of(Of(Dorset, "Condition", "1", 1, $"'clinicalStatus':{status},{Coded("1")},{Subject}")).Codes(Problems));

    [Theory]
    [InlineData("active", "confirmed", "", true)]
    [InlineData("active", "unconfirmed", "", true)]
    [InlineData(null, null, "", true)]
    [InlineData("resolved", "confirmed", "", false)]
    [InlineData("inactive", "confirmed", "", false)]
    [InlineData("resolved", "confirmed", ",'recordedDate':'2020-01-02'", true)]
    [InlineData("inactive", "confirmed", ",'lastOccurrence':'2001'", true)]
    [InlineData("inactive", null, ",'extension':[{'url':'http://hl7.org/fhir/uv/ips/StructureDefinition/abatement-dateTime-uv-ips','valueDateTime':'2019'}]", true)]
    [InlineData("resolved", null, ",'meta':{'lastUpdated':'2025-01-01T00:00:00Z'}", true)]
    [InlineData(null, "refuted", "", true)]
    [InlineData("active", "refuted", "", true)]
    [InlineData(null, "entered-in-error", ",'recordedDate':'2020-01-02'", false)]
    public void An_allergy_is_listed_while_active_and_afterwards_where_it_is_dated_and_also_where_it_is_refuted(
        string? clinical, string? verification, string more, bool isListed)
    {
        var summary = ReadSummary.Of(Of(Dorset, "AllergyIntolerance", "1", null, $"{Status(clinical, verification)}{Coded("91936005")},{Patient}{more}"));
        Assert.Equal([isListed ? "91936005" : "no-allergy-info"], summary.Codes(Allergies));
    }

    [Fact]
    public void A_refuted_allergy_is_told_apart_from_the_active_ones_with_who_refuted_it_and_when()
    {
        var summary = ReadSummary.Of(
            Of(Hampshire, "AllergyIntolerance", "1", 3, $"{Status("active", "confirmed")}'code':{{'text':'Penicillin'}},{Patient}"),
            Of(Dorset, "AllergyIntolerance", "2", 12, $"{Status(null, "refuted")}'code':{{'text':'Latex'}},{Patient}"));
        var words = summary.Words(Allergies);
        var (active, refuted) = (words.IndexOf("Penicillin", StringComparison.Ordinal), words.IndexOf("No longer active, or refuted", StringComparison.Ordinal));
        Assert.True(active > 0 && active < refuted && refuted < words.IndexOf("Latex", StringComparison.Ordinal), words);
        Assert.Contains("refuted", words[(refuted + 30)..], StringComparison.Ordinal);
        Assert.Contains("Dorset Care Record (12 Jan 2025)", words, StringComparison.Ordinal);
    }

    [Theory]
    // Repeats now, however long ago they began.
    [InlineData("MedicationRequest", "active", "continuous", "'authoredOn':'2012-01-01'", true)]
    [InlineData("MedicationRequest", "on-hold", "continuous-repeat-dispensing", "'authoredOn':'2012-01-01'", true)]
    // Discontinued repeats: 6 months.
    [InlineData("MedicationRequest", "stopped", "continuous", "'dispenseRequest':{'validityPeriod':{'end':'2025-09-02'}}", true)]
    [InlineData("MedicationRequest", "stopped", "continuous", "'dispenseRequest':{'validityPeriod':{'end':'2025-08-31'}}", false)]
    [InlineData("MedicationRequest", "stopped", "continuous", "'dispenseRequest':{'validityPeriod':{'end':'2025-09'}}", true)]
    [InlineData("MedicationRequest", "stopped", "continuous", "'meta':{'lastUpdated':'2025-09-02T00:00:00Z'},'authoredOn':'2012-01-01'", true)]
    [InlineData("MedicationRequest", "stopped", "continuous", "'meta':{'lastUpdated':'2025-08-02T00:00:00Z'},'authoredOn':'2012-01-01'", false)]
    // Acute: 12 months.
    [InlineData("MedicationRequest", "active", "acute", "'authoredOn':'2025-03-01'", true)]
    [InlineData("MedicationRequest", "active", "acute", "'authoredOn':'2025-02-28'", false)]
    [InlineData("MedicationRequest", "completed", "acute", "'authoredOn':'2025-03-02T10:00:00Z'", true)]
    [InlineData("MedicationRequest", "completed", "acute", "'authoredOn':'2025-02-27T10:00:00Z'", false)]
    [InlineData("MedicationRequest", "completed", "acute", "'authoredOn':'2025'", true)]
    // Not said which.
    [InlineData("MedicationRequest", "active", null, "'authoredOn':'2012-01-01'", true)]
    [InlineData("MedicationRequest", "completed", null, "'authoredOn':'2025-06-01'", true)]
    [InlineData("MedicationRequest", "completed", null, "'authoredOn':'2024-06-01'", false)]
    [InlineData("MedicationStatement", "active", null, "'effectivePeriod':{'start':'2001'}", true)]
    [InlineData("MedicationStatement", "stopped", null, "'effectivePeriod':{'start':'2001','end':'2025-12-01'}", true)]
    [InlineData("MedicationStatement", "stopped", null, "'effectivePeriod':{'start':'2001','end':'2024-12-01'}", false)]
    // No medicine that somebody is to take.
    [InlineData("MedicationRequest", "draft", null, "'authoredOn':'2026-02-01'", false)]
    [InlineData("MedicationRequest", "active", null, "'intent':'proposal'", false)]
    [InlineData("MedicationRequest", "active", null, "'doNotPerform':true", false)]
    [InlineData("MedicationStatement", "entered-in-error", null, "'effectiveDateTime':'2026-02-01'", false)]
    public void A_medicine_is_listed_as_a_repeat_now_for_six_months_after_it_or_as_acute_for_twelve(string type, string status, string? course, string more, bool isListed)
    {
        var kind = course is null ? "" : $"'courseOfTherapyType':{{'coding':[{{'code':'{course}'}}]}},";
        var summary = ReadSummary.Of(Of(Dorset, type, "1", null, $"'status':'{status}',{kind}'medicationCodeableConcept':{{'coding':[{{'system':'https://dmd.nhs.uk','code':'42'}}]}},{Subject},{more}"));
        Assert.Equal([isListed ? "42" : "no-medication-info"], summary.Codes(Medicines));
    }

    [Fact]
    public void What_must_not_be_given_is_told_in_words_and_is_no_entry()
    {
        var summary = ReadSummary.Of(Of(Dorset, "MedicationRequest", "1", 5, $"'status':'active','intent':'order','doNotPerform':true,'medicationCodeableConcept':{{'text':'Metformin'}},{Subject}"));
        Assert.Contains("Not to be given: Metformin (Dorset Care Record (5 Jan 2025)).", summary.Words(Medicines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'effectiveDateTime':'2025-03-01'", "final", true)]
    [InlineData("'effectiveDateTime':'2025-02-28'", "final", false)]
    [InlineData("'effectiveDateTime':'2025'", "final", true)]
    [InlineData("'effectiveInstant':'2025-02-28T23:59:00Z'", "final", false)]
    [InlineData("'effectivePeriod':{'start':'2025-06-01'}", "amended", true)]
    [InlineData("'issued':'2025-06-01T00:00:00Z'", "preliminary", true)]
    [InlineData("'issued':'2024-06-01T00:00:00Z'", "final", false)]
    [InlineData("'valueInteger':0", "corrected", true)]
    [InlineData("'effectiveDateTime':'2025-06-01'", "cancelled", false)]
    [InlineData("'effectiveDateTime':'2025-06-01'", "registered", false)]
    [InlineData("'effectiveDateTime':'2025-06-01'", "entered-in-error", false)]
    public void A_result_is_listed_for_twelve_months(string when, string status, bool isListed)
    {
        var summary = ReadSummary.Of(Of(Dorset, "Observation", "1", null, $"'status':'{status}',{Coded("1")},{Subject},{when}"));
        Assert.Equal(isListed, summary.SectionCodes.Contains(Results));
    }

    [Fact]
    public void Of_a_kind_of_result_the_last_five_are_listed_whoever_coded_it()
    {
        var potassium = Enumerable.Range(1, 8).Select(n => Of(Dorset, "Observation", $"{n}", 1, $"'status':'final',{Coded("1")},{Subject},'effectiveDateTime':'2026-01-0{n}'"));
        var both = Of(Hampshire, "Observation", "9", 1, $"'status':'final','code':{{'coding':[{{'system':'x','code':'9'}},{{'system':'http://snomed.info/sct','code':'1'}}]}},{Subject},'effectiveDateTime':'2026-02-01'");
        var sodium = Of(Dorset, "Observation", "20", 1, $"'status':'final',{Coded("2")},{Subject},'effectiveDateTime':'2025-04-01'");
        var summary = ReadSummary.Of([.. potassium, both, sodium]);
        Assert.Equal(["1", "1", "1", "1", "2", "9"], summary.Codes(Results));
        Assert.Equal(
            ["2026-02-01", "2026-01-08", "2026-01-07", "2026-01-06", "2026-01-05", "2025-04-01"],
            summary.Section(Results).Select(r => r.GetProperty("effectiveDateTime").GetString()));
        Assert.Contains("Not listed here: 4 ", summary.Words(Results), StringComparison.Ordinal);
    }

    [Fact]
    public void A_vaccination_that_was_not_given_is_listed_as_such_and_a_procedure_that_was_not_done_is_not()
    {
        var summary = ReadSummary.Of(
            Of(Dorset, "Immunization", "1", 1, $"'status':'not-done',{Vaccine},{Patient},'occurrenceDateTime':'2021'"),
            Of(Dorset, "Procedure", "1", 1, $"'status':'not-done',{Coded("1")},{Subject}"));
        Assert.Contains("Not given", summary.Words(Immunisations), StringComparison.Ordinal);
        Assert.DoesNotContain(Procedures, summary.SectionCodes);
        Assert.Contains("No procedures are listed.|Not listed here: 1 that were planned, or not done.", summary.Overview, StringComparison.Ordinal);
    }

    private const string Vaccine = "'vaccineCode':{'coding':[{'system':'v','code':'1'}]}";

    private static string Status(string? clinical, string? verification) =>
        (clinical is null ? "" : $"'clinicalStatus':{{'coding':[{{'system':'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'{clinical}'}}]}},")
        + (verification is null ? "" : $"'verificationStatus':{{'coding':[{{'system':'http://terminology.hl7.org/CodeSystem/condition-ver-status','code':'{verification}'}}]}},");
}
