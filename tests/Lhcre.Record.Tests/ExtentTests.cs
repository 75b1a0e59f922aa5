using System.Text.Json;
using static Lhcre.Record.FragmentOutcome;
using static Lhcre.Record.Tests.Said;

namespace Lhcre.Record.Tests;

/// <summary>What a push that is whole withdraws, and what it does not (decision 0019).</summary>
public class ExtentTests
{
    [Fact]
    public void What_a_whole_push_leaves_out_of_its_types_is_withdrawn_and_counted()
    {
        var diary = Diary.Of(Of(Dorset, "Condition", "kept", 1), Of(Dorset, "Condition", "dropped", 1), Of(Dorset, "AllergyIntolerance", "other", 1));

        var acceptance = diary.Push(Whole(2, "Condition"), Of(Dorset, "Condition", "kept", 1));

        Assert.Equal(1, acceptance.Withdrawn);
        Assert.Equal<FragmentOutcome>([Unchanged], acceptance.Outcomes);
        Assert.Equal(["AllergyIntolerance/other", "Condition/kept"], Live(diary));
    }

    [Fact]
    public void Without_types_it_is_all_of_them_but_never_the_Patient_or_what_is_about_nobody()
    {
        var diary = Diary.Of(
            Of(Dorset, "Patient", "p", 1), Of(Dorset, "Practitioner", "dr", 1), Of(Dorset, "Device", "pump", 1, "'patient':{'reference':'Patient/p'}"),
            Of(Dorset, "Condition", "1", 1), Of(Dorset, "Observation", "1", 1));

        Assert.Equal(2, diary.Push(Whole(2)).Withdrawn);

        Assert.Equal(["Device/pump", "Patient/p", "Practitioner/dr"], Live(diary));
    }

    [Fact]
    public void Another_sources_words_stay()
    {
        var diary = Diary.Of(Of(Dorset, "Condition", "1", 1), Of(Hampshire, "Condition", "1", 1));

        diary.Push(Whole(2));

        Assert.Equal(["Condition/1"], diary.Record.LiveEntriesOf(Hampshire).Select(e => e.Key.Reference));
        Assert.Empty(Live(diary));
    }

    /// <summary>What came on a day before, with or in later versions than an extent of day 5 that does not state it; whichever came first.</summary>
    [Theory]
    [InlineData(4, false)]
    [InlineData(5, false)] // an extent is about everything up to its time
    [InlineData(6, true)]
    public void It_withdraws_what_is_not_later_than_itself_whether_that_came_before_or_comes_late(int day, bool stays)
    {
        var (before, late) = (Diary.Of(Of(Dorset, "Condition", "1", day)), Diary.Of(Of(Dorset, "Patient", "p", 1)));

        before.Push(Whole(5, "Condition"));
        late.Push(Whole(5, "Condition"));
        var outcome = late.Push(Of(Dorset, "Condition", "1", day)).Outcomes[0];

        Assert.Equal(stays, before.Record.Entry(Condition)!.IsLive);
        Assert.Equal((stays, stays ? Created : Superseded), (late.Record.Entry(Condition)!.IsLive, outcome));
    }

    [Fact]
    public void An_older_extent_that_arrives_late_withdraws_nothing_that_was_said_since()
    {
        var diary = Diary.Of(Of(Dorset, "Condition", "1", 5), Of(Dorset, "Condition", "2", 2));

        Assert.Equal(1, diary.Push(Whole(3, "Condition")).Withdrawn);

        Assert.Equal(["Condition/1"], Live(diary));
    }

    // Its source must give it a later version to be heard, and knows that only if it is told.
    [Fact]
    public void What_an_extent_left_out_and_comes_again_in_the_same_version_stays_withdrawn_and_its_source_is_told()
    {
        var diary = Diary.Of(Of(Dorset, "Condition", "1", 1));
        diary.Push(Whole(2));
        var before = diary.Record;

        Assert.Equal<FragmentOutcome>([Superseded], diary.Push(Of(Dorset, "Condition", "1", 1)).Outcomes);
        Assert.Same(before, diary.Record);
        Assert.Equal<FragmentOutcome>([Superseded], diary.Push(Whole(3), Of(Dorset, "Condition", "1", 1)).Outcomes);
        Assert.Empty(Live(diary));
    }

    [Fact]
    public void What_is_stated_again_after_an_extent_is_live_again()
    {
        var diary = Diary.Of(Of(Dorset, "Condition", "1", 1));
        diary.Push(Whole(2));

        Assert.Equal<FragmentOutcome>([Created], diary.Push(Whole(3), Of(Dorset, "Condition", "1", 3)).Outcomes);

        Assert.Equal(["Condition/1"], Live(diary));
    }

    [Fact]
    public void A_version_between_two_extents_is_withdrawn_by_the_second_though_it_comes_last()
    {
        var diary = Diary.Of(Of(Dorset, "Condition", "1", 1));
        diary.Push(Whole(2));
        diary.Push(Whole(6));

        Assert.Equal<FragmentOutcome>([Superseded], diary.Push(Of(Dorset, "Condition", "1", 4)).Outcomes);

        Assert.Empty(Live(diary));
    }

    [Theory]
    [InlineData(StampRule.Arrival)]
    [InlineData(StampRule.AboveLive)]
    public void What_comes_without_a_version_after_an_extent_counts_from_its_arrival(StampRule rule)
    {
        var diary = Diary.Of(Of(Dorset, "Condition", "1", 1));
        diary.Push(Whole(2));
        diary.Push(Of(Dorset, "Condition", "1", rule: rule));
        diary.Push(Of(Dorset, "Condition", "2", rule: rule));

        // Extracted before those came, and late.
        Assert.Equal(0, diary.Push(Whole(3)).Withdrawn);

        Assert.Equal(["Condition/1", "Condition/2"], Live(diary));
    }

    [Fact]
    public void One_without_a_time_withdraws_what_is_live_now_and_nothing_that_comes()
    {
        var diary = Diary.Of(Of(Dorset, "Condition", "1", 4));

        Assert.Equal(1, diary.Push(new SourceExtent(Dorset, null, []), Of(Dorset, "Patient", "p", 1)).Withdrawn);
        Assert.Empty(diary.Record.OfType("Condition").ToArray());
        diary.Push(Of(Dorset, "Condition", "2", 3));

        Assert.Equal(["Condition/2", "Patient/p"], Live(diary));
    }

    [Fact]
    public void Extents_night_after_night_do_not_add_up_in_memory()
    {
        var diary = Diary.Of(Of(Dorset, "Condition", "gone", 1), Of(Dorset, "Condition", "kept", 1));
        for (var night = 2; night < 100; night++)
            diary.Push(Whole(night, "Condition"), Of(Dorset, "Condition", "kept", 1));

        // Its one statement, and the newest extent; of the other none, since each stated it.
        Assert.Equal([1, 2, 1], diary.Record.EntriesOf(Dorset).Select(e => e.Versions.Length));
        Assert.Equal((1, Day(99)), (Live(diary).Length, diary.Record.EntriesOf(Dorset).First().Version.Time));
    }

    [Fact]
    public void A_night_in_which_nothing_changed_is_no_new_version_of_the_record()
    {
        var diary = Diary.Of(Of(Dorset, "Condition", "gone", 1), Of(Dorset, "Condition", "kept", 1));
        diary.Push(Whole(2, "Condition"), Of(Dorset, "Condition", "kept", 1));
        var before = diary.Record;

        diary.Push(Whole(3, "Condition"), Of(Dorset, "Condition", "kept", 1));

        Assert.Equal((before.Version, before.LastUpdated, before.Seq + 1), (diary.Record.Version, diary.Record.LastUpdated, diary.Record.Seq));
        Assert.Equal(Diary.Served(before), Diary.Served(diary.Record));
    }

    [Fact]
    public void What_another_route_still_states_stays_and_is_told_as_a_conflict_and_why()
    {
        var diary = Diary.Of(Of(Dorset, "Condition", "1", 1, Identified("c")), Of(Hampshire, "Condition", "2", 1, Identified("c")));

        diary.Push(Whole(2, "Condition"));

        var shown = diary.Of(Hampshire, "Condition", "2")!;
        Assert.Equal([Hampshire], shown.Members.Select(m => m.Key.Source));
        Assert.Contains(Merged.Conflicts(diary), c => c.Implicated.Contains(Merged.Reference(shown)));
        var explained = JsonSerializer.Deserialize<JsonElement>(ExplanationWriter.Write(diary.Record, "Condition", Id(Dorset, "Condition", "1"), SourceSystems.None)!);
        Assert.Contains("\"not-stated\"", explained.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"~\"", explained.GetRawText(), StringComparison.Ordinal);
    }

    private static EntryKey Condition => new(Dorset, "Condition", "1");

    private static SourceExtent Whole(int day, params string[] types) => new(Dorset, Day(day), [.. types]);

    private static string[] Live(Diary diary) => [.. diary.Record.LiveEntriesOf(Dorset).Select(e => e.Key.Reference)];
}
