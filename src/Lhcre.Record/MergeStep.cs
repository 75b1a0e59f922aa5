using System.Collections.Immutable;
using Lhcre.Record.Matching;

namespace Lhcre.Record;

/// <summary>
/// One row being taken into a record. Touches what the row changes and what refers to it, nothing else: its cost does not grow with the
/// record.
/// </summary>
internal sealed class MergeStep
{
    private readonly RecordRow _row;
    private readonly RecordDraft _draft;
    private readonly RecordView _before;
    private readonly Showing _showing;
    private readonly HashSet<EntryKey> _touched = [];

    public MergeStep(PatientRecord before, RecordRow row, IReadOnlyDictionary<long, IReadOnlyList<Fragment>> words)
    {
        _row = row;
        _draft = new RecordDraft(before);
        _before = before.View;
        _showing = new Showing(_draft, row, words);
    }

    /// <summary>The rows in whose words something is to be shown, and which are not at hand: with any, the outcome is not to be used.</summary>
    public IReadOnlyCollection<long> ToFetch => _showing.ToFetch;

    public PatientRecord Run()
    {
        _draft.Rows = _draft.Rows.With(new RetainedRow.By(_row.Seq), new RetainedRow(_row.Seq, _row.Body, 0));
        for (var i = 0; i < _row.Fragments.Count; i++)
        {
            if (_draft.Before.Corrections.All.IsEmpty)
                TakeIn(_row.Fragments[i], i);
            else if (Stands(_row.Fragments[i]))
                TakeInAnew(_row.Fragments[i], i);
        }

        if (_draft.Rows.TryFind(new RetainedRow.By(_row.Seq), out var row) && row.LiveEntries == 0)
            _draft.Rows = _draft.Rows.Without(new RetainedRow.By(_row.Seq));

        Guard();
        // Types that others refer to are matched first; a change of the target matches its referrers again.
        var dependent = Recluster(_touched.Where(k => Statement.KeyTarget(k.Type) is null));
        Recluster(_touched.Where(k => Statement.KeyTarget(k.Type) is not null).Concat(dependent).Distinct());
        _showing.Run();

        var before = _draft.Before;
        return new PatientRecord(before.Key, before.Addresses)
        {
            Seq = _row.Seq,
            LastAppended = _row.At,
            LastRules = _row.Rules,
            Version = _draft.IsChanged ? _row.Seq : before.Version,
            LastUpdated = _draft.IsChanged ? _row.At : before.LastUpdated,
            Entries = _draft.Entries,
            Resources = _draft.Resources,
            Hashes = _draft.Hashes,
            Joined = _draft.Joined,
            Referrers = _draft.Referrers,
            Redirects = _draft.Redirects,
            Matches = _draft.Matches,
            Rows = _draft.Rows,
            WithheldPatients = _draft.Withheld,
            PatientWords = _draft.PatientWords,
            Corrections = before.Corrections,
            Pushes = before.Pushes.With(new AppliedPush.By(_row.Push), new AppliedPush(_row.Push, _row.Seq, _row.At)),
        };
    }

    // What a correction brings along is what is kept for all, in place of what it took away.
    private bool Stands(Fragment fragment)
    {
        var corrections = _draft.Before.Corrections;
        if ((_row.Move is null && corrections.HaveLeft(fragment.Key)) || (_row.Correction is null && corrections.Exclude(fragment.Key.Source, _row.Receipt)))
            return false;
        if (!fragment.Version.IsAbsence || SourceExtent.IsMark(fragment.Key))
            return true;
        // Its source does not know that it belongs here, and says nothing of it by leaving it out.
        if (corrections.HaveCome(fragment.Key))
            return false;
        // What a correction withdraws stands as long as the extent does that had left it out.
        if (_row.Correction is not null)
            return Newest(fragment.Key) >= fragment.Version.Time;
        // Left out by this row's own extent; what is said in the same row was withdrawn as of an extent before it was heard of, and as of which one is seen anew.
        return !_row.Fragments.Any(f => f.Key == fragment.Key && !f.Version.IsAbsence);
    }

    // What withdraws it stands in no row, so in a place behind them all.
    private void TakeInAnew(Fragment fragment, int index)
    {
        if (!SourceExtent.IsMark(fragment.Key) && !_draft.Before.Corrections.HaveCome(fragment.Key) && !_draft.Entries.TryFind(new Entry.ByKey(fragment.Key), out _) && Newest(fragment.Key) is { } time)
            TakeIn(Fragment.Absent(fragment.Key, time), _row.Fragments.Count + index);
        TakeIn(fragment, index);
    }

    private DateTimeOffset? Newest(EntryKey key) =>
        SourceExtent.Newest(key, mark => _draft.Entries.TryFind(new Entry.ByKey(mark), out var known) ? known : null);

    private void TakeIn(Fragment fragment, int index)
    {
        var old = _draft.Entries.TryFind(new Entry.ByKey(fragment.Key), out var known) ? known : null;
        var entry = old?.With(fragment, _row.Seq, index, Canonical) ?? Entry.First(fragment, _row.Seq, index, Canonical);
        if (ReferenceEquals(entry, old))
            return;
        _touched.Add(entry.Key);
        _draft.Entries = _draft.Entries.With(new Entry.ByKey(entry.Key), entry);
        if (old is null)
        {
            var prefix = entry.Key.Hash().Prefix;
            _draft.Hashes = _draft.Hashes.With(new HashedKey.At(prefix, entry.Key), new HashedKey(prefix, entry.Key));
        }

        if (old is not null && entry.Seq == old.Seq && entry.Index == old.Index)
            return;
        Retain(old, -1);
        Retain(entry, +1);
        foreach (var target in old?.Targets ?? [])
            _draft.Referrers = _draft.Referrers.Without(new KeyLink.At(target, entry.Key));
        foreach (var target in entry.Targets)
            _draft.Referrers = _draft.Referrers.With(new KeyLink.At(target, entry.Key), new KeyLink(target, entry.Key));
    }

    // One object a key in a record, whoever names it.
    private EntryKey Canonical(EntryKey key)
    {
        if (_draft.Entries.TryFind(new Entry.ByKey(key), out var entry))
            return entry.Key;
        return _draft.Referrers.TryFind(new KeyLink.Of(key), out var link) ? link.From : key;
    }

    private void Retain(Entry? entry, int change)
    {
        if (entry is not { IsLive: true } || !_draft.Rows.TryFind(new RetainedRow.By(entry.Seq), out var row))
            return;
        row = row with { LiveEntries = row.LiveEntries + change };
        _draft.Rows = row.LiveEntries == 0 && row.Seq != _row.Seq
            ? _draft.Rows.Without(new RetainedRow.By(row.Seq))
            : _draft.Rows.With(new RetainedRow.By(row.Seq), row);
    }

    // Who is shown and who is withheld follows from the set of Patients; when it changes, all that is filed under them is looked at again.
    private void Guard()
    {
        if (!_touched.Any(k => k.Type == "Patient"))
            return;
        var withheld = WrongPatientGuard.Withheld(WrongPatientGuard.Patients(_draft.Entries));
        if (withheld.SequenceEqual(_draft.Withheld))
            return;
        ImmutableArray<EntryKey> changed = [.. withheld.Except(_draft.Withheld).Concat(_draft.Withheld.Except(withheld))];
        _draft.Withheld = withheld;
        foreach (var source in changed.Select(p => p.Source).Distinct())
        {
            _touched.UnionWith(_draft.Entries.From(new Entry.ByKey(new EntryKey(source, "", ""))).TakeWhile(e => e.Key.Source == source)
                .Where(e => WrongPatientGuard.Covers(changed, e)).Select(e => e.Key));
        }
    }

    private List<EntryKey> Recluster(IEnumerable<EntryKey> touched)
    {
        var reclustering = new Reclustering(_draft, _before, _showing, [.. touched]);
        return reclustering.Run();
    }
}
