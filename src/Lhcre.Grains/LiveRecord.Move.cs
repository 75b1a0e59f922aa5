using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <content>What is filed here and shown in another record, and what is filed in another and shown here (decision 0029).</content>
public sealed partial class LiveRecord
{
    // As it is: it has its versions, and whether this record was told the same by itself is another matter, which may be taken back by itself.
    private async Task<PushAnswer> TakeInMoved(PatientRecord record, PushRequest push, DateTimeOffset now, CancellationToken cancellation)
    {
        var fragments = push.Fragments.Fragments;
        if (fragments.IsEmpty || record.IsSucceeded)
            return record.IsSucceeded ? new PushAnswer(PushStatus.Moved, record.Version, []) : await Unchanged(push, [], cancellation);
        var row = new RecordRow(record.Seq + 1, push.Push, At(record, now), LogBody.WriteRow(fragments, push.Received, cause: push.Cause, move: push.Move), fragments)
        {
            Received = push.Received,
            Cause = push.Cause,
            Move = push.Move,
        };
        var after = await LoadedRecord.With(record, row, journal, cancellation);
        var append = RecordAppend.OfMoved(record, after, row, push, _loadedEpoch, _epoch);
        append = await Withholding.With(append, record, after, isFirst: _loadedEpoch != _epoch, journal, cancellation);
        return await Commit(append, after, now, cancellation) == AppendOutcome.Committed ? Applied() : Fenced(record);
    }

    // What is said for the first time under a Patient who has moved with all that is filed under them goes with them: all of its versions, whoever it is about later.
    private Move? Joining(PatientRecord record, PatientRecord told, IReadOnlyList<Fragment> fragments)
    {
        foreach (var move in record.Corrections.Moves.Where(m => m is { IsHere: false, Unit: not null }))
        {
            ImmutableArray<EntryKey> entries =
            [
                .. fragments.Where(f => f.Key.Source == move.Source && Move.IsOf(told, f, move.Unit!))
                    .Select(f => f.Key).Where(k => told.Entry(k)?.LastFacts is null or { SubjectId: null, SubjectIdentifier: null } && !record.Corrections.HaveLeft(k) && !record.Corrections.HaveCome(k)).Distinct().Order(),
            ];
            if (!entries.IsEmpty)
                return new Move(PushId.Of(move.Source, $"joins {move.Of.Hash.Bits:x} {key} {record.Seq}"), move.Source, move.Reason, move.Of, IsHere: false, move.Other, entries, Unit: null);
        }

        return null;
    }

    // What is another person's already, or here by another move, is not moved twice: that one is to be ended first. With a Patient all moves that is filed under them now.
    private static Correction Sifted(PatientRecord record, PatientRecord told, Correction correction)
    {
        if (correction is not Move { IsHere: false } move || record.Corrections.Knows(move.Id))
            return correction;
        var entries = move.Entries.Concat(move.Unit is { } unit ? Move.Filed(told, move.Source, unit).Select(e => e.Key) : []);
        return move with { Entries = [.. entries.Where(k => !record.Corrections.HaveLeft(k) && !record.Corrections.HaveCome(k)).Distinct().Order()] };
    }

    private static ImmutableArray<FragmentOutcome> WithMoved(PatientRecord record, IReadOnlyList<Fragment> fragments, ImmutableArray<FragmentOutcome> outcomes) =>
        [.. outcomes.Select((o, i) => o != FragmentOutcome.Unchanged && record.Corrections.HaveLeft(fragments[i].Key) ? FragmentOutcome.Moved : o)];

    // Without a time it withdraws as a DELETE does, which would be its source's word about what is elsewhere; it is none, and stays here as of now.
    private static Acceptance LeftOut(PatientRecord record, PushRequest push, Acceptance acceptance) => push.Extent is not { Time: null } || record.Corrections.Moves.IsEmpty
        ? acceptance
        : acceptance with
        {
            Fragments =
            [
                .. acceptance.Fragments.Select(f => f is { Kind: FragmentKind.Deleted, Version: { IsAbsence: false, Time: { } time } } && record.Corrections.HaveLeft(f.Key)
                    && !push.Fragments.Fragments.Any(p => p.Key == f.Key) ? Fragment.Absent(f.Key, time) : f),
            ],
        };

    // What an extent withdraws of what is shown elsewhere, it does not.
    private static int Elsewhere(PatientRecord record, PatientRecord told, Acceptance acceptance) =>
        acceptance.Fragments.Count(f => f.Version.IsAbsence && record.Corrections.HaveLeft(f.Key) && told.Entry(f.Key) is { IsLive: true });

    private static string SourceOf(IReadOnlyList<Fragment> fragments) => fragments.Count > 0 ? fragments[0].Key.Source : "";
}
