using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Operations;

namespace Lhcre.Silo.Sources;

/// <summary>
/// How the record of somebody without a verified NHS number goes over into the record of the number, once a source states both of one person. The
/// Patient moves in the commit that states it; that it has left the old record is the instruction to move the rest, carried out at once and again
/// after a crash (decision 0024).
/// </summary>
internal sealed class Successions(PatientCalls patients, IJournal journal)
{
    /// <summary>Where a record without a number went, as a rule to that of the number; null where it has not gone anywhere.</summary>
    /// <param name="local">A key of a person without a number.</param>
    /// <param name="cancellation">Ends the looking up.</param>
    /// <exception cref="JournalUnavailableException">The journal cannot be read.</exception>
    public async Task<PatientKey?> Of(PatientKey local, CancellationToken cancellation)
    {
        // By the index its Patient is somebody else's by now: that is who it is.
        EntryKey[] stated = [.. (await Fragments(local, cancellation)).Select(f => f.Key).Where(k => k.Type == "Patient").Distinct()];
        if (stated.Length == 0)
            return null;
        var holders = (await journal.FindPatients(stated, cancellation)).OfType<PatientKey>().Where(h => h != local).Order().ToList();
        return holders.Count == 0 ? null : holders[0];
    }

    /// <summary>
    /// Where a Patient has moved between a record without a number and that of the number, moves all the rest after it. Carried out twice, it does it once.
    /// When it returns, whatever was acknowledged in the one is in the other.
    /// </summary>
    /// <param name="left">That the Patient has left one of the two: what the follow-up of its move says.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>Whether there is nothing left to do: the Patient stays where it was to be withdrawn.</returns>
    /// <exception cref="JournalUnavailableException">It could not be read or written: to be tried again.</exception>
    public async Task<bool> Complete(FollowUp left, CancellationToken cancellation)
    {
        if (left.Kind != FollowUpKind.Withdraw || left.Key.Type != "Patient"
            || (await journal.FindPatients([left.Key], cancellation))[0] is not { } holder || holder == left.Patient || (!holder.IsLocal && !left.Patient.IsLocal))
            return false;
        // Whose number is known keeps it: back to a record without one goes only what was looked up before the number came, and was written after.
        var (local, heir) = left.Patient.IsLocal ? (left.Patient, holder) : (holder, left.Patient);
        // First nothing more is taken in there, then what is there moves: so nothing can come between.
        var gone = Fragment.Moved(left.Key, FragmentVersion.FromSortKey(left.Version.Span));
        await Push(local, left.Key.Source, $"left {left.Id} {local}", [gone]);
        var all = await Left(local, heir, cancellation);
        await Push(heir, left.Key.Source, $"heir {left.Id} {local}", all);
        if (await Back(local, all, cancellation) is { IsEmpty: false } back)
            await Push(heir, left.Key.Source, $"heir again {left.Id} {local}", back);
        return local == holder;
    }

    // What the heir had before and has seen off to here in this very version: there its leaving stands just above it, and so it comes back just above that.
    private async Task<ImmutableArray<Fragment>> Back(PatientKey local, ImmutableArray<Fragment> all, CancellationToken cancellation)
    {
        Fragment[] last = [.. all.Where(f => !f.IsSupporting).GroupBy(f => f.Key).Select(versions => versions.MaxBy(f => f.Version)!).Where(f => f.Kind == FragmentKind.Stated)];
        var holders = await journal.FindPatients([.. last.Select(f => f.Key)], cancellation);
        return [.. last.Where((_, i) => holders[i] == local).Select(f => f.Stamped(f.Version.Time!.Value.AddTicks(2)))];
    }

    // Without what has moved to somebody else already. What the heir has by now was the same person's before: what was said of it then goes along.
    private async Task<ImmutableArray<Fragment>> Left(PatientKey local, PatientKey heir, CancellationToken cancellation)
    {
        IGrouping<EntryKey, Fragment>[] entries = [.. (await Fragments(local, cancellation)).GroupBy(f => f.Key)];
        EntryKey[] moved = [.. entries.Where(e => e.Key.Type != "Patient" && e.MaxBy(f => f.Version)!.Kind == FragmentKind.Moved).Select(e => e.Key)];
        var holders = await journal.FindPatients(moved, cancellation);
        var others = moved.Where((_, i) => holders[i] != heir).ToHashSet();
        return [.. entries.Where(e => !others.Contains(e.Key)).SelectMany(e => e.Where(f => f.Kind != FragmentKind.Moved))];
    }

    /// <summary>Every version of the Patients of a record, which go along with a push that states their person's number.</summary>
    public async Task<ImmutableArray<Fragment>> Patients(PatientKey local, CancellationToken cancellation) =>
        [.. (await Fragments(local, cancellation)).Where(f => f.Key.Type == "Patient" && f.Kind != FragmentKind.Moved)];

    private async Task<IEnumerable<Fragment>> Fragments(PatientKey local, CancellationToken cancellation) =>
        RecordWords.Rows(await journal.LoadLog(local, cancellation)).SelectMany(row => row.Fragments);

    private async Task Push(PatientKey patient, string source, string name, ImmutableArray<Fragment> fragments)
    {
        var push = new PushRequest { Source = source, Push = PushId.Of(source, name), Fragments = new FragmentBatch(fragments) };
        var answer = await patients.Push(patient, push, Caller.Development);
        if (answer.Status is not (PushStatus.Applied or PushStatus.Unchanged))
            throw new JournalUnavailableException("What has moved could not be written.", outcomeUnknown: false);
    }
}
