using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Operations;
using Lhcre.Silo.Sources;

namespace Lhcre.Silo.Corrections;

/// <summary>
/// Carries corrections out, one record after the other, for as long as this process runs. What it does not finish is taken up where it was, after a restart or by
/// another silo; a record that is told twice changes once.
/// </summary>
internal sealed class CorrectionRounds(
    IGrainFactory grains, PatientCalls patients, IJournal journal, FollowUps followUps, LivePushes live, IReadOnlyList<SourceSystem> sources, FreshPushId freshPushId,
    IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<CorrectionRounds> logger) : BackgroundService
{
    private const int Rounds = 2;

    // Records between two looks at the job, and those of them that are told at a time.
    private const int Step = 64;
    private const int AtATime = 4;

    private const int Attempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(100);

    private readonly string _self = $"{freshPushId().Hash.Bits:x32}";
    private readonly SemaphoreSlim _more = new(0);
    private readonly Successions _successions = new(patients, journal);

    /// <summary>A correction was ordered here: it is begun at once.</summary>
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
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var source in sources)
                {
                    while (await grains.GetGrain<ICorrectionJobsGrain>(source.Id).Take(_self) is { } job)
                        await GoOn(job, stoppingToken);
                }

                await _more.WaitAsync(Pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // An edge: behind it there is nobody to answer, only what is to be done next. An exception's text may quote what was sent; its type never does.
                CorrectionLog.Interrupted(logger, failure.GetType().Name, Pause.TotalSeconds);
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task GoOn(CorrectionJob job, CancellationToken stop)
    {
        // Whoever is heard of from now on knows of it; the others are told.
        if (job is { Person: null, After: null, Round: 0 })
            await StandingOrders.Keep(journal, job.Request.Source, await grains.GetGrain<ICorrectionJobsGrain>(job.Request.Source).List(), stop);
        IReadOnlyList<PatientKey> next = job switch
        {
            { Person: { } person, After: null } => [PatientKey.Parse(person)],
            { Person: not null } => [],
            _ => await journal.Patients(job.After is { } after ? PatientKey.Parse(after) : null, Step, stop),
        };
        var (changed, failed) = (0, 0);
        await Parallel.ForEachAsync(next, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = stop }, async (patient, _) =>
        {
            if (await Changes(patient, job.Request, job.Person is not null, stop) is not { } isChanged)
                Interlocked.Increment(ref failed);
            else if (isChanged)
                Interlocked.Increment(ref changed);
        });
        job = next.Count > 0 ? job with { After = next[^1].Value, Told = job.Told + next.Count, Changed = job.Changed + changed, Failed = job.Failed + failed }
            : job.Round + 1 < Rounds ? job with { After = null, Round = job.Round + 1 }
            : job with { Ended = clock.GetUtcNow() };
        if (await grains.GetGrain<ICorrectionJobsGrain>(job.Request.Source).Advance(job) && job.Ended is not null)
            CorrectionLog.Done(logger, CorrectionText.Id(job.Request.Id), job.Request.Source, job.Told, job.Changed, job.Failed);
    }

    // Null where the record cannot be read: one such must not keep the others from being told. What is away or busy is waited for.
    private async Task<bool?> Changes(PatientKey patient, CorrectionRequest request, bool isOfOne, CancellationToken stop)
    {
        for (var failures = 0; ;)
        {
            stop.ThrowIfCancellationRequested();
            await live.GiveWay(stop);
            try
            {
                var status = (await _successions.Correct(patient, request, stop)).Status;
                // What moves is where it belongs before it is told that it was moved.
                if (status == PushStatus.Applied && isOfOne)
                    await followUps.CatchUp([], stop);
                if (SourcePush.Unwritten(status) is null)
                    return status == PushStatus.Applied;
            }
            catch (Exception failure) when (failure is not TimeoutException && !stop.IsCancellationRequested)
            {
                if (++failures == Attempts)
                {
                    CorrectionLog.RecordFailed(logger, CorrectionText.Id(request.Id), failure.GetType().Name);
                    return null;
                }
            }
            catch (TimeoutException)
            {
                // It may be in force all the same, and is told again.
            }

            await Task.Delay(ShortPause, clock, stop);
        }
    }
}
