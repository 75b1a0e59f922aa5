using System.Collections.Immutable;

namespace Lhcre.Record.Matching;

/// <summary>What matching sees of a record at one moment.</summary>
/// <param name="Entries">What every source says.</param>
/// <param name="Matches">By what they may match.</param>
/// <param name="Withheld">The Patients that are withheld with all that is filed under them (<see cref="WrongPatientGuard"/>).</param>
/// <param name="Clusters">The cluster that an entry is in; null for one that is not shown.</param>
internal sealed record RecordView(
    OrderedSet<Entry> Entries, OrderedSet<KeyedEntry> Matches, ImmutableArray<EntryKey> Withheld, Func<EntryKey, MergedResource.Statement?> Clusters)
{
    /// <summary>The members of the cluster that an entry is in; empty for one that is not shown.</summary>
    public ImmutableArray<Entry> Members(EntryKey key) => Clusters(key)?.Members ?? [];

    /// <summary>What a source says under a key; null where it never said anything.</summary>
    public Entry? Entry(EntryKey key) => Entries.TryFind(new Entry.ByKey(key), out var entry) ? entry : null;

    /// <summary>The entry under a key, where it is a member of a merged resource.</summary>
    public Entry? Shown(EntryKey key) => Entry(key) is { } entry && IsShown(entry) ? entry : null;

    /// <summary>Whether an entry is a member of a merged resource: stated, and not withheld.</summary>
    public bool IsShown(Entry entry) => entry.IsLive && !WrongPatientGuard.Covers(Withheld, entry);
}
