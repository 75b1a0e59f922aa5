using System.Text.Json;
using static Lhcre.Record.Tests.Said;

namespace Lhcre.Record.Tests;

/// <summary>
/// CLINICAL.md, "Known failures of others, all of which we must get right": each by its name. Those that need a process are in
/// Lhcre.Silo.Tests, KnownFailuresTests; what concerns a whole person in <see cref="WrongPatientTests"/>.
/// </summary>
public class KnownFailuresTests
{
    private const string Asthma = "'code':{'coding':[{'system':'http://snomed.info/sct','code':'195967001','display':'Asthma'}]}";
    private const string Peanut = "'coding':[{'system':'http://snomed.info/sct','code':'91935009'}]";

    [Fact]
    public void An_allergy_coded_in_code_dropped()
    {
        var diary = Arrivals.Told(
            Of(Dorset, "AllergyIntolerance", "d", 1, $"'code':{{{Peanut}}}"),
            Of(Hampshire, "AllergyIntolerance", "h", 1, $"'reaction':[{{'substance':{{{Peanut}}},'manifestation':[{{'text':'rash'}}]}}]"),
            Of(Wight, "AllergyIntolerance", "w", 1, "'code':{'coding':[{'system':'http://snomed.info/sct','code':'91930004'}]}"));

        Assert.Equal(["dorset/d hampshire/h", "isle-of-wight/w"], diary.Clusters("AllergyIntolerance"));
        Assert.Contains("91935009", Served(diary));
        Assert.Contains("91930004", Served(diary));
    }

    [Fact]
    public void A_blood_pressure_panel_with_components_only_dropped()
    {
        const string Panel = """
            'code':{'coding':[{'system':'http://loinc.org','code':'85354-9'}]},'effectiveDateTime':'2024-05-12T10:15:00Z','component':[
            {'code':{'coding':[{'system':'http://loinc.org','code':'8480-6'}]},'valueQuantity':{'value':120,'unit':'mm[Hg]'}},
            {'code':{'coding':[{'system':'http://loinc.org','code':'8462-4'}]},'valueQuantity':{'value':80,'unit':'mm[Hg]'}}]
            """;
        var diary = Arrivals.Told(Of(Dorset, "Observation", "d", 1, Panel), Of(Hampshire, "Observation", "h", 2, Panel));

        Assert.Equal(["dorset/d hampshire/h"], diary.Clusters("Observation"));
        Assert.Equal(2, Json(diary, Dorset, "Observation", "d").GetProperty("component").GetArrayLength());
    }

    [Theory]
    [InlineData("'valueBoolean':false")]
    [InlineData("'valueInteger':0")]
    public void ValueBoolean_false_and_valueInteger_0_dropped(string value)
    {
        var words = Coded("1") + ",'effectiveDateTime':'2024-05-12T10:15:00Z'," + value;
        var diary = Arrivals.Told(Of(Dorset, "Observation", "d", 1, words), Of(Hampshire, "Observation", "h", 1, words));

        Assert.Equal(["dorset/d hampshire/h"], diary.Clusters("Observation"));
        Assert.Contains(value.Replace('\'', '"'), Served(diary));
    }

    [Fact]
    public void An_undated_encounter_dropped()
    {
        const string Class = "'class':{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'AMB'}";
        var diary = Arrivals.Told(
            Of(Dorset, "Encounter", "d", 1, Class),
            Of(Hampshire, "Encounter", "h", 1, Class),
            Of(Wight, "Encounter", "w", 1, Class + ",'period':{'start':'2024-05-12T10:15:00Z'}"));

        Assert.Equal(["dorset/d", "hampshire/h", "isle-of-wight/w"], diary.Clusters("Encounter"));
    }

    [Theory]
    [InlineData("Condition", "'verificationStatus':{'coding':[{'code':'entered-in-error'}]}")]
    [InlineData("AllergyIntolerance", "'verificationStatus':{'coding':[{'code':'entered-in-error'}]}")]
    [InlineData("MedicationStatement", "'status':'entered-in-error'")]
    public void Active_then_entered_in_error_stays_active(string type, string inError)
    {
        var active = type == "MedicationStatement" ? "'status':'active'" : "'clinicalStatus':{'coding':[{'code':'active'}]}";
        var code = type == "MedicationStatement" ? $"'medicationCodeableConcept':{{{Peanut}}}" : $"'code':{{{Peanut}}}";
        var diary = Arrivals.Told(Of(Dorset, type, "d", 1, $"{code},{active}"), Of(Dorset, type, "d", 2, $"{code},{inError}"), Of(Hampshire, type, "h", 1, $"{code},{active}"));

        // Its own word only: who still says so goes on saying so, under his own name alone.
        Assert.Equal(["dorset/d", "hampshire/h"], diary.Clusters(type));
        Assert.DoesNotContain("active", Words(diary, Dorset, type, "d"));
        Assert.Contains("entered-in-error", Words(diary, Dorset, type, "d"));
        Assert.Contains("active", Words(diary, Hampshire, type, "h"));
        Assert.Equal([Hampshire], Contributors(diary.Of(Hampshire, type, "h")!));
    }

    [Fact]
    public void Potassium_6_9_final_and_4_1_corrected_both_live()
    {
        const string Potassium = "'code':{'coding':[{'system':'http://snomed.info/sct','code':'1000651000000109'}]},'effectiveDateTime':'2024-05-12T10:15:00Z'";
        var diary = Arrivals.Told(
            Of(Dorset, "Observation", "k", 1, $"'status':'final',{Potassium},'valueQuantity':{{'value':6.9,'unit':'mmol/L'}}"),
            Of(Dorset, "Observation", "k", 2, $"'status':'corrected',{Potassium},'valueQuantity':{{'value':4.1,'unit':'mmol/L'}}"));

        Assert.Equal(1, diary.Record.All.Length);
        Assert.Contains("4.1", Served(diary));
        Assert.DoesNotContain("6.9", Served(diary));
    }

    [Fact]
    public void Two_draws_12_hours_apart_merged()
    {
        string Draw(string at) => $"{Coded("1")},'effectiveDateTime':'{at}','valueQuantity':{{'value':4.1,'unit':'mmol/L'}}";
        var diary = Arrivals.Told(
            Of(Dorset, "Observation", "d", 1, Draw("2024-05-12T06:00:00Z")),
            Of(Hampshire, "Observation", "h", 1, Draw("2024-05-12T18:00:00Z")),
            Of(Wight, "Observation", "w", 1, Draw("2024-05-12T19:00:00+01:00")));

        Assert.Equal(["dorset/d", "hampshire/h isle-of-wight/w"], diary.Clusters("Observation"));
    }

    [Theory]
    [InlineData("2024-05-12", "2024-05", "2024", "dorset/d hampshire/h isle-of-wight/w")]
    [InlineData("2024-05-12", "2024-06-20", "2024", "dorset/d|hampshire/h|isle-of-wight/w")] // a year that fits both, and is neither's
    [InlineData("2024-05-12", "2024-05-12", null, "dorset/d hampshire/h isle-of-wight/w")]
    [InlineData("2024-05-12", "2023-05-12", null, "dorset/d|hampshire/h|isle-of-wight/w")]
    [InlineData("2024-05-12", "2024-05", "2023", "dorset/d hampshire/h|isle-of-wight/w")]
    public void Three_asthma_entries_give_four_outcomes_over_six_arrival_orders(string? dorset, string? hampshire, string? wight, string clusters)
    {
        string Onset(string? at) => at is null ? Asthma : $"{Asthma},'onsetDateTime':'{at}'";
        var diary = Arrivals.Told(
            Of(Dorset, "Condition", "d", 1, Onset(dorset)), Of(Hampshire, "Condition", "h", 2, Onset(hampshire)), Of(Wight, "Condition", "w", 3, Onset(wight)));

        Assert.Equal(clusters, string.Join('|', diary.Clusters("Condition")));
    }

    [Fact]
    public void Vaccine_completed_and_not_done_shown_as_completed()
    {
        const string Flu = "'vaccineCode':{'coding':[{'system':'http://snomed.info/sct','code':'1066171000000108'}]},'occurrenceDateTime':'2024-10-01'";
        var diary = Arrivals.Told(
            Of(Dorset, "Immunization", "d", 1, Flu + ",'status':'completed'"),
            Of(Hampshire, "Immunization", "h", 2, Flu + ",'status':'not-done'"),
            Of(Wight, "Immunization", "w", 3, Flu + ",'status':'completed'"));

        Assert.Equal(["dorset/d isle-of-wight/w", "hampshire/h"], diary.Clusters("Immunization"));
        Assert.Equal("not-done", Json(diary, Hampshire, "Immunization", "h").GetProperty("status").GetString());
        Assert.Equal(Tie.Conflict, Merged.Of(diary, new EntryKey(Dorset, "Immunization", "d"), new EntryKey(Hampshire, "Immunization", "h")));
    }

    [Fact]
    public void An_older_result_overwriting_a_newer_one_when_it_arrives_later()
    {
        Fragment Result(int day, string value) => Of(Dorset, "Observation", "1", day, $"{Coded("1")},'valueString':'{value}'");
        var diary = Arrivals.Told(Result(3, "newest"), Result(1, "oldest"), Result(2, "older"));

        Assert.Contains("newest", Served(diary));
        Assert.DoesNotContain("old", Served(diary));
    }

    [Fact]
    public void References_that_point_at_nothing_after_the_merge()
    {
        Fragment Visit(string source, string id, int day = 1) => Of(source, "Encounter", id, day, Identified("V1"));
        Fragment Weight(string source, string visit) => Of(source, "Observation", "weight", 1, $"{Coded(source)},'encounter':{{'reference':'Encounter/{visit}'}},'performer':[{{'reference':'Practitioner/never'}}]");
        var diary = Arrivals.Told(
            Visit(Dorset, "d"), Visit(Hampshire, "h"), Visit(Wight, "w"), Weight(Dorset, "d"), Weight(Hampshire, "h"), Weight(Wight, "w"));
        Assert.Equal(["dorset/d hampshire/h isle-of-wight/w"], diary.Clusters("Encounter"));
        Assert.Equal(3, Leading(diary));

        diary = Arrivals.Told(
            Visit(Dorset, "d"), Visit(Hampshire, "h"), Gone(Dorset, "Encounter", "d", 2), Weight(Dorset, "d"), Weight(Hampshire, "h"));
        Assert.Equal(1, Leading(diary));
        Assert.Contains(AtSource(Dorset, "Encounter/d"), Served(diary)); // withdrawn: what he said is at his base
    }

    [Fact]
    public void One_medicine_listed_thirteen_times()
    {
        const string Product = "'medicationCodeableConcept':{'coding':[{'system':'https://dmd.nhs.uk','code':'319283006'}]},'authoredOn':'2024-05-12'";
        var issues = Enumerable.Range(1, 13).Select(n =>
            Of(Sources[n % 3], "MedicationRequest", $"of-{Sources[n % 3]}", n, $"{Product},'status':'active','note':[{{'text':'issue {n}'}}]"));
        var diary = Arrivals.Told([.. issues]);

        var medicine = Assert.Single(diary.Record.All.ToArray());
        Assert.Equal(Sources, Contributors(medicine));
    }

    // Every reference into the record leads to a resource of it; how many of the sources' own do.
    private static int Leading(Diary diary)
    {
        var shown = diary.Record.All.ToArray().Select(Merged.Reference).ToHashSet();
        Assert.All(diary.Record.All.ToArray().SelectMany(Inside), reference => Assert.Contains(reference, shown));
        return diary.Record.All.ToArray().Where(r => r.Type != "DetectedIssue").SelectMany(Inside).Count();
    }

    private static IEnumerable<string> Inside(MergedResource resource) =>
        References(Merged.Json(resource)).Where(r => !r.Contains("://", StringComparison.Ordinal));

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(m => m.Name == "reference" ? [m.Value.GetString()!] : References(m.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static IEnumerable<string> Contributors(MergedResource resource) => resource.Members.Select(m => m.Key.Source);

    private static JsonElement Json(Diary diary, string source, string type, string id) => Merged.Json(diary.Of(source, type, id)!);

    private static string Words(Diary diary, string source, string type, string id) => Text(diary.Of(source, type, id)!.Resource);

    private static string Served(Diary diary) => string.Concat(Diary.Served(diary.Record));
}
