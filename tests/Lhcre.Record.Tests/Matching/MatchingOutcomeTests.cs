using static Lhcre.Record.Tests.Said;

namespace Lhcre.Record.Tests;

/// <summary>CLINICAL.md, rule 3: from pairs to clusters, with one outcome in every order of arrival.</summary>
public class MatchingOutcomeTests
{
    private const string Asthma = "'code':{'coding':[{'system':'http://snomed.info/sct','code':'195967001'}]}";

    private static readonly string[] Joined = ["dorset/1 hampshire/2"];

    [Fact]
    public void Repeats_of_one_source_are_its_own()
    {
        const string Weight = "'code':{'coding':[{'system':'http://loinc.org','code':'29463-7'}]},'effectiveDateTime':'2024-05-12','valueString':'a'";
        var diary = Arrivals.Told(Of(Dorset, "Observation", "1", 1, Weight), Of(Dorset, "Observation", "2", 1, Weight), Of(Hampshire, "Observation", "3", 1, Weight));

        Assert.Equal(["dorset/1 hampshire/3", "dorset/2"], diary.Clusters("Observation"));
        Assert.Equal(Tie.PossibleDuplicate, Between(diary, "Observation", (Dorset, "2"), (Hampshire, "3")));
    }

    [Fact]
    public void Unless_a_business_identifier_joins_them()
    {
        var diary = Arrivals.Told(Asthmatic(Dorset, "1", "2024-05-12", Identified("x")), Asthmatic(Dorset, "2", "2024-05-12", Identified("x")), Asthmatic(Hampshire, "3", "2024-05-12"));

        Assert.Equal(["dorset/1 dorset/2 hampshire/3"], diary.Clusters("Condition"));
    }

    [Fact]
    public void Two_values_of_one_identifier_system_are_two_things()
    {
        var diary = Arrivals.Told(Asthmatic(Dorset, "1", "2024-05-12", Identified("x")), Asthmatic(Hampshire, "2", "2024-05-12", Identified("y")));

        Assert.NotEqual(Tie.Joined, Between(diary, "Condition", (Dorset, "1"), (Hampshire, "2")));
    }

    [Fact]
    public void One_identifier_and_two_codes_is_a_possible_duplicate()
    {
        var diary = Arrivals.Told(Of(Dorset, "Condition", "1", 1, Identified("x") + "," + Coded("left")), Of(Hampshire, "Condition", "2", 1, Identified("x") + "," + Coded("right")));

        Assert.Equal(Tie.PossibleDuplicate, Between(diary, "Condition", (Dorset, "1"), (Hampshire, "2")));
    }

    [Fact]
    public void A_coarse_date_that_fits_two_joins_neither_and_is_marked_with_both()
    {
        var diary = Arrivals.Told(Asthmatic(Dorset, "1", "2024-05-12"), Asthmatic(Hampshire, "2", "2024-06-20"), Asthmatic(Wight, "3", "2024"));

        Assert.Equal(["dorset/1", "hampshire/2", "isle-of-wight/3"], diary.Clusters("Condition"));
        Assert.Equal(Tie.PossibleDuplicate, Between(diary, "Condition", (Dorset, "1"), (Wight, "3")));
        Assert.Equal(Tie.PossibleDuplicate, Between(diary, "Condition", (Hampshire, "2"), (Wight, "3")));
        Assert.Equal(Tie.Apart, Between(diary, "Condition", (Dorset, "1"), (Hampshire, "2")));
    }

    [Fact]
    public void A_coarse_date_joins_the_one_cluster_that_fits_as_long_as_there_is_one()
    {
        Fragment[] both = [Asthmatic(Dorset, "1", "2024-05-12"), Asthmatic(Hampshire, "2", "2024")];
        Assert.Equal(Joined, Arrivals.Told(both).Clusters("Condition"));

        var second = Asthmatic(Dorset, "3", "2024-09-01");
        Assert.Equal(["dorset/1", "dorset/3", "hampshire/2"], Arrivals.Told([.. both, second]).Clusters("Condition"));
        Assert.Equal(Joined, Arrivals.Told([.. both, second, Gone(Dorset, "Condition", "3", 2)]).Clusters("Condition"));
    }

    [Fact]
    public void The_finer_date_is_taken_first()
    {
        // The Island's two could each be Dorset's: the one of the same day is, and the month is left with nobody else.
        var diary = Arrivals.Told(Asthmatic(Dorset, "1", "2024-05-12"), Asthmatic(Wight, "a-month", "2024-05"), Asthmatic(Wight, "day", "2024-05-12"));

        Assert.Equal(["dorset/1 isle-of-wight/day", "isle-of-wight/a-month"], diary.Clusters("Condition"));
    }

    [Fact]
    public void Of_three_statements_those_that_agree_are_one_and_the_other_is_tied_to_them()
    {
        var diary = Arrivals.Told(Asthmatic(Dorset, "1", "2024-05-12", Status("active")), Asthmatic(Hampshire, "2", "2024-05-12", Status("resolved")), Asthmatic(Wight, "3", "2024-05-12", Status("active")));

        Assert.Equal(["dorset/1 isle-of-wight/3", "hampshire/2"], diary.Clusters("Condition"));
        Assert.Equal(Tie.Conflict, Between(diary, "Condition", (Dorset, "1"), (Hampshire, "2")));
        var (code, implicated) = Assert.Single(Merged.Conflicts(diary));
        Assert.Equal(("contested", 2), (code, implicated.Length));
    }

    [Fact]
    public void Three_statements_that_all_differ_are_three_and_any_two_of_them_are_tied()
    {
        var diary = Arrivals.Told(Asthmatic(Dorset, "1", "2024-05-12", Status("active")), Asthmatic(Hampshire, "2", "2024-05-12", Status("resolved")), Asthmatic(Wight, "3", "2024-05-12", Status("remission")));

        Assert.Equal(Tie.Conflict, Between(diary, "Condition", (Dorset, "1"), (Hampshire, "2")));
        Assert.Equal(Tie.Conflict, Between(diary, "Condition", (Dorset, "1"), (Wight, "3")));
        Assert.Equal(Tie.Conflict, Between(diary, "Condition", (Hampshire, "2"), (Wight, "3")));
    }

    [Fact]
    public void A_conflict_ends_when_the_sources_agree_again()
    {
        var diary = Arrivals.Told(
            Asthmatic(Dorset, "1", "2024-05-12", Status("active")), Asthmatic(Hampshire, "2", "2024-05-12", Status("resolved")),
            Of(Dorset, "Condition", "1", 2, $"{Asthma},'onsetDateTime':'2024-05-12',{Status("resolved")}"));

        Assert.Equal(Joined, diary.Clusters("Condition"));
        Assert.Empty(Merged.Conflicts(diary));
    }

    [Fact]
    public void What_one_withdraws_stays_with_those_who_say_it_and_says_who()
    {
        var diary = Arrivals.Told(Asthmatic(Dorset, "1", "2024-05-12"), Asthmatic(Hampshire, "2", "2024-05-12"), Gone(Dorset, "Condition", "1", 2));

        Assert.Equal(["hampshire/2"], diary.Clusters("Condition"));
        Assert.DoesNotContain("\"valueCode\":\"dorset\"", Text(diary.Of(Hampshire, "Condition", "2")!.Resource));
    }

    [Fact]
    public void What_its_originator_took_back_and_another_route_still_says_is_a_conflict()
    {
        const string InError = "'verificationStatus':{'coding':[{'code':'entered-in-error'}]}";
        var diary = Arrivals.Told(
            Asthmatic(Dorset, "1", "2024-05-12", Identified("x")), Asthmatic(Hampshire, "2", "2024-05-12", Identified("x")),
            Of(Dorset, "Condition", "1", 2, $"{Identified("x")},{Asthma},{InError}"));

        Assert.Equal(Tie.Conflict, Between(diary, "Condition", (Dorset, "1"), (Hampshire, "2")));
        Assert.Single(Merged.Conflicts(diary));
    }

    [Fact]
    public void What_its_originator_deleted_and_another_route_still_says_is_a_conflict()
    {
        var diary = Arrivals.Told(
            Asthmatic(Dorset, "1", "2024-05-12", Identified("x")), Asthmatic(Hampshire, "2", "2024-05-12", Identified("x")), Gone(Dorset, "Condition", "1", 2));

        var (code, implicated) = Assert.Single(Merged.Conflicts(diary));
        Assert.Equal("withdrawn", code);
        Assert.Contains(Merged.Reference(diary.Of(Hampshire, "Condition", "2")!), implicated);
    }

    [Theory]
    [InlineData("'verificationStatus':{'coding':[{'code':'refuted'}]}")]
    [InlineData("'clinicalStatus':{'coding':[{'code':'inactive'}]}")]
    [InlineData("'clinicalStatus':{'coding':[{'code':'resolved'}]}")]
    public void An_allergy_that_was_taken_off_is_shown_beside_the_one_that_is_active(string taken)
    {
        const string Penicillin = "'code':{'coding':[{'system':'http://snomed.info/sct','code':'91936005'}]}";
        var diary = Arrivals.Told(
            Of(Dorset, "AllergyIntolerance", "1", 1, $"{Penicillin},'clinicalStatus':{{'coding':[{{'code':'active'}}]}},'verificationStatus':{{'coding':[{{'code':'confirmed'}}]}}"),
            Of(Hampshire, "AllergyIntolerance", "2", 9, $"{Penicillin},{taken}"));

        Assert.Equal(Tie.Conflict, Between(diary, "AllergyIntolerance", (Dorset, "1"), (Hampshire, "2")));
        Assert.Contains(Text(Said.Json(taken)), Text(diary.Of(Hampshire, "AllergyIntolerance", "2")!.Resource));
    }

    private static Fragment Asthmatic(string source, string id, string onset, string more = "") =>
        Of(source, "Condition", id, 1, $"{Asthma},'onsetDateTime':'{onset}'{(more.Length > 0 ? "," + more : "")}");

    private static string Status(string code) => $"'clinicalStatus':{{'coding':[{{'code':'{code}'}}]}}";

    private static Tie Between(Diary diary, string type, (string Source, string Id) left, (string Source, string Id) right) =>
        Merged.Of(diary, new EntryKey(left.Source, type, left.Id), new EntryKey(right.Source, type, right.Id));
}
