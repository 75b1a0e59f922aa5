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
    public async Task<PushAnswer> Push(PushRequest push, CancellationToken cancellation)
    {
        if (IsFenced)
            return new PushAnswer(PushStatus.Fenced, 0, []);
        try
        {
            if (MustReload)
                await Load(cancellation);
            _isPushing = true;
            return await TakeIn(push, cancellation);
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
        var acceptance = Merge.Accept(record, fragments, now, push.Extent);
        // What is not appended meets no fence. A version that is known stays known; words without one are no news only to whoever has the last row.
        if (acceptance.Fragments.IsEmpty
            && ((fragments.All(f => f.Version.Time is not null) && push.Extent is not { Time: null }) || await LoadedRecord.IsLast(new RecordHead(_loadedEpoch, Seq, 0), key, journal, cancellation)))
            return await Unchanged(push, Withholding.Told(record, fragments, acceptance.Outcomes), cancellation);
        if (!acceptance.Fragments.IsEmpty && await Append(record, push, acceptance.Fragments, now, cancellation) == AppendOutcome.Committed)
            return new PushAnswer(PushStatus.Applied, Snapshot.Version, Withholding.Told(Snapshot, fragments, acceptance.Outcomes)) { Withdrawn = acceptance.Withdrawn };
        IsFenced = true;
        return new PushAnswer(PushStatus.Fenced, record.Version, []);
    }

    private async Task<AppendOutcome> Append(
        PatientRecord record, PushRequest push, ImmutableArray<Fragment> fragments, DateTimeOffset sent, CancellationToken cancellation)
    {
        // The clock may step back; the log's times never do.
        var at = sent > record.LastAppended ? sent : record.LastAppended.AddTicks(TimeSpan.TicksPerMillisecond);
        var row = new RecordRow(record.Seq + 1, push.Push, at, LogBody.WriteRow(fragments), fragments);
        // Merged before it is written: what could not be merged must never reach the journal.
        var after = await LoadedRecord.With(record, row, journal, cancellation);
        var append = RecordAppend.Of(record, after, row, push, _loadedEpoch, _epoch);
        append = await Withholding.With(append, record, after, isFirst: _loadedEpoch != _epoch, journal, cancellation);
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
        return new PushAnswer(PushStatus.Unchanged, Snapshot.Version, outcomes);
    }
}
