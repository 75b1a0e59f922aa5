using Lhcre.Contracts;
using Lhcre.Grains.Journal;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>Writes above 10,000 are a backfill's; of those with the same last digit a commit takes one where it is asked to.</summary>
public sealed class GroupCommitLaneTests
{
    private const int MaxWaiting = GroupCommit<int, string>.MaxWaiting;
    private const int Patience = GroupCommit<int, string>.BackfillPatience;
    private const int Share = GroupCommit<int, string>.BackfillShare;
    private const int Backfill = 10_001;

    private static CancellationToken None => CancellationToken.None;

    private static Lane LaneOf(int write) => write < Backfill ? Lane.Live : Lane.Backfill;

    [Fact]
    public async Task A_live_write_goes_before_a_backfill_that_came_first_and_the_backfill_fills_what_is_left()
    {
        using var store = new GroupCommitStore();
        await using var commits = store.Open(lane: LaneOf);
        var all = await GroupCommitStore.Queue(commits, store, [.. Enumerable.Range(Backfill, 600), 1, 2]);

        store.Permit();
        await Task.WhenAll(all);

        Assert.Equal([0], store.Commits[0]);
        Assert.Equal([1, 2, .. Enumerable.Range(Backfill, 510)], store.Commits[1]);
        Assert.Equal(Enumerable.Range(Backfill + 510, 90), store.Commits[2]);
    }

    [Fact]
    public async Task A_backfill_is_passed_over_for_a_while_and_not_for_ever()
    {
        using var store = new GroupCommitStore();
        await using var commits = store.Open(lane: LaneOf);
        var all = await GroupCommitStore.Queue(commits, store, Enumerable.Range(Backfill, 100));

        // As many live writes as a commit takes, before each.
        for (var commit = 1; commit <= 2 * Patience + 2; commit++)
        {
            all.AddRange(Enumerable.Range(512 * commit, 512).Select(write => commits.Commit(write % 10_000, None)));
            store.Permit(1);
            while (store.Commits.Count <= commit)
                await Task.Yield();
        }

        store.Permit();
        await Task.WhenAll(all);

        var backfilled = store.Commits.Select(commit => commit.Count(write => LaneOf(write) == Lane.Backfill)).ToList();
        Assert.Equal([.. Enumerable.Repeat(0, Patience + 1), Share, .. Enumerable.Repeat(0, Patience), 100 - Share], backfilled.Take(2 * Patience + 3));
        Assert.Equal(Enumerable.Range(Backfill, 100), store.Commits.SelectMany(commit => commit.Where(write => LaneOf(write) == Lane.Backfill)));
    }

    [Theory]
    [InlineData(1, Backfill)]
    [InlineData(Backfill, 1)]
    public async Task A_full_lane_refuses_at_once_says_that_it_is_busy_and_leaves_the_other_lane_open(int full, int other)
    {
        using var store = new GroupCommitStore();
        await using var commits = store.Open(lane: LaneOf);
        var all = await GroupCommitStore.Queue(commits, store, Enumerable.Range(full, MaxWaiting));

        var refused = commits.Commit(full, None);

        // At once, and not when there is room: the store has not moved.
        var busy = await Assert.ThrowsAsync<JournalUnavailableException>(() => refused);
        Assert.Equal((true, false), (busy.IsBusy, busy.OutcomeUnknown));
        all.Add(commits.Commit(other, None));
        store.Permit();
        await Task.WhenAll(all);
        Assert.Equal($"wrote {full}", await commits.Commit(full, None));
    }

    [Fact]
    public async Task A_lane_takes_in_64_mebibytes_or_one_write_of_any_size()
    {
        using var store = new GroupCommitStore();
        await using var commits = store.Open(write => write * 1024L * 1024);
        var all = await GroupCommitStore.Queue(commits, store, [100]);
        Assert.True((await Assert.ThrowsAsync<JournalUnavailableException>(() => commits.Commit(1, None))).IsBusy);
        store.Permit(2);
        await Task.WhenAll(all);

        // The first is in its commit when the others come.
        all.Add(commits.Commit(1, None));
        while (store.Commits.Count < 3)
            await Task.Yield();
        all.AddRange(Enumerable.Repeat(2, 32).Select(write => commits.Commit(write, None)));
        Assert.True((await Assert.ThrowsAsync<JournalUnavailableException>(() => commits.Commit(1, None))).IsBusy);

        store.Permit();
        await Task.WhenAll(all);
        Assert.Equal("wrote 1", await commits.Commit(1, None));
    }

    [Fact]
    public async Task A_commit_takes_one_of_each_kind_where_only_one_may_go_and_their_order_stays()
    {
        using var store = new GroupCommitStore();
        await using var commits = store.Open(onlyOneOf: write => write > 100 ? null : $"{write % 10}");
        var all = await GroupCommitStore.Queue(commits, store, [11, 12, 21, 101, 31, 22, 13, 102]);

        store.Permit();
        await Task.WhenAll(all);

        Assert.Equal([[0], [11, 12, 101, 13, 102], [21, 22], [31]], store.Commits);
    }

    [Fact]
    public async Task A_live_write_and_a_backfill_of_one_kind_go_one_after_the_other()
    {
        using var store = new GroupCommitStore();
        await using var commits = store.Open(lane: LaneOf, onlyOneOf: write => $"{write % 10}");
        var all = await GroupCommitStore.Queue(commits, store, [Backfill, 1, Backfill + 1]);

        store.Permit();
        await Task.WhenAll(all);

        Assert.Equal([[0], [1, Backfill + 1], [Backfill]], store.Commits);
    }
}
