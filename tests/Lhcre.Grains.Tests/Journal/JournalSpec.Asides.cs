using Lhcre.Grains.Journal;
using Lhcre.Record;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

public abstract partial class JournalSpec
{
    /// <summary>What is asked for, of what is set aside in <see cref="Filtered"/>, and what that is.</summary>
    public static TheoryData<string, AsideQuery, string> Filters => new()
    {
        { "all that is not discarded", Query, "p1 p2 l1 p3 l2" },
        { "what is discarded", Query with { IsDiscarded = true }, "p0 l0" },
        { "by code", Query with { Code = "LHC200" }, "p1 p2 p3" },
        { "by a code that nothing has", Query with { Code = "LHC999" }, "" },
        { "by the type of a resource", Query with { Type = "Patient" }, "p2" },
        { "by the type of a message", Query with { Type = "ADT^A01" }, "l1" },
        { "since, itself among them", Query with { Since = Noon.AddMinutes(3) }, "l1 p3 l2" },
        { "before, itself not among them", Query with { Before = Noon.AddMinutes(3) }, "p1 p2" },
        { "parked ones", Query with { IsRefused = false }, "p1 p2 p3" },
        { "refused ones", Query with { IsRefused = true }, "l1 l2" },
        { "refused ones that are discarded", Query with { IsRefused = true, IsDiscarded = true }, "l0" },
        { "behind one", Query with { After = new AsidePlace(Noon.AddMinutes(3), Letter("l1").Id) }, "p3 l2" },
        { "behind one that is gone", Query with { After = new AsidePlace(Noon.AddMinutes(2), "gone") }, "p2 l1 p3 l2" },
        { "some of them", Query with { Limit = 2, After = new AsidePlace(Noon.AddMinutes(1), "p1") }, "p2 l1" },
        { "all at once", Query with { Code = "LHC200", Type = "Observation", Since = Noon, Before = Noon.AddMinutes(4), IsRefused = false }, "p1" },
        { "of another source", new AsideQuery("hampshire"), "other" },
    };

    private static AsideQuery Query => new(Source);

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task What_is_set_aside_is_asked_for_by_what_it_is(string because, AsideQuery query, string expected)
    {
        await Filtered();

        var (items, totals) = await Journal.Asides(query, None);

        Assert.True(expected == string.Join(' ', items.Select(Name)), because);
        if (query is { After: null, Limit: 100, Code: null })
            Assert.Equal(items.GroupBy(item => item.Code).OrderBy(code => code.Key).Select(code => $"{code.Key} {code.Count()}"), totals.Select(code => $"{code.Key} {code.Value}"));
    }

    [Fact]
    public async Task Totals_are_of_every_code_whatever_page_of_which_code_is_asked_for()
    {
        await Filtered();

        var (items, totals) = await Journal.Asides(Query with { Code = "LHC200", Limit = 1, After = new AsidePlace(Noon.AddMinutes(1), "p1") }, None);

        Assert.Equal(["p2"], items.Select(Name));
        Assert.Equal(["LHC200 3", $"{IssueCodes.InvalidValue.Code} 2"], totals.Select(code => $"{code.Key} {code.Value}"));
    }

    [Fact]
    public async Task A_letter_is_kept_whole_once_and_left_out_of_lists_but_for_its_length()
    {
        var letter = Letter("l1");
        await Journal.Refuse([letter, Letter("l1", minute: 5)], None);
        await Journal.Refuse([Letter("l1", minute: 9)], None);
        await Journal.Refuse([], None);

        Assert.Equal(Text(letter), Text(await Journal.FindAside(Source, letter.Id, None)));
        Assert.Null(await Journal.FindAside("hampshire", letter.Id, None));
        Assert.Null(await Journal.FindAside(Source, "unknown", None));
        Assert.Equal(Text(letter with { Body = default }), Text((await Journal.Asides(Query, None)).Items.Single()));
    }

    [Fact]
    public async Task A_letter_of_any_bytes_and_texts_comes_back_as_it_was()
    {
        byte[] body = [0, 0xFF, 0xC3, 0x28, 13];
        var letter = RefusedLetter.Of(Source, Noon, IssueCodes.MalformedJson, LetterForm.Fhir, "", "Ω ‘7’ \U0001F600", body);

        await Journal.Refuse([letter], None);

        Assert.Equal(Text(letter), Text(await Journal.FindAside(Source, letter.Id, None)));
    }

    [Fact]
    public async Task Nobody_repeats_or_misses_what_stays_while_others_come_and_go_between_the_pages()
    {
        await Journal.Park([.. Enumerable.Range(0, 20).Select(n => Parked($"stays {n:d2}", n / 3))], None);
        await Journal.Refuse([.. Enumerable.Range(0, 10).Select(n => Letter($"letter {n}", n / 2))], None);
        var (seen, turn, query) = (new List<string>(), 0, Query with { Limit = 4 });
        while ((await Journal.Asides(query, None)).Items is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(Name));
            query = query with { After = AsidePlace.Of(page[^1]) };
            // One goes that was the last of its page, one comes before the place and one behind everything.
            await Journal.Park([Parked($"comes {turn:d2}", -1), Parked($"last {turn:d2}", 60 + turn)], None);
            if (turn < 8 && page[^1] is ParkedResource)
                await Journal.Unpark([page[^1].Id], None);
            if (++turn > 20)
                break;
        }

        var stayed = seen.Where(name => !name.StartsWith("last", StringComparison.Ordinal)).ToArray();
        Assert.Equal(30, stayed.Length);
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task What_is_discarded_stays_where_it_is_with_who_when_and_why_and_the_first_time_counts()
    {
        await Journal.Park([Parked("x", waitsFor: "o1"), Parked("y", waitsFor: "o1")], None);
        await Journal.Refuse([Letter("l1")], None);
        var first = Discarded("a test person");

        foreach (var id in new[] { "x", Letter("l1").Id, "unknown" })
        {
            await Journal.Discard(Source, id, first, None);
            await Journal.Discard(Source, id, Discarded("another reason", minute: 40), None);
        }

        await Journal.Discard("hampshire", "y", first, None);
        Assert.Equal(Text(Parked("x", waitsFor: "o1") with { Discarded = first }), Text(await Journal.FindAside(Source, "x", None)));
        Assert.Equal(Text(Letter("l1") with { Discarded = first }), Text(await Journal.FindAside(Source, Letter("l1").Id, None)));
        Assert.Null((await Journal.FindAside(Source, "y", None))!.Discarded);
    }

    [Fact]
    public async Task What_is_discarded_is_not_released_taken_out_or_parked_again()
    {
        await Journal.Park([Parked("x", waitsFor: "o1"), Parked("y", waitsFor: "o1")], None);
        await Journal.Refuse([Letter("l1")], None);
        foreach (var id in new[] { "x", Letter("l1").Id })
            await Journal.Discard(Source, id, Discarded("a test person"), None);

        await Commit(Append(Ann, 1) with { Index = [At("o1", 1)] });
        await Journal.Unpark(["x", Letter("l1").Id], None);
        await Journal.Park([Parked("x", 50, "o1")], None);
        await Journal.Refuse([Letter("l1", minute: 50)], None);

        Assert.Equal(["y"], (await Journal.ParkedFor([Key("o1")], None)).Select(parked => parked.Id));
        Assert.Equal(["y"], (await Journal.ParkedResolvable(10, None)).Select(parked => parked.Id));
        Assert.Equal(["y"], (await Journal.Asides(Query, None)).Items.Select(Name));
        Assert.Equal(["l1", "x"], (await Journal.Asides(Query with { IsDiscarded = true }, None)).Items.Select(Name).Order());
    }

    [Fact]
    public async Task A_row_that_takes_in_what_was_discarded_meanwhile_is_not_written_and_harms_no_other()
    {
        await Journal.Park([Parked("x", waitsFor: "o1"), Parked("y")], None);
        await Journal.Discard(Source, "x", Discarded("not ours"), None);

        var others = Enumerable.Range(10, 8).Select(n => Journal.Append(Append(Patient(n), 1), None)).ToArray();
        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(
            () => Journal.Append(Append(Ann, 1) with { Unparks = ["y", "x"], Index = [At("o2", 1)], Withholds = [Parked("z")] }, None));

        Assert.False(refusal.OutcomeUnknown);
        Assert.All(await Task.WhenAll(others), outcome => Assert.Equal(AppendOutcome.Committed, outcome));
        Assert.Equal("(0, 0): ", await Loaded(Ann));
        Assert.Null(await Holder("o2"));
        Assert.Equal(["y"], (await Journal.Asides(Query, None)).Items.Select(Name));
        await Commit(Append(Ann, 1) with { Unparks = ["y"] });
    }

    [Fact]
    public async Task Of_a_discard_and_a_row_that_takes_it_in_at_once_one_counts()
    {
        for (var number = 10; number < 30; number++)
        {
            var (patient, id) = (Patient(number), $"x{number}");
            await Journal.Park([Parked(id)], None);
            var row = Task.Run(() => Journal.Append(Append(patient, 1) with { Unparks = [id] }, None));
            await Task.WhenAll(((Task)row).ContinueWith(_ => { }, TaskScheduler.Default), Task.Run(() => Journal.Discard(Source, id, Discarded("not ours"), None)));

            var isDiscarded = await Journal.FindAside(Source, id, None) is { Discarded: not null };
            Assert.Equal((isDiscarded ? 0 : 1, isDiscarded), ((await Journal.Load(patient, None)).Head.Seq, row.IsFaulted));
        }
    }

    [Fact]
    public async Task What_a_record_withholds_cannot_be_discarded()
    {
        var withheld = Parked("w") with { Code = IssueCodes.Withheld.Code };
        await Commit(Append(Ann, 1) with { Withholds = [withheld] });

        await Journal.Discard(Source, "w", Discarded("not ours"), None);

        Assert.Equal(Text(withheld), Text(await Journal.FindAside(Source, "w", None)));
        await Commit(Append(Ann, 2) with { Unparks = ["w"] });
    }

    [Fact]
    public async Task A_row_that_lost_withholds_nothing_even_where_the_one_that_won_is_of_the_same_push()
    {
        await Commit(Append(Ann, 1) with { Withholds = [Parked("x")] });
        await Journal.Unpark(["x"], None);

        // Two activations that both claimed this epoch with the same push.
        await Fence(Append(Ann, 1) with { Withholds = [Parked("x")] });

        Assert.Equal(0, (await Journal.Parked(Source, null, 10, None)).Total);
    }

    [Fact]
    public async Task What_is_set_aside_and_what_is_discarded_are_there_when_the_journal_is_opened_again()
    {
        await Filtered();
        var (open, discarded) = (Text(await Journal.Asides(Query, None)), Text(await Journal.Asides(Query with { IsDiscarded = true }, None)));

        await Reopen();

        Assert.Equal(open, Text(await Journal.Asides(Query, None)));
        Assert.Equal(discarded, Text(await Journal.Asides(Query with { IsDiscarded = true }, None)));
    }

    private async Task Filtered()
    {
        await Journal.Park(
            [Parked("p0"), Parked("p1", 1), Parked("p2", 2) with { Type = "Patient" }, Parked("p3", 4), Parked("other", 2, source: "hampshire")], None);
        await Journal.Refuse([Letter("l0", 6), Letter("l1", 3), Letter("l2", 5, type: "ORU^R01")], None);
        await Journal.Discard(Source, "p0", Discarded("a test person"), None);
        await Journal.Discard(Source, Letter("l0").Id, Discarded("a test message"), None);
    }

    private static string Name(Aside aside) => aside is RefusedLetter letter ? letter.Name : aside.Id;
}
