using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Operations;

namespace Lhcre.Silo.Sources;

/// <summary>
/// Holds the list of what records withhold against what they withhold. A record changes the list with each row of its own; new merge rules change
/// what it withholds without one, and what it shows by then would stay listed.
/// </summary>
internal sealed class WithheldReview(
    PatientCalls patients, IJournal journal, FreshPushId freshPushId, IReadOnlyList<SourceSystem> sources, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<WithheldReview> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Whether a record withholds what is listed as withheld, or why that could not be found out. What it does not is taken off the list.</summary>
    /// <exception cref="JournalUnavailableException">The journal cannot be read or written.</exception>
    public async Task<(bool IsWithheld, IssueCode? Unwritten)> Of(ParkedResource withheld, Caller caller)
    {
        var fragment = LogBody.Read(withheld.Body)[0];
        if ((await journal.FindPatients([fragment.Key], CancellationToken.None))[0] is { } patient)
        {
            // Known there: it appends nothing, and tells whether it is shown. Under an id that is known nothing would be told.
            var push = new PushRequest { Source = withheld.Source, Push = freshPushId(), Fragments = new FragmentBatch([fragment]), Lane = Lane.Backfill, Received = withheld.At };
            var answer = await patients.Push(patient, push, caller);
            if (SourcePush.Unwritten(answer.Status) is { } unwritten)
                return (true, unwritten);
            if (answer.Outcomes[0] == FragmentOutcome.Withheld)
                return (true, null);
        }

        await journal.Unpark([withheld.Id], CancellationToken.None);
        return (false, null);
    }

    /// <summary>Once after a start, beside everything else: what was listed under other merge rules. Several silos may do it at once.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(() => started.TrySetResult()))
            await started.Task.WaitAsync(stoppingToken);
        foreach (var source in sources)
        {
            var query = new AsideQuery(source.Id) { Code = IssueCodes.Withheld.Code, IsRefused = false };
            while (await Reviewed(query, stoppingToken) is { } last)
                query = query with { After = last };
        }
    }

    // The last place of a page; null where there was nothing more. A page that the journal could not give is asked for again.
    private async Task<AsidePlace?> Reviewed(AsideQuery query, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                var page = (await journal.Asides(query, cancellation)).Items;
                foreach (var withheld in page.OfType<ParkedResource>().Where(Withholding.IsOfOtherRules))
                    await Review(withheld, cancellation);
                return page.Count == 0 ? null : AsidePlace.Of(page[^1]);
            }
            catch (JournalUnavailableException)
            {
                await Task.Delay(Pause, clock, cancellation);
            }
        }
    }

    // An edge: one record that cannot be read must not keep the others from being looked at.
    private async Task Review(ParkedResource withheld, CancellationToken cancellation)
    {
        try
        {
            await Of(withheld, Caller.Development);
        }
        catch (Exception failure) when (failure is not JournalUnavailableException && !cancellation.IsCancellationRequested)
        {
            EdgeLog.ReviewFailed(logger, failure.GetType().Name);
        }
    }
}
