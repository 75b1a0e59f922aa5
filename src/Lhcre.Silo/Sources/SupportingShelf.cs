using System.Collections.Immutable;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Silo.Sources;

/// <summary>
/// The resources of one push that are about nobody. Each is stamped here, once, since several records may take it in; each goes with the
/// fragments that refer to it, and those that nobody refers to are kept on their own.
/// </summary>
internal sealed class SupportingShelf
{
    private readonly Dictionary<EntryKey, Fragment> _kept = [];
    private readonly Dictionary<EntryKey, Fragment> _fragments = [];
    private readonly Dictionary<EntryKey, FragmentOutcome> _outcomes = [];

    private SupportingShelf()
    {
    }

    /// <summary>Puts the fragments up, each against what is kept of it.</summary>
    public static async Task<SupportingShelf> Of(
        IReadOnlyList<Fragment> fragments, IJournal journal, DateTimeOffset arrival, CancellationToken cancellation)
    {
        var shelf = new SupportingShelf();
        if (fragments.Count == 0)
            return shelf;
        EntryKey[] keys = [.. fragments.Select(f => f.Key).Distinct()];
        var kept = await journal.FindSupporting(keys, cancellation);
        foreach (var (key, resource) in keys.Zip(kept))
        {
            if (resource is not null)
                shelf._kept[key] = LogBody.Read(resource.Body)[0];
        }

        foreach (var fragment in fragments)
            shelf.Put(fragment, shelf._fragments.GetValueOrDefault(fragment.Key) ?? shelf._kept.GetValueOrDefault(fragment.Key), arrival);
        return shelf;
    }

    /// <summary>What became of a supporting fragment.</summary>
    public FragmentOutcome Outcome(EntryKey key) => _outcomes[key];

    /// <summary>Those that the fragments refer to, and those that these refer to, and so on.</summary>
    public ImmutableArray<Fragment> For(IEnumerable<Fragment> fragments)
    {
        var taken = new Dictionary<EntryKey, Fragment>();
        var pending = new Queue<Fragment>(fragments);
        while (pending.TryDequeue(out var next))
        {
            foreach (var reference in next.References)
            {
                if (_fragments.TryGetValue(reference.Target, out var supporting) && taken.TryAdd(reference.Target, supporting))
                    pending.Enqueue(supporting);
            }
        }

        return [.. taken.Values];
    }

    /// <summary>
    /// Those that are new and were not written into any record, as the journal keeps them. The same words in a higher version are new too:
    /// they outrank what may still come between the two.
    /// </summary>
    public ImmutableArray<SupportingResource> Without(IEnumerable<Fragment> written)
    {
        var keys = written.Select(f => f.Key).ToHashSet();
        return [.. _fragments.Values.Where(f => !keys.Contains(f.Key) && f.Version.CompareTo(_kept.GetValueOrDefault(f.Key)?.Version) > 0).Select(RecordAppend.Supporting)];
    }

    private void Put(Fragment fragment, Fragment? before, DateTimeOffset arrival)
    {
        var unchanged = before is not null && before.Kind == fragment.Kind && before.Version.Content == fragment.Version.Content;
        if (unchanged && !fragment.Version.IsDeclared)
        {
            (_fragments[fragment.Key], _outcomes[fragment.Key]) = (before!, FragmentOutcome.Unchanged);
            return;
        }

        if (fragment.Version.Time is null)
        {
            var above = before?.Version.Time?.AddTicks(1);
            fragment = fragment.Stamped(above is { } stamp && (fragment.StampRule == StampRule.AboveLive || stamp > arrival) ? stamp : arrival);
        }

        _fragments[fragment.Key] = fragment;
        _outcomes[fragment.Key] =
            before is not null && fragment.Version.CompareTo(before.Version) < 0 ? FragmentOutcome.Superseded
            : fragment.Kind != FragmentKind.Stated ? FragmentOutcome.Withdrawn
            : before is not { Kind: FragmentKind.Stated } ? FragmentOutcome.Created
            : unchanged ? FragmentOutcome.Unchanged
            : FragmentOutcome.Updated;
    }
}
