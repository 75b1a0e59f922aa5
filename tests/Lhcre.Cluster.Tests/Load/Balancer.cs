using System.Net.Http.Headers;
using System.Text;
using Lhcre.Processes;

namespace Lhcre.Cluster.Tests.Load;

/// <summary>What a client asks for, however often it is sent.</summary>
internal sealed record Call(HttpMethod Method, string Path, string? Body = null, string? Id = null)
{
    public static Call Get(string path) => new(HttpMethod.Get, path);

    public HttpRequestMessage To(string url)
    {
        var message = new HttpRequestMessage(Method, $"{url}/{Path}");
        if (Body is not null)
            message.Content = new StringContent(Body, Encoding.UTF8, new MediaTypeHeaderValue("application/fhir+json"));
        if (Id is not null)
            message.Headers.Add("X-Request-Id", Id);
        return message;
    }
}

/// <summary>What a client hears.</summary>
internal abstract record Reply(string Url)
{
    /// <summary>An HTTP answer, whole.</summary>
    public sealed record Answered(string Url, int Status, bool IsUnconfirmed, TimeSpan? RetryAfter, byte[] Body) : Reply(Url);

    /// <summary>The request was sent, and no whole answer came.</summary>
    public sealed record Lost(string Url, string Reason) : Reply(Url);

    /// <summary>It was not sent: no silo was in service all the time.</summary>
    public sealed record Nobody() : Reply("");
}

/// <summary>
/// A load balancer as operators run it: it asks each silo's <c>/health/ready</c> once a second (Kubernetes' shortest period), sends requests
/// in turn to those that said yes, and takes one out that says anything else or says nothing within a second.
/// </summary>
/// <remarks>
/// A connection that cannot be made takes the silo out at once, and the request goes to the next one: nothing of it had been sent, so this
/// is safe for every request, and what nginx, HAProxy and Envoy do by default. Whatever fails after it was sent is handed to the client.
/// </remarks>
internal sealed class Balancer : IAsyncDisposable
{
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);

    private readonly Backend[] _backends;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _probing;
    private int _turn;
    private int _redispatched;

    public Balancer(IEnumerable<SiloProcess> silos)
    {
        _backends = [.. silos.Select(s => new Backend(s.Url))];
        _probing = Task.WhenAll(_backends.Select(b => b.Probe(ProbeEvery, _stop.Token)));
    }

    /// <summary>How many requests went to the next silo, since a connection to the first could not be made.</summary>
    public int Redispatched => _redispatched;

    /// <summary>Whether a silo gets requests.</summary>
    public bool IsInService(string url) => _backends.Single(b => b.Url == url).IsInService;

    /// <summary>Waits until a silo gets requests.</summary>
    public async Task InService(string url)
    {
        while (!IsInService(url))
            await Task.Delay(50, _stop.Token);
    }

    /// <summary>Sends a request to the next silo that is in service.</summary>
    public async Task<Reply> Send(Call call, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        while (true)
        {
            if (Next() is { } backend)
            {
                if (await backend.Send(call, limit.Token) is { } reply)
                    return reply;
                Interlocked.Increment(ref _redispatched);
                continue;
            }

            await Task.Delay(50, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (limit.IsCancellationRequested)
                return new Reply.Nobody();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _probing;
        foreach (var backend in _backends)
            backend.Dispose();
        _stop.Dispose();
    }

    private Backend? Next()
    {
        var turn = (int)((uint)Interlocked.Increment(ref _turn) % _backends.Length);
        for (var i = 0; i < _backends.Length; i++)
        {
            if (_backends[(turn + i) % _backends.Length] is { IsInService: true } backend)
                return backend;
        }

        return null;
    }
}
