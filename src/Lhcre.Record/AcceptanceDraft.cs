using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>A push being accepted: fragment by fragment, each upon what those before it left, and its extent last.</summary>
internal sealed class AcceptanceDraft(PatientRecord record, DateTimeOffset arrival)
{
    private readonly Dictionary<EntryKey, Entry> _pending = [];
    private readonly HashSet<EntryKey> _stated = [];
    private readonly ImmutableArray<Fragment>.Builder _journalled = ImmutableArray.CreateBuilder<Fragment>();
    private readonly ImmutableArray<FragmentOutcome>.Builder _outcomes = ImmutableArray.CreateBuilder<FragmentOutcome>();
    private int _withdrawn;

    /// <summary>Takes the next fragment.</summary>
    public void Take(Fragment fragment)
    {
        _stated.Add(fragment.Key);
        _outcomes.Add(OutcomeOf(fragment));
    }

    /// <summary>
    /// Takes it that nothing else is said of what the extent covers. Also what is withdrawn already is withdrawn as of the extent: a version between the two may
    /// still be on its way.
    /// </summary>
    public void Take(SourceExtent extent)
    {
        foreach (var entry in record.EntriesOf(extent.Source).Where(e => extent.Covers(e.Key) && !_stated.Contains(e.Key)))
        {
            if (OutcomeOf(extent.Time is { } time ? Fragment.Absent(entry.Key, time) : Fragment.Deleted(entry.Key)) == FragmentOutcome.Withdrawn)
                _withdrawn++;
        }

        if (extent.Time is not { } asOf)
            return;
        foreach (var mark in extent.Marks().Select(key => Fragment.Absent(key, asOf)))
        {
            if (!IsKnown(Known(mark.Key), mark))
                Journal(Known(mark.Key), mark);
        }
    }

    public Acceptance Done() => new(_journalled.DrainToImmutable(), _outcomes.DrainToImmutable()) { Withdrawn = _withdrawn };

    private FragmentOutcome OutcomeOf(Fragment fragment)
    {
        var before = Known(fragment.Key);
        if (IsKnown(before, fragment))
            return IsHidden(before, fragment) ? FragmentOutcome.Superseded : FragmentOutcome.Unchanged;
        before ??= Missing(fragment.Key);
        var stamped = fragment.Version.Time is null ? fragment.Stamped(Stamp(before, fragment)) : fragment;
        return Outcome(before, Journal(before, stamped), stamped);
    }

    private Entry? Known(EntryKey key) => _pending.GetValueOrDefault(key) ?? record.Entry(key);

    // What is heard of for the first time was not in any extent so far, or it would be known: so it is withdrawn as of the newest one.
    private Entry? Missing(EntryKey key) =>
        SourceExtent.Newest(key, Known) is { } time ? Journal(null, Fragment.Absent(key, time)) : null;

    private Entry Journal(Entry? before, Fragment fragment)
    {
        _journalled.Add(fragment);
        return _pending[fragment.Key] = before?.With(fragment, 0, 0, k => k) ?? Entry.First(fragment, 0, 0, k => k);
    }

    private static bool IsKnown(Entry? before, Fragment fragment)
    {
        if (fragment.Version.Time is not null)
            return before?.Knows(fragment.Version) ?? false;
        return fragment.Kind == FragmentKind.Stated
            ? before is { IsLive: true } && before.Version.Content == fragment.Version.Content
            : before is not { IsLive: true };
    }

    // The same words again do not undo what an extent has withdrawn (decision 0019); that they do not, whoever says them is told.
    private static bool IsHidden(Entry? before, Fragment fragment) =>
        before is { Version.IsAbsence: true } && fragment.Kind == FragmentKind.Stated;

    private DateTimeOffset Stamp(Entry? before, Fragment fragment)
    {
        if (before?.Version.Time is not { } live)
            return arrival;
        var above = live.AddTicks(1);
        // What an extent withdrew is not replaced, but said anew; and an arrival is not before what the source said already: our clock may be behind the source's.
        return (fragment.StampRule == StampRule.AboveLive && !before.Version.IsAbsence) || above > arrival ? above : arrival;
    }

    private static FragmentOutcome Outcome(Entry? before, Entry after, Fragment fragment)
    {
        if (after.Version != fragment.Version)
            return FragmentOutcome.Superseded;
        if (!after.IsLive)
            return before is { IsLive: true } ? FragmentOutcome.Withdrawn : FragmentOutcome.Unchanged;
        if (before is not { IsLive: true })
            return FragmentOutcome.Created;
        return before.Version.Content == fragment.Version.Content ? FragmentOutcome.Unchanged : FragmentOutcome.Updated;
    }
}
