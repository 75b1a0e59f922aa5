using System.Net.Http.Headers;
using System.Text;

namespace Lhcre.Adapters.Tests.Conformance;

/// <summary>What an adapter without the kit gets wrong.</summary>
public enum Fault
{
    None,
    NamesNothing,
    NamesEveryTryAnew,
    NamesEverythingTheSame,
    PaysNoHeedToRetryAfter,
    ComesBackAtOnce,
    GivesUp,
    TakesEveryOtherAnswerForLost,
    RepeatsWhatIsRefused,
    DoesNotWaitForTheOneBefore,
    CallsItText,
}

/// <summary>An adapter as somebody might write it: one resource after the other, each tried again until it is answered.</summary>
internal sealed class FaultyAdapter(Uri record, Fault fault) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(20) };
    private int _names;

    public async Task Send(IReadOnlyList<string> resources)
    {
        var under = new List<Task>();
        foreach (var (resource, n) in resources.Select((r, n) => (r, n)))
        {
            var sending = Send(resource, n);
            if (fault == Fault.DoesNotWaitForTheOneBefore)
                under.Add(sending);
            else
                await sending;
        }

        await Task.WhenAll(under);
    }

    public void Dispose() => _http.Dispose();

    private async Task Send(string resource, int number)
    {
        var name = fault == Fault.NamesEverythingTheSame ? "push" : $"push-{number}";
        for (var tries = 1; ; tries++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(record, "sources/dorset/fhir"))
            {
                Content = new StringContent($$"""{"resourceType":"Bundle","type":"batch","entry":[{"resource":{{resource}},"request":{"method":"POST","url":"Observation"} }]}""", Encoding.UTF8),
            };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(fault == Fault.CallsItText ? "text/plain" : "application/fhir+json");
            if (fault != Fault.NamesNothing)
                request.Headers.Add("X-Request-Id", fault == Fault.NamesEveryTryAnew ? $"try-{Interlocked.Increment(ref _names)}" : name);
            TimeSpan wait;
            try
            {
                using var answer = await _http.SendAsync(request);
                var body = await answer.Content.ReadAsStringAsync();
                if ((int)answer.StatusCode is >= 400 and < 500 and not 429)
                    return;
                var isRefused = body.Contains("\"422\"", StringComparison.Ordinal);
                if (answer.IsSuccessStatusCode && !(isRefused && fault == Fault.RepeatsWhatIsRefused && tries < 9) && !(fault == Fault.TakesEveryOtherAnswerForLost && number % 2 == 0 && tries < 9))
                    return;
                var after = answer.Headers.RetryAfter;
                var told = after?.Delta ?? (after?.Date - DateTimeOffset.UtcNow);
                wait = fault == Fault.PaysNoHeedToRetryAfter ? TimeSpan.Zero : told ?? TimeSpan.Zero;
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                wait = TimeSpan.Zero;
            }

            if (fault == Fault.GivesUp)
                return;
            await Task.Delay(wait + TimeSpan.FromMilliseconds(fault == Fault.ComesBackAtOnce ? 0 : 100));
        }
    }
}
