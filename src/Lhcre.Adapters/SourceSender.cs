using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Lhcre.Adapters.Sending;

namespace Lhcre.Adapters;

/// <summary>
/// Sends what stands in an outbox to the record, and settles it there: one sender an outbox. The messages of a person arrive in their order, each
/// push goes under the same <c>X-Request-Id</c> until it is answered, and nothing is given up.
/// </summary>
/// <param name="outbox">Where the messages stand.</param>
/// <param name="http">Of <see cref="Connect"/>, or one of the adapter's own; absolute URLs are used.</param>
/// <param name="options">Where to, and how.</param>
/// <param name="time">The clock, and what waits are made with.</param>
/// <param name="jitter">A number from 0 to 1 for each wait.</param>
public sealed class SourceSender(Outbox outbox, HttpClient http, SenderOptions options, TimeProvider time, Func<double> jitter)
{
    // From so many tries on a push makes way for others while it waits.
    private const int OftenTried = 4;

    private readonly Pace _pace = new(options, time, jitter);
    private long _accepted, _parked, _refused, _pushes, _tries;

    /// <summary>What was done so far.</summary>
    public SendCounts Counts => new(
        Interlocked.Read(ref _accepted), Interlocked.Read(ref _parked), Interlocked.Read(ref _refused), Interlocked.Read(ref _pushes), Interlocked.Read(ref _tries));

    /// <summary>A client that fits: no proxy before this machine itself, no redirects (a push must not go somewhere else than it was told to).</summary>
    public static HttpClient Connect(SenderOptions options) => new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = options.InFlight + 1,
        UseProxy = !options.Server.IsLoopback,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        // Each request has its own limit.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Sends until it is stopped; then begins nothing more, and waits <see cref="SenderOptions.Grace"/> for what is under way.</summary>
    /// <param name="stop">Ends it without an exception.</param>
    /// <exception cref="IOException">The outbox failed, or is damaged.</exception>
    public async Task Run(CancellationToken stop)
    {
        using var window = new Window(outbox, options, (message, reason) => Settle(
            [message], [new RefusedMessage(message, 0, [new AnswerIssue(null, reason)], [])]));
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var late = halt.Token.Register(() => abort.CancelAfter(options.Grace));
        await Task.WhenAll(Enumerable.Range(0, options.InFlight).Select(_ => Task.Run(() => Work(window, halt, abort.Token), CancellationToken.None)));
    }

    /// <summary>Tells the record that this source is there, also while nothing happens.</summary>
    /// <param name="watermark">
    /// Everything of the source up to this instant was appended before this call; sent only where all of that is settled by now. Null where the adapter cannot say.
    /// </param>
    /// <param name="stop">Ends the waiting for an answer.</param>
    public async Task<HeartbeatResult> Heartbeat(DateTimeOffset? watermark, CancellationToken stop)
    {
        var tell = watermark is not null && outbox.SettledUpTo >= outbox.LastSequence;
        var parameters = tell
            ? $$"""{"resourceType":"Parameters","parameter":[{"name":"watermark","valueInstant":{{JsonSerializer.Serialize(watermark!.Value.ToUniversalTime())}}}]}"""
            : """{"resourceType":"Parameters"}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{options.Server.AbsoluteUri.TrimEnd('/')}/sources/{options.Source}/$heartbeat")
        {
            Content = new StringContent(parameters, Encoding.UTF8, new MediaTypeHeaderValue("application/fhir+json")),
        };
        using var patience = new CancellationTokenSource(options.Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            using var answer = await http.SendAsync(request, limit.Token);
            return new HeartbeatResult((int)answer.StatusCode, tell);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return new HeartbeatResult(null, false);
        }
    }

    private async Task Work(Window window, CancellationTokenSource halt, CancellationToken abort)
    {
        try
        {
            while (!halt.IsCancellationRequested)
            {
                var changed = outbox.Changed();
                if (window.Next(time.GetUtcNow(), out var next) is { } push)
                {
                    await Carry(window, push, halt.Token, abort);
                    outbox.Wake();
                }
                else
                {
                    await Either(changed, next, halt.Token);
                }
            }
        }
        finally
        {
            // One that failed takes the others along; what they have under way is ended first.
            await halt.CancelAsync();
        }
    }

    // Something has come or was settled, or what rests may go.
    private async Task Either(Task changed, TimeSpan? next, CancellationToken stop)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await (next is { } wait ? Task.WhenAny(changed, _pace.Delay(wait, enough.Token)) : changed.WaitAsync(stop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await enough.CancelAsync();
    }

    // Sends a push until it is settled, must be taken apart, or rests so that others go meanwhile; or the sender is stopped.
    private async Task Carry(Window window, Push push, CancellationToken stop, CancellationToken abort)
    {
        while (true)
        {
            await _pace.Wait(stop);
            if (stop.IsCancellationRequested)
                return;
            push.Tries++;
            Interlocked.Increment(ref _tries);
            var (status, told, answer) = await Try(push, abort);
            SourceAnswer.Again again;
            switch (answer)
            {
                case null:
                    return;
                case SourceAnswer.Whole when push.Messages.Count > 1:
                // One bad message makes all of it fail, perhaps. What it says is the same under another id, and nothing later of its people was sent.
                case SourceAnswer.Again when status == 500 && push.Messages.Count > 1 && push.Tries > OftenTried:
                    window.Return(push, oneByOne: true);
                    return;
                case SourceAnswer.Whole whole:
                    Settle(push, [whole.Answer]);
                    window.Return(push, oneByOne: false);
                    return;
                case SourceAnswer.Read read:
                    var isAny = Settle(push, read.Messages);
                    if (read.Messages.All(m => m.Verdict != Verdict.NotNow))
                    {
                        window.Return(push, oneByOne: false);
                        return;
                    }

                    again = new SourceAnswer.Again(isAny ? "something of it cannot be taken now" : "nothing of it can be taken now", false);
                    push = isAny ? window.Remainder(push) : push;
                    break;
                default:
                    again = (SourceAnswer.Again)answer;
                    break;
            }

            if (await IsPutOff(window, push, again, status, told, stop))
                return;
        }
    }

    // Waits before a push goes again; or has it rest, so that it takes nobody's place for long (true).
    private async Task<bool> IsPutOff(Window window, Push push, SourceAnswer.Again again, int? status, TimeSpan? told, CancellationToken stop)
    {
        var wait = _pace.After(push.Tries, told);
        options.Trouble?.Invoke(new SendTrouble(status, again.Reason, push.Tries, wait, again.NeedsSomebody));
        var settled = Interlocked.Read(ref _pushes);
        var isOften = push.Tries >= OftenTried;
        // Others went through meanwhile: what is said is said of it alone.
        var isAlone = isOften && settled > push.SettledBefore;
        push.SettledBefore = settled;
        var isOfAll = status == 429 || again.NeedsSomebody;
        if (isOfAll || (status is null or 502 or 503 or 504 && !isAlone))
            _pace.Hold(wait);
        if (isOften && !isOfAll && window.Rest(push, time.GetUtcNow() + wait))
            return true;
        await _pace.Delay(wait, stop);
        return false;
    }

    // No answer at all where the sender was stopped.
    private async Task<(int? Status, TimeSpan? Told, SourceAnswer? Answer)> Try(Push push, CancellationToken abort)
    {
        using var patience = new CancellationTokenSource(options.Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(abort, patience.Token);
        try
        {
            using var request = push.Request(options);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
            var told = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - time.GetUtcNow() : null;
            var status = (int)response.StatusCode;
            return (status, told, SourceAnswer.Of(status, await response.Content.ReadAsByteArrayAsync(limit.Token), push));
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            return (null, null, null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return (null, null, new SourceAnswer.Again(e is OperationCanceledException ? "no answer in time" : "the connection failed", false));
        }
    }

    // Settles what can be; false where that is nothing.
    private bool Settle(Push push, IReadOnlyList<MessageAnswer> answers)
    {
        var known = push.Messages.Zip(answers).Where(m => m.Second.Verdict != Verdict.NotNow).ToList();
        if (known.Count == 0)
            return false;
        Interlocked.Increment(ref _pushes);
        Interlocked.Add(ref _parked, known.Count(m => m.Second.Verdict == Verdict.Parked));
        Settle(
            [.. known.Select(m => m.First)],
            [.. known.Where(m => m.Second.Verdict == Verdict.Refused).Select(m => new RefusedMessage(m.First, m.Second.Status, m.Second.Issues, m.Second.Entries))]);
        return true;
    }

    private void Settle(IReadOnlyList<QueuedMessage> settled, IReadOnlyList<RefusedMessage> refused)
    {
        outbox.Settle(settled, refused, time.GetUtcNow());
        Interlocked.Add(ref _refused, refused.Count);
        Interlocked.Add(ref _accepted, settled.Count - refused.Count);
        foreach (var message in refused)
            options.Refused?.Invoke(message);
    }
}
