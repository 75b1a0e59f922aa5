using System.Collections.Immutable;
using Lhcre.Contracts;

namespace Lhcre.Grains;

/// <summary>Keeps the corrections of one source, and who is carrying one out.</summary>
public sealed class CorrectionJobsGrain(
    [PersistentState("correction-jobs", SideState.Name)] IPersistentState<CorrectionJobsState> kept, TimeProvider clock) : Grain, ICorrectionJobsGrain
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async ValueTask<CorrectionJob> Order(CorrectionJob job)
    {
        if (CorrectionJob.Same(kept.State.Jobs, job) is { } same)
            return same;
        await Keep(kept.State.Jobs.Add(job));
        return job;
    }

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<CorrectionJob>> List() => ValueTask.FromResult(kept.State.Jobs);

    /// <inheritdoc/>
    public async ValueTask<CorrectionJob?> Take(string holder)
    {
        var now = clock.GetUtcNow();
        // One after the other: the end of a quarantine comes behind it.
        if (kept.State.Jobs.FirstOrDefault(j => j.Ended is null) is not { } job || (job.Holder is { } other && other != holder && job.Until > now))
            return null;
        var taken = job with { Holder = holder, Until = now + Lease, Began = job.Began ?? now, Resumed = job.Resumed + (job.Holder is null || job.Holder == holder ? 0 : 1) };
        await Keep(kept.State.Jobs.Replace(job, taken));
        return taken;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> Advance(CorrectionJob job)
    {
        if (kept.State.Jobs.FirstOrDefault(j => j.Request.Id == job.Request.Id) is not { Ended: null } known || known.Holder != job.Holder)
            return false;
        await Keep(kept.State.Jobs.Replace(known, job with { Until = clock.GetUtcNow() + Lease }));
        return true;
    }

    // What could not be written was not taken in either.
    private async Task Keep(ImmutableArray<CorrectionJob> jobs)
    {
        var (before, isKept) = (kept.State.Jobs, false);
        kept.State.Jobs = jobs;
        try
        {
            await kept.WriteStateAsync();
            isKept = true;
        }
        finally
        {
            if (!isKept)
            {
                kept.State.Jobs = before;
                // It may have been written all the same: the next activation reads it.
                DeactivateOnIdle();
            }
        }
    }
}

/// <summary>What stands in the storage.</summary>
[GenerateSerializer, Alias("lhcre.correction-jobs-state")]
public sealed class CorrectionJobsState
{
    /// <summary>All that were ever ordered, in their order.</summary>
    [Id(0)]
    public ImmutableArray<CorrectionJob> Jobs { get; set; } = [];
}
