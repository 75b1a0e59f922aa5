using System.Diagnostics;
using Lhcre.Contracts;
using Lhcre.Grains.Visits;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Silo.Sources;

namespace Lhcre.Silo.Visits;

/// <summary>Pulls what a source holds of a person and files it, by the way that every push takes. Nothing is filed that is not said to be of that person.</summary>
internal sealed class VisitPull : IDisposable
{
    private readonly Dictionary<string, (PulledSource Source, FarEnd End)> _ends;
    private readonly SourcePush _pushes;
    private readonly FreshPushId _freshPushId;
    private readonly LivePushes _live;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _heldFor;
    private readonly ILogger<VisitPull> _logger;

    public VisitPull(PullPlan plan, SourcePush pushes, FreshPushId freshPushId, LivePushes live, TimeProvider clock, ILogger<VisitPull> logger)
    {
        (_pushes, _freshPushId, _live, _clock, _logger) = (pushes, freshPushId, live, clock, logger);
        _heldFor = plan.HeldFor;
        _ends = plan.Sources.ToDictionary(s => s.Source.Id, s => (s, new FarEnd(s, clock, () => freshPushId().Hash.Bits.ToString("x32", null))));
    }

    /// <summary>The person who reads has no part in it: others may read the same answer.</summary>
    public static Caller Caller { get; } = Caller.Development;

    /// <summary>Pulls. However it ends is an answer.</summary>
    public async Task<PullEnd> Pull(PullOrder order, CancellationToken cancellation)
    {
        var began = _clock.GetTimestamp();
        var end = await Ended(order, cancellation);
        if (end.Code is { Severity: not IssueSeverity.Information } code)
            VisitLog.NotWhole(_logger, order.Source, code.Code, (long)_clock.GetElapsedTime(began).TotalMilliseconds);
        else
            VisitLog.Pulled(_logger, order.Source, (long)_clock.GetElapsedTime(began).TotalMilliseconds);
        return end;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, end) in _ends.Values)
            end.Dispose();
    }

    // An edge, as Hl7Door is one: whoever waits for this waits for an end, whatever happened.
    private async Task<PullEnd> Ended(PullOrder order, CancellationToken cancellation)
    {
        try
        {
            var (source, end) = _ends[order.Source];
            return await end.Everything(order.Number, cancellation) switch
            {
                FarAnswer.Found found => await File(source, order, found, cancellation),
                FarAnswer.Failed failed => new PullEnd(false, failed.Code),
                _ => new PullEnd(true, IssueCodes.PullKnowsNobody),
            };
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // An exception's text may quote what was sent; its type and place never do.
            var place = new StackTrace(failure, fNeedFileInfo: false).GetFrame(0)?.GetMethod();
            VisitLog.Failed(_logger, order.Source, failure.GetType().Name, $"{place?.DeclaringType?.FullName}.{place?.Name}");
            return new PullEnd(false, IssueCodes.PullFailed);
        }
    }

    private async Task<PullEnd> File(PulledSource source, PullOrder order, FarAnswer.Found found, CancellationToken cancellation)
    {
        using var underWay = order.Lane == Lane.Live ? _live.Begin() : null;
        var at = source.Base.AbsoluteUri.TrimEnd('/');
        var received = await _live.Read(order.Lane, () => FhirIntake.Read(found.Bundle, new Interaction("POST", null, null), source.Source.Id, at), cancellation);
        if (received.IsRefused)
            return new PullEnd(false, IssueCodes.PullUnreadable);
        var named = received.Entries.Select(e => e.Person).OfType<PersonClue.Named>().Select(n => n.Number).Distinct().ToList();
        if (named is not [var only] || only != order.Number)
            return new PullEnd(false, IssueCodes.PullOfSomebodyElse);
        // What waits to be filed would be nobody's, and would outlast the visit.
        var latest = _clock.GetUtcNow() + Limits.ClockAhead;
        var own = received with { Entries = [.. received.Entries.Where(e => !e.IsRefused && e is { Fragment: { } f, Person: PersonClue.Named or PersonClue.Nobody } && !(f.Version.Time > latest))] };
        var isInPart = !found.IsWhole || own.Entries.Length < received.Entries.Count(e => e.IsRefused || e.Fragment is not null);
        var extent = source.IsWhole && !isInPart ? new SourceExtent(source.Source.Id, received.Time, []) : null;
        var report = await _pushes.Take(own, source.Source.Id, _freshPushId(), Caller, order.Lane, extent, cancellation, _heldFor);
        return report.Unwritten is not null ? new PullEnd(false, IssueCodes.PullFailed)
            : isInPart ? new PullEnd(true, IssueCodes.PullInPart)
            : PullEnd.Whole;
    }
}
