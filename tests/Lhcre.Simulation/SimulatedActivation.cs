using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Simulation;

/// <summary>
/// One activation of a patient in one silo: what Orleans gives a grain (one push at a time, reads at any time, calls that wait until it is
/// loaded) around the product's <see cref="LiveRecord"/>, used as the product's grain uses it.
/// </summary>
internal sealed class SimulatedActivation
{
    private readonly SimulatedSilo _silo;
    private readonly PatientKey _patient;
    private readonly LiveRecord _live;
    private readonly Resident _resident;
    private readonly Task _loaded;
    private Task _before = Task.CompletedTask;
    private Task _folding = Task.CompletedTask;
    private bool _isLeaving;
    private bool _isParted;

    /// <summary>An activation that begins to load, or takes over what another one hands over.</summary>
    public SimulatedActivation(SimulatedSilo silo, PatientKey patient, CarriedRecord? carried)
    {
        (_silo, _patient) = (silo, patient);
        _live = new LiveRecord(patient, silo.Journal, SimulatedCluster.Here, silo.Clock);
        _resident = silo.Residents.Enter(patient, _live.Glance, _ => { }, () => { });
        _loaded = Load(carried);
    }

    /// <summary>Where it is.</summary>
    public SimulatedSilo Silo => _silo;

    /// <summary>Whether it has left: a call that reaches it goes on to wherever the patient is now.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Whether it could not be loaded: those who wait for it are told so.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Takes a push in its turn; null where it has left by then.</summary>
    public Task<PushAnswer?> Push(PushRequest push) => Change(live => _silo.Cluster.Variant.Push(live, push));

    /// <summary>Takes a correction in its turn; null where it has left by then.</summary>
    public Task<PushAnswer?> Correct(CorrectionRequest request) => Change(live => _silo.Cluster.Variant.Correct(live, request));

    /// <summary>Erases in its turn; null where it has left by then.</summary>
    public Task<PushAnswer?> Erase(EraseRequest request) => Change(live => live.Erase(request, CancellationToken.None));

    private async Task<PushAnswer?> Change(Func<LiveRecord, Task<PushAnswer>> change)
    {
        await _loaded;
        var (before, done) = (_before, new TaskCompletionSource());
        _before = done.Task;
        await before;
        try
        {
            if (_isParted)
                return null;
            if (IsPassedOver())
                return new PushAnswer(PushStatus.Fenced, 0, []);
            _resident.Changing();
            var answer = await change(_live);
            _resident.Changing();
            if (answer.Status == PushStatus.Fenced)
                LeaveSoon();
            else if (_silo.Cluster.Dice.OneIn(5))
                Fold();
            return answer;
        }
        finally
        {
            done.SetResult();
        }
    }

    /// <summary>Reads what is there now; null where it has left by then.</summary>
    public async Task<ReadAnswer?> Read(ReadRequest request)
    {
        await _loaded;
        if (!IsGone && _resident.Glance(request) is { } glance)
        {
            await _silo.Cluster.Invariants.Answered(_patient, _live.Seq, _silo.Cluster.Time.Now, request, glance, _live.IsFenced);
            return glance;
        }

        var isSilent = _silo.Cluster.Variant.IsSilentWhenFenced;
        if (IsPassedOver() && isSilent)
            return ReadAnswer.Fenced;
        var (seq, asked) = (_live.Seq, _silo.Cluster.Time.Now);
        var answer = _live.IsFenced && !isSilent ? RecordReading.Read(_live.Snapshot, request) : await _live.Read(request, CancellationToken.None);
        // A source's own words may have been fetched meanwhile, of the record as it was when they were asked for.
        if (answer.Status != ReadStatus.Fenced)
            await _silo.Cluster.Invariants.Answered(_patient, seq, asked, request, answer, _live.IsFenced);
        return answer;
    }

    /// <summary>Folds, beside whatever else it does.</summary>
    public void Fold()
    {
        if (_folding.IsCompleted)
            _folding = FoldNow();
    }

    /// <summary>Lets go of what only merging needs.</summary>
    public void Settle()
    {
        if (_loaded.IsCompletedSuccessfully)
            _live.Settle();
    }

    /// <summary>Leaves at once, as an idle one does: nothing of it is written then, since all that counts is.</summary>
    public void Leave()
    {
        if (IsGone)
            return;
        IsGone = true;
        _silo.Residents.Leave(_resident);
        _silo.Forget(_patient, this);
    }

    /// <summary>Leaves when what it does is done, and says what another one needs to go on; null where that has to read the journal.</summary>
    public async Task<CarriedRecord?> Part()
    {
        await _loaded;
        var (before, done) = (_before, new TaskCompletionSource());
        _before = done.Task;
        await before;
        await _folding;
        var carried = IsGone ? null : _live.HandOver(ResidentLimits.Default.HandOverBytes);
        _isParted = true;
        Leave();
        done.SetResult();
        return carried is null ? null : CarriedRecord.Of(carried);
    }

    // As the product's grain: what was seen of the head since the last call counts now.
    private bool IsPassedOver()
    {
        if (_resident.TakeSeen() is { } seen)
        {
            _live.Checked(seen.Head, seen.At);
            if (_live.IsFenced || _live.IsBehind)
                LeaveSoon();
        }

        return _isLeaving || _live.IsFenced;
    }

    // It goes when it is idle, which is not at once.
    private void LeaveSoon()
    {
        if (_isLeaving)
            return;
        _isLeaving = true;
        _silo.Cluster.Trace.Say($"{_silo} leaves {_silo.Cluster.NameOf(_patient)}: {(_live.IsFenced ? "fenced" : "behind")}");
        _ = Later();

        async Task Later()
        {
            await _silo.Cluster.Turns.Pause(40);
            Leave();
        }
    }

    private async Task FoldNow()
    {
        try
        {
            await _live.Fold(_silo.Cluster.Turns.Aside, CancellationToken.None);
        }
        catch (JournalUnavailableException)
        {
            _silo.Cluster.Trace.Say($"{_silo} could not fold {_silo.Cluster.NameOf(_patient)}");
        }
    }

    private async Task TakeOver(CarriedRecord carried)
    {
        await _live.Take(carried.Journalled(), CancellationToken.None);
        try
        {
            var asked = _silo.Clock.GetUtcNow();
            _live.Checked((await _silo.Journal.Heads([_patient], CancellationToken.None))[0], asked);
        }
        catch (JournalUnavailableException)
        {
            _silo.Cluster.Trace.Say($"{_silo} could not confirm {_silo.Cluster.NameOf(_patient)}");
        }
    }

    private async Task Load(CarriedRecord? carried)
    {
        try
        {
            if (carried is not null)
                await TakeOver(carried);
            else
                await _live.Load(CancellationToken.None);
        }
        catch
        {
            HasFailed = true;
            Leave();
            throw;
        }
    }
}
