using System.Collections.Immutable;
using Lhcre.Record.Matching;
using Lhcre.Record.Searching;

namespace Lhcre.Record;

/// <summary>
/// One person's merged record at one version. Immutable: a push makes a new one that shares nearly all of the old, and readers go on with
/// the one that they hold. What it says is a function of the set of fragments; the stamps are a function of the journal.
/// </summary>
public sealed class PatientRecord
{
    /// <summary>
    /// The number of the merge rules, part of every ETag: under a higher one, the same fragments may be shown in other bytes.
    /// </summary>
    public const int MergeRules = 3;

    private MergedResource[]? _all;

    private RecordIndex? _index;

    private PatientRecord? _asRestricted;

    // Not known yet, no, yes: of several threads all find the same.
    private int _restriction;

    internal PatientRecord(PatientKey key, Addresses addresses) => (Key, Addresses) = (key, addresses);

    /// <summary>The same record, in which some sets may be exchanged.</summary>
    internal PatientRecord(PatientRecord record)
        : this(record.Key, record.Addresses)
    {
        (Seq, Version, LastUpdated, LastAppended) = (record.Seq, record.Version, record.LastUpdated, record.LastAppended);
        (Entries, Resources, Hashes, Matches) = (record.Entries, record.Resources, record.Hashes, record.Matches);
        (Joined, Referrers, Redirects, Pushes) = (record.Joined, record.Referrers, record.Redirects, record.Pushes);
        (Rows, WithheldPatients, LastRules) = (record.Rows, record.WithheldPatients, record.LastRules);
        PatientWords = record.PatientWords;
        Corrections = record.Corrections;
        (_all, _index) = (record._all, record._index);
        Behind = record.Behind;
    }

    /// <summary>Whose record.</summary>
    public PatientKey Key { get; }

    /// <summary>Where it is served.</summary>
    public Addresses Addresses { get; }

    /// <summary>The last row of the journal in it; 0 for none.</summary>
    public long Seq { get; internal init; }

    /// <summary>The last row that changed anything that is served; 0 for none.</summary>
    public long Version { get; internal init; }

    /// <summary>When that row was appended.</summary>
    public DateTimeOffset LastUpdated { get; internal init; }

    /// <summary>When the last row was appended, whether it changed what is served or not.</summary>
    public DateTimeOffset LastAppended { get; internal init; }

    /// <summary>The number of the merge rules under which that row was appended; of a record without rows, this release's.</summary>
    public byte LastRules { get; internal init; } = MergeRules;

    private MergedResource[] Array => _all ??= Resources.ToArray();

    internal OrderedSet<Entry> Entries { get; init; } = OrderedSet<Entry>.Empty;

    internal OrderedSet<MergedResource> Resources
    {
        get;
        init => (field, _all, _index) = (value, null, null);
    }
    = OrderedSet<MergedResource>.Empty;

    internal OrderedSet<HashedKey> Hashes { get; init; } = OrderedSet<HashedKey>.Empty;

    internal OrderedSet<KeyLink> Joined { get; init; } = OrderedSet<KeyLink>.Empty;

    internal OrderedSet<KeyLink> Referrers { get; init; } = OrderedSet<KeyLink>.Empty;

    internal OrderedSet<KeyLink> Redirects { get; init; } = OrderedSet<KeyLink>.Empty;

    internal OrderedSet<KeyedEntry> Matches { get; init; } = OrderedSet<KeyedEntry>.Empty;

    internal OrderedSet<RetainedRow> Rows { get; init; } = OrderedSet<RetainedRow>.Empty;

    internal OrderedSet<AppliedPush> Pushes { get; init; } = OrderedSet<AppliedPush>.Empty;

    /// <summary>Which rows of its log stand.</summary>
    public Corrections Corrections { get; internal init; } = Corrections.None;

    /// <summary>The Patients that the wrong-patient guard withholds, with all that is filed under them.</summary>
    internal ImmutableArray<EntryKey> WithheldPatients { get; init; } = [];

    /// <summary>
    /// The words of the Patients of a record that has several, which are needed at every change of one: by themselves, since the rows in which they stand may be as long as
    /// the record. Those that are not here are read from their rows.
    /// </summary>
    internal ImmutableArray<Fragment> PatientWords { get; init; } = [];

    /// <summary>Whether a Patient of it is labelled as restricted, so that nobody is to be told where the person is (<see cref="Restriction"/>).</summary>
    public bool IsRestricted => (_restriction != 0 ? _restriction : _restriction = Behind is not null || Restriction.IsOf(this) ? 2 : 1) == 2;

    /// <summary>
    /// The record as it is shown of a restricted person, whether this one is or not: answers are made of it as of any record, and tell neither places nor sources. Made
    /// once a version, at the first call.
    /// </summary>
    public PatientRecord AsRestricted => Behind is not null ? this : Volatile.Read(ref _asRestricted) ?? Interlocked.CompareExchange(ref _asRestricted, Restriction.Of(this), null) ?? _asRestricted;

    /// <summary>Whether this is what is shown of a restricted person.</summary>
    public bool IsFiltered => Behind is not null;

    // The whole record; null where this is it.
    internal PatientRecord? Behind { get; init; }

    /// <summary>The record as matching sees it.</summary>
    internal RecordView View => new(Entries, Matches, WithheldPatients, key => ResourceOf(key)?.Stated);

    /// <summary>The record of somebody of whom nothing was pushed.</summary>
    public static PatientRecord Empty(PatientKey key, Addresses addresses) => new(key, addresses);

    /// <summary>
    /// Whether this is the record of somebody without a number whose Patient has moved to the record of a number since, where everything else goes too.
    /// </summary>
    public bool IsSucceeded => Key.IsLocal && Entries.ToArray().Any(e => e is { Key.Type: "Patient", Kind: FragmentKind.Moved });

    /// <summary>All merged resources, the Patient first, then by type and smallest member. Made once a version, at the first call.</summary>
    public ReadOnlySpan<MergedResource> All => Array;

    /// <summary>By what its resources are found. Made once a version, at the first search, as far as it is needed.</summary>
    internal RecordIndex Index => Volatile.Read(ref _index) ?? Interlocked.CompareExchange(ref _index, new RecordIndex(Array), null) ?? _index;

    /// <summary>The merged resources of one type.</summary>
    public ReadOnlySpan<MergedResource> OfType(string type) => OfType(Array, type).Span;

    /// <summary>The merged Patient; null where no source states one.</summary>
    public MergedResource? Patient => Resources.From(default(First<MergedResource>)).FirstOrDefault() is { Type: "Patient" } patient ? patient : null;

    /// <summary>
    /// The merged resource that answers to an id: each live member's hash answers with its cluster, a withdrawn member's with the cluster
    /// that it was in, as long as that lives.
    /// </summary>
    /// <param name="type">The type in the request.</param>
    /// <param name="id">The id in the request; of this person.</param>
    /// <param name="isGone">When null is returned: whether there was such a resource and every source has withdrawn it.</param>
    public MergedResource? Find(string type, MergedId id, out bool isGone)
    {
        isGone = false;
        if (IsFiltered && !Restriction.Shows(type))
            return null;
        if (id.Member is not { } hash)
        {
            isGone = type == "Patient" && Patient is null && Entries.From(default(First<Entry>)).Any(e => e.Key.Type == "Patient");
            return type == "Patient" ? Patient : null;
        }

        if (KeyOf(hash) is not { } key || key.Type != type)
            return Disagreement(type, id);
        // A redirect may lead to a member that has itself been withdrawn since. It was live when it became the heir, so each leads to one
        // that was withdrawn later, and there is an end.
        while (true)
        {
            if (ResourceOf(key) is { } resource)
                return resource;
            if (KeyLink.Follow(Redirects, key) is not { } heir)
                break;
            key = heir;
        }

        isGone = true;
        return null;
    }

    /// <summary>What a source says under a key, live or withdrawn; null where it never said anything.</summary>
    public Entry? Entry(EntryKey key) => Entries.TryFind(new Entry.ByKey(key), out var entry) ? entry : null;

    /// <summary>What a source states now, by type and id.</summary>
    public IEnumerable<Entry> LiveEntriesOf(string source) => EntriesOf(source).Where(e => e.IsLive);

    /// <summary>All that a source ever stated or withdrew, by type and id.</summary>
    public IEnumerable<Entry> EntriesOf(string source) =>
        Entries.From(new Entry.ByKey(new EntryKey(source, "", ""))).TakeWhile(e => e.Key.Source == source);

    /// <summary>The fragments behind live entries, in their order: a source's own words. Decompresses each row once.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="words">The rows that are not retained (<see cref="RowsToFetch"/>), by their numbers.</param>
    public IEnumerable<Fragment> Fragments(IEnumerable<Entry> entries, IReadOnlyDictionary<long, IReadOnlyList<Fragment>>? words = null)
    {
        var rows = new Dictionary<long, IReadOnlyList<Fragment>>();
        foreach (var entry in entries)
        {
            if (!rows.TryGetValue(entry.Seq, out var fragments))
                rows[entry.Seq] = fragments = words?.GetValueOrDefault(entry.Seq) ?? RowFragments(entry.Seq) ?? throw new InvalidOperationException("A live entry's row is not at hand.");
            yield return fragments[entry.Index];
        }
    }

    /// <summary>The rows that hold the words of these entries and have left the log: they are fetched from history.</summary>
    public IReadOnlyList<long> RowsToFetch(IEnumerable<Entry> entries) =>
        [.. entries.Select(e => e.Seq).Distinct().Where(seq => !Rows.TryFind(new RetainedRow.By(seq), out _))];

    /// <summary>The same record without the bodies of rows up to <paramref name="seq"/>, which stand in history.</summary>
    public PatientRecord WithoutRows(long seq)
    {
        var rows = Rows;
        foreach (var row in Rows.ToArray().TakeWhile(r => r.Seq <= seq))
            rows = rows.Without(new RetainedRow.By(row.Seq));
        return ReferenceEquals(rows, Rows) ? this : new PatientRecord(this) { Rows = rows };
    }

    /// <summary>
    /// What is stated and not shown, by key: its Patient's demographics contradict those of the person whose record this is, so that it is
    /// somebody else's (CLINICAL.md, "Wrong patient guard"). Worked out again at every push.
    /// </summary>
    public IEnumerable<Entry> Withheld =>
        WithheldPatients.IsEmpty ? [] : Entries.ToArray().Where(e => e.IsLive && WrongPatientGuard.Covers(WithheldPatients, e));

    /// <summary>What is a member of no merged resource, by key: withdrawn by its source, or withheld.</summary>
    internal IEnumerable<Entry> Unshown => Entries.ToArray().Where(e => !e.IsLive || WrongPatientGuard.Covers(WithheldPatients, e));

    /// <summary>Why a merged resource of this record is what it is.</summary>
    public Explanation Explain(MergedResource resource) => Explanation.Of(this, resource);

    /// <summary>Whether a push was applied here, at or after <paramref name="since"/>.</summary>
    public bool HasApplied(PushId push, DateTimeOffset since) =>
        Pushes.TryFind(new AppliedPush.By(push), out var applied) && applied.At >= since;

    /// <summary>The entries behind a merged resource, by key: its members; of a disagreement those of all its sides.</summary>
    internal IReadOnlyList<Entry> MembersBehind(MergedResource resource) => resource.Disagreement is { } disagreement
        ? [.. disagreement.Sides.SelectMany(s => s.Type == "Patient" ? [Entry(s)!] : ResourceOf(s)?.Members ?? []).Distinct().OrderBy(m => m.Key)]
        : resource.Members;

    // No entry stands behind its id, and there are few of them.
    private MergedResource? Disagreement(string type, MergedId id)
    {
        foreach (var resource in OfType(type))
        {
            if (resource.Disagreement is not null && resource.Id == id)
                return resource;
        }

        return null;
    }

    /// <summary>The merged resource of which a live entry is a member; null where the entry is withdrawn or unknown.</summary>
    internal MergedResource? ResourceOf(EntryKey key)
    {
        key = KeyLink.Follow(Joined, key) ?? key;
        return Resources.TryFind(new MergedResource.BySmallest(key), out var resource) ? resource : null;
    }

    /// <summary>The key whose hash stands in an id, whatever has become of its entry; null where there never was one.</summary>
    internal EntryKey? KeyOf(EntryHash hash) =>
        Hashes.From(new HashedKey.Under(hash.Prefix)).TakeWhile(h => h.Prefix == hash.Prefix).FirstOrDefault(h => h.Key.Hash() == hash).Key;

    internal Fragment[]? RowFragments(long seq) => Rows.TryFind(new RetainedRow.By(seq), out var row) ? LogBody.Read(row.Body) : null;

    /// <summary>Those of one type among resources in their order.</summary>
    internal static ReadOnlyMemory<MergedResource> OfType(MergedResource[] all, string type) =>
        all.AsMemory(FirstOf(all, type, behind: false)..FirstOf(all, type, behind: true));

    private static int FirstOf(ReadOnlySpan<MergedResource> all, string type, bool behind)
    {
        var (low, high) = (0, all.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var order = MergedResource.CompareTypes(all[middle].Type, type);
            if (order < 0 || (behind && order == 0))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private readonly struct First<T> : IProbe<T>
    {
        public int CompareTo(T item) => -1;
    }
}
