using System.Threading.Channels;
using Lhcre.Grains.Feeds;
using Lhcre.Grains.Imports;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Silo.Imports;

/// <summary>
/// Takes up the pieces of imports, some at a time, for as long as this process runs. What it does not finish, since it is stopped or killed, is
/// taken up again: by itself after a restart, or by another silo.
/// </summary>
internal sealed class ImportRounds(
    IImportJournal imports, ImportedLines lines, SourceFeeds feeds, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ImportRounds> logger) : BackgroundService
{
    /// <summary>Pieces that one process carries out at a time.</summary>
    public const int AtATime = 2;

    /// <summary>For how long a piece is a silent silo's own.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Renewal = Lease / 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Housekeeping = TimeSpan.FromMinutes(10);

    private readonly Channel<bool> _more = Channel.CreateBounded<bool>(new BoundedChannelOptions(AtATime) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>An import was accepted here: it is begun at once.</summary>
    public void Wake()
    {
        for (var i = 0; i < AtATime; i++)
            _more.Writer.TryWrite(true);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(() => started.TrySetResult()))
            await started.Task.WaitAsync(stoppingToken);
        await Task.WhenAll([.. Enumerable.Range(0, AtATime).Select(_ => Work(stoppingToken)), Forget(stoppingToken)]);
    }

    private async Task Work(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await imports.Take(clock.GetUtcNow(), Lease, stop) is { } work)
                    await CarryOut(work, stop);
                else
                    await Wait(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // An edge: behind it there is nobody to answer, only the next piece. An exception's text may quote what was sent; its type never does.
                ImportLog.Interrupted(logger, failure.GetType().Name, Pause.TotalSeconds);
                await Task.Delay(Pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Wait(CancellationToken stop)
    {
        using var late = new CancellationTokenSource(Pause, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        try
        {
            await _more.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
        }
    }

    private async Task CarryOut(ImportWork work, CancellationToken stop)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var renewing = Renew(work, lost);
        var isFinished = false;
        try
        {
            var done = await lines.CarryOut(work, lost.Token);
            isFinished = true;
            if (await imports.Finish(work, done.Counts, done.Refused, clock.GetUtcNow(), CancellationToken.None))
                await Tell(work, done);
            else
                ImportLog.Lost(logger, work.Import);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            ImportLog.Lost(logger, work.Import);
        }
        finally
        {
            await lost.CancelAsync();
            await renewing;
            if (!isFinished)
                await TryGiveBack(work);
        }
    }

    // The feed made contact when the import was accepted, not now; how old what it brought was is of no interest in a backfill.
    private async Task Tell(ImportWork work, CarriedOut done)
    {
        if (await imports.Find(work.Source, work.Import, CancellationToken.None) is not { } import)
            return;
        if (done.Counts.Applied > 0)
            feeds.Applied(import.Source, import.At, null);
        if (import.State == ImportState.Done)
            ImportLog.Done(logger, import.Id, import.Source, import.Counts.Applied, import.Counts.Unchanged, import.Counts.Parked, import.Counts.Refused);
    }

    // Until it is cancelled, or somebody else has the piece, or nobody is to have it any more.
    private async Task Renew(ImportWork work, CancellationTokenSource lost)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Renewal, clock, lost.Token);
                if (!await TryRenew(work))
                    await lost.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> TryRenew(ImportWork work)
    {
        try
        {
            return await imports.Renew(work, Lease, CancellationToken.None);
        }
        catch (JournalUnavailableException)
        {
            // Nobody else can take it up either while the database is away; once it is back, one of both finishes the piece.
            return true;
        }
    }

    private async Task TryGiveBack(ImportWork work)
    {
        try
        {
            await imports.GiveBack(work, CancellationToken.None);
        }
        catch (JournalUnavailableException)
        {
            // Then its lease runs out.
        }
    }

    private async Task Forget(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await imports.Forget(clock.GetUtcNow() - Limits.PushIdMemory, stop);
            }
            catch (JournalUnavailableException)
            {
                // Another time.
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(Housekeeping, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
