using System.Collections.Immutable;
using Lhcre.Record.Matching;

namespace Lhcre.Record;

/// <summary>
/// One row being taken into a record. Touches what the row changes and what refers to it, nothing else: its cost does not grow with the
/// record.
/// </summary>
internal sealed class MergeStep
{
    private readonly PatientRecord _before;
    private readonly RecordRow _row;
    private readonly RecordIndex _indexBefore;

    private readonly HashSet<EntryKey> _touched = [];
    private readonly HashSet<MergedResource> _dirty = [];
    private readonly IReadOnlyDictionary<long, IReadOnlyList<Fragment>> _words;
    private readonly Dictionary<long, IReadOnlyList<Fragment>> _bodies = [];
    private readonly HashSet<long> _toFetch = [];
    private readonly Dictionary<EntryKey, string> _references = [];
    private bool _changed;

    private OrderedSet<Entry> _entries;
    private OrderedSet<MergedResource> _resources;
    private OrderedSet<HashedKey> _hashes;
    private OrderedSet<KeyLink> _joined;
    private OrderedSet<KeyLink> _referrers;
    private OrderedSet<KeyLink> _redirects;
    private OrderedSet<KeyedEntry> _matches;
    private OrderedSet<RetainedRow> _rows;

    public MergeStep(PatientRecord before, RecordRow row, IReadOnlyDictionary<long, IReadOnlyList<Fragment>> words)
    {
        (_before, _row) = (before, row);
        _indexBefore = new RecordIndex(before.Entries, before.Matches);
        (_entries, _resources, _hashes) = (before.Entries, before.Resources, before.Hashes);
        (_joined, _referrers, _redirects) = (before.Joined, before.Referrers, before.Redirects);
        (_matches, _rows) = (before.Matches, before.Rows);
        _words = words;
        _bodies[row.Seq] = row.Fragments;
    }

    /// <summary>The rows in whose words something is to be shown, and which are not at hand: with any, the outcome is not to be used.</summary>
    public IReadOnlyCollection<long> ToFetch => _toFetch;

    public PatientRecord Run()
    {
        _rows = _rows.With(new RetainedRow.By(_row.Seq), new RetainedRow(_row.Seq, _row.Body, 0));
        for (var i = 0; i < _row.Fragments.Count; i++)
            TakeIn(_row.Fragments[i], i);
        if (_rows.TryFind(new RetainedRow.By(_row.Seq), out var row) && row.LiveEntries == 0)
            _rows = _rows.Without(new RetainedRow.By(_row.Seq));

        var clusters = Recluster();
        foreach (var cluster in clusters)
            Show(cluster.Members, cluster.Shown);
        foreach (var resource in _dirty)
        {
            if (_resources.TryFind(new MergedResource.BySmallest(resource.Smallest), out var current) && ReferenceEquals(current, resource))
                Show(resource.Members, resource.Shown);
        }

        return new PatientRecord(_before.Key, _before.Addresses)
        {
            Seq = _row.Seq,
            LastAppended = _row.At,
            Version = _changed ? _row.Seq : _before.Version,
            LastUpdated = _changed ? _row.At : _before.LastUpdated,
            Entries = _entries,
            Resources = _resources,
            Hashes = _hashes,
            Joined = _joined,
            Referrers = _referrers,
            Redirects = _redirects,
            Matches = _matches,
            Rows = _rows,
            Pushes = _before.Pushes.With(new AppliedPush.By(_row.Push), new AppliedPush(_row.Push, _row.Seq, _row.At)),
        };
    }

    private void TakeIn(Fragment fragment, int index)
    {
        var old = _entries.TryFind(new Entry.ByKey(fragment.Key), out var known) ? known : null;
        var entry = old?.With(fragment, _row.Seq, index, Canonical) ?? Entry.First(fragment, _row.Seq, index, Canonical);
        if (ReferenceEquals(entry, old))
            return;
        _touched.Add(entry.Key);
        _entries = _entries.With(new Entry.ByKey(entry.Key), entry);
        if (old is null)
        {
            var prefix = entry.Key.Hash().Prefix;
            _hashes = _hashes.With(new HashedKey.At(prefix, entry.Key), new HashedKey(prefix, entry.Key));
        }

        if (old is not null && entry.Seq == old.Seq && entry.Index == old.Index)
            return;
        Retain(old, -1);
        Retain(entry, +1);
        foreach (var key in MatchKey.Of(old))
            _matches = _matches.Without(new KeyedEntry.At(key, entry.Key));
        foreach (var key in MatchKey.Of(entry))
            _matches = _matches.With(new KeyedEntry.At(key, entry.Key), new KeyedEntry(key, entry.Key));
        foreach (var target in old?.Targets ?? [])
            _referrers = _referrers.Without(new KeyLink.At(target, entry.Key));
        foreach (var target in entry.Targets)
            _referrers = _referrers.With(new KeyLink.At(target, entry.Key), new KeyLink(target, entry.Key));
    }

    // One object a key in a record, whoever names it.
    private EntryKey Canonical(EntryKey key)
    {
        if (_entries.TryFind(new Entry.ByKey(key), out var entry))
            return entry.Key;
        return _referrers.TryFind(new KeyLink.Of(key), out var link) ? link.From : key;
    }

    private void Retain(Entry? entry, int change)
    {
        if (entry is not { IsLive: true } || !_rows.TryFind(new RetainedRow.By(entry.Seq), out var row))
            return;
        row = row with { LiveEntries = row.LiveEntries + change };
        _rows = row.LiveEntries == 0 && row.Seq != _row.Seq
            ? _rows.Without(new RetainedRow.By(row.Seq))
            : _rows.With(new RetainedRow.By(row.Seq), row);
    }

    // Takes the clusters apart that the touched entries could change, and forms them anew; marks those who refer to what moved.
    private List<Cluster> Recluster()
    {
        var component = Candidates.Component(_touched, _indexBefore, new RecordIndex(_entries, _matches));
        if (component.Any(k => k.Type == "Patient"))
            component.UnionWith(_before.Patient?.Members.Select(m => m.Key) ?? []);
        var old = component.Select(_before.ResourceOf).OfType<MergedResource>().Distinct().ToList();
        foreach (var resource in old)
        {
            _resources = _resources.Without(new MergedResource.BySmallest(resource.Smallest));
            foreach (var member in resource.Members.Skip(1))
                _joined = _joined.Without(new KeyLink.At(member.Key, resource.Smallest));
        }

        var live = component.Select(LiveEntry).OfType<Entry>().ToList();
        var patients = live.Where(e => e.Key.Type == "Patient").OrderBy(e => e.Key).ToImmutableArray();
        var clusters = Clusters.Form([.. live.Where(e => e.Key.Type != "Patient")], _matches);
        if (!patients.IsEmpty)
            clusters.Add(patients);
        foreach (var members in clusters)
        {
            foreach (var member in members.Skip(1))
                _joined = _joined.With(new KeyLink.At(member.Key, members[0].Key), new KeyLink(member.Key, members[0].Key));
        }

        Redirect(old);
        MarkReferrers(component, old, clusters);
        return [.. clusters.Select(members => new Cluster(members, Precedence.Shown(members)))];
    }

    private Entry? LiveEntry(EntryKey key) => _entries.TryFind(new Entry.ByKey(key), out var entry) && entry.IsLive ? entry : null;

    // A withdrawn member's id goes on answering, with those who still say it. Once live again it answers for itself, and its redirect is
    // over: withdrawn once more, it must not lead to those whom it has left.
    private void Redirect(List<MergedResource> old)
    {
        foreach (var key in _touched.Where(key => LiveEntry(key) is not null))
            _redirects = _redirects.Without(new KeyLink.Of(key));
        foreach (var resource in old.Where(r => r.Members.Length > 1))
        {
            var heir = resource.Members.FirstOrDefault(m => LiveEntry(m.Key) is not null);
            foreach (var member in resource.Members)
            {
                if (heir is not null && LiveEntry(member.Key) is null)
                    _redirects = _redirects.With(new KeyLink.Of(member.Key), new KeyLink(member.Key, heir.Key));
            }
        }
    }

    private void MarkReferrers(HashSet<EntryKey> component, List<MergedResource> old, List<ImmutableArray<Entry>> clusters)
    {
        var addressBefore = old.SelectMany(r => r.Members.Select(m => (m.Key, r.Smallest))).ToDictionary(p => p.Key, p => p.Smallest);
        var addressAfter = clusters.SelectMany(c => c.Select(m => (m.Key, Smallest: c[0].Key))).ToDictionary(p => p.Key, p => p.Smallest);
        foreach (var key in component)
        {
            var (was, now) = (addressBefore.GetValueOrDefault(key), addressAfter.GetValueOrDefault(key));
            // The merged Patient has one id, whoever is its smallest member: only coming and going counts.
            if (was == now || (key.Type == "Patient" && was is not null && now is not null))
                continue;
            _changed = true;
            foreach (var link in _referrers.From(new KeyLink.Of(key)).TakeWhile(l => l.From == key))
            {
                if (ResourceOf(link.To) is { } referrer && referrer.Shown.Key == link.To)
                    _dirty.Add(referrer);
            }
        }
    }

    private MergedResource? ResourceOf(EntryKey key)
    {
        key = KeyLink.Follow(_joined, key) ?? key;
        return _resources.TryFind(new MergedResource.BySmallest(key), out var resource) ? resource : null;
    }

    private void Show(ImmutableArray<Entry> members, Entry shown)
    {
        if (Body(shown) is { } body)
            _resources = _resources.With(new MergedResource.BySmallest(members[0].Key), Render(members, shown, body));
        else
            _toFetch.Add(shown.Seq);
    }

    private MergedResource Render(ImmutableArray<Entry> members, Entry shown, Fragment body)
    {
        var id = MergedResource.IdOf(_before.Key, members[0].Key);
        var segment = Rendering.Write(_before.Addresses, id, body, members, ReferenceTo, _row.Seq, _row.At);
        if (_before.Resources.TryFind(new MergedResource.BySmallest(members[0].Key), out var previous) && previous.Segment.SaysTheSameAs(segment))
            return new MergedResource(_before.Key, members, shown, previous.Segment, previous.Version, previous.LastUpdated);
        _changed = true;
        return new MergedResource(_before.Key, members, shown, segment, _row.Seq, _row.At);
    }

    private Fragment? Body(Entry entry)
    {
        if (_bodies.TryGetValue(entry.Seq, out var fragments) || _words.TryGetValue(entry.Seq, out fragments))
            return fragments[entry.Index];
        if (_before.RowFragments(entry.Seq) is not { } retained)
            return null;
        _bodies[entry.Seq] = retained;
        return retained[entry.Index];
    }

    private string ReferenceTo(EntryKey target) =>
        _references.TryGetValue(target, out var known) ? known : _references[target] = Address(target);

    // References point at merged resources; one whose target is not live here leads to the source that it came from.
    private string Address(EntryKey target)
    {
        if (LiveEntry(target) is null)
            return $"{_before.Addresses.Source(target.Source)}/{target.Reference}";
        if (target.Type == "Patient")
            return $"Patient/{_before.Key}";
        var smallest = KeyLink.Follow(_joined, target) ?? target;
        return $"{target.Type}/{new MergedId(_before.Key, smallest.Hash())}";
    }

    private sealed record Cluster(ImmutableArray<Entry> Members, Entry Shown)
    {
        public EntryKey Smallest => Members[0].Key;
    }
}
