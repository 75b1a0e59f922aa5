using Lhcre.Contracts;
using Lhcre.Grains.Journal;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>A store that commits when it is let to, and remembers each commit that was asked of it.</summary>
internal sealed class GroupCommitStore : IDisposable
{
    private readonly SemaphoreSlim _permits = new(0);

    public List<int[]> Commits { get; } = [];

    public Func<IReadOnlyList<int>, Exception?> Refuses { get; set; } = _ => null;

    /// <summary>The first write, 0, alone in its commit, and those behind it, which wait for that commit to end.</summary>
    public static async Task<List<Task<string>>> Queue(GroupCommit<int, string> commits, GroupCommitStore store, IEnumerable<int> writes)
    {
        var all = new List<Task<string>> { commits.Commit(0, default) };
        while (store.Commits.Count == 0)
            await Task.Yield();
        all.AddRange(writes.Select(write => commits.Commit(write, default)));
        return all;
    }

    public GroupCommit<int, string> Open(
        Func<int, long>? bytes = null, Func<int, Lane>? lane = null, Func<int, string?>? onlyOneOf = null) =>
        new(Commit, bytes ?? (_ => 1), lane, onlyOneOf);

    public void Dispose() => _permits.Dispose();

    public void Permit(int commits = 1_000_000) => _permits.Release(commits);

    private async Task<IReadOnlyList<string>> Commit(IReadOnlyList<int> writes)
    {
        Commits.Add([.. writes]);
        await _permits.WaitAsync();
        return Refuses(writes) is { } refusal ? throw refusal : [.. writes.Select(write => $"wrote {write}")];
    }
}
