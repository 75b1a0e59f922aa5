using static Lhcre.Record.FragmentOutcome;
using static Lhcre.Record.Tests.Said;

namespace Lhcre.Record.Tests;

public class MergeAcceptTests
{
    private static readonly EntryKey Key = new(Dorset, "Observation", "1");

    [Fact]
    public void What_a_source_says_first_is_created() => Assert.Equal<FragmentOutcome>([Created], new Diary().Push(Words("a", 1)).Outcomes);

    /// <summary>What comes upon a live declared day 5 that says a: which outcome, whose words then, and whether a row is written.</summary>
    [Theory]
    [InlineData("b", 6, Updated, "b", true)]
    [InlineData("b", 4, Superseded, "a", true)] // history, not shown
    [InlineData("a", 5, Unchanged, "a", false)]
    [InlineData("a", 6, Unchanged, "a", true)] // a version that must outrank what else may come
    [InlineData("a", 4, Superseded, "a", true)]
    [InlineData("b", null, Updated, "b", true)]
    [InlineData("a", null, Unchanged, "a", false)]
    [InlineData(null, 6, Withdrawn, null, true)]
    [InlineData(null, 4, Superseded, "a", true)]
    [InlineData(null, null, Withdrawn, null, true)]
    public void Upon_a_live_version(string? words, int? day, FragmentOutcome outcome, string? shown, bool isJournalled) =>
        AssertOutcome(Diary.Of(Words("a", 5)), words, day, outcome, shown, isJournalled);

    /// <summary>What comes upon a withdrawal on day 5 of a, said on day 3.</summary>
    [Theory]
    [InlineData("b", 6, Created, "b", true)]
    [InlineData("a", 6, Created, "a", true)]
    [InlineData("b", 4, Superseded, null, true)]
    [InlineData("a", 3, Unchanged, null, false)]
    [InlineData("a", null, Created, "a", true)]
    [InlineData(null, 5, Unchanged, null, false)]
    [InlineData(null, 6, Unchanged, null, true)]
    [InlineData(null, 4, Superseded, null, true)]
    [InlineData(null, null, Unchanged, null, false)]
    public void Upon_a_withdrawal(string? words, int? day, FragmentOutcome outcome, string? shown, bool isJournalled) =>
        AssertOutcome(Diary.Of(Words("a", 3), Gone(Dorset, "Observation", "1", 5)), words, day, outcome, shown, isJournalled);

    [Theory]
    [InlineData(null, Unchanged, false)]
    [InlineData(5, Unchanged, true)] // it may come before what it withdraws
    public void A_withdrawal_of_what_nobody_said(int? day, FragmentOutcome outcome, bool isJournalled) =>
        AssertOutcome(new Diary(), null, day, outcome, null, isJournalled);

    [Fact]
    public void A_declared_withdrawal_before_its_statement_withdraws_it_all_the_same()
    {
        var diary = Diary.Of(Gone(Dorset, "Observation", "1", 5));
        Assert.Equal<FragmentOutcome>([Superseded], diary.Push(Words("a", 4)).Outcomes);
        Assert.Null(Shown(diary));
        Assert.Equal<FragmentOutcome>([Created], diary.Push(Words("a", 6)).Outcomes);
        Assert.Equal("a", Shown(diary));
    }

    [Fact]
    public void The_same_words_with_a_higher_declared_version_are_silent_and_yet_outrank()
    {
        var diary = Diary.Of(Words("a", 5));
        var before = Diary.Served(diary.Record);
        diary.Push(Words("a", 9));
        Assert.Equal(before, Diary.Served(diary.Record));
        Assert.Equal((2, 1), (diary.Record.Seq, diary.Record.Version));

        Assert.Equal<FragmentOutcome>([Superseded], diary.Push(Words("b", 7)).Outcomes);
        Assert.Equal("a", Shown(diary));
    }

    [Fact]
    public void A_repetition_of_an_old_declared_version_changes_nothing()
    {
        var diary = Diary.Of(Words("a", 1), Words("b", 2), Words("c", 3));
        var record = diary.Record;
        Assert.Equal<FragmentOutcome>([Unchanged, Unchanged], diary.Push(Words("b", 2), Words("a", 1)).Outcomes);
        Assert.Same(record, diary.Record);
    }

    [Fact]
    public void A_PUT_without_a_version_stands_just_above_what_it_replaces()
    {
        var diary = Diary.Of(Words("a", 5));
        diary.Push(Words("b", null, StampRule.AboveLive));
        Assert.Equal((Day(5).AddTicks(1), false), (Version(diary).Time, Version(diary).IsDeclared));
        // What the source itself dates later is later.
        Assert.Equal<FragmentOutcome>([Updated], diary.Push(Words("c", 6)).Outcomes);
        Assert.Equal("c", Shown(diary));
    }

    [Fact]
    public void A_DELETE_without_a_version_stands_just_above_what_it_withdraws()
    {
        var diary = Diary.Of(Words("a", 5));
        diary.Push(Gone(Dorset, "Observation", "1"));
        Assert.Equal(Day(5).AddTicks(1), Version(diary).Time);
        Assert.Equal<FragmentOutcome>([Created], diary.Push(Words("b", 6)).Outcomes);
    }

    [Theory]
    [InlineData(StampRule.Arrival)]
    [InlineData(StampRule.AboveLive)]
    public void What_is_new_and_has_no_version_gets_its_arrival(StampRule rule)
    {
        var diary = Diary.Of(Words("a", null, rule));
        Assert.Equal((Diary.At(1), false), (Version(diary).Time, Version(diary).IsDeclared));
    }

    [Fact]
    public void An_arrival_is_never_below_what_the_source_said_already()
    {
        // Our clock may be behind the source's.
        var ahead = Diary.At(9).AddHours(3);
        var diary = Diary.Of(Fragment.Stated(Dorset, Json("{'resourceType':'Observation','id':'1','valueString':'a'}"), time: ahead));
        Assert.Equal<FragmentOutcome>([Updated], diary.Push(Words("b", null)).Outcomes);
        Assert.Equal(ahead.AddTicks(1), Version(diary).Time);
        Assert.Equal("b", Shown(diary));
    }

    [Fact]
    public void A_push_is_taken_in_its_order_the_same_key_twice_included()
    {
        var diary = new Diary();
        Assert.Equal<FragmentOutcome>([Created, Updated, Withdrawn, Unchanged, Created], diary.Push(
            Words("a", null), Words("b", null), Gone(Dorset, "Observation", "1"), Gone(Dorset, "Observation", "1"), Words("c", null)).Outcomes);
        Assert.Equal("c", Shown(diary));
        Assert.Equal(4, diary.Rows[0].Fragments.Count);
        Assert.Equal(Diary.Served(diary.Record), Diary.Served(diary.Replayed()));
    }

    [Fact]
    public void Of_one_push_the_highest_declared_version_lives_wherever_it_stands()
    {
        var diary = new Diary();
        Assert.Equal<FragmentOutcome>([Created, Updated, Superseded], diary.Push(Words("a", 1), Words("c", 3), Words("b", 2)).Outcomes);
        Assert.Equal("c", Shown(diary));
        Assert.Equal(3, diary.Record.Entry(Key)!.Versions.Length);
    }

    [Fact]
    public void What_moved_to_another_person_leaves_and_may_come_back()
    {
        var diary = Diary.Of(Words("a", 1));
        Assert.Equal<FragmentOutcome>([Withdrawn], diary.Push(Fragment.Moved(Key, Words("b", 2).Version)).Outcomes);
        Assert.Null(Shown(diary));
        Assert.Equal<FragmentOutcome>([Superseded], diary.Push(Words("b", 2)).Outcomes);
        Assert.Null(Shown(diary));
        Assert.Equal<FragmentOutcome>([Created], diary.Push(Words("c", 3)).Outcomes);
    }

    [Fact]
    public void A_move_outranks_the_very_version_that_moved()
    {
        var diary = Diary.Of(Words("a", 1));
        Assert.Equal<FragmentOutcome>([Withdrawn], diary.Push(Fragment.Moved(Key, Words("a", 1).Version)).Outcomes);
        Assert.Null(Shown(diary));
    }

    [Fact]
    public void A_move_that_yields_leaves_the_very_version_that_moved_and_nothing_below_it()
    {
        var diary = Diary.Of(Words("a", 1));
        Assert.Equal<FragmentOutcome>([Withdrawn], diary.Push(Fragment.Moved(Key, Words("b", 2).Version, yields: true)).Outcomes);
        Assert.Null(Shown(diary));
        Assert.Equal<FragmentOutcome>([Created], diary.Push(Words("b", 2)).Outcomes);
        Assert.Equal("b", Shown(diary));
    }

    [Fact]
    public void Accepting_does_not_change_the_record()
    {
        var diary = Diary.Of(Words("a", 1));
        var before = Diary.Served(diary.Record);
        Assert.Equal<FragmentOutcome>([Updated], Merge.Accept(diary.Record, [Words("b", 2)], Diary.At(2)).Outcomes);
        Assert.Equal(before, Diary.Served(diary.Record));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Only_the_next_row_can_be_applied(long seq)
    {
        var diary = Diary.Of(Words("a", 1));
        Assert.Throws<ArgumentException>(() => Merge.Apply(diary.Record, diary.Rows[0] with { Seq = seq }));
    }

    private static Fragment Words(string value, int? day, StampRule rule = StampRule.Arrival) =>
        Of(Dorset, "Observation", "1", day, $"'valueString':'{value}'", rule);

    private static void AssertOutcome(Diary diary, string? words, int? day, FragmentOutcome outcome, string? shown, bool isJournalled)
    {
        var acceptance = diary.Push(words is null ? Gone(Dorset, "Observation", "1", day) : Words(words, day));
        Assert.Equal<FragmentOutcome>([outcome], acceptance.Outcomes);
        Assert.Equal(isJournalled, !acceptance.Fragments.IsEmpty);
        Assert.Equal(shown, Shown(diary));
        Assert.All(acceptance.Fragments, fragment => Assert.NotNull(fragment.Version.Time));
    }

    private static string? Shown(Diary diary) =>
        diary.Of(Dorset, "Observation", "1") is { } resource
            ? System.Text.Json.JsonDocument.Parse(resource.Resource).RootElement.GetProperty("valueString").GetString()
            : null;

    private static FragmentVersion Version(Diary diary) => diary.Record.Entry(Key)!.Version;
}
