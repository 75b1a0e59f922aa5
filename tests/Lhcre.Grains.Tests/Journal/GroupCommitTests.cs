using Lhcre.Grains.Journal;

namespace Lhcre.Grains.Tests.Journal;

public sealed class GroupCommitTests
{
    private const int Mebi = 1024 * 1024;

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Writes_that_queue_behind_a_commit_go_together_into_the_next_in_the_order_of_their_coming()
    {
        using var store = new GroupCommitStore();
        await using var commits = store.Open();
        var all = await GroupCommitStore.Queue(commits, store, [3, 1, 2]);

        store.Permit();

        Assert.Equal(["wrote 0", "wrote 3", "wrote 1", "wrote 2"], await Task.WhenAll(all));
        Assert.Equal([[0], [3, 1, 2]], store.Commits);
    }

    [Fact]
    public async Task A_write_is_told_nothing_before_its_commit_ended()
    {
        using var store = new GroupCommitStore();
        await using var commits = store.Open();
        var all = await GroupCommitStore.Queue(commits, store, [1]);

        store.Permit(1);
        await all[0];
        Assert.False(all[1].IsCompleted);
        store.Permit(1);

        Assert.Equal("wrote 1", await all[1]);
    }

    [Fact]
    public async Task A_commit_takes_at_most_512_writes()
    {
        using var store = new GroupCommitStore();
        await using var commits = store.Open();
        var all = await GroupCommitStore.Queue(commits, store, Enumerable.Range(1, 1000));

        store.Permit();
        await Task.WhenAll(all);

        Assert.Equal([1, 512, 488], store.Commits.Select(commit => commit.Length));
    }

    [Fact]
    public async Task A_commit_takes_at_most_4_mebibytes_and_a_larger_write_goes_alone()
    {
        using var store = new GroupCommitStore();
        await using var commits = store.Open(write => write * Mebi);
        var all = await GroupCommitStore.Queue(commits, store, [2, 2, 1, 9, 1, 3, 1]);

        store.Permit();
        await Task.WhenAll(all);

        Assert.Equal([[0], [2, 2], [1], [9], [1, 3], [1]], store.Commits);
    }

    [Fact]
    public async Task A_write_that_cannot_be_written_harms_none_of_those_that_queued_with_it()
    {
        using var store = new GroupCommitStore { Refuses = writes => writes.Contains(2) ? new InvalidOperationException("not 2") : null };
        await using var commits = store.Open();
        var all = await GroupCommitStore.Queue(commits, store, [1, 2, 3]);

        store.Permit();

        Assert.Equal("not 2", (await Assert.ThrowsAsync<InvalidOperationException>(() => all[2])).Message);
        Assert.Equal(["wrote 0", "wrote 1", "wrote 3"], await Task.WhenAll(all[0], all[1], all[3]));
        Assert.Equal([[0], [1, 2, 3], [1], [2], [3]], store.Commits);
    }

    [Fact]
    public async Task An_unavailable_store_is_told_to_all_is_not_tried_again_and_takes_the_next_commit()
    {
        using var store = new GroupCommitStore { Refuses = writes => writes.Contains(2) ? new JournalUnavailableException("full", outcomeUnknown: true) : null };
        await using var commits = store.Open();
        var all = await GroupCommitStore.Queue(commits, store, [1, 2, 3]);

        store.Permit();

        foreach (var write in all.Skip(1))
            Assert.True((await Assert.ThrowsAsync<JournalUnavailableException>(() => write)).OutcomeUnknown);
        Assert.Equal("wrote 4", await commits.Commit(4, None));
        Assert.Equal([[0], [1, 2, 3], [4]], store.Commits);
    }

    [Fact]
    public async Task A_write_that_is_cancelled_in_the_queue_is_not_written()
    {
        using var store = new GroupCommitStore();
        await using var commits = store.Open();
        var all = await GroupCommitStore.Queue(commits, store, [1]);
        using var cancelling = new CancellationTokenSource();
        var cancelled = commits.Commit(2, cancelling.Token);
        await cancelling.CancelAsync();

        store.Permit();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await Task.WhenAll(all);
        Assert.Equal([[0], [1]], store.Commits);
    }

    [Fact]
    public async Task A_write_that_is_cancelled_while_it_is_committed_tells_how_it_ended()
    {
        using var store = new GroupCommitStore();
        await using var commits = store.Open();
        using var cancelling = new CancellationTokenSource();
        var write = commits.Commit(7, cancelling.Token);
        while (store.Commits.Count == 0)
            await Task.Yield();
        await cancelling.CancelAsync();

        store.Permit();

        Assert.Equal("wrote 7", await write);
    }

    [Fact]
    public async Task Closing_commits_what_waits_and_refuses_what_comes()
    {
        using var store = new GroupCommitStore();
        var commits = store.Open();
        var all = await GroupCommitStore.Queue(commits, store, [1, 2]);

        var closing = commits.DisposeAsync();
        var late = await Assert.ThrowsAsync<JournalUnavailableException>(() => commits.Commit(3, None));
        Assert.False(closing.IsCompleted);
        store.Permit();
        await closing;

        Assert.False(late.OutcomeUnknown);
        Assert.Equal(["wrote 0", "wrote 1", "wrote 2"], await Task.WhenAll(all));
    }
}
