using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace Lhcre.Grains;

/// <summary>One person, thin: turns and lifetimes are Orleans', everything else is the <see cref="LiveRecord"/>'s.</summary>
/// <remarks>
/// An activation whose record another one has taken over, or is behind, answers nobody and leaves: the next call reaches a new activation,
/// which has read the journal. Placed at random: what Orleans knows of the load of its silos is some seconds old, and a silo that stops hands
/// over thousands of records in one second.
/// </remarks>
[RandomPlacement]
public sealed class PatientGrain(
    IJournal journal, Addresses addresses, Residents residents, ISiloStatusOracle silos, TimeProvider clock, ILogger<PatientGrain> logger, SourceSystems? sources = null)
    : Grain, IPatientGrain, IGrainMigrationParticipant, IDisposable
{
    private const string Carried = "lhcre.record";
    private static readonly TimeSpan FoldAgainAfter = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _leaving = new();
    private LiveRecord _live = null!;
    private Resident _resident = null!;
    private CarriedRecord? _carried;
    private Task _folding = Task.CompletedTask;
    private long _foldFailed;
    private bool _isMeasured;
    private long _pastBytes;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = PatientKey.Parse(this.GetPrimaryKeyString());
        _live = new LiveRecord(key, journal, addresses, clock, sources, residents.Replays);
        if (_carried is { } carried)
        {
            await _live.Take(carried.Journalled(), cancellationToken);
            await Confirm(key, cancellationToken);
            residents.Arrived();
        }
        else
        {
            await _live.Load(cancellationToken);
        }

        _carried = null;
        var context = GrainContext;
        var turns = TaskScheduler.Current;
        _resident = residents.Enter(
            key,
            _live.Glance,
            why => context.Deactivate(new DeactivationReason(DeactivationReasonCode.HighMemoryPressure, why)),
            () => Task.Factory.StartNew(Rest, CancellationToken.None, TaskCreationOptions.None, turns));
        Measure();
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Nothing for an activation that never got so far.
        if (_resident is null)
            return;
        residents.Leave(_resident);
        await _leaving.CancelAsync();
        await _folding;
        if (reason.ReasonCode == DeactivationReasonCode.ActivationIdle && _live.WantsFoldBeforeRest)
            await Fold(cancellationToken);
        if (reason.ReasonCode == DeactivationReasonCode.ShuttingDown)
            PartWith();
    }

    /// <inheritdoc/>
    public ValueTask<PushAnswer> Push(PushRequest push, Caller caller) => Change(live => live.Push(push, CancellationToken.None));

    /// <inheritdoc/>
    public ValueTask<PushAnswer> Correct(CorrectionRequest request, Caller caller) => Change(live => live.Correct(request, CancellationToken.None));

    /// <inheritdoc/>
    public ValueTask<PushAnswer> Erase(EraseRequest request, Caller caller) => Change(live => live.Erase(request, CancellationToken.None));

    private async ValueTask<PushAnswer> Change(Func<LiveRecord, Task<PushAnswer>> change)
    {
        if (IsLeaving())
            return new PushAnswer(PushStatus.Fenced, 0, []);
        _resident.Used();
        _resident.Changing();
        try
        {
            var answer = await change(_live);
            if (answer.Status == PushStatus.Fenced)
                DeactivateOnIdle();
            else if (_live.WantsFold && _folding.IsCompleted && IsTimeToFold())
                _folding = Fold(_leaving.Token);
            return answer;
        }
        finally
        {
            _resident.Changing();
            _isMeasured = false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ReadAnswer> Read(ReadRequest request, Caller caller)
    {
        if (IsLeaving())
            return ReadAnswer.Fenced;
        _resident.Used();
        var answer = await _live.Read(request, CancellationToken.None);
        if (!_isMeasured || _live.PastBytes != _pastBytes)
            Measure();
        return answer;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RecordVersion>> History(Caller caller)
    {
        var log = await journal.LoadLog(PatientKey.Parse(this.GetPrimaryKeyString()), CancellationToken.None);
        return [.. RecordWords.Rows(log).Select(Version)];

        // Of a restricted person no source is told, and a reason may name one; nor of one whose record is another one by now, of whom only that knows.
        RecordVersion Version(RecordRow row) => _live.IsRestricted || _live.IsSucceeded
            ? new RecordVersion(row.Seq, row.At, "", row.Fragments.Count) { Corrects = row.Correction is null ? null : "" }
            : new RecordVersion(row.Seq, row.At, SourceOf(row), row.Fragments.Count) { Corrects = row.Correction?.Reason };

        static string SourceOf(RecordRow row) => row.Correction?.Source ?? (row.Fragments.Count > 0 ? row.Fragments[0].Key.Source : "");
    }

    /// <inheritdoc/>
    public void OnDehydrate(IDehydrationContext dehydrationContext)
    {
        if (_carried is { } carried && dehydrationContext.TryAddValue(Carried, carried))
            residents.Parting(isHandedOver: true);
    }

    /// <inheritdoc/>
    public void OnRehydrate(IRehydrationContext rehydrationContext) =>
        _carried = rehydrationContext.TryGetValue<CarriedRecord>(Carried, out var carried) ? carried : null;

    /// <inheritdoc/>
    public void Dispose() => _leaving.Dispose();

    // One narrow row instead of the record: what was handed over may have been behind. Without the journal it is served as unconfirmed.
    private async Task Confirm(PatientKey key, CancellationToken cancellation)
    {
        try
        {
            var asked = clock.GetUtcNow();
            _live.Checked((await journal.Heads([key], cancellation))[0], asked);
        }
        catch (JournalUnavailableException failure)
        {
            ResidentsLog.Unchecked(logger, failure.Message);
        }
    }

    // What was seen of the head since the last call counts now, in the record's own turn.
    private bool IsLeaving()
    {
        if (_resident.TakeSeen() is not { } seen)
            return false;
        _live.Checked(seen.Head, seen.At);
        if (!_live.IsFenced && !_live.IsBehind)
            return false;
        DeactivateOnIdle();
        return true;
    }

    // Small ones go along, where there is somebody to go to; a large one is read from the journal by whoever is asked for it next, which takes less than sending it.
    private void PartWith()
    {
        if (residents.HandOverBytes > 0 && silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Any(s => s != silos.SiloAddress)
            && _live.HandOver(residents.HandOverBytes) is { } record)
        {
            _carried = CarriedRecord.Of(record);
            MigrateOnIdle();
        }
        else
        {
            residents.Parting(isHandedOver: false);
        }
    }

    // What only pushes need is made again by the next one.
    private async Task Rest()
    {
        if (_leaving.IsCancellationRequested || !_folding.IsCompleted)
            return;
        if (_live.WantsFoldBeforeRest && IsTimeToFold())
            await (_folding = Fold(_leaving.Token));
        _live.Settle();
        Measure();
    }

    private void Measure()
    {
        (_isMeasured, _pastBytes) = (true, _live.PastBytes);
        residents.Measure(_resident, _live.Bytes);
    }

    private bool IsTimeToFold() => _foldFailed == 0 || clock.GetElapsedTime(_foldFailed) > FoldAgainAfter;

    // Beside pushes and reads, between their turns.
    private async Task Fold(CancellationToken cancellation)
    {
        try
        {
            await residents.Folding.WaitAsync(cancellation);
            try
            {
                await _live.Fold(TaskScheduler.Default, cancellation);
                _foldFailed = 0;
            }
            finally
            {
                residents.Folding.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever has the record next folds it.
        }
        catch (JournalUnavailableException failure)
        {
            _foldFailed = clock.GetTimestamp();
            ResidentsLog.Unfolded(logger, failure.Message);
        }
    }
}
