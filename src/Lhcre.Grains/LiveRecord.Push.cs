using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <content>Taking pushes in.</content>
public sealed partial class LiveRecord
{
    /// <summary>
    /// Takes in a push: what of it is new is appended, and shown once it is on disk. <see cref="PushStatus.Fenced"/> means that another
    /// activation has the record: this one must not answer anybody any more.
    /// </summary>
    public Task<PushAnswer> Push(PushRequest push, CancellationToken cancellation) => InTurn(() => Hear(push, cancellation), cancellation);

    private async Task<PushAnswer> InTurn(Func<Task<PushAnswer>> takeIn, CancellationToken cancellation)
    {
        if (IsFenced)
            return new PushAnswer(PushStatus.Fenced, 0, []);
        try
        {
            if (MustReload)
                await Load(cancellation);
            _isPushing = true;
            return await takeIn();
        }
        catch (JournalUnavailableException failure)
        {
            return new PushAnswer(failure.IsBusy ? PushStatus.Busy : PushStatus.Unavailable, Snapshot.Version, []);
        }
        finally
        {
            _isPushing = false;
        }
    }

    private async Task<PushAnswer> TakeIn(PushRequest push, CancellationToken cancellation)
    {
        var record = await Whole(cancellation);
        var now = clock.GetUtcNow();
        var fragments = push.Fragments.Fragments;
        if (record.HasApplied(push.Push, Since(now)))
            return await Unchanged(push, [.. fragments.Select(_ => FragmentOutcome.Unchanged)], cancellation);
        if (await HasComeBack(push, cancellation) || IsOfErased(record, push))
            return await Unchanged(push, [.. fragments.Select(_ => FragmentOutcome.Unchanged)], cancellation);
        if (push.Move is not null)
            return await TakeInMoved(record, push, now, cancellation);
        // What does not count for now is held against what the source said before that does not count either, so that it is all there when it does.
        var receipt = new Receipt(push.Received ?? At(record, now), push.Cause);
        if (await Unquarantined(record, push.Source, receipt, cancellation) is not { } told)
            return Fenced(record);
        if (fragments.IsEmpty && !push.Settles.IsEmpty)
            return await Claim(record, told, push, now, cancellation);
        if (Joining(record, told, fragments) is { } addition)
        {
            var added = await TakeIn(addition, CorrectionRequest.Of(addition) with { Lane = push.Lane }, cancellation);
            return added.Status == PushStatus.Applied ? await TakeIn(push, cancellation) : added;
        }

        // Only what empties it, or keeps what it has on the way up to date, is taken in.
        if (told.IsSucceeded && push.Settles.IsEmpty && fragments.Any(f => f.Kind != FragmentKind.Moved))
            return new PushAnswer(PushStatus.Moved, record.Version, []);
        var acceptance = LeftOut(record, push, Merge.Accept(told, fragments, now, push.Extent));
        // What is not appended meets no fence. A version that is known stays known; words without one are no news only to whoever has the last row.
        if (acceptance.Fragments.IsEmpty
            && ((fragments.All(f => f.Version.Time is not null) && push.Extent is not { Time: null }) || await LoadedRecord.IsLast(new RecordHead(_loadedEpoch, Seq, 0), key, journal, cancellation)))
            return await Unchanged(push, Told(record, told, receipt, fragments, acceptance.Outcomes), cancellation);
        if (!acceptance.Fragments.IsEmpty && await Append(record, told, push, acceptance.Fragments, now, cancellation) == AppendOutcome.Committed)
        {
            return new PushAnswer(PushStatus.Applied, Snapshot.Version, Told(Snapshot, ReferenceEquals(told, record) ? Snapshot : told, receipt, fragments, acceptance.Outcomes))
            {
                Withdrawn = record.Corrections.Exclude(push.Source, receipt) ? 0 : acceptance.Withdrawn - Elsewhere(record, told, acceptance),
            };
        }

        return Fenced(record);
    }

    private PushAnswer Fenced(PatientRecord record)
    {
        IsFenced = true;
        return new PushAnswer(PushStatus.Fenced, record.Version, []);
    }

    // As its source is told: what is not shown, and why.
    private static ImmutableArray<FragmentOutcome> Told(
        PatientRecord record, PatientRecord told, Receipt receipt, IReadOnlyList<Fragment> fragments, ImmutableArray<FragmentOutcome> outcomes) =>
        ReferenceEquals(record, told) ? Withholding.Told(record, fragments, outcomes)
        : !record.Corrections.Exclude(SourceOf(fragments), receipt) ? WithMoved(record, fragments, Withholding.Told(record, fragments, outcomes))
        : [.. outcomes.Select(o => o is FragmentOutcome.Unchanged ? o : FragmentOutcome.Quarantined)];

    // The clock may step back; the log's times never do.
    private static DateTimeOffset At(PatientRecord record, DateTimeOffset now) =>
        now > record.LastAppended ? now : record.LastAppended.AddTicks(TimeSpan.TicksPerMillisecond);

    // What was to leave may have been stated here again since, at the same time: its note would stand above that, and it would be in nobody's record.
    // Asked in the turn, and behind the fence: only a push to this record makes it this record's again.
    private async Task<bool> HasComeBack(PushRequest push, CancellationToken cancellation) =>
        !push.Settles.IsEmpty && push.Fragments.Fragments is [{ Kind: FragmentKind.Moved } leaves] && (await journal.FindPatients([leaves.Key], cancellation))[0] == key;

    // An instruction from before what it is about was erased here: it would bring some of it back, and nothing would say until when.
    private static bool IsOfErased(PatientRecord record, PushRequest push) =>
        !push.Settles.IsEmpty && record.Corrections.All.Any(c => c is Erasure erasure && erasure.Covers(push.Source)) && !record.EntriesOf(push.Source).Any();

    private async Task<AppendOutcome> Append(
        PatientRecord record, PatientRecord told, PushRequest push, ImmutableArray<Fragment> fragments, DateTimeOffset sent, CancellationToken cancellation)
    {
        var row = new RecordRow(record.Seq + 1, push.Push, At(record, sent), LogBody.WriteRow(fragments, push.Received, cause: push.Cause), fragments) { Received = push.Received, Cause = push.Cause };
        // Merged before it is written: what could not be merged must never reach the journal.
        var after = await LoadedRecord.With(record, row, journal, cancellation);
        var isFirst = _loadedEpoch != _epoch;
        if (ReferenceEquals(told, record))
            return await Commit(await Withholding.With(RecordAppend.Of(record, after, row, push, _loadedEpoch, _epoch), record, after, isFirst, journal, cancellation), after, sent, cancellation);

        var isQuarantined = record.Corrections.Exclude(push.Source, row.Receipt);
        var toldAfter = await LoadedRecord.With(told, row, journal, cancellation);
        var append = RecordAppend.Of(told, toldAfter, row, push, _loadedEpoch, _epoch) with { Person = RecordAppend.Person(record, after, isTold: !isQuarantined && fragments.Any(f => f.Key.Type == "Patient"), isFirst) };
        append = RecordAppend.WithMarks(append, RecordAppend.Moving(record, row));
        // Filed late into a stretch that is over: nothing is found by what does not count, and what the source sends now may be another person's.
        if (isQuarantined && !record.Corrections.Exclude(push.Source, row.At))
            append = append with { Index = [], LocalIdentifiers = [], FormerIdentifiers = [], Uses = [] };
        var outcome = await Commit(await Withholding.With(append, record, after, isFirst, journal, cancellation), after, sent, cancellation);
        _unquarantined = toldAfter;
        return outcome;
    }

    private async Task<AppendOutcome> Commit(Append append, PatientRecord after, DateTimeOffset sent, CancellationToken cancellation)
    {
        try
        {
            var outcome = await journal.Append(append, cancellation);
            if (outcome == AppendOutcome.Committed)
            {
                _loadedEpoch = _epoch;
                // A fold may have ended meanwhile.
                Show(Held(after.WithoutRows(_tail.SnapSeq)), isNextRow: true);
                _tail.Add(append.Row);
                _checkedAt = sent;
            }

            return outcome;
        }
        catch (JournalUnavailableException failure) when (failure.OutcomeUnknown)
        {
            // Never assume: the journal itself says whether the row is there.
            MustReload = true;
            await Load(cancellation);
            if (Snapshot.HasApplied(append.Row.Push, Since(sent)))
                return AppendOutcome.Committed;
            throw;
        }
    }

    // Nothing to write of the record itself; what the push was to settle is settled all the same.
    private async Task<PushAnswer> Unchanged(PushRequest push, ImmutableArray<FragmentOutcome> outcomes, CancellationToken cancellation)
    {
        if (!push.Settles.IsEmpty)
            await journal.Settle(push.Settles, cancellation);
        if (!push.Unparks.IsEmpty)
            await journal.Unpark(push.Unparks, cancellation);
        var now = clock.GetUtcNow();
        if (push.HeldFor is { } held && Snapshot.EntriesOf(push.Source).Any())
            await journal.Hold(new Lease(key, push.Source, now, now + held), cancellation);
        return new PushAnswer(PushStatus.Unchanged, Snapshot.Version, outcomes);
    }
}
