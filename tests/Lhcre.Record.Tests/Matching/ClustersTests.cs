using System.Text.Json;
using CsCheck;
using static Lhcre.Record.Tests.Said;

namespace Lhcre.Record.Tests;

public class ClustersTests
{
    private static readonly string[] Apart = ["dorset/1", "hampshire/2"];
    private static readonly string[] Together = ["dorset/1 hampshire/2"];

    [Fact]
    public void The_same_business_identifier_is_the_same_resource_by_whatever_route_it_came() =>
        Assert.Equal(["dorset/1 hampshire/2 isle-of-wight/3"], Formed("Observation", (Dorset, "1", Identified("x")), (Wight, "3", Identified("x")), (Hampshire, "2", Identified("x"))));

    [Fact]
    public void Within_one_source_too() =>
        Assert.Equal(["dorset/1 dorset/2"], Formed("Observation", (Dorset, "1", Identified("x")), (Dorset, "2", Identified("x"))));

    [Fact]
    public void Another_type_another_system_another_value_or_none_are_apart()
    {
        Assert.Equal(Apart, Formed("Observation", (Dorset, "1", Identified("x")), (Hampshire, "2", Identified("y"))));
        Assert.Equal(Apart, Formed("Observation", (Dorset, "1", Identified("x")), (Hampshire, "2", Identified("X"))));
        Assert.Equal(Apart, Formed("Observation", (Dorset, "1", Identified("x")), (Hampshire, "2", Identified("x", "https://example.org/other"))));
        Assert.Equal(Apart, Formed("Observation", (Dorset, "1", "'identifier':[{'value':'x'}]"), (Hampshire, "2", "'identifier':[{'value':'x'}]")));
        Assert.Equal(Apart, Formed("Observation", (Dorset, "1", ""), (Hampshire, "2", "")));
        var diary = Diary.Of(Of(Dorset, "Observation", "1", 1, Identified("x")), Of(Hampshire, "Condition", "2", 1, Identified("x")));
        Assert.Equal(2, diary.Record.All.Length);
    }

    [Fact]
    public void The_same_id_of_two_sources_means_nothing() =>
        Assert.Equal(["dorset/1", "hampshire/1"], Formed("Observation", (Dorset, "1", Coded("c")), (Hampshire, "1", Coded("c"))));

    [Theory]
    [InlineData("Observation", "https://fhir.nhs.uk/Id/nhs-number", null, false)]
    [InlineData("Observation", "http://fhir.nhs.net/Id/nhs-number", null, false)]
    [InlineData("Practitioner", "https://fhir.nhs.uk/Id/nhs-number", null, false)]
    [InlineData("Observation", "https://example.org/orders", "PLAC", false)]
    [InlineData("Observation", "https://example.org/orders", "PGN", false)]
    [InlineData("ServiceRequest", "https://example.org/orders", "PLAC", true)] // there it names the resource itself
    [InlineData("MedicationRequest", "https://example.org/orders", "PLAC", true)]
    [InlineData("Observation", "https://example.org/results", "FILL", true)]
    [InlineData("DiagnosticReport", "https://example.org/labs", "ACSN", false)] // shared by many results
    [InlineData("ImagingStudy", "https://example.org/labs", "ACSN", true)]
    [InlineData("Practitioner", "https://fhir.nhs.uk/Id/sds-user-id", null, true)]
    [InlineData("Organization", "https://fhir.nhs.uk/Id/ods-organization-code", null, true)]
    [InlineData("Location", "https://fhir.nhs.uk/Id/ods-site-code", null, true)]
    [InlineData("Location", "https://fhir.nhs.uk/Id/ods-organization-code", null, true)]
    [InlineData("HealthcareService", "https://fhir.nhs.uk/Id/ods-organization-code", null, false)]
    [InlineData("Encounter", "https://fhir.nhs.uk/Id/ods-site-code", null, false)]
    public void Only_what_names_the_resource_itself_joins(string type, string system, string? typeCode, bool joins) =>
        Assert.Equal(joins ? Together : Apart, Formed(type, (Dorset, "1", Identified("x", system, typeCode)), (Hampshire, "2", Identified("x", system, typeCode))));

    [Fact]
    public void Two_that_share_one_identifier_and_differ_in_another_stay_apart() =>
        Assert.Equal(Apart, Formed(
            "Observation",
            (Dorset, "1", "'identifier':[{'system':'a','value':'1'},{'system':'b','value':'1'}]"),
            (Hampshire, "2", "'identifier':[{'system':'a','value':'1'},{'system':'b','value':'2'}]")));

    [Fact]
    public void Two_that_share_one_of_several_values_of_a_system_are_together() =>
        Assert.Equal(Together, Formed(
            "Observation",
            (Dorset, "1", "'identifier':[{'system':'a','value':'1'},{'system':'a','value':'2'}]"),
            (Hampshire, "2", "'identifier':[{'system':'a','value':'2'},{'system':'a','value':'3'}]")));

    [Fact]
    public void Different_codes_stay_apart_and_a_shared_one_or_none_does_not()
    {
        Assert.Equal(Apart, Formed("Condition", (Dorset, "1", Identified("x") + "," + Coded("left")), (Hampshire, "2", Identified("x") + "," + Coded("right"))));
        Assert.Equal(Together, Formed("Condition", (Dorset, "1", Identified("x") + "," + Coded("left")), (Hampshire, "2", Identified("x") + "," + Coded("left"))));
        Assert.Equal(Together, Formed("Condition", (Dorset, "1", Identified("x") + "," + Coded("left")), (Hampshire, "2", Identified("x"))));
        Assert.Equal(Together, Formed(
            "Condition",
            (Dorset, "1", Identified("x") + ",'code':{'coding':[{'system':'s','code':'1'},{'system':'s','code':'2'}]}"),
            (Hampshire, "2", Identified("x") + ",'code':{'coding':[{'system':'t','code':'9'},{'system':'s','code':'2'}]}")));
    }

    [Fact]
    public void The_pair_with_more_shared_codings_is_taken_first()
    {
        // Dorset's could be either's; Hampshire's and the Island's differ in b. Hampshire comes first by key, but the Island shares the code.
        const string Either = "'identifier':[{'system':'a','value':'1'}],'code':{'coding':[{'system':'s','code':'1'}]}";
        var formed = Formed(
            "Condition", (Dorset, "1", Either),
            (Hampshire, "2", "'identifier':[{'system':'a','value':'1'},{'system':'b','value':'1'}]"),
            (Wight, "3", "'identifier':[{'system':'a','value':'1'},{'system':'b','value':'2'}],'code':{'coding':[{'system':'s','code':'1'}]}"));
        Assert.Equal(["dorset/1 isle-of-wight/3", "hampshire/2"], formed);
    }

    [Fact]
    public void A_chain_of_three_is_one_cluster_and_splits_when_the_middle_is_withdrawn()
    {
        var diary = Diary.Of(
            Of(Dorset, "Observation", "1", 1, "'identifier':[{'system':'a','value':'1'}]"),
            Of(Hampshire, "Observation", "2", 1, "'identifier':[{'system':'a','value':'1'},{'system':'b','value':'1'}]"),
            Of(Wight, "Observation", "3", 1, "'identifier':[{'system':'b','value':'1'}]"));
        Assert.Equal(["dorset/1 hampshire/2 isle-of-wight/3"], diary.Clusters("Observation"));

        diary.Push(Gone(Hampshire, "Observation", "2", 2));
        Assert.Equal(["dorset/1", "isle-of-wight/3"], diary.Clusters("Observation"));

        diary.Push(Of(Hampshire, "Observation", "2", 3, "'identifier':[{'system':'b','value':'1'}]"));
        Assert.Equal(["dorset/1", "hampshire/2 isle-of-wight/3"], diary.Clusters("Observation"));
    }

    [Fact]
    public void An_identifier_on_more_than_four_entries_of_one_source_names_none_of_them()
    {
        Fragment Crowd(int id, int day = 1) => Of(Dorset, "Observation", $"{id}", day, Identified("x"));
        var diary = Diary.Of([Of(Hampshire, "Observation", "9", 1, Identified("x")), .. Enumerable.Range(1, 4).Select(i => Crowd(i))]);
        Assert.Equal(["dorset/1 dorset/2 dorset/3 dorset/4 hampshire/9"], diary.Clusters("Observation"));

        diary.Push(Crowd(5));
        Assert.Equal(["dorset/1", "dorset/2", "dorset/3", "dorset/4", "dorset/5", "hampshire/9"], diary.Clusters("Observation"));

        diary.Push(Gone(Dorset, "Observation", "2", 2));
        Assert.Equal(["dorset/1 dorset/3 dorset/4 dorset/5 hampshire/9"], diary.Clusters("Observation"));

        diary.Push(Crowd(2, day: 3));
        diary.Push(Of(Dorset, "Observation", "1", 3, Identified("y")));
        Assert.Equal(["dorset/1", "dorset/2 dorset/3 dorset/4 dorset/5 hampshire/9"], diary.Clusters("Observation"));
    }

    [Fact]
    public void Around_that_number_too_the_order_does_not_count() =>
        FragmentSets.ArrangedOf(FragmentSets.Crowded).Sample(
            (set, one, other) =>
            {
                var (left, right) = (new Diary(), new Diary());
                foreach (var push in one)
                    left.Push(push);
                foreach (var push in other)
                    right.Push(push);
                Assert.Equal(Diary.Of(set).Clusters("Observation"), left.Clusters("Observation"));
                Assert.Equal(Diary.Masked(left.Record), Diary.Masked(right.Record));
            },
            iter: 300,
            print: FragmentSets.Text);

    [Fact]
    public void All_Patients_of_a_record_are_one_whatever_they_say()
    {
        var diary = Diary.Of(Of(Wight, "Patient", "3", 1, Identified("x") + ",'gender':'male'"));
        diary.Push(Of(Dorset, "Patient", "1", 2, Identified("y") + ",'gender':'female'"), Of(Dorset, "Patient", "2", 2));
        Assert.Equal(["dorset/1 dorset/2 isle-of-wight/3"], diary.Clusters("Patient"));
        Assert.Equal($"{Person}", $"{diary.Record.Patient!.Id}");

        diary.Push(Gone(Dorset, "Patient", "1", 3), Gone(Wight, "Patient", "3", 3));
        Assert.Equal(["dorset/2"], diary.Clusters("Patient"));

        diary.Push(Gone(Dorset, "Patient", "2", 3));
        Assert.Null(diary.Record.Patient);
    }

    [Fact]
    public void A_cluster_is_shown_in_the_words_of_the_latest_recorded_and_of_the_smallest_key_among_equals()
    {
        var diary = Diary.Of(Of(Dorset, "Observation", "1", 5, Identified("x")), Of(Hampshire, "Observation", "2", 5, Identified("x")));
        Assert.Equal(Dorset, Shown(diary));
        diary.Push(Of(Wight, "Observation", "3", 6, Identified("x")));
        Assert.Equal(Wight, Shown(diary));
        // Its own word about itself comes before the Bundle's.
        diary.Push(Of(Hampshire, "Observation", "2", 7, Identified("x") + ",'issued':'2020-01-01T00:00:00Z'"));
        Assert.Equal(Wight, Shown(diary));
        diary.Push(Of(Dorset, "Observation", "1", 8, Identified("x") + ",'issued':'2025-02-01T00:00:00Z'"));
        Assert.Equal(Dorset, Shown(diary));

        static string Shown(Diary diary) => diary.Of(Dorset, "Observation", "1")!.Shown!.Key.Source;
    }

    [Fact]
    public void Whose_time_is_only_our_arrival_is_shown_last()
    {
        var diary = Diary.Of(Of(Dorset, "Observation", "1", null, Identified("x")), Of(Hampshire, "Observation", "2", 1, Identified("x")));
        Assert.Equal(Hampshire, diary.Of(Dorset, "Observation", "1")!.Shown!.Key.Source);
    }

    [Fact]
    public void Of_Patients_the_one_whose_NHS_number_is_verified_comes_first()
    {
        const string Verified = """
            'identifier':[{'extension':[{'url':'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus',
            'valueCodeableConcept':{'coding':[{'code':'number-present-and-verified'}]}}],'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9990000018'}]
            """;
        var diary = Diary.Of(Of(Wight, "Patient", "3", 1, Verified), Of(Dorset, "Patient", "1", 9));
        Assert.Equal(Wight, diary.Record.Patient!.Shown!.Key.Source);
    }

    [Fact]
    public void Every_member_is_a_contributor_with_what_it_calls_the_resource_and_since_when_it_says_so()
    {
        var diary = Diary.Of(
            Of(Wight, "Observation", "w", null, Identified("x")),
            Of(Dorset, "Observation", "d", 1, Identified("x")),
            Of(Hampshire, "Observation", "h", 2, "'meta':{'lastUpdated':'2025-06-01T13:00:00.1239+01:00'}," + Identified("x")));
        var extensions = Json(diary.Of(Dorset, "Observation", "d")!).GetProperty("meta").GetProperty("extension");
        const string Url = "https://fhir.wessexcarerecords.org.uk/StructureDefinition/contributor";
        Assert.True(JsonValues.Same(Text(Said.Json($$"""
            [{'url':'{{Url}}','extension':[{'url':'source','valueCode':'dorset'},{'url':'reference','valueString':'Observation/d'},{'url':'recorded','valueInstant':'{{Instant(Day(1))}}'}]},
             {'url':'{{Url}}','extension':[{'url':'source','valueCode':'hampshire'},{'url':'reference','valueString':'Observation/h'},{'url':'recorded','valueInstant':'2025-06-01T12:00:00.123Z'}]},
             {'url':'{{Url}}','extension':[{'url':'source','valueCode':'isle-of-wight'},{'url':'reference','valueString':'Observation/w'}]}]
            """)), extensions.GetRawText()), extensions.GetRawText());
    }

    [Fact]
    public void Recorded_is_since_when_the_same_words_are_said_without_a_break()
    {
        var diary = new Diary();
        Fragment Words(string value, int? day) => Of(Dorset, "Observation", "1", day, $"'valueString':'{value}'");
        diary.Push(Words("a", 4));
        Assert.Equal(Day(4), Recorded());
        diary.Push(Words("a", 2));
        Assert.Equal(Day(2), Recorded());
        diary.Push(Words("b", 3));
        Assert.Equal(Day(4), Recorded());
        diary.Push(Words("a", 9));
        Assert.Equal(Day(4), Recorded());
        diary.Push(Words("c", null));
        Assert.Null(Recorded());

        DateTimeOffset? Recorded() => diary.Record.Entry(new EntryKey(Dorset, "Observation", "1"))!.Recorded;
    }

    [Fact]
    public void Security_labels_are_those_of_all_members_the_shown_ones_own_first_and_as_they_are()
    {
        const string Own = "{'system':'s','code':'V','display':'own'}";
        var diary = Diary.Of(
            Of(Dorset, "Observation", "1", 9, $"'meta':{{'security':[{Own}]}}," + Identified("x")),
            Of(Hampshire, "Observation", "2", 1, "'meta':{'security':[{'system':'s','code':'V'},{'system':'s','code':'R'},{'code':'R'}]}," + Identified("x")),
            Of(Wight, "Observation", "3", 1, "'meta':{'security':[{'system':'a','code':'Z'},{'system':'s','code':'R'}]}," + Identified("x")));
        Assert.Equal(
            Text(Said.Json($"[{Own},{{'code':'R'}},{{'system':'a','code':'Z'}},{{'system':'s','code':'R'}}]")),
            Json(diary.Of(Dorset, "Observation", "1")!).GetProperty("meta").GetProperty("security").GetRawText());

        diary.Push(Gone(Dorset, "Observation", "1", 10), Gone(Wight, "Observation", "3", 10));
        Assert.Equal(3, Json(diary.Of(Hampshire, "Observation", "2")!).GetProperty("meta").GetProperty("security").GetArrayLength());
    }

    private static string[] Formed(string type, params (string Source, string Id, string More)[] entries) =>
        Diary.Of([.. entries.Select(e => Of(e.Source, type, e.Id, 1, e.More))]).Clusters(type);

    private static JsonElement Json(MergedResource resource) => JsonSerializer.Deserialize<JsonElement>(resource.Resource.Span);
}
