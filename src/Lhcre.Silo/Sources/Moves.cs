using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Operations;

namespace Lhcre.Silo.Sources;

/// <summary>
/// Keeps the record where moved entries belong as it must be (decision 0029): all that the other one was told of them is there, as long as the move is in force, and
/// what is quarantined there is here too. Worked out anew of the two logs each time, so that doing it twice, or going on after a crash, ends in the same.
/// </summary>
internal sealed class Moves(PatientCalls patients, IJournal journal)
{
    /// <summary>
    /// Orders a move, or what ends one. The record where the entries belong is told first: from then on all that is written to the other one is an instruction for it
    /// too, in the same commit.
    /// </summary>
    /// <exception cref="JournalUnavailableException">It could not be written: to be tried again.</exception>
    public async Task<PushAnswer> Order(PatientKey patient, CorrectionRequest request)
    {
        if (request.Move is { IsHere: false } move)
        {
            var here = new Move(request.Id, request.Source, request.Reason, move.Whole, IsHere: true, patient, [], Unit: null);
            if ((await patients.Correct(PatientKey.Parse(move.Other), CorrectionRequest.Of(here) with { Lane = request.Lane }, Caller.Development)) is { Status: not (PushStatus.Applied or PushStatus.Unchanged) } unwritten)
                return unwritten;
        }

        return await patients.Correct(patient, request, Caller.Development);
    }

    /// <summary>Whose record shows an entry that was moved out of the record under which it is filed; null where it was not.</summary>
    /// <exception cref="JournalUnavailableException">The journal cannot be read.</exception>
    public async Task<PatientKey?> Holder(PatientKey filed, EntryKey key, CancellationToken cancellation) =>
        In(await Rows(filed, cancellation)).Moves.FirstOrDefault(m => !m.IsHere && m.Entries.Contains(key))?.Other;

    /// <summary>Whether a follow-up is that there is more to move.</summary>
    public static bool Concerns(FollowUp followUp) => followUp.Kind == FollowUpKind.Deliver && Move.IsMark(followUp.Key);

    /// <summary>Carries over what a move moves, or takes back what it moved, if it has ended.</summary>
    /// <param name="followUp">That there is more: to the record where the entries belong.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="JournalUnavailableException">It could not be read or written: to be tried again.</exception>
    public async Task Carry(FollowUp followUp, CancellationToken cancellation)
    {
        var to = followUp.Patient;
        var there = await Rows(to, cancellation);
        if (In(there).All.OfType<Move>().FirstOrDefault(m => m.IsHere && m.Mark == followUp.Key) is not { } here)
            return;
        var from = await Rows(here.Other, cancellation);
        var (corrections, known) = (In(from), In(there));
        var away = corrections.All.OfType<Move>().Where(m => !m.IsHere && m.Of == here.Of).ToList();
        // First what takes away, so that nothing is shown meanwhile that does not count.
        foreach (var correction in Corrections(here, corrections, away).Where(c => !known.Knows(c.Id)))
            await Written(patients.Correct(to, CorrectionRequest.Of(correction) with { IsCarried = true }, Caller.Development));
        if (!corrections.IsInForce(here.Of))
            return;
        var moved = away.SelectMany(m => m.Entries).ToHashSet();
        var (written, own) = (there.Select(row => row.Push).ToHashSet(), Own(there, moved));
        foreach (var row in from.Where(row => row.Move is null))
        {
            ImmutableArray<Fragment> fragments = [.. row.Fragments.Where(f => moved.Contains(f.Key) && !f.Version.IsAbsence && !(f.Kind == FragmentKind.Moved && own.Contains((f.Key, f.Version))))];
            if (fragments.IsEmpty)
                continue;
            var push = new PushRequest
            {
                Source = here.Source,
                Push = PushId.Of(here.Source, $"moved {here.Of.Hash.Bits:x} {here.Other} {row.Seq} {string.Join(' ', fragments.Select(f => f.Key.Reference))}"),
                Fragments = new FragmentBatch(fragments),
                Received = row.ReceivedAt,
                Cause = row.Cause,
                Move = here.Of,
            };
            if (!written.Contains(push.Push))
                await Written(patients.Push(to, push, Caller.Development));
        }
    }

    // Which entries come; what is quarantined of them where they were filed, and what is not any more; and that it is over.
    private static IEnumerable<Correction> Corrections(Move here, Record.Corrections corrections, IReadOnlyList<Move> away)
    {
        foreach (var move in away.Where(m => !m.Entries.IsEmpty))
            yield return new Move(Named("brings", move.Id), here.Source, here.Reason, here.Of, IsHere: true, here.Other, move.Entries, Unit: null);
        // Not what came here from another record by a move of its own: between two people who both move something that would never end.
        var quarantines = corrections.All.OfType<Quarantine>().Where(q => q.Source == here.Source && q.Move is null).ToList();
        foreach (var quarantine in quarantines)
            yield return new Quarantine(Named("quarantine", quarantine.Id), here.Source, quarantine.Reason, quarantine.From, quarantine.To) { Move = here.Of };
        foreach (var end in corrections.All.OfType<QuarantineEnd>().Where(e => quarantines.Exists(q => q.Id == e.Of)))
            yield return new QuarantineEnd(Named("end", end.Id), here.Source, end.Reason, Named("quarantine", end.Of));
        if (corrections.All.OfType<QuarantineEnd>().FirstOrDefault(e => e.Of == here.Of) is { } over)
            yield return new QuarantineEnd(over.Id, over.Source, over.Reason, over.Of);

        PushId Named(string what, PushId id) => PushId.Of(here.Source, $"{what} {here.Of.Hash.Bits:x} {id.Hash.Bits:x}");
    }

    // What the record was told by itself, and the other one therefore that it has left: here it has come.
    private static HashSet<(EntryKey, FragmentVersion)> Own(IEnumerable<RecordRow> there, HashSet<EntryKey> moved) =>
    [
        .. there.Where(row => row.Move is null).SelectMany(row => row.Fragments).Where(f => moved.Contains(f.Key) && f.Kind != FragmentKind.Moved)
            .SelectMany(f => new[] { (f.Key, f.Version.Above()), (f.Key, f.Version.Below()) }),
    ];

    private static Record.Corrections In(IEnumerable<RecordRow> rows) => Record.Corrections.Of(rows.Select(row => row.Correction).OfType<Correction>());

    private async Task<IReadOnlyList<RecordRow>> Rows(PatientKey patient, CancellationToken cancellation) =>
        [.. RecordWords.Rows(await journal.LoadLog(patient, cancellation))];

    private static async Task Written(ValueTask<PushAnswer> change)
    {
        if ((await change).Status is not (PushStatus.Applied or PushStatus.Unchanged))
            throw new JournalUnavailableException("What has moved could not be written.", outcomeUnknown: false);
    }
}
