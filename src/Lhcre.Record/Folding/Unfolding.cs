using System.Runtime.InteropServices;
using Lhcre.Record.Matching;

namespace Lhcre.Record;

/// <summary>One record being made of its live chunks: sets that are made whole, in order, instead of entry by entry.</summary>
internal sealed class Unfolding(PatientKey key, Addresses addresses, ChunkHead head, DateTimeOffset since)
{
    private readonly Dictionary<EntryKey, EntryKey> _keys = [];
    private readonly List<Entry> _entries = [];
    private readonly List<MergedResource> _resources = [];
    private readonly List<Entry> _unshown = [];
    private readonly List<AppliedPush> _pushes = [];
    private KeyLink[] _redirects = [];
    private Corrections _corrections = Corrections.None;

    public PatientRecord Run(IReadOnlyList<RecordChunk> chunks, Dictionary<ChunkPlace, (byte[] Bytes, ByteRange Resource)> segments)
    {
        foreach (var chunk in chunks.OrderBy(c => c.Number))
        {
            var state = StatePart.Read(LiveChunk.Parts(chunk.Body).State, Canonical);
            TakeIn(chunk.Number, state, head.SupersededIn(chunk.Number), segments);
            // All of the record stand in each chunk: the newest one's count.
            (_redirects, _corrections) = (state.Redirects, state.Corrections);
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
            var place = new ChunkPlace(chunk, i);
            var (bytes, range) = segments[place];
            var resource = row.Unfold(key, new RenderedSegment(bytes, range, row.Stamp));
            resource.Place = place;
            _entries.AddRange(resource.Members);
            _resources.Add(resource);
        }

        for (var i = 0; i < state.Unshown.Length; i++)
        {
            if (superseded?.Has(state.Resources.Length + i) == true)
                continue;
            var entry = Entry.Unfold(state.Unshown[i]);
            entry.Place = new ChunkPlace(chunk, state.Resources.Length + i);
            _entries.Add(entry);
            _unshown.Add(entry);
        }

        _pushes.AddRange(state.Pushes.Where(p => p.At >= since));
    }

    private PatientRecord Whole()
    {
        var record = new PatientRecord(key, addresses)
        {
            Seq = head.Seq,
            Version = head.Version,
            LastUpdated = head.LastUpdated,
            LastAppended = head.LastAppended,
            LastRules = head.LastRules,
            Corrections = _corrections,
            Entries = Set(_entries, (left, right) => left.Key.CompareTo(right.Key)),
            Resources = Set(_resources, (left, right) => MergedResource.Compare(left.Smallest, right.Smallest)),
            Hashes = Set(
                _entries.Select(e => e.Key).Concat(_resources.Where(r => r.Disagreement is not null).Select(r => r.Smallest))
                    .Select(k => new HashedKey(k.Hash().Prefix, k)),
                (left, right) => new HashedKey.At(left.Prefix, left.Key).CompareTo(right)),
            Joined = Links(_resources.SelectMany(r => r.Members.Skip(1).Select(m => new KeyLink(m.Key, r.Smallest)))),
            Referrers = Links(_entries.SelectMany(e => e.Targets.Select(target => new KeyLink(target, e.Key)))),
            Redirects = Links(_redirects),
            Pushes = Set(_pushes.DistinctBy(p => p.Push), (left, right) => left.Push.Hash.CompareTo(right.Push.Hash)),
            // Of what is stated, only what is withheld stands beside the resources.
            WithheldPatients = [.. _unshown.Where(e => e is { IsLive: true, Key.Type: "Patient" }).Select(e => e.Key).Order()],
        };
        var view = record.View;
        return new PatientRecord(record)
        {
            Matches = Set(
                _entries.SelectMany(e => MatchKeys.Of(e, view).Distinct().Select(match => new KeyedEntry(match, e.Key))),
                (left, right) => new KeyedEntry.At(left.Match, left.Entry).CompareTo(right)),
        };
    }

    private static OrderedSet<KeyLink> Links(IEnumerable<KeyLink> links) =>
        Set(links, (left, right) => new KeyLink.At(left.From, left.To).CompareTo(right));

    private static OrderedSet<T> Set<T>(IEnumerable<T> items, Comparison<T> order)
    {
        var sorted = items.ToList();
        sorted.Sort(order);
        return OrderedSet<T>.Of(CollectionsMarshal.AsSpan(sorted));
    }
}
