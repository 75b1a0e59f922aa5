using Lhcre.Grains.Journal;
using Lhcre.Record;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

public abstract partial class JournalSpec
{
    private async Task Commit(Blanking blanking) => Assert.Equal(AppendOutcome.Committed, await Journal.Blank(blanking, None));

    private static Blanking BlankingOf(PatientKey patient, long seq, string? source = Source) => new()
    {
        Append = Append(patient, seq),
        Source = source,
        Live = [Chunk(9, 1, seq)],
        History = [Chunk(1, 1, seq)],
    };

    [Fact]
    public async Task What_is_blanked_stands_in_the_new_chunks_alone_with_its_row()
    {
        await CommitRows(Ann, 1, 6);
        await CommitRows(Bob, 1, 2);
        await Commit(FoldOf(Ann, 0, 5) with { Live = [Chunk(1, 1, 5), Chunk(2, 3, 5)], History = [Chunk(1, 1, 2), Chunk(3, 3, 4)] });

        await Commit(BlankingOf(Ann, 7) with { Live = [Chunk(3, 1, 7)], Kept = [1], History = [Chunk(3, 3, 6), Chunk(7, 7, 7)] });

        Assert.Equal($"(1, 7 of 7): {Text(Chunk(3, 1, 7))}", await Loaded(Ann));
        Assert.Equal($"{Text(Chunk(1, 1, 2))}; {Text(Chunk(3, 3, 6))}; {Text(Chunk(7, 7, 7))}", Text(await Journal.LoadLog(Ann, None)));
        Assert.Equal($"(1, 2): {Rows(Bob, 1, 2)}", await Loaded(Bob));
        await Commit(Append(Ann, 8));
        await Commit(FoldOf(Ann, 7, 8) with { Live = [Chunk(4, 1, 8)], History = [Chunk(8, 8, 8)] });
    }

    [Fact]
    public async Task A_fold_that_was_worked_out_before_a_blanking_is_fenced()
    {
        await CommitRows(Ann, 1, 4);

        await Commit(BlankingOf(Ann, 5));

        Assert.Equal(AppendOutcome.Fenced, await Journal.Fold(FoldOf(Ann, 0, 4) with { Live = [Chunk(1, 1, 4)], History = [Chunk(2, 1, 4)] }, None));
        Assert.Equal($"(1, 5 of 5): {Text(Chunk(9, 1, 5))}", await Loaded(Ann));
    }

    [Theory]
    [InlineData(5, 2, "another epoch")]
    [InlineData(6, 1, "a row that is not the next one")]
    [InlineData(4, 1, "a row that is there already")]
    public async Task A_blanking_that_does_not_fit_the_head_is_fenced_and_changes_nothing(long seq, long epoch, string because)
    {
        await CommitRows(Ann, 1, 3);
        await Commit(Append(Ann, 4) with
        {
            Index = [At("o1", 1)],
            LocalIdentifiers = [new LocalIdentifier("urn:mrn", "7")],
            Uses = [Use("d1")],
            Supporting = [Supporting("d1", 1)],
            Lease = new Lease(Ann, Source, Noon, Noon.AddDays(1)),
        });
        await Journal.Park([Parked("p1")], None);
        var (before, log, pending) = (await Loaded(Ann), Text(await Journal.LoadLog(Ann, None)), await Pending());

        var outcome = await Journal.Blank(
            BlankingOf(Ann, seq) with
            {
                Append = Append(Ann, seq, oldEpoch: epoch, newEpoch: epoch) with { Unindexed = [Key("o1")], Unused = [Key("d1", "Practitioner")] },
                Names = [(Source, new LocalIdentifier("urn:mrn", "7"))],
                Asides = ["p1"],
            },
            None);

        Assert.True(outcome == AppendOutcome.Fenced, because);
        Assert.Equal(before, await Loaded(Ann));
        Assert.Equal(log, Text(await Journal.LoadLog(Ann, None)));
        Assert.Equal(pending, await Pending());
        Assert.Equal(Ann, await Holder("o1"));
        Assert.Equal([Ann], await Journal.FindPatients(Source, new LocalIdentifier("urn:mrn", "7"), None));
        Assert.NotNull((await Journal.FindSupporting([Key("d1", "Practitioner")], None))[0]);
        Assert.Single(await Journal.Leases(Ann, None));
        Assert.NotNull(await Journal.FindAside(Source, "p1", None));
    }

    [Fact]
    public async Task With_the_rows_go_the_registers_that_name_the_person()
    {
        LocalIdentifier mrn = new("urn:mrn", "7"), other = new("urn:mrn", "8");
        await Commit(Append(Ann, 1) with { Index = [At("o1", 1), At("o2", 1)], LocalIdentifiers = [mrn, other], Person = Person("Smith", "Ann", "1980-05-12") });
        await Commit(Append(Bob, 1) with { Index = [At("o3", 1)], LocalIdentifiers = [mrn] });

        await Commit(BlankingOf(Ann, 2) with
        {
            Append = Append(Ann, 2) with { Unindexed = [Key("o1"), Key("o3")], Person = Person("", "", "") },
            Names = [(Source, mrn), ("hampshire", other)],
        });

        Assert.Equal([null, Ann, Bob], await Journal.FindPatients([Key("o1"), Key("o2"), Key("o3")], None));
        Assert.Equal([Bob], await Journal.FindPatients(Source, mrn, None));
        Assert.Equal([Ann], await Journal.FindPatients(Source, other, None));
        Assert.Empty(await Journal.FindPeople(Who("family=smith&birthdate=1980-05-12"), 5, None));
    }

    [Fact]
    public async Task What_is_about_nobody_goes_with_the_last_record_that_uses_it()
    {
        await Commit(Append(Ann, 1) with { Uses = [Use("d1"), Use("d2"), Use("d3")], Supporting = [Supporting("d1", 1), Supporting("d2", 1), Supporting("d3", 1)] });
        await Commit(Append(Bob, 1) with { Uses = [Use("d2")] });

        await Commit(BlankingOf(Ann, 2) with { Append = Append(Ann, 2) with { Unused = [Key("d1", "Practitioner"), Key("d2", "Practitioner")] } });

        var kept = await Journal.FindSupporting([.. new[] { "d1", "d2", "d3" }.Select(id => Key(id, "Practitioner"))], None);
        Assert.Equal([false, true, true], kept.Select(resource => resource is not null));
        await Journal.KeepSupporting([Supporting("d2", 2)], None);
        Assert.DoesNotContain(await Journal.FollowUps(0, 100, None), f => f.Patient == Ann);
    }

    [Theory]
    [InlineData(Source, 1)]
    [InlineData(null, 0)]
    public async Task Of_the_instructions_to_a_record_and_its_leases_those_of_the_source_go_or_all(string? source, int left)
    {
        EntryKey own = Key("d1", "Practitioner"), others = own with { Source = "hampshire" };
        await Commit(Append(Ann, 1) with { Uses = [new SupportingUse(own, null), new SupportingUse(others, null)], Lease = new Lease(Ann, Source, Noon, Noon.AddDays(1)) });
        await Commit(Append(Bob, 1) with { Uses = [new SupportingUse(own, null)], Lease = new Lease(Bob, Source, Noon, Noon.AddDays(1)) });
        await Journal.Hold(new Lease(Ann, "hampshire", Noon, Noon.AddDays(1)), None);
        await Journal.KeepSupporting([Supporting("d1", 1), Supporting("d1", 1) with { Key = others }], None);

        await Commit(BlankingOf(Ann, 2, source));

        var pending = await Journal.FollowUps(0, 100, None);
        Assert.Equal(left, pending.Count(f => f.Patient == Ann));
        Assert.All(pending.Where(f => f.Patient == Ann), f => Assert.Equal("hampshire", f.Key.Source));
        Assert.Equal(1, pending.Count(f => f.Patient == Bob));
        Assert.Equal(left, (await Journal.Leases(Ann, None)).Count);
        Assert.Single(await Journal.Leases(Bob, None));
    }

    [Fact]
    public async Task What_was_set_aside_goes_also_where_it_was_discarded_and_so_do_answers()
    {
        await Commit(Append(Ann, 1));
        await Journal.Park([Parked("p1"), Parked("p2"), Parked("p3")], None);
        await Journal.Refuse([Letter("l1"), Letter("l2")], None);
        await Journal.Discard(Source, "p2", Discarded("not ours"), None);
        await Journal.Discard(Source, "l2", Discarded("not ours"), None);
        foreach (var push in new[] { "a1", "a2" })
            await Journal.KeepAnswer(Push(push), new KeptAnswer(200, Noon, null, new byte[] { 1 }), Noon.AddDays(-1), None);

        await Commit(BlankingOf(Ann, 2) with { Asides = ["p1", "p2", "l1", "l2", "unknown"], Answers = [Push("a1")] });

        foreach (var id in new[] { "p1", "p2", "l1", "l2" })
            Assert.Null(await Journal.FindAside(Source, id, None));
        Assert.NotNull(await Journal.FindAside(Source, "p3", None));
        Assert.Null(await Journal.FindAnswer(Push("a1"), Noon.AddDays(-1), None));
        Assert.NotNull(await Journal.FindAnswer(Push("a2"), Noon.AddDays(-1), None));
    }

    [Fact]
    public async Task A_blanking_that_would_lose_rows_is_a_fault_of_its_caller()
    {
        await CommitRows(Ann, 1, 3);

        foreach (var wrong in new[]
        {
            BlankingOf(Ann, 4) with { Live = [] },
            BlankingOf(Ann, 4) with { History = [] },
            BlankingOf(Ann, 4) with { Live = [Chunk(1, 1, 3)] },
            BlankingOf(Ann, 4) with { History = [Chunk(1, 1, 3)] },
            BlankingOf(Ann, 4) with { History = [Chunk(1, 1, 3), Chunk(2, 3, 4)] },
        })
            await Assert.ThrowsAsync<ArgumentException>(async () => await Journal.Blank(wrong, None));
    }

    [Fact]
    public async Task Blankings_and_appends_of_several_people_at_once_each_end_as_they_would_alone()
    {
        await CommitRows(Ann, 1, 2);
        await CommitRows(Bob, 1, 2);

        var outcomes = await Task.WhenAll(
            Journal.Blank(BlankingOf(Ann, 3), None), Journal.Append(Append(Ann, 3), None), Journal.Append(Append(Bob, 3), None),
            Journal.Blank(BlankingOf(Cyd, 3), None), Journal.Append(Append(Cyd, 1), None), Journal.Fold(FoldOf(Bob, 0, 2) with { Live = [Chunk(1, 1, 2)] }, None));

        Assert.Equal(1, outcomes[..2].Count(o => o == AppendOutcome.Committed));
        Assert.Equal([AppendOutcome.Committed, AppendOutcome.Fenced, AppendOutcome.Committed, AppendOutcome.Committed], outcomes[2..]);
    }

    [Fact]
    public async Task What_was_blanked_is_scrubbed_once_and_nothing_else_is_harmed()
    {
        await CommitRows(Ann, 1, 3);
        await Commit(BlankingOf(Ann, 4));

        Assert.True(await Journal.Scrub(None));
        Assert.True(await Journal.Scrub(None));

        await Reopen();
        Assert.Equal($"(1, 4 of 4): {Text(Chunk(9, 1, 4))}", await Loaded(Ann));
    }
}
