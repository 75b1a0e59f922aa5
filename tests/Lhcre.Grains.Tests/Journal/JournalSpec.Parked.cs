using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

public abstract partial class JournalSpec
{
    [Fact]
    public async Task What_is_parked_is_listed_by_source_as_it_was_given()
    {
        await Journal.Park([Parked("x", waitsFor: "o1"), Parked("y"), Parked("z", source: "hampshire")], None);

        var (page, total) = await Journal.Parked(Source, null, 10, None);

        Assert.Equal([Text(Parked("x", waitsFor: "o1")), Text(Parked("y"))], page.Select(Text));
        Assert.Equal(2, total);
        Assert.Equal(0, (await Journal.Parked("isle-of-wight", null, 10, None)).Total);
    }

    [Fact]
    public async Task Parking_the_same_id_again_changes_nothing()
    {
        await Journal.Park([Parked("x")], None);
        await Journal.Park([Parked("x", minute: 5, waitsFor: "o1"), Parked("y", minute: 5)], None);

        Assert.Equal([Text(Parked("x")), Text(Parked("y", minute: 5))], (await Journal.Parked(Source, null, 10, None)).Page.Select(Text));
    }

    [Fact]
    public async Task Pages_go_from_the_oldest_and_by_id_within_a_moment()
    {
        await Journal.Park([Parked("d", 2), Parked("b", 1), Parked("e", 2), Parked("c", 1), Parked("a", 3)], None);

        var seen = new List<string>();
        for (var page = await Page(null); page.Count > 0; page = await Page(page[^1]))
            seen.AddRange(page);

        Assert.Equal(["b", "c", "d", "e", "a"], seen);

        async Task<List<string>> Page(string? after) =>
            [.. (await Journal.Parked(Source, after, 2, None)).Page.Select(parked => parked.Id)];
    }

    [Fact]
    public async Task An_append_parks_what_it_withholds_in_its_own_commit()
    {
        await Journal.Park([Parked("x")], None);

        await Commit(Append(Ann, 1) with { Withholds = [Parked("x", minute: 5), Parked("y", minute: 5), Parked("z", source: "hampshire")] });
        await Commit(Append(Bob, 1) with { Withholds = [] });

        Assert.Equal([Text(Parked("x")), Text(Parked("y", minute: 5))], (await Journal.Parked(Source, null, 10, None)).Page.Select(Text));
        Assert.Equal(1, (await Journal.Parked("hampshire", null, 10, None)).Total);
        Assert.Empty(await Journal.ParkedResolvable(10, None));
    }

    [Fact]
    public async Task What_an_append_withholds_comes_in_the_place_of_what_it_unparks()
    {
        await Commit(Append(Ann, 1) with { Withholds = [Parked("x"), Parked("y")] });

        await Commit(Append(Ann, 2) with { Unparks = ["x", "y"], Withholds = [Parked("x", minute: 5)] });

        Assert.Equal([Text(Parked("x", minute: 5))], (await Journal.Parked(Source, null, 10, None)).Page.Select(Text));
    }

    [Fact]
    public async Task Of_two_activations_with_the_same_row_the_one_that_came_too_late_withholds_nothing()
    {
        await Commit(Append(Ann, 1) with { Withholds = [Parked("x")] });
        await Commit(Append(Ann, 2) with { Unparks = ["x"] });

        await Fence(Append(Ann, 1) with { Withholds = [Parked("x")] });

        Assert.Equal(0, (await Journal.Parked(Source, null, 10, None)).Total);
    }

    [Fact]
    public async Task Unparking_removes_what_it_names_and_unknown_ids_change_nothing()
    {
        await Journal.Park([Parked("a"), Parked("b"), Parked("c")], None);
        await Journal.Unpark(["c", "unknown", "a"], None);
        await Journal.Unpark([], None);

        Assert.Equal(["b"], (await Journal.Parked(Source, null, 10, None)).Page.Select(parked => parked.Id));
    }

    [Fact]
    public async Task What_waits_for_a_key_is_found_by_it_oldest_first()
    {
        await Journal.Park([Parked("late", 9, "o1"), Parked("other", 0, "o2"), Parked("early", 1, "o3"), Parked("stuck")], None);

        var found = await Journal.ParkedFor([Key("o1"), Key("o3"), Key("o9"), Key("o1")], None);

        Assert.Equal([Text(Parked("early", 1, "o3")), Text(Parked("late", 9, "o1"))], found.Select(Text));
        Assert.Empty(await Journal.ParkedFor([], None));
    }

    [Fact]
    public async Task What_waits_for_a_key_that_has_a_patient_by_now_is_resolvable_oldest_first()
    {
        await Journal.Park([Parked("c", 3, "o1"), Parked("a", 1, "o1"), Parked("b", 2, "o2"), Parked("waiting", 0, "o9"), Parked("stuck")], None);
        Assert.Empty(await Journal.ParkedResolvable(10, None));

        await Commit(Append(Ann, 1) with { Index = [At("o1", 1)] });
        await Commit(Append(Bob, 1) with { Index = [At("o2", 1)] });

        Assert.Equal(["a", "b", "c"], (await Journal.ParkedResolvable(10, None)).Select(parked => parked.Id));
        Assert.Equal(["a", "b"], (await Journal.ParkedResolvable(2, None)).Select(parked => parked.Id));
    }

    [Fact]
    public async Task The_first_answer_of_a_push_stays()
    {
        await Journal.KeepAnswer(Push("1"), Answer("first", location: "Patient/1"), Noon, None);
        await Journal.KeepAnswer(Push("1"), Answer("second"), Noon, None);
        await Journal.KeepAnswer(Push("2"), Answer(""), Noon, None);

        Assert.Equal(Text(Answer("first", location: "Patient/1")), Text(await Journal.FindAnswer(Push("1"), Noon, None)));
        Assert.Equal(Text(Answer("")), Text(await Journal.FindAnswer(Push("2"), Noon, None)));
        Assert.Null(await Journal.FindAnswer(Push("3"), Noon, None));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task An_answer_is_found_if_it_was_kept_at_or_after_a_time(int seconds, bool found)
    {
        await Journal.KeepAnswer(Push("1"), Answer("{}"), Noon, None);

        Assert.Equal(found, await Journal.FindAnswer(Push("1"), Noon.AddSeconds(seconds), None) is not null);
    }

    [Fact]
    public async Task An_answer_from_before_the_given_time_gives_way_to_a_new_one()
    {
        await Journal.KeepAnswer(Push("1"), Answer("old", minute: 0), Noon, None);
        await Journal.KeepAnswer(Push("1"), Answer("new", minute: 10), Noon.AddMinutes(5), None);

        Assert.Equal(Text(Answer("new", minute: 10)), Text(await Journal.FindAnswer(Push("1"), Noon.AddMinutes(5), None)));
    }

    [Fact]
    public async Task Keeping_an_answer_forgets_none_that_is_young_enough()
    {
        for (var minute = 0; minute < 40; minute++)
            await Journal.KeepAnswer(Push($"{minute}"), Answer("{}", minute), Noon.AddMinutes(minute - 5), None);

        for (var minute = 34; minute < 40; minute++)
            Assert.NotNull(await Journal.FindAnswer(Push($"{minute}"), Noon.AddMinutes(34), None));
    }
}
