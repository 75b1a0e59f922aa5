using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Grains.Visits;

/// <summary>
/// Has each source asked once, whoever looks the person up meanwhile and at whichever silo; goes on asking one that does not answer. It remembers
/// nothing beyond its activation: asked again, a source says the same again, which changes nothing.
/// </summary>
public sealed class VisitGrain(PullFrom pull, PullTimes times, TimeProvider clock) : Grain, IVisitGrain, IDisposable
{
    private readonly Dictionary<string, Flight> _flights = [];
    private readonly CancellationTokenSource _leaving = new();

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<PullStatus>> Ask(PullRequest request)
    {
        if (!NhsNumber.TryParse(request.Number, out var number))
            throw new ArgumentException("A source is asked by an NHS number.", nameof(request));
        var patient = PatientKey.Parse(this.GetPrimaryKeyString());
        var now = clock.GetUtcNow();
        foreach (var source in request.Sources)
        {
            var before = _flights.GetValueOrDefault(source);
            if (before is null || IsDue(before, now))
                Begin(new PullOrder(source, patient, number, request.Lane), before, now);
        }

        Flight[] flights = [.. request.Sources.Select(s => _flights[s])];
        await Landed([.. flights.Where(f => !f.First.IsCompleted)], request.Within, now);
        return [.. flights.Select(f => new PullStatus(f.Source, f.Code?.Code, f.Since, f.Held))];
    }

    /// <inheritdoc/>
    public ValueTask Forget(string? source)
    {
        foreach (var flight in _flights.Values.Where(f => f.Whole.IsCompleted && (source is null || f.Source == source)).ToList())
            _flights.Remove(flight.Source);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _leaving.CancelAsync();

    /// <inheritdoc/>
    public void Dispose() => _leaving.Dispose();

    private bool IsDue(Flight flight, DateTimeOffset now) => flight.Whole.IsCompleted
        && (!flight.IsAnswered || now - flight.Held > times.FreshFor.GetValueOrDefault(flight.Source, TimeSpan.MaxValue));

    private void Begin(PullOrder order, Flight? before, DateTimeOffset now)
    {
        // Since when it is missing: a source that goes on not answering is not missing since a moment ago.
        var flight = new Flight(order.Source, before is { IsAnswered: false } ? before.Since : now, now) { Held = before?.Held };
        _flights[order.Source] = flight;
        flight.Whole = Fly(flight, order);
    }

    private async Task Fly(Flight flight, PullOrder order)
    {
        try
        {
            var pause = times.FirstPause;
            for (var tries = 1; ; tries++)
            {
                // Beside the turns: what comes is megabytes to be read.
                var end = await Task.Run(() => pull(order, _leaving.Token));
                flight.Ended(end, clock.GetUtcNow());
                if (end.IsAnswered || tries == times.Tries)
                    return;
                await Task.Delay(pause, clock, _leaving.Token);
                pause = pause + pause < times.LongestPause ? pause + pause : times.LongestPause;
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever looks the person up next has it asked again.
            flight.Ended(new PullEnd(false, flight.Code), clock.GetUtcNow());
        }
    }

    // Who comes while a source is asked waits for what is left of the deadline, so that one that hangs delays nobody twice.
    private async Task Landed(Flight[] flights, TimeSpan within, DateTimeOffset now)
    {
        var patience = flights.Length == 0 ? TimeSpan.Zero : flights.Max(f => f.Began) + within - now;
        if (patience <= TimeSpan.Zero)
            return;
        using var landed = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token);
        await Task.WhenAny(Task.WhenAll(flights.Select(f => f.First)), Task.Delay(patience, clock, landed.Token));
        await landed.CancelAsync();
    }

    private sealed class Flight(string source, DateTimeOffset since, DateTimeOffset began)
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Source => source;

        public DateTimeOffset Began => began;

        public DateTimeOffset Since { get; private set; } = since;

        public DateTimeOffset? Held { get; set; }

        public bool IsAnswered { get; private set; }

        public IssueCode? Code { get; private set; } = IssueCodes.PullPending;

        public Task First => _first.Task;

        public Task Whole { get; set; } = Task.CompletedTask;

        public void Ended(PullEnd end, DateTimeOffset at)
        {
            (IsAnswered, Code) = (end.IsAnswered, end.Code);
            if (end.IsAnswered)
                (Since, Held) = (at, at);
            _first.TrySetResult();
        }
    }
}
