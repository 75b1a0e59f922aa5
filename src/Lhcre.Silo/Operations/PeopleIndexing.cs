using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Silo.Operations;

/// <summary>
/// Once after a start, beside everything else: describes the people who cannot be searched for yet. Where there are none it costs a look at
/// each record's head. Several silos may do it at once.
/// </summary>
internal sealed class PeopleIndexing(PeopleIndex people, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<PeopleIndexing> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(() => started.TrySetResult()))
            await started.Task.WaitAsync(stoppingToken);
        var (described, failed, after) = (0, 0, default(PatientKey?));
        while (true)
        {
            try
            {
                var (due, last) = await people.Due(after, stoppingToken);
                foreach (var patient in due)
                {
                    if (await Describes(patient, stoppingToken) is not { } isDescribed)
                        failed++;
                    else if (isDescribed)
                        described++;
                }

                if (last is null)
                    break;
                after = last;
            }
            catch (JournalUnavailableException)
            {
                // From where it was: who was described meanwhile is passed over.
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }

        if (described + failed > 0)
            EdgeLog.PeopleDescribed(logger, described, failed);
    }

    // An edge: one record that cannot be read must not keep the others from being found. Null for such a one.
    private async Task<bool?> Describes(PatientKey patient, CancellationToken cancellation)
    {
        try
        {
            return await people.Describe(patient, cancellation);
        }
        catch (Exception failure) when (failure is not JournalUnavailableException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
