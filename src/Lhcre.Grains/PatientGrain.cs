using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>One person, thin: turns and lifetimes are Orleans', everything else is the <see cref="LiveRecord"/>'s.</summary>
public sealed class PatientGrain(IJournal journal, Addresses addresses, TimeProvider clock) : Grain, IPatientGrain
{
    private LiveRecord _live = null!;

    // The whole record is what is asked for most: its answer is made once a version.
    private (PatientRecord Record, ReadAnswer Answer)? _everything;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _live = new LiveRecord(PatientKey.Parse(this.GetPrimaryKeyString()), journal, addresses, clock);
        await _live.Load(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<PushAnswer> Push(PushRequest push, Caller caller)
    {
        var answer = await _live.Push(push, CancellationToken.None);
        if (answer.Status == PushStatus.Fenced)
            DeactivateOnIdle();
        return answer;
    }

    /// <inheritdoc/>
    public ValueTask<ReadAnswer> Read(ReadRequest request, Caller caller)
    {
        var record = _live.Snapshot;
        if (request != ReadRequest.Everything)
            return ValueTask.FromResult(RecordReading.Read(record, request));
        if (_everything is not { } kept || !ReferenceEquals(kept.Record, record))
            _everything = kept = (record, RecordReading.Read(record, request));
        return ValueTask.FromResult(kept.Answer);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RecordVersion>> History(Caller caller)
    {
        var journalled = await journal.LoadLog(_live.Snapshot.Key, CancellationToken.None);
        return [.. journalled.Rows.Select(Version)];
    }

    private static RecordVersion Version(LogRow row)
    {
        var fragments = LogBody.Read(row.Body);
        return new RecordVersion(row.Seq, row.At, fragments[0].Key.Source, fragments.Length);
    }
}
