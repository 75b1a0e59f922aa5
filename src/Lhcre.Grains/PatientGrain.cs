using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>One person, thin: turns and lifetimes are Orleans', everything else is the <see cref="LiveRecord"/>'s.</summary>
public sealed class PatientGrain(IJournal journal, Addresses addresses, TimeProvider clock) : Grain, IPatientGrain
{
    private LiveRecord _live = null!;

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
    public ValueTask<ReadAnswer> Read(ReadRequest request, Caller caller) => _live.Read(request, CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RecordVersion>> History(Caller caller)
    {
        var log = await journal.LoadLog(PatientKey.Parse(this.GetPrimaryKeyString()), CancellationToken.None);
        return [.. RecordWords.Rows(log).Select(row => new RecordVersion(row.Seq, row.At, row.Fragments[0].Key.Source, row.Fragments.Count))];
    }
}
