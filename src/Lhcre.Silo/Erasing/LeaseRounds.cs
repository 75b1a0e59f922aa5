using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Fhir;
using Lhcre.Silo.Operations;
using Lhcre.Silo.Sources;
using Lhcre.Silo.Visits;

namespace Lhcre.Silo.Erasing;

/// <summary>
/// Carries out what is due to be erased, one record after the other, for as long as this process runs: the journal says what that is, so that nothing has to be remembered over a
/// restart, and a record that two processes are told of is erased once.
/// </summary>
internal sealed class LeaseRounds(
    PullPlan plan, PatientCalls patients, IGrainFactory grains, IJournal journal, Negotiation negotiation, LivePushes live, FreshPushId freshPushId,
    IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<LeaseRounds> logger) : BackgroundService
{
    private const int Step = 64;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AdoptEvery = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _more = new(0);

    /// <summary>Something was erased or is due: the next round begins at once.</summary>
    public void Wake() => _more.Release();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _more.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(() => started.TrySetResult()))
            await started.Task.WaitAsync(stoppingToken);
        var adopted = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // What was pulled by a release that knew of no leases ends by default too, counted from now.
                if (clock.GetUtcNow() - adopted >= AdoptEvery)
                {
                    await Adopt(stoppingToken);
                    adopted = clock.GetUtcNow();
                }

                await Round(stoppingToken);
                // What somebody reads keeps what was there before: in the next round.
                await journal.Scrub(stoppingToken);
                await _more.WaitAsync(Pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // An edge: behind it there is nobody to answer, only what is to be done next. An exception's text may quote what was sent; its type never does.
                LeaseLog.Interrupted(logger, failure.GetType().Name, Pause.TotalSeconds);
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Erases all that is due now; of what cannot be erased the rest is, and it is tried again in the next round.</summary>
    internal async Task Round(CancellationToken stop)
    {
        var failed = new HashSet<(PatientKey, string)>();
        var by = clock.GetUtcNow();
        while ((await journal.LeasesDue(by, Step + failed.Count, stop)).Where(l => !failed.Contains((l.Patient, l.Source))).ToList() is { Count: > 0 } due)
        {
            foreach (var lease in due)
            {
                await live.GiveWay(stop);
                if (!await IsEnded(lease, by))
                    failed.Add((lease.Patient, lease.Source));
            }
        }

        if (failed.Count > 0)
            LeaseLog.Left(logger, failed.Count, Pause.TotalSeconds);
    }

    private async Task Adopt(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        foreach (var source in plan.Sources)
            await journal.Adopt(source.Source.Id, now, now + plan.HeldFor, stop);
    }

    private async Task<bool> IsEnded(Lease lease, DateTimeOffset by)
    {
        var request = new EraseRequest { Id = freshPushId(), Source = lease.Source, Due = by, Lane = Lane.Backfill };
        try
        {
            var status = (await patients.Erase(lease.Patient, request, VisitPull.Caller)).Status;
            if (SourcePush.Unwritten(status) is not null)
                return false;
            negotiation.Forms.Forget(lease.Patient);
            await grains.GetGrain<IVisitGrain>(lease.Patient.Value).Forget(lease.Source);
            if (status == PushStatus.Applied)
                LeaseLog.Ended(logger, lease.Source);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // One record that cannot be read must not keep the others.
            LeaseLog.Failed(logger, lease.Source, failure.GetType().Name);
            return false;
        }
    }
}
