using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <content>Erasing: what was said is in no row, chunk, register and memory any more, only that it was held (decision 0027).</content>
public sealed partial class LiveRecord
{
    /// <summary>
    /// Erases what a source said, or everybody: the record is made anew of what is left, and written anew in the commit that says so. <see cref="PushStatus.Fenced"/> means
    /// that another activation has the record: this one must not answer anybody any more.
    /// </summary>
    public Task<PushAnswer> Erase(EraseRequest request, CancellationToken cancellation) => InTurn(() => TakeIn(request, cancellation), cancellation);

    private async Task<PushAnswer> TakeIn(EraseRequest request, CancellationToken cancellation)
    {
        var record = await Whole(cancellation);
        var sent = clock.GetUtcNow();
        ImmutableArray<Lease> leases = [.. (await journal.Leases(key, cancellation)).Where(l => request.Source is null || l.Source == request.Source)];
        // What was pulled meanwhile is of a visit that goes on: asked in the turn, since only a push to this record holds it longer.
        if (record.Corrections.Knows(request.Id) || (request.Due is { } due && !leases.Any(l => l.Until <= due)))
            return new PushAnswer(PushStatus.Unchanged, record.Version, []);
        var held = leases.IsEmpty ? (DateTimeOffset?)null : leases.Min(l => l.From);
        var cause = request.Due is null ? ErasureCause.Order : leases.Any(l => l.IsDischarged) ? ErasureCause.Stay : ErasureCause.Default;
        var erasure = new Erasure(request.Id, request.Source ?? Erasure.OfAll, request.Reason, request.By, held, cause);
        var log = BlankedLog.Of(await journal.LoadLog(key, cancellation), erasure);
        if (log.Rows.Length != record.Seq)
            return Fenced(record);
        if (log.Erased.IsEmpty && leases.IsEmpty && request.Asides.IsEmpty)
            return new PushAnswer(PushStatus.Unchanged, record.Version, []);
        return await Blank(record, erasure, log, request, sent, cancellation) == AppendOutcome.Committed ? Applied() : Fenced(record);
    }

    private async Task<AppendOutcome> Blank(PatientRecord record, Erasure erasure, BlankedLog log, EraseRequest request, DateTimeOffset sent, CancellationToken cancellation)
    {
        var row = new RecordRow(record.Seq + 1, erasure.Id, At(record, sent), LogBody.WriteRow([], null, erasure), []) { Correction = erasure };
        var after = LoadedRecord.Replayed(key, addresses, [.. log.Rows, row]);
        var written = new LogRow(row.Seq, row.Push, row.At, row.Body);
        var fold = RecordFold.Of(after, _tail.Chunks, [.. log.Tail, written], Since(sent));
        var blanking = RecordAppend.OfErasure(after, row, log.Erased, _loadedEpoch, _epoch) with
        {
            Live = fold.Live,
            Kept = log.Kept,
            History = [.. log.Rewritten, .. fold.History],
            Asides = request.Asides,
            Answers = [.. log.Erased.Select(e => e.Push).Concat(request.Answers).Distinct()],
        };
        var append = await Withholding.With(blanking.Append with { Lane = request.Lane }, record, after, isFirst: _loadedEpoch != _epoch, journal, cancellation);
        try
        {
            var outcome = await journal.Blank(blanking with { Append = append }, cancellation);
            if (outcome == AppendOutcome.Committed)
            {
                fold.Done();
                _loadedEpoch = _epoch;
                Forget(after.WithoutRows(row.Seq));
                _tail.Take(new JournalledRecord(new RecordHead(_epoch, row.Seq, row.Seq), fold.Live, []), isStale: false);
                _checkedAt = sent;
            }

            return outcome;
        }
        catch (JournalUnavailableException failure) when (failure.OutcomeUnknown)
        {
            // Never assume: the journal itself says whether the row is there.
            MustReload = true;
            await Load(cancellation);
            if (!Snapshot.Corrections.Knows(erasure.Id))
                throw;
            Forget(Snapshot);
            return AppendOutcome.Committed;
        }
    }

    // Nobody goes on with what was before, page by page or otherwise.
    private void Forget(PatientRecord present)
    {
        (_held, _warm, _unquarantined) = (Held(present), null, null);
        _past.Forget();
    }
}
