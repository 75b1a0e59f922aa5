using System.Net;

namespace Lhcre.Cluster.Tests.Load;

/// <summary>One silo as the balancer sees it.</summary>
internal sealed class Backend(string url) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(2) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private volatile bool _isInService;

    public string Url => url;

    public bool IsInService => _isInService;

    /// <summary>Asks for its health until it is told to stop.</summary>
    public async Task Probe(TimeSpan every, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(every);
            try
            {
                using var health = await _client.GetAsync($"{url}/health/ready", limit.Token);
                _isInService = health.StatusCode == HttpStatusCode.OK;
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
            {
                _isInService = false;
            }

            await Task.Delay(every, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sends a request; null where no connection could be made.</summary>
    public async Task<Reply?> Send(Call call, CancellationToken limit)
    {
        try
        {
            using var message = call.To(url);
            using var answer = await _client.SendAsync(message, limit);
            return new Reply.Answered(
                url,
                (int)answer.StatusCode,
                answer.Headers.Warning.Any(w => w.Code == 110),
                answer.Headers.RetryAfter?.Delta,
                await answer.Content.ReadAsByteArrayAsync(limit));
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.ConnectionError)
        {
            _isInService = false;
            return null;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new Reply.Lost(url, failure.InnerException?.Message ?? failure.Message);
        }
        catch (OperationCanceledException)
        {
            return new Reply.Lost(url, "no answer in time");
        }
    }

    public void Dispose() => _client.Dispose();
}
