using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>What becomes of a record's other copies, and of what comes late, when some of it is erased.</summary>
public sealed class LiveRecordErasureTests : IAsyncDisposable
{
    private const string Pulled = "wales";

    private readonly SimulatedJournal _journal = new();
    private int _orders;
    private static int _minute;

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task An_activation_that_does_not_know_of_it_yet_cannot_read_what_was_erased()
    {
        var first = await Loaded();
        await first.Push(Pull("1", Said("o1", "one")), default);
        await first.Fold(TaskScheduler.Default, default);
        var behind = await Loaded();
        Assert.Equal(PushStatus.Applied, (await Erase(first)).Status);

        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await behind.Read(new ReadRequest { Source = Pulled, Type = "Observation", Id = "o1" }, default));
        Assert.Equal(PushStatus.Fenced, (await behind.Push(Pull("2", Said("o2", "two")), default)).Status);
    }

    [Fact]
    public async Task A_past_version_that_was_kept_is_let_go_of_and_what_is_read_of_the_past_says_that_it_is_not_as_it_was()
    {
        var live = await Loaded();
        await live.Push(Push("0", Patient()), default);
        await live.Push(Pull("1", Said("o1", "one")), default);
        var then = new ReadRequest { AsOf = new RecordMoment(2, null) };
        Assert.Contains((await live.Read(then, default)).Entries, e => System.Text.Encoding.UTF8.GetString(e).Contains("one", StringComparison.Ordinal));

        await Erase(live);

        var answer = await live.Read(then, default);
        Assert.DoesNotContain(answer.Entries, e => System.Text.Encoding.UTF8.GetString(e).Contains("one", StringComparison.Ordinal));
        Assert.True(answer.IsRebuilt);
        Assert.False((await live.Read(ReadRequest.Everything, default)).IsRebuilt);
    }

    [Fact]
    public async Task An_instruction_that_comes_behind_it_brings_nothing_back()
    {
        var live = await Loaded();
        await live.Push(Pull("1", Said("o1", "one")), default);
        await Erase(live);

        var late = Push("late", Said("o1", "late")) with { Source = Pulled, Settles = [77] };

        Assert.Equal(PushStatus.Unchanged, (await live.Push(late, default)).Status);
        Assert.Empty(live.Snapshot.EntriesOf(Pulled));
    }

    [Fact]
    public async Task An_entry_that_was_to_leave_for_a_record_in_which_it_was_erased_is_found_where_it_is()
    {
        var ann = await Loaded();
        var bob = await Loaded(JournalExamples.Bob);
        await ann.Push(Pull("1", Said("o1", "one")), default);
        await bob.Push(Pull("2", Said("o1", "two")), default);
        var leaves = Assert.Single(await _journal.FollowUps(0, 10, default));
        await Erase(bob);
        Assert.Null(Assert.Single(await _journal.FindPatients([leaves.Key], default)));

        var claim = Push("claim") with { Source = Pulled, Settles = [leaves.Id] };

        Assert.Equal((JournalExamples.Ann, PushStatus.Applied), (leaves.Patient, (await ann.Push(claim, default)).Status));
        Assert.Equal(JournalExamples.Ann, Assert.Single(await _journal.FindPatients([leaves.Key], default)));
        Assert.Empty(await _journal.FollowUps(0, 10, default));
        Assert.Equal(PushStatus.Unchanged, (await ann.Push(claim, default)).Status);
    }

    [Fact]
    public async Task A_lease_that_was_held_longer_meanwhile_is_left_alone_and_a_pull_that_says_nothing_new_holds_it_longer()
    {
        var live = await Loaded();
        await live.Push(Pull("1", Said("o1", "one", Noon)), default);
        await _journal.Hold(new Lease(JournalExamples.Ann, Pulled, Noon, Noon.AddHours(2)), default);

        var early = new EraseRequest { Id = PushId.Of("e", "early"), Source = Pulled, Due = Noon.AddHours(1) };

        Assert.Equal(PushStatus.Unchanged, (await live.Erase(early, default)).Status);
        Assert.Equal(PushStatus.Unchanged, (await live.Push(Pull("again", Said("o1", "one", Noon)) with { HeldFor = TimeSpan.FromHours(5) }, default)).Status);
        Assert.Equal(Noon.AddHours(5), Assert.Single(await _journal.Leases(JournalExamples.Ann, default)).Until);
    }

    [Fact]
    public async Task The_row_says_what_was_erased_since_when_it_was_held_and_how_it_ended()
    {
        var live = await Loaded();
        await live.Push(Pull("1", Said("o1", "one")), default);
        await Erase(live);
        await live.Push(Push("0", Patient()), default);
        await live.Erase(new EraseRequest { Id = PushId.Of("e", "all"), Reason = "asked for", By = "the guardian" }, default);

        Assert.Equal<Correction>(
            [
                new Erasure(PushId.Of("e", "1"), Pulled, "", "", Noon, ErasureCause.Default),
                new Erasure(PushId.Of("e", "all"), Erasure.OfAll, "asked for", "the guardian", null, ErasureCause.Order),
            ],
            [.. (await Replayed(_journal)).Corrections.All]);
    }

    private static PushRequest Pull(string name, params Fragment[] fragments) =>
        Push(name, fragments) with { Source = Pulled, Push = PushId.Of(Pulled, name), HeldFor = TimeSpan.FromHours(1) };

    private static Fragment Said(string id, string value, DateTimeOffset? time = null) => Stated(
        $$"""{"resourceType":"Observation","id":"{{id}}","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ann"},"valueString":"{{value}}"}""", Pulled, time ?? Noon.AddMinutes(++_minute));

    private async Task<LiveRecord> Loaded(PatientKey? of = null)
    {
        var live = new LiveRecord(of ?? JournalExamples.Ann, _journal, Here, NoonClock());
        await live.Load(default);
        return live;
    }

    private Task<PushAnswer> Erase(LiveRecord live) =>
        live.Erase(new EraseRequest { Id = PushId.Of("e", $"{++_orders}"), Source = Pulled, Due = DateTimeOffset.MaxValue }, default);
}
