namespace Lhcre.Record;

/// <summary>Puts into bytes what a row has changed, once all addresses are known.</summary>
internal sealed class Showing(RecordDraft draft, RecordRow row, IReadOnlyDictionary<long, IReadOnlyList<Fragment>> words)
{
    private readonly List<MergedResource.Statement> _formed = [];
    private readonly List<Disagreement> _disagreements = [];
    private readonly HashSet<EntryKey> _ended = [];
    private readonly HashSet<EntryKey> _referrers = [];
    private readonly Dictionary<long, IReadOnlyList<Fragment>> _bodies = new() { [row.Seq] = row.Fragments };
    private readonly HashSet<long> _toFetch = [];
    private readonly Dictionary<EntryKey, string> _references = [];
    private bool _patientChanged;

    /// <summary>The rows whose words are needed and not at hand.</summary>
    public IReadOnlyCollection<long> ToFetch => _toFetch;

    /// <summary>A cluster to be shown.</summary>
    public void Add(MergedResource.Statement statement) => _formed.Add(statement);

    /// <summary>A disagreement to be shown.</summary>
    public void Add(Disagreement disagreement) => _disagreements.Add(disagreement);

    /// <summary>A disagreement that is over, unless it is added again.</summary>
    public void Withdraw(EntryKey disagreement) => _ended.Add(disagreement);

    /// <summary>An entry that refers to something whose address has changed.</summary>
    public void AddReferrer(EntryKey referrer) => _referrers.Add(referrer);

    /// <summary>A Patient has come or gone: what names the person has to be shown anew.</summary>
    public void PatientChanged() => _patientChanged = true;

    /// <summary>Shows all that was added.</summary>
    public void Run()
    {
        foreach (var statement in _formed)
            Show(statement);
        if (_patientChanged)
            _disagreements.AddRange(Standing().Where(d => !_ended.Contains(d.Address)));
        foreach (var key in _ended)
            draft.Resources = draft.Resources.Without(new MergedResource.BySmallest(key));
        foreach (var disagreement in _disagreements)
            Show(disagreement);
        foreach (var key in _ended.Where(key => draft.ResourceOf(key) is null))
        {
            draft.Hashes = draft.Hashes.Without(new HashedKey.At(key.Hash().Prefix, key));
            draft.IsChanged = true;
        }

        var formed = _formed.Select(f => f.Members[0].Key).ToHashSet();
        foreach (var key in _referrers)
        {
            if (draft.ResourceOf(key) is { Shown: { } shown } referrer && (shown.Key == key || key.Type == "Patient") && !formed.Contains(referrer.Smallest))
                Show(referrer.Stated);
        }
    }

    private void Show(MergedResource.Statement statement)
    {
        var smallest = statement.Members[0].Key;
        var others = Others(statement);
        if (Body(statement.Shown) is not { } body)
        {
            _toFetch.Add(statement.Shown.Seq);
            return;
        }

        if (others is null)
            return;
        if (smallest.Type == "Patient")
            draft.PatientWords = others.Length > 0 ? [.. others.Prepend(body).Select(b => draft.PatientWords.Contains(b) ? b : b.Alone())] : [];
        var before = draft.Before;
        var id = MergedResource.IdOf(before.Key, smallest);
        var segment = Rendering.Write(before.Addresses, id, body, others, statement, target => IsPersonHere(statement.Shown, target) ? PersonHere : ReferenceTo(target), row.Seq, row.At);
        Put(smallest, segment, (bytes, version, at) => new MergedResource(before.Key, statement, bytes, version, at));
    }

    // Only of a Patient more than one member's words are shown. Null where some are to be fetched.
    private Fragment[]? Others(MergedResource.Statement statement)
    {
        if (statement.Members is not [{ Key.Type: "Patient" }, _, ..])
            return [];
        var others = Precedence.Order(statement.Members).Skip(1).ToList();
        _toFetch.UnionWith(others.Where(o => Body(o) is null).Select(o => o.Seq));
        Fragment[] words = [.. others.Select(Body).OfType<Fragment>()];
        return words.Length == others.Count ? words : null;
    }

    // Those that are there already.
    private List<Disagreement> Standing() =>
        [.. draft.Resources.From(new MergedResource.BySmallest(new EntryKey("", "DetectedIssue", ""))).TakeWhile(r => r.Type == "DetectedIssue")
            .Select(r => r.Disagreement).TakeWhile(d => d is not null).OfType<Disagreement>()];

    private void Show(Disagreement disagreement)
    {
        var before = draft.Before;
        var address = disagreement.Address;
        before.Resources.TryFind(new MergedResource.BySmallest(address), out var previous);
        var dated = disagreement with { Since = previous?.Disagreement?.Since ?? row.At };
        var prefix = address.Hash().Prefix;
        draft.Hashes = draft.Hashes.With(new HashedKey.At(prefix, address), new HashedKey(prefix, address));
        var members = disagreement.Sides.SelectMany(s => s.Type == "Patient" ? [draft.Shown(s)!] : draft.View.Members(s)).OrderBy(e => e.Key).ToList();
        var hasPatient = draft.Resources.From(default(First)).FirstOrDefault() is { Type: "Patient" };
        var segment = DisagreementRendering.Write(before.Addresses, before.Key, hasPatient, dated, members, ReferenceTo, row.Seq, row.At);
        Put(address, segment, (bytes, version, at) => new MergedResource(before.Key, dated, bytes, version, at));
    }

    // What says the same as before keeps its bytes, and so its version.
    private void Put(EntryKey smallest, RenderedSegment segment, Func<RenderedSegment, long, DateTimeOffset, MergedResource> resource)
    {
        var probe = new MergedResource.BySmallest(smallest);
        if (draft.Before.Resources.TryFind(probe, out var previous) && previous.Segment.SaysTheSameAs(segment))
        {
            draft.Resources = draft.Resources.With(probe, resource(previous.Segment, previous.Version, previous.LastUpdated));
            return;
        }

        draft.IsChanged = true;
        draft.Resources = draft.Resources.With(probe, resource(segment, row.Seq, row.At));
    }

    private Fragment? Body(Entry entry)
    {
        if (_bodies.TryGetValue(entry.Seq, out var fragments) || words.TryGetValue(entry.Seq, out fragments))
            return fragments[entry.Index];
        if (entry.Key.Type == "Patient" && draft.PatientWords.FirstOrDefault(w => w.Key == entry.Key && w.Version == entry.Version) is { } known)
            return known;
        if (draft.Before.RowFragments(entry.Seq) is not { } retained)
            return null;
        _bodies[entry.Seq] = retained;
        return retained[entry.Index];
    }

    private string PersonHere => $"Patient/{draft.Before.Key}";

    // Whom its source says it is about is another person; it was moved here since it is about this one.
    private bool IsPersonHere(Entry shown, EntryKey target) =>
        target.Type == "Patient" && target.Id == shown.Facts.SubjectId && target.Source == shown.Key.Source && draft.Before.Corrections.HaveCome(shown.Key);

    private string ReferenceTo(EntryKey target) =>
        _references.TryGetValue(target, out var known) ? known : _references[target] = Address(target);

    // References point at merged resources; one whose target is not shown here leads to the source that it came from.
    private string Address(EntryKey target)
    {
        if (draft.Shown(target) is null)
            return $"{draft.Before.Addresses.Source(target.Source)}/{target.Reference}";
        return target.Type == "Patient"
            ? PersonHere
            : $"{target.Type}/{new MergedId(draft.Before.Key, draft.SmallestOf(target).Hash())}";
    }

    private readonly struct First : IProbe<MergedResource>
    {
        public int CompareTo(MergedResource item) => -1;
    }
}
