using System.Text.Json;
using CsCheck;
using static Lhcre.Record.Tests.Said;
using static Lhcre.Record.Tests.Summaries.ReadSummary;

namespace Lhcre.Record.Tests.Summaries;

/// <summary>The document as a whole: its frame, its references, and whose words stand in it.</summary>
public class DocumentTests
{
    private const string Absent = "{\"extension\":[{\"url\":\"http://hl7.org/fhir/StructureDefinition/data-absent-reason\",\"valueCode\":\"unknown\"}]}";

    private static readonly Gen<PatientRecord> Records = Gen.OneOf(ClinicalSets.Declared, FragmentSets.Declared).Select(set => Diary.Of(set).Record);

    [Fact]
    public void It_is_a_document_of_its_instant_by_this_system_with_the_Composition_first()
    {
        var summary = ReadSummary.Of(Of(Dorset, "Patient", "1", 1, "'name':[{'family':'Smith'}],'birthDate':'1980-02-03'"));
        Assert.Equal("document", summary.Bundle.GetProperty("type").GetString());
        Assert.Equal("2026-03-01T12:00:00.000Z", summary.Bundle.GetProperty("timestamp").GetString());
        Assert.Equal($"urn:uuid:{summary.Bundle.GetProperty("id").GetGuid()}", summary.Bundle.GetProperty("identifier").GetProperty("value").GetString());
        Assert.Equal(["Composition", "Patient", "Device", "Condition", "AllergyIntolerance", "MedicationStatement"], summary.Resources.Select(TypeOf));
        Assert.Equal("2026-03-01T12:00:00.000Z", summary.Composition.GetProperty("date").GetString());
        Assert.Equal($"Patient/{Person}", summary.Composition.GetProperty("subject").GetProperty("reference").GetString());
        Assert.Equal("Device", TypeOf(summary.Resource(summary.Composition.GetProperty("author")[0].GetProperty("reference").GetString()!)));
        Assert.Equal("http://127.0.0.1:8080/fhir", summary.Resources[2].GetProperty("url").GetString());
    }

    [Fact]
    public void The_same_record_and_instant_give_the_same_bytes_whatever_came_first() => ClinicalSets.Arranged.Sample(arranged =>
    {
        var (one, other) = (new Diary(), new Diary());
        foreach (var push in arranged.One)
            one.Push(push);
        foreach (var push in arranged.Other)
            other.Push(push);
        var (summary, second) = (ReadSummary.Of(one.Record, now: Day(30)), ReadSummary.Of(other.Record, now: Day(30)));
        Assert.Equal(Text(summary.Bytes), Text(ReadSummary.Of(one.Replayed(), now: Day(30)).Bytes));
        Assert.Equal(summary.SectionCodes, second.SectionCodes);
        // Stamps of ours apart, which follow the journal: the same resources, told in the same words.
        Assert.All(summary.SectionCodes, code => Assert.Equal((References(summary, code), summary.Words(code)), (References(second, code), second.Words(code))));
    }, iter: 60, print: FragmentSets.Text);

    [Fact]
    public void Another_instant_is_another_document()
    {
        var record = Diary.Of(Of(Dorset, "Patient", "1", 1)).Record;
        Assert.NotEqual(ReadSummary.Of(record).Bundle.GetProperty("id").GetGuid(), ReadSummary.Of(record, now: Now.AddMilliseconds(1)).Bundle.GetProperty("id").GetGuid());
    }

    [Fact]
    public void Every_reference_leads_to_an_entry_or_out_of_the_record() => Records.Sample(record =>
    {
        var summary = ReadSummary.Of(record, now: Day(30));
        var known = summary.Bundle.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("fullUrl").GetString()!).ToHashSet();
        Assert.Equal(known.Count, summary.Resources.Count);
        foreach (var resource in summary.Resources)
        {
            Assert.Contains($"{Home.Merged}/{TypeOf(resource)}/{resource.GetProperty("id").GetString()}", known);
            Assert.All(
                Layout.Read(JsonSerializer.SerializeToUtf8Bytes(resource)).References.Select(r => r.Text),
                r => Assert.True(known.Contains($"{Home.Merged}/{r}") || r is "#contained" or "https://example.org/fhir/Practitioner/1", r));
        }
    }, iter: 100);

    [Fact]
    public void What_is_shown_of_a_source_is_its_own_words_byte_for_byte_where_nothing_is_missing()
    {
        var diary = Diary.Of(Of(Dorset, "Patient", "1", 1), Of(Dorset, "Procedure", "1", 1, $"'status':'completed',{Coded("1")},'subject':{{'reference':'Patient/1'}},'performedString':'1.10 \\u00e9'"));
        var summary = ReadSummary.Of(diary.Record);
        Assert.Equal(Text(diary.Of(Dorset, "Procedure", "1")!.Resource), summary.Section(Procedures).Single().GetRawText());
    }

    [Theory]
    [InlineData("Patient", "", "\"_birthDate\":ABSENT", "\"name\":[{\"_text\":ABSENT}]")]
    [InlineData("Patient", "'birthDate':'1980','name':[{'use':'old'},{}]", "\"birthDate\":\"1980\"", "\"name\":[{\"_text\":ABSENT,\"use\":\"old\"},{\"_text\":ABSENT}]")]
    [InlineData("Condition", "", "\"clinicalStatus\":ABSENT", "\"code\":ABSENT", "\"subject\":{\"reference\":\"Patient/ME\"}")]
    [InlineData("AllergyIntolerance", "'patient':{'display':'x'}", "\"clinicalStatus\":ABSENT", "\"patient\":{\"reference\":\"Patient/ME\",\"display\":\"x\"}")]
    [InlineData("MedicationStatement", "", "\"_status\":ABSENT", "\"medicationCodeableConcept\":ABSENT", "\"_effectiveDateTime\":ABSENT")]
    [InlineData("MedicationRequest", "'medicationReference':{'display':'x'}", "\"_status\":ABSENT,\"_intent\":ABSENT,\"subject\"")]
    [InlineData("Immunization", "", "\"vaccineCode\":ABSENT,\"_occurrenceDateTime\":ABSENT")]
    [InlineData("Procedure", "", "\"_performedDateTime\":ABSENT")]
    [InlineData("Observation", "'subject':{'reference':'Patient/never'}", "\"_effectiveDateTime\":ABSENT", "\"subject\":{\"reference\":\"Patient/ME\"}")]
    [InlineData("Observation", "'subject':{'reference':'Location/1'},'_effectiveInstant':{'id':'x'}", "\"subject\":{\"_reference\":ABSENT},\"_effectiveInstant\":{\"id\":\"x\"},\"_status\":ABSENT,\"code\":ABSENT}")]
    [InlineData("DiagnosticReport", "", "\"category\":[ABSENT]")]
    public void What_the_profiles_demand_and_nobody_said_is_named_as_absent_and_never_made_up(string type, string said, params string[] served)
    {
        var summary = ReadSummary.Of(Of(Dorset, type, "1", null, said));
        var json = summary.Resources.Single(r => TypeOf(r) == type).GetRawText();
        Assert.All(served, part => Assert.Contains(part.Replace("ABSENT", Absent, StringComparison.Ordinal).Replace("ME", $"{Person}", StringComparison.Ordinal), json, StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_listed_resource_refers_to_comes_along_with_what_that_refers_to()
    {
        var summary = ReadSummary.Of(
            Of(Dorset, "MedicationRequest", "1", 1, "'status':'active','medicationReference':{'reference':'Medication/1'},'requester':{'reference':'PractitionerRole/1'},'encounter':{'reference':'Encounter/never'}"),
            Of(Dorset, "Medication", "1", 1, "'code':{'text':'Metformin'},'manufacturer':{'reference':'Organization/2'}"),
            Of(Dorset, "PractitionerRole", "1", 1, "'practitioner':{'reference':'Practitioner/1'},'organization':{'reference':'Organization/1'}"),
            Of(Dorset, "Practitioner", "1", 1),
            Of(Dorset, "Organization", "1", 1),
            Of(Dorset, "Organization", "2", 1),
            Of(Dorset, "Encounter", "9", 1));
        Assert.Equal(
            ["Composition", "Patient", "Device", "Condition", "AllergyIntolerance", "MedicationRequest", "Medication", "PractitionerRole", "Organization", "Practitioner", "Organization"],
            summary.Resources.Select(TypeOf));
        Assert.Equal($"{{\"_reference\":{Absent}}}", summary.Section(Medicines)[0].GetProperty("encounter").GetRawText());
        Assert.Contains("Current medicines|Medicine|Dose|Status|When|Stated by|Metformin|active|", summary.Words(Medicines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'reference':'Observation/never'", "\"_reference\":ABSENT")]
    [InlineData("'reference':'Observation/never','display':'Potassium'", "\"_reference\":ABSENT,\"display\":\"Potassium\"")]
    [InlineData("'identifier':{'value':'7'},'reference':'Observation/gone'", "\"identifier\":{\"value\":\"7\"},\"_reference\":ABSENT")]
    [InlineData("'reference':'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0'", "\"_reference\":ABSENT")]
    [InlineData("'reference':'https://example.org/fhir/Observation/1'", "\"reference\":\"https://example.org/fhir/Observation/1\"")]
    public void A_reference_that_leads_nowhere_is_named_as_absent_and_what_stands_beside_it_stays(string said, string served)
    {
        var summary = ReadSummary.Of(
            Of(Dorset, "Observation", "gone", 1, $"{Coded("2")},'subject':{{'reference':'Patient/1'}}"),
            Of(Dorset, "Observation", "2", 1, $"'status':'final',{Coded("2")},'subject':{{'reference':'Patient/1'}},'effectiveDateTime':'2026'"),
            Of(Dorset, "DiagnosticReport", "1", 1, $"'status':'final',{Coded("1")},'subject':{{'reference':'Patient/1'}},'effectiveDateTime':'2026','result':[{{'reference':'Observation/2'}},{{{said}}}]"),
            Gone(Dorset, "Observation", "gone", 2));
        var results = summary.Section(Results)[0].GetProperty("result");
        Assert.Equal($"{{{served.Replace("ABSENT", Absent, StringComparison.Ordinal)}}}", results[1].GetRawText());
        Assert.Equal("Observation", TypeOf(summary.Resource(results[0].GetProperty("reference").GetString()!)));
        Assert.Contains("|1 result; 1 result not in this record|", summary.Words(Results), StringComparison.Ordinal);
    }

    [Fact]
    public void A_scanned_letter_stays_where_it_is_served()
    {
        var summary = ReadSummary.Of(
            Of(Dorset, "DiagnosticReport", "1", 1, $"'status':'final',{Coded("1")},'subject':{{'reference':'Patient/1'}},'effectiveDateTime':'2026','presentedForm':[{{'url':'Binary/1'}}]"),
            Of(Dorset, "Binary", "1", 1, "'contentType':'application/pdf'"));
        Assert.DoesNotContain("Binary", summary.Resources.Select(TypeOf));
        Assert.Equal($"{Home.Merged}/Binary/{Id(Dorset, "Binary", "1")}", summary.Section(Results)[0].GetProperty("presentedForm")[0].GetProperty("url").GetString());
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("'meta':{'security':[{'code':'U'}]}", null)]
    [InlineData("'meta':{'security':[{'code':'R'}]}", "R")]
    [InlineData("'meta':{'security':[{'code':'R'},{'code':'V'}]}", "V")]
    public void A_person_who_is_labelled_as_restricted_has_a_restricted_document(string meta, string? code) => Assert.Equal(
        code,
        ReadSummary.Of(Of(Dorset, "Patient", "1", 1, meta)).Composition.TryGetProperty("confidentiality", out var confidentiality) ? confidentiality.GetString() : null);

    private static string References(ReadSummary summary, string section) =>
        string.Join('\n', summary.Section(section).Select(r => $"{TypeOf(r)}/{r.GetProperty("id").GetString()}"));

    private static string TypeOf(JsonElement resource) => resource.GetProperty("resourceType").GetString()!;
}
