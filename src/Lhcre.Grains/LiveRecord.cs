using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>
/// A record that takes pushes: a mutable holder with one reference to an immutable <see cref="PatientRecord"/>. Knows the journal and the
/// clock, and no Orleans. One push at a time; reads at any time.
/// </summary>
public sealed class LiveRecord(PatientKey key, IJournal journal, Addresses addresses, TimeProvider clock)
{
    private volatile PatientRecord _snapshot = PatientRecord.Empty(key, addresses);
    private long _loadedEpoch;
    private long _epoch;
    private bool _mustReload = true;

    /// <summary>The record after the last push that is on disk.</summary>
    public PatientRecord Snapshot => _snapshot;

    /// <summary>Reads the journal and folds it. Until it has succeeded once, there is nothing to read.</summary>
    /// <exception cref="JournalUnavailableException">The journal cannot be read.</exception>
    public async Task Load(CancellationToken cancellation)
    {
        var journalled = await journal.Load(key, cancellation);
        var record = PatientRecord.Empty(key, addresses);
        foreach (var row in journalled.Rows)
            record = Merge.Apply(record, new RecordRow(row.Seq, row.Push, row.At, row.Body, LogBody.Read(row.Body)));
        _snapshot = record;
        _loadedEpoch = journalled.Head.Epoch;
        _epoch = journalled.Head.Epoch + 1;
        _mustReload = false;
    }

    /// <summary>
    /// Takes in a push: what of it is new is appended, and shown once it is on disk. <see cref="PushStatus.Fenced"/> means that another
    /// activation has the record: this one must not answer anybody any more.
    /// </summary>
    public async Task<PushAnswer> Push(PushRequest push, CancellationToken cancellation)
    {
        try
        {
            if (_mustReload)
                await Load(cancellation);
            return await Take(push, cancellation);
        }
        catch (JournalUnavailableException)
        {
            return new PushAnswer(PushStatus.Unavailable, _snapshot.Version, []);
        }
    }

    private async Task<PushAnswer> Take(PushRequest push, CancellationToken cancellation)
    {
        var record = _snapshot;
        var now = clock.GetUtcNow();
        var fragments = push.Fragments.Fragments;
        if (record.HasApplied(push.Push, now - Limits.PushIdMemory))
            return await Unchanged(push, [.. fragments.Select(_ => FragmentOutcome.Unchanged)], cancellation);
        var acceptance = Merge.Accept(record, fragments, now);
        if (acceptance.Fragments.IsEmpty)
            return await Unchanged(push, acceptance.Outcomes, cancellation);

        // The clock may step back; the log's times never do.
        var at = now > record.LastAppended ? now : record.LastAppended.AddTicks(TimeSpan.TicksPerMillisecond);
        var body = LogBody.Write(acceptance.Fragments);
        var row = new RecordRow(record.Seq + 1, push.Push, at, body, acceptance.Fragments);
        // Merged before it is written: what could not be merged must never reach the journal.
        var after = Merge.Apply(record, row);
        var append = RecordAppend.Of(record, after, row, push, _loadedEpoch, _epoch);
        var outcome = await Append(append, cancellation);
        if (outcome == AppendOutcome.Fenced)
        {
            _mustReload = true;
            return new PushAnswer(PushStatus.Fenced, record.Version, []);
        }

        return new PushAnswer(PushStatus.Applied, _snapshot.Version, acceptance.Outcomes);

        async Task<AppendOutcome> Append(Append item, CancellationToken token)
        {
            try
            {
                var result = await journal.Append(item, token);
                if (result == AppendOutcome.Committed)
                {
                    _loadedEpoch = _epoch;
                    _snapshot = after;
                }

                return result;
            }
            catch (JournalUnavailableException failure) when (failure.OutcomeUnknown)
            {
                // Never assume: the journal itself says whether the row is there.
                _mustReload = true;
                await Load(token);
                if (_snapshot.HasApplied(push.Push, now - Limits.PushIdMemory))
                    return AppendOutcome.Committed;
                throw;
            }
        }
    }

    // Nothing to write of the record itself; what the push was to settle is settled all the same.
    private async Task<PushAnswer> Unchanged(PushRequest push, ImmutableArray<FragmentOutcome> outcomes, CancellationToken cancellation)
    {
        if (!push.Settles.IsEmpty)
            await journal.Settle(push.Settles, cancellation);
        if (!push.Unparks.IsEmpty)
            await journal.Unpark(push.Unparks, cancellation);
        return new PushAnswer(PushStatus.Unchanged, _snapshot.Version, outcomes);
    }
}
