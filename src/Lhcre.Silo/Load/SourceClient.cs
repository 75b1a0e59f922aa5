using System.Net;
using System.Net.Http.Headers;
using Lhcre.Record;

namespace Lhcre.Silo.Load;

/// <summary>How a push went: answered, or not.</summary>
internal abstract record PushEnd
{
    private PushEnd()
    {
    }

    /// <summary>The source base answered.</summary>
    /// <param name="Answer">What.</param>
    /// <param name="IsNotNow">Whether it was "not now" to the last, for the whole or for an entry.</param>
    public sealed record Answered(PushAnswer Answer, bool IsNotNow) : PushEnd;

    /// <summary>Nobody answered, also after waiting and trying again.</summary>
    public sealed record Unreachable(string Reason) : PushEnd;

    /// <summary>What answered lets nobody in, or is no base of this source: it says the same to every push, and nothing of what is sent is judged.</summary>
    public sealed record NoBase(string Reason) : PushEnd;

    /// <summary>It was not sent, or sent and not waited for, because the load was stopped.</summary>
    public sealed record Stopped : PushEnd;
}

/// <summary>
/// A client of one source's FHIR base. It waits and tries again where the server says "not now" (429, 503) of a push or of one of its entries,
/// where a gateway could not reach it (502, 504), and where the connection broke; the push id makes that safe. Safe for concurrent use.
/// </summary>
internal sealed class SourceClient(HttpClient http, Uri server, string source, TimeProvider time)
{
    /// <summary>For how long one push waits, over all its tries: two minutes, which is more than a server needs to start again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly string _source = $"{server.AbsoluteUri.TrimEnd('/')}/sources/{source}";
    private volatile bool _wasReached;
    private int _retries;

    /// <summary>How many requests were sent again.</summary>
    public int Retries => _retries;

    /// <summary>A client that fits: as many connections as pushes at a time, no proxy before this machine itself.</summary>
    public static HttpClient Connect(Uri server, int parallel) => new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = parallel,
        UseProxy = !server.IsLoopback,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
    })
    {
        // A Bundle of ten thousand entries on a slow disk takes its time; a server that hangs is noticed at last.
        Timeout = TimeSpan.FromMinutes(5),
    };

    /// <summary>Pushes.</summary>
    /// <param name="text">What.</param>
    /// <param name="stop">No further try is begun.</param>
    /// <param name="abort">The answer is not waited for any longer.</param>
    public async Task<PushEnd> Push(InputText text, CancellationToken stop, CancellationToken abort)
    {
        var id = text.RequestId(source);
        var waited = TimeSpan.Zero;
        for (var attempt = 1; ; attempt++)
        {
            if (stop.IsCancellationRequested)
                return new PushEnd.Stopped();
            TimeSpan wait;
            try
            {
                using var answer = await http.SendAsync(Request(text, id), HttpCompletionOption.ResponseContentRead, abort);
                _wasReached = true;
                wait = Wait(attempt, answer.Headers.RetryAfter, time.GetUtcNow());
                var read = PushAnswer.Read((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(abort), text);
                if (IsNoBase(answer.StatusCode, read, text) && read.Issues is [var why, ..])
                    return new PushEnd.NoBase(why.Code is null ? why.Reason : $"{why.Code} {why.Reason}");
                var isNotNow = IsNotNow(answer.StatusCode) || read.IsNotNow;
                if (!isNotNow || waited + wait > Patience)
                    return new PushEnd.Answered(read, isNotNow);
            }
            catch (OperationCanceledException) when (abort.IsCancellationRequested)
            {
                return new PushEnd.Stopped();
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // A server that never answered is not there; one that did may be starting again.
                wait = Wait(attempt, null, default);
                if (!_wasReached || waited + wait > Patience)
                    return new PushEnd.Unreachable(e is OperationCanceledException ? "no answer in time" : e.InnerException?.Message ?? e.Message);
            }

            waited += wait;
            Interlocked.Increment(ref _retries);
            await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>How long to wait behind a try: as long as the server says, else half a second doubled each time; 100 ms to a minute.</summary>
    internal static TimeSpan Wait(int attempt, RetryConditionHeaderValue? retryAfter, DateTimeOffset now)
    {
        var wait = retryAfter?.Delta ?? (retryAfter?.Date - now) ?? TimeSpan.FromSeconds(0.5 * Math.Pow(2, Math.Min(attempt - 1, 10)));
        return wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait;
    }

    private static bool IsNotNow(HttpStatusCode status) => status
        is HttpStatusCode.TooManyRequests
        or HttpStatusCode.BadGateway
        or HttpStatusCode.ServiceUnavailable
        or HttpStatusCode.GatewayTimeout;

    // A path with an id in it may be wrong on account of that id alone.
    private static bool IsNoBase(HttpStatusCode status, PushAnswer read, InputText text) => (int)status is (>= 300 and < 400) or 401 or 403 or 407
        || (status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed && read.Issues is [{ Code: var code }, ..]
            && (code is null || code == IssueCodes.UnknownSource.Code || (code == IssueCodes.UnknownPath.Code && (text.IsBundle || text.IsHl7))));

    private HttpRequestMessage Request(InputText text, string id)
    {
        var (path, media) = text.IsHl7 ? (text.Path, "x-application/hl7-v2+er7") : (text.IsBundle ? "fhir" : $"fhir/{text.Path}", "application/fhir+json");
        var request = new HttpRequestMessage(text.Method, $"{_source}/{path}") { Content = new ByteArrayContent(text.Bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(media);
        // Refusals of what is no message at all are OperationOutcomes.
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/fhir+json"));
        request.Headers.Add("X-Request-Id", id);
        // Whoever pushes what comes today goes first (RFC 9218).
        request.Headers.Add("Priority", "u=6");
        return request;
    }
}
