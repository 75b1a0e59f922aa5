using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lhcre.Record.Matching;

namespace Lhcre.Record;

/// <summary>One record being made of its live chunks: sets that are made whole, in order, instead of entry by entry.</summary>
internal sealed class Unfolding(PatientKey key, Addresses addresses, ChunkHead head, DateTimeOffset since)
{
    private readonly Dictionary<EntryKey, EntryKey> _keys = [];
    private readonly List<Entry> _entries = [];
    private readonly List<MergedResource> _resources = [];
    private readonly List<AppliedPush> _pushes = [];
    private KeyLink[] _redirects = [];

    public PatientRecord Run(IReadOnlyList<RecordChunk> chunks, Dictionary<ChunkPlace, (byte[] Bytes, ByteRange Resource)> segments)
    {
        foreach (var chunk in chunks.OrderBy(c => c.Number))
        {
            var state = StatePart.Read(LiveChunk.Parts(chunk.Body).State, Canonical);
            TakeIn(chunk.Number, state, head.SupersededIn(chunk.Number), segments);
            // All of the record stand in each chunk: the newest one's count.
            _redirects = state.Redirects;
        }

        return Whole();
    }

    private EntryKey Canonical(EntryKey one) => _keys.TryAdd(one, one) ? one : _keys[one];

    private void TakeIn(int chunk, StatePart state, SupersededItems? superseded, Dictionary<ChunkPlace, (byte[] Bytes, ByteRange Resource)> segments)
    {
        for (var i = 0; i < state.Resources.Length; i++)
        {
            if (superseded?.Has(i) == true)
                continue;
            var row = state.Resources[i];
            ImmutableArray<Entry> members = [.. row.Members.Select(Entry.Unfold)];
            var place = new ChunkPlace(chunk, i);
            var (bytes, resource) = segments[place];
            _entries.AddRange(members);
            _resources.Add(new MergedResource(key, members, members[row.Shown], new RenderedSegment(bytes, resource, row.Stamp), row.Version, row.LastUpdated) { Place = place });
        }

        for (var i = 0; i < state.Withdrawn.Length; i++)
        {
            if (superseded?.Has(state.Resources.Length + i) == true)
                continue;
            var entry = Entry.Unfold(state.Withdrawn[i]);
            entry.Place = new ChunkPlace(chunk, state.Resources.Length + i);
            _entries.Add(entry);
        }

        _pushes.AddRange(state.Pushes.Where(p => p.At >= since));
    }

    private PatientRecord Whole() => new(key, addresses)
    {
        Seq = head.Seq,
        Version = head.Version,
        LastUpdated = head.LastUpdated,
        LastAppended = head.LastAppended,
        Entries = Set(_entries, (left, right) => left.Key.CompareTo(right.Key)),
        Resources = Set(_resources, (left, right) => MergedResource.Compare(left.Smallest, right.Smallest)),
        Hashes = Set(
            _entries.Select(e => new HashedKey(e.Key.Hash().Prefix, e.Key)), (left, right) => new HashedKey.At(left.Prefix, left.Key).CompareTo(right)),
        Joined = Links(_resources.SelectMany(r => r.Members.Skip(1).Select(m => new KeyLink(m.Key, r.Smallest)))),
        Referrers = Links(_entries.SelectMany(e => e.Targets.Select(target => new KeyLink(target, e.Key)))),
        Redirects = Links(_redirects),
        Matches = Set(
            _entries.SelectMany(e => MatchKey.Of(e).Distinct().Select(match => new KeyedEntry(match, e.Key))),
            (left, right) => new KeyedEntry.At(left.Match, left.Entry).CompareTo(right)),
        Pushes = Set(_pushes.DistinctBy(p => p.Push), (left, right) => left.Push.Hash.CompareTo(right.Push.Hash)),
    };

    private static OrderedSet<KeyLink> Links(IEnumerable<KeyLink> links) =>
        Set(links, (left, right) => new KeyLink.At(left.From, left.To).CompareTo(right));

    private static OrderedSet<T> Set<T>(IEnumerable<T> items, Comparison<T> order)
    {
        var sorted = items.ToList();
        sorted.Sort(order);
        return OrderedSet<T>.Of(CollectionsMarshal.AsSpan(sorted));
    }
}
