using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Microsoft.Extensions.Time.Testing;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>One record over a journal that works: what is appended, what is acknowledged, and what readers see meanwhile.</summary>
public sealed class LiveRecordTests : IAsyncDisposable
{
    private readonly SimulatedJournal _journal = new();
    private readonly FakeTimeProvider _clock = NoonClock();
    private readonly LiveRecord _live;

    public LiveRecordTests() => _live = Activation();

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task What_is_acknowledged_is_in_the_journal()
    {
        var answer = await Take(Push("first", Patient(), Observation("weight")));

        Assert.Equal((PushStatus.Applied, 1), (answer.Status, answer.Version));
        Assert.Equal([FragmentOutcome.Created, FragmentOutcome.Created], answer.Outcomes.AsEnumerable());
        var row = Assert.Single((await Log()).Rows);
        Assert.Equal((1, PushId.Of(Source, "first"), Noon), (row.Seq, row.Push, row.At));
        Assert.Equal(["Patient/ann", "Observation/weight"], LogBody.Read(row.Body).Select(f => f.Key.Reference));
    }

    [Fact]
    public async Task Only_what_is_new_of_a_push_is_appended()
    {
        await Take(Push("first", Patient(), Observation("weight", "70")));

        var answer = await Take(Push("second", Patient(), Observation("weight", "71")));

        Assert.Equal([FragmentOutcome.Unchanged, FragmentOutcome.Updated], answer.Outcomes.AsEnumerable());
        Assert.Equal(["Observation/weight"], LogBody.Read((await Log()).Rows[1].Body).Select(f => f.Key.Reference));
    }

    [Fact]
    public async Task Nothing_new_is_no_append()
    {
        await Take(Push("first", Patient()));

        var answer = await Take(Push("second", Patient()));

        Assert.Equal((PushStatus.Unchanged, 1), (answer.Status, answer.Version));
        Assert.Equal([FragmentOutcome.Unchanged], answer.Outcomes.AsEnumerable());
        Assert.Equal(1, _journal.Writes);
    }

    [Theory]
    [InlineData("second")]
    [InlineData("first")]
    public async Task Nothing_new_settles_and_unparks_all_the_same(string name)
    {
        var (deliver, parked) = await Pending();

        var answer = await Take(Push(name, Patient()) with { Settles = [deliver], Unparks = [parked] });

        Assert.Equal(PushStatus.Unchanged, answer.Status);
        Assert.Empty(await _journal.FollowUps(0, 10, default));
        Assert.Equal(0, (await _journal.Parked(Source, null, 10, default)).Total);
        Assert.Single((await Log()).Rows);
    }

    [Fact]
    public async Task An_append_settles_and_unparks_in_its_own_commit()
    {
        var (deliver, parked) = await Pending();
        var writes = _journal.Writes;

        await Take(Push("second", Observation("pulse")) with { Settles = [deliver], Unparks = [parked] });

        Assert.Equal(writes + 1, _journal.Writes);
        Assert.Empty(await _journal.FollowUps(0, 10, default));
        Assert.Equal(0, (await _journal.Parked(Source, null, 10, default)).Total);
    }

    [Fact]
    public async Task The_same_push_id_changes_nothing_for_30_days_and_counts_anew_after_them()
    {
        await Take(Push("daily", Patient(), Observation("weight", "70")));

        _clock.Advance(TimeSpan.FromDays(30));
        var repeated = await Take(Push("daily", Patient(), Observation("weight", "71")));
        Assert.Equal((PushStatus.Unchanged, 1), (repeated.Status, repeated.Version));
        Assert.Equal([FragmentOutcome.Unchanged, FragmentOutcome.Unchanged], repeated.Outcomes.AsEnumerable());

        _clock.Advance(TimeSpan.FromTicks(1));
        var anew = await Take(Push("daily", Patient(), Observation("weight", "71")));
        Assert.Equal((PushStatus.Applied, 2), (anew.Status, anew.Version));

        var again = await Take(Push("daily", Patient(), Observation("weight", "72")));
        Assert.Equal((PushStatus.Unchanged, 2), (again.Status, again.Version));
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_another_persons_in_the_very_version_that_is_stated_here_leaves_whichever_comes_first(bool statedFirst)
    {
        var stated = Observation("weight", time: Noon);
        Fragment[] order = [stated, Fragment.Moved(stated.Key, stated.Version)];

        foreach (var fragment in statedFirst ? order : order.Reverse())
            await Take(Push($"{fragment.Kind}", fragment));
        await Take(Push("again", stated));

        Assert.Equal(0, _live.Snapshot.All.Length);
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
    }

    [Fact]
    public async Task What_has_come_back_by_the_time_that_it_is_to_leave_stays()
    {
        Fragment[] said = [.. new[] { "70", "71", "72" }.Select(value => Observation("weight", value, time: Noon)).OrderBy(f => f.Version)];
        await Take(Push("here", said[0]));
        await new LiveRecord(JournalExamples.Bob, _journal, Here, _clock).Push(Push("there", said[1]), default);
        var due = Assert.Single(await _journal.FollowUps(0, 10, default));
        await Take(Push("here again", said[2]));

        var answer = await Take(Push("due", Fragment.Moved(due.Key, FragmentVersion.FromSortKey(due.Version.Span))) with { Settles = [due.Id] });

        Assert.Equal(PushStatus.Unchanged, answer.Status);
        Assert.Equal(said[2].Version, _live.Snapshot.Entry(due.Key) is { IsLive: true } entry ? entry.Version : null);
        Assert.Equal(JournalExamples.Bob, Assert.Single(await _journal.FollowUps(0, 10, default)).Patient);
    }

    [Fact]
    public async Task The_times_of_the_log_never_fall_though_the_clock_steps_back()
    {
        await Take(Push("1", Observation("a")));
        _clock.AdjustTime(Noon.AddHours(-1));
        await Take(Push("2", Observation("b")));
        await Take(Push("3", Observation("c")));
        _clock.AdjustTime(Noon.AddHours(1));
        await Take(Push("4", Observation("d")));

        var times = (await Log()).Rows.Select(r => r.At).ToArray();

        Assert.Equal(times.Order().Distinct(), times);
        Assert.Equal((Noon, Noon.AddHours(1)), (times[0], times[3]));
        Assert.Equal(times[3], _live.Snapshot.LastUpdated);
    }

    [Fact]
    public async Task Reads_see_the_version_before_until_the_commit()
    {
        await Take(Push("1", Patient()));
        var before = _live.Snapshot;
        var gate = new TaskCompletionSource();
        _journal.Before = verb => verb == nameof(IJournal.Append) ? gate.Task : Task.CompletedTask;

        var pushed = Take(Push("2", Observation("weight")));

        Assert.False(pushed.IsCompleted);
        Assert.Same(before, _live.Snapshot);
        gate.SetResult();
        Assert.Equal(2, (await pushed).Version);
        Assert.Equal((2, 1), (_live.Snapshot.All.Length, before.All.Length));
    }

    [Fact]
    public async Task A_cold_load_is_one_read_of_the_journal_and_a_warm_one_none()
    {
        await Take(Push("1", Patient(), Observation("weight")));
        var reads = _journal.Reads;

        var cold = Activation();
        await cold.Load(default);
        Assert.Equal(reads + 1, _journal.Reads);

        Assert.Equal(2, RecordReading.Read(cold.Snapshot, ReadRequest.Everything).Entries.Length);
        Assert.Single(RecordReading.Read(cold.Snapshot, new ReadRequest(Source, "Observation", "weight")).Entries);
        await cold.Push(Push("2", Observation("pulse")), default);
        Assert.Equal(reads + 1, _journal.Reads);
    }

    [Fact]
    public async Task A_push_to_a_record_that_was_never_loaded_loads_it_first()
    {
        await Take(Push("1", Patient()));

        var answer = await Activation().Push(Push("2", Observation("weight")), default);

        Assert.Equal((PushStatus.Applied, 2), (answer.Status, answer.Version));
    }

    [Fact]
    public async Task Of_two_activations_of_one_person_the_one_that_is_behind_is_fenced_and_answers_nobody_any_more()
    {
        var other = Activation();
        await _live.Load(default);
        await other.Load(default);

        await Take(Push("1", Patient()));
        var fenced = await other.Push(Push("2", Observation("weight")), default);
        Assert.Equal((PushStatus.Fenced, 0), (fenced.Status, fenced.Outcomes.Length));
        Assert.Equal(0, other.Snapshot.Seq);

        Assert.True(other.IsFenced);
        Assert.Equal(PushStatus.Fenced, (await other.Push(Push("2", Observation("weight")), default)).Status);
        Assert.Equal(ReadStatus.Fenced, (await other.Read(ReadRequest.Everything, default)).Status);

        // The next activation knows what the other one wrote, and now that one is behind.
        Assert.Equal(PushStatus.Applied, (await Activation().Push(Push("2", Observation("weight")), default)).Status);
        Assert.Equal(PushStatus.Fenced, (await Take(Push("3", Observation("pulse")))).Status);
        Assert.Equal([1, 2], (await Log()).Rows.Select(r => r.Seq));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_no_news_to_an_activation_that_is_behind_is_not_acknowledged_as_known(bool isWithdrawal)
    {
        await Take(Push("1", Observation("weight", "70")));
        var behind = Activation();
        await behind.Load(default);
        await Take(isWithdrawal ? Push("2", Observation("pulse")) : Push("2", Observation("weight", "71")));
        var push = isWithdrawal ? Push("3", Fragment.Deleted(Key("Observation", "pulse"))) : Push("3", Observation("weight", "70"));

        Assert.Equal(PushStatus.Fenced, (await behind.Push(push, default)).Status);
        Assert.True(behind.IsFenced);
        Assert.Equal(PushStatus.Applied, (await Take(push)).Status);
    }

    [Fact]
    public async Task A_version_that_is_known_is_known_without_asking_the_journal()
    {
        await Take(Push("1", Observation("weight", time: Noon)));
        var reads = _journal.Reads;

        Assert.Equal(PushStatus.Unchanged, (await Take(Push("2", Observation("weight", time: Noon)))).Status);
        Assert.Equal(reads, _journal.Reads);
    }

    private LiveRecord Activation() => new(JournalExamples.Ann, _journal, Here, _clock);

    private Task<PushAnswer> Take(PushRequest push) => _live.Push(push, default);

    private Task<JournalledRecord> Log() => _journal.Load(JournalExamples.Ann, default);

    // A record with something still to be delivered to it, and something parked.
    private async Task<(long FollowUp, string Parked)> Pending()
    {
        await Take(Push("first", Patient(), Observation("weight", performer: "gp")));
        await _journal.KeepSupporting([RecordAppend.Supporting(Practitioner("gp"))], default);
        await _journal.Park([JournalExamples.Parked("aside")], default);
        Assert.Equal(1, (await _journal.Parked(Source, null, 10, default)).Total);
        return (Assert.Single(await _journal.FollowUps(0, 10, default)).Id, "aside");
    }
}
