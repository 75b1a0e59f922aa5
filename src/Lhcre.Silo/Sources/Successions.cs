using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Operations;

namespace Lhcre.Silo.Sources;

/// <summary>
/// How the record of somebody without a verified NHS number goes over into the record of the number, once a source states both of one person. The
/// Patient moves with the push that states it; that it has left the old record is the instruction to move the rest, carried out at once and again
/// after a crash (decision 0024). What went over counts there as long as the number does by which it did.
/// </summary>
internal sealed class Successions(PatientCalls patients, IJournal journal)
{
    private readonly Moves _moves = new(patients, journal);

    /// <summary>Where a record without a number went, as a rule to that of the number; null where it has not gone anywhere.</summary>
    /// <param name="local">A key of a person without a number.</param>
    /// <param name="cancellation">Ends the looking up.</param>
    /// <exception cref="JournalUnavailableException">The journal cannot be read.</exception>
    public async Task<PatientKey?> Of(PatientKey local, CancellationToken cancellation)
    {
        // By the index its Patient is somebody else's by now: that is who it is.
        EntryKey[] stated = [.. (await Rows(local, cancellation)).SelectMany(row => row.Fragments).Select(f => f.Key).Where(k => k.Type == "Patient").Distinct()];
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
        var cause = Cause(await Rows(local, cancellation), await Rows(heir, cancellation), left.Key.Source);
        // First nothing more is taken in there, then what is there moves: so nothing can come between.
        var gone = Fragment.Moved(left.Key, FragmentVersion.FromSortKey(left.Version.Span));
        var name = $"{left.Id} {local} {cause?.UtcTicks}";
        await Push(local, new PushRequest { Source = left.Key.Source, Push = PushId.Of(left.Key.Source, $"left {name}"), Fragments = new FragmentBatch([gone]), Received = cause });
        await Move(local, heir, cause, name, cancellation);
        return local == holder;
    }

    /// <summary>
    /// Tells a record of a correction. What counts again by it in a record that has gone over goes over as well.
    /// </summary>
    /// <exception cref="JournalUnavailableException">What went over could not be read or written: to be tried again.</exception>
    public async Task<PushAnswer> Correct(PatientKey patient, CorrectionRequest request, CancellationToken cancellation)
    {
        var answer = await _moves.Order(patient, request);
        if (answer.Status == PushStatus.Applied && patient.IsLocal && await Of(patient, cancellation) is { IsLocal: false } heir)
        {
            var cause = Cause(await Rows(patient, cancellation), await Rows(heir, cancellation), request.Source);
            await Move(patient, heir, cause, $"{request.Id.Hash.Bits:x} {answer.Version} {patient} {cause?.UtcTicks}", cancellation);
        }

        return answer;
    }

    /// <summary>
    /// Files the Patients of somebody without a number with the number that a push has stated: they belong to its record from then on, since of equal versions the
    /// smaller key counts as the higher. That they have left is the instruction for the rest (<see cref="Complete"/>).
    /// </summary>
    /// <param name="local">The record without a number.</param>
    /// <param name="heir">That of the number.</param>
    /// <param name="push">The push, which is on disk.</param>
    /// <param name="source">Whose.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="JournalUnavailableException">It could not be read or written: the push is to be sent again.</exception>
    public async Task TakeAlong(PatientKey local, PatientKey heir, PushId push, string source, CancellationToken cancellation)
    {
        var rows = await Rows(local, cancellation);
        var cause = Cause(rows, await Rows(heir, cancellation), source);
        await Copy(rows, heir, cause, $"along {push.Hash.Bits:x} {local} {cause?.UtcTicks}", f => f.Key.Type == "Patient");
    }

    // When the first word that counts was received by which the number is the person's: as long as it counts, so does what came here by it. Null where there is none.
    private static DateTimeOffset? Cause(IReadOnlyList<RecordRow> local, IReadOnlyList<RecordRow> heir, string source)
    {
        var patients = local.SelectMany(row => row.Fragments).Where(IsPatient).ToList();
        var (keys, names) = (patients.Select(f => f.Key).ToHashSet(), patients.SelectMany(Names).ToHashSet());
        var corrections = In(heir);
        RecordRow[] said = [.. heir.Where(row => row is { Cause: null, Move: null } && row.Fragments.Any(f => f.Key.Source == source && IsPatient(f) && (keys.Contains(f.Key) || Names(f).Any(names.Contains))))];
        return (said.FirstOrDefault(row => !corrections.Exclude(source, row.Receipt)) ?? said.FirstOrDefault())?.ReceivedAt;

        static bool IsPatient(Fragment fragment) => fragment is { Key.Type: "Patient", Kind: FragmentKind.Stated };
        static IEnumerable<LocalIdentifier> Names(Fragment fragment) =>
            fragment.Facts.Identifiers.Where(i => i.System is not null && !NhsNumber.IsSystem(i.System)).Select(i => new LocalIdentifier(i.System!, i.Value));
    }

    // What does not count in the one must not begin to count in the other: neither what comes there now, nor what is quarantined here meanwhile.
    private async Task Move(PatientKey local, PatientKey heir, DateTimeOffset? cause, string name, CancellationToken cancellation)
    {
        await Carry(await Rows(local, cancellation), heir);
        var others = await Others(local, heir, cancellation);
        await Copy(await Rows(local, cancellation), heir, cause, $"heir {name}", f => !others.Contains(f.Key));
        await Carry(await Rows(local, cancellation), heir);
    }

    private async Task Carry(IReadOnlyList<RecordRow> local, PatientKey heir)
    {
        foreach (var quarantine in In(local).InForce)
        {
            var answer = await patients.Correct(heir, CorrectionRequest.Of(quarantine) with { IsCarried = true }, Caller.Development);
            if (answer.Status is not (PushStatus.Applied or PushStatus.Unchanged))
                throw new JournalUnavailableException("What is quarantined could not be written.", outcomeUnknown: false);
        }
    }

    // Row by row: each was received at a time of its own, and counts there as long as it does here.
    private async Task Copy(IReadOnlyList<RecordRow> rows, PatientKey heir, DateTimeOffset? cause, string name, Func<Fragment, bool> goes)
    {
        foreach (var row in rows)
        {
            ImmutableArray<Fragment> fragments = [.. row.Fragments.Where(f => f.Kind != FragmentKind.Moved && goes(f))];
            if (fragments is not [var first, ..])
                continue;
            await Push(heir, new PushRequest
            {
                Source = first.Key.Source,
                Push = PushId.Of(first.Key.Source, $"{name} {row.Seq}"),
                Fragments = new FragmentBatch(fragments),
                Received = row.ReceivedAt,
                Cause = cause,
            });
        }
    }

    // What has moved to somebody else already. What the heir has by now was the same person's before: what was said of it then goes along.
    private async Task<HashSet<EntryKey>> Others(PatientKey local, PatientKey heir, CancellationToken cancellation)
    {
        EntryKey[] moved =
        [
            .. (await Rows(local, cancellation)).SelectMany(row => row.Fragments).GroupBy(f => f.Key)
                .Where(e => e.Key.Type != "Patient" && e.MaxBy(f => f.Version)!.Kind == FragmentKind.Moved).Select(e => e.Key),
        ];
        var holders = await journal.FindPatients(moved, cancellation);
        return [.. moved.Where((_, i) => holders[i] is { } holder && holder != heir && holder != local)];
    }

    private static Record.Corrections In(IEnumerable<RecordRow> rows) => Record.Corrections.Of(rows.Select(row => row.Correction).OfType<Correction>());

    private async Task<IReadOnlyList<RecordRow>> Rows(PatientKey patient, CancellationToken cancellation) =>
        [.. RecordWords.Rows(await journal.LoadLog(patient, cancellation))];

    private async Task Push(PatientKey patient, PushRequest push)
    {
        var answer = await patients.Push(patient, push, Caller.Development);
        if (answer.Status is not (PushStatus.Applied or PushStatus.Unchanged))
            throw new JournalUnavailableException("What has moved could not be written.", outcomeUnknown: false);
    }
}
