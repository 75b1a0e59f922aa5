using Lhcre.Grains.Journal;
using Lhcre.Record;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>What <see cref="IJournal"/> promises. Every journal passes it.</summary>
public abstract partial class JournalSpec : IAsyncLifetime
{
    private protected static CancellationToken None => CancellationToken.None;

    /// <summary>The journal under test; empty at the start of each test.</summary>
    protected IJournal Journal { get; private set; } = null!;

    /// <summary>Opens the one journal of this test: again, what was committed is in it.</summary>
    protected abstract Task<IJournal> Open();

    public async Task InitializeAsync() => Journal = await Open();

    public virtual async Task DisposeAsync() => await Journal.DisposeAsync();

    private protected async Task Reopen()
    {
        await Journal.DisposeAsync();
        Journal = await Open();
    }

    private protected async Task Commit(Append append) => Assert.Equal(AppendOutcome.Committed, await Journal.Append(append, None));

    private protected async Task Fence(Append append) => Assert.Equal(AppendOutcome.Fenced, await Journal.Append(append, None));

    private protected async Task<string> Loaded(PatientKey patient) => Text(await Journal.Load(patient, None));

    private protected async Task<string[]> Pending() => [.. (await Journal.FollowUps(0, 1000, None)).Select(Text)];

    private protected async Task<PatientKey?> Holder(string id) => (await Journal.FindPatients([Key(id)], None)).Single();

    [Fact]
    public async Task An_unknown_patient_has_epoch_0_seq_0_and_no_rows()
    {
        Assert.Equal("(0, 0): ", await Loaded(Ann));
    }

    [Fact]
    public async Task A_record_is_its_rows_in_the_order_of_seq_as_they_were_given()
    {
        await Commit(Append(Ann, 1));
        await Commit(Append(Ann, 2));
        await Commit(Append(Bob, 1));

        Assert.Equal(Text(new JournalledRecord(new(1, 2, 0), [], [Row(1, Ann.Value), Row(2, Ann.Value)])), await Loaded(Ann));
    }

    [Fact]
    public async Task A_row_of_no_bytes_and_one_of_many_come_back_whole()
    {
        var large = new byte[5 * 1024 * 1024];
        new Random(1).NextBytes(large);
        await Commit(Append(Ann, 1) with { Row = Row(1) with { Body = default } });
        await Commit(Append(Ann, 2) with { Row = Row(2) with { Body = large } });

        var rows = (await Journal.Load(Ann, None)).Rows;

        Assert.Equal([0, large.Length], rows.Select(row => row.Body.Length));
        Assert.True(rows[1].Body.Span.SequenceEqual(large));
    }

    [Fact]
    public async Task The_first_append_of_an_activation_claims_its_epoch()
    {
        await Commit(Append(Ann, 1, oldEpoch: 0, newEpoch: 7));
        await Commit(Append(Ann, 2, oldEpoch: 7, newEpoch: 7));
        await Commit(Append(Ann, 3, oldEpoch: 7, newEpoch: 9));

        Assert.StartsWith("(9, 3)", await Loaded(Ann), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 1, "an epoch that was claimed by another activation")]
    [InlineData(3, 9, "an epoch that nobody claimed")]
    [InlineData(3, 0, "the epoch of a new patient")]
    [InlineData(2, 2, "a seq that is taken")]
    [InlineData(4, 2, "a seq that leaves a gap")]
    [InlineData(1, 0, "the first row once more")]
    [InlineData(1, 2, "the first row under the present epoch")]
    public async Task An_append_that_does_not_fit_the_head_is_fenced_and_changes_nothing(long seq, long oldEpoch, string because)
    {
        await Commit(Append(Ann, 1, oldEpoch: 0, newEpoch: 1));
        await Commit(Append(Ann, 2, oldEpoch: 1, newEpoch: 2));
        var before = await Loaded(Ann);

        var outcome = await Journal.Append(Append(Ann, 1) with { OldEpoch = oldEpoch, NewEpoch = 20, Row = Row(seq) }, None);

        Assert.True(outcome == AppendOutcome.Fenced, because);
        Assert.Equal(before, await Loaded(Ann));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public async Task An_append_to_an_unknown_patient_that_takes_him_for_known_is_fenced(long seq, long oldEpoch)
    {
        await Fence(Append(Ann, 1) with { OldEpoch = oldEpoch, NewEpoch = 5, Row = Row(seq) });

        Assert.Equal("(0, 0): ", await Loaded(Ann));
    }

    [Theory]
    [InlineData(1, 5, 4)]
    [InlineData(1, -1, 4)]
    [InlineData(0, 0, 1)]
    public async Task An_append_that_no_head_could_admit_is_a_fault_of_its_caller(long seq, long oldEpoch, long newEpoch)
    {
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await Journal.Append(Append(Ann, 1) with { OldEpoch = oldEpoch, NewEpoch = newEpoch, Row = Row(seq) }, None));
    }

    [Fact]
    public async Task Of_two_first_appends_at_once_one_wins()
    {
        for (var number = 10; number < 30; number++)
        {
            var patient = Patient(number);
            var outcomes = await Task.WhenAll(
                Task.Run(() => Journal.Append(Append(patient, 1, newEpoch: 1), None)),
                Task.Run(() => Journal.Append(Append(patient, 1, newEpoch: 2), None)));

            Assert.Equal([AppendOutcome.Committed, AppendOutcome.Fenced], outcomes.Order());
            Assert.Equal(1, (await Journal.Load(patient, None)).Head.Seq);
        }
    }

    [Fact]
    public async Task A_fenced_append_changes_no_register()
    {
        await Commit(Append(Bob, 1) with { Index = [At("o1", 1)], LocalIdentifiers = [new("mrn", "7")], Uses = [Use("dr")] });
        await Journal.KeepSupporting([Supporting("dr", 1)], None);
        await Journal.Park([Parked("x")], None);
        var (pending, parked) = (await Journal.FollowUps(0, 10, None), "x");

        await Fence(Append(Ann, 2) with
        {
            Index = [At("o1", 2), At("o2", 1)],
            LocalIdentifiers = [new("mrn", "8")],
            FormerIdentifiers = [new("mrn", "7")],
            Supporting = [Supporting("dr", 2), Supporting("new", 1)],
            Uses = [Use("dr", 1)],
            Settles = [pending.Single().Id],
            Unparks = [parked],
            Withholds = [Parked("y")],
        });

        Assert.Equal(Bob, await Holder("o1"));
        Assert.Null(await Holder("o2"));
        Assert.Equal([Bob], await Journal.FindPatients(Source, new LocalIdentifier("mrn", "7"), None));
        Assert.Empty(await Journal.FindPatients(Source, new LocalIdentifier("mrn", "8"), None));
        Assert.Equal(
            [Text(Supporting("dr", 1)), "none"],
            (await Journal.FindSupporting([Key("dr", "Practitioner"), Key("new", "Practitioner")], None)).Select(Text));
        Assert.Equal([Deliver(Bob, "dr", 1)], await Pending());
        Assert.Equal(1, (await Journal.Parked(Source, null, 10, None)).Total);
    }

    [Fact]
    public async Task What_was_written_is_there_when_the_journal_is_opened_again()
    {
        await Commit(Append(Ann, 1) with { Index = [At("o1", 1)], LocalIdentifiers = [new("mrn", "7")], Uses = [Use("dr")] });
        await Commit(Append(Bob, 1) with { Index = [At("o1", 2)], Supporting = [Supporting("dr", 1)] });
        await Journal.Park([Parked("x", waitsFor: "o9")], None);
        await Journal.KeepAnswer(Push("1"), Answer("{}"), Noon, None);
        var record = await Loaded(Ann);

        await Reopen();

        Assert.Equal(record, await Loaded(Ann));
        Assert.Equal(Bob, await Holder("o1"));
        Assert.Equal([Ann], await Journal.FindPatients(Source, new LocalIdentifier("mrn", "7"), None));
        Assert.Equal([Withdraw(Ann, "o1", 2), Deliver(Ann, "dr", 1)], await Pending());
        Assert.Equal([Text(Parked("x", waitsFor: "o9"))], (await Journal.ParkedFor([Key("o9")], None)).Select(Text));
        Assert.Equal(Text(Answer("{}")), Text(await Journal.FindAnswer(Push("1"), Noon, None)));
        await Commit(Append(Ann, 2));
    }
}
