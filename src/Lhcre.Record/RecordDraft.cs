using System.Collections.Immutable;
using Lhcre.Record.Matching;

namespace Lhcre.Record;

/// <summary>A record while a row is taken into it: the sets of the one before, changed in place of it.</summary>
internal sealed class RecordDraft
{
    private readonly Dictionary<EntryKey, MergedResource.Statement> _formed = [];

    public RecordDraft(PatientRecord before)
    {
        (Before, Entries, Resources, Hashes) = (before, before.Entries, before.Resources, before.Hashes);
        (Joined, Referrers, Redirects) = (before.Joined, before.Referrers, before.Redirects);
        (Matches, Rows, Withheld) = (before.Matches, before.Rows, before.WithheldPatients);
        PatientWords = before.PatientWords;
    }

    /// <summary>The record before the row.</summary>
    public PatientRecord Before { get; }

    public OrderedSet<Entry> Entries { get; set; }

    public OrderedSet<MergedResource> Resources { get; set; }

    public OrderedSet<HashedKey> Hashes { get; set; }

    public OrderedSet<KeyLink> Joined { get; set; }

    public OrderedSet<KeyLink> Referrers { get; set; }

    public OrderedSet<KeyLink> Redirects { get; set; }

    public OrderedSet<KeyedEntry> Matches { get; set; }

    public OrderedSet<RetainedRow> Rows { get; set; }

    public ImmutableArray<EntryKey> Withheld { get; set; }

    public ImmutableArray<Fragment> PatientWords { get; set; }

    /// <summary>Whether anything that is served has changed.</summary>
    public bool IsChanged { get; set; }

    /// <summary>The record as matching sees it now.</summary>
    public RecordView View => new(Entries, Matches, Withheld, ClusterOf);

    /// <summary>The entry under a key, where it is a member of a merged resource.</summary>
    public Entry? Shown(EntryKey key) =>
        Entries.TryFind(new Entry.ByKey(key), out var entry) && entry.IsLive && !WrongPatientGuard.Covers(Withheld, entry) ? entry : null;

    /// <summary>The merged resource of an entry, as it stands now.</summary>
    public MergedResource? ResourceOf(EntryKey key) =>
        Resources.TryFind(new MergedResource.BySmallest(SmallestOf(key)), out var resource) ? resource : null;

    /// <summary>The smallest member of an entry's cluster.</summary>
    public EntryKey SmallestOf(EntryKey key) => KeyLink.Follow(Joined, key) ?? key;

    /// <summary>A cluster that is formed and not shown yet.</summary>
    public void Form(MergedResource.Statement cluster)
    {
        var members = cluster.Members;
        _formed[members[0].Key] = cluster;
        foreach (var member in members.Skip(1))
            Joined = Joined.With(new KeyLink.At(member.Key, members[0].Key), new KeyLink(member.Key, members[0].Key));
    }

    /// <summary>Takes a merged resource away, to be formed anew of what is left of its members.</summary>
    public void Dissolve(MergedResource resource)
    {
        Resources = Resources.Without(new MergedResource.BySmallest(resource.Smallest));
        foreach (var member in resource.Members.Skip(1))
            Joined = Joined.Without(new KeyLink.At(member.Key, resource.Smallest));
    }

    private MergedResource.Statement? ClusterOf(EntryKey key)
    {
        var smallest = SmallestOf(key);
        if (_formed.TryGetValue(smallest, out var formed))
            return formed;
        return Resources.TryFind(new MergedResource.BySmallest(smallest), out var resource) ? resource.Stated : null;
    }
}
