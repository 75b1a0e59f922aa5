using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Lhcre.Adapters.Tests.Sending;

/// <summary>A request as the record got it.</summary>
internal sealed record Request(string Id, string Path, string ContentType, string Body)
{
    /// <summary><c>PUT Observation/o1</c> for each entry of a Bundle.</summary>
    public List<string> Entries
    {
        get
        {
            using var bundle = JsonDocument.Parse(Body);
            return [.. bundle.RootElement.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("request")).Select(r => $"{r.GetProperty("method").GetString()} {r.GetProperty("url").GetString()}")];
        }
    }
}

/// <summary>A record at the other end of an HttpClient, without a socket: it answers as a test says, else 201 for all entries.</summary>
internal sealed class RecordDouble : HttpMessageHandler
{
    private readonly ConcurrentQueue<Request> _requests = new();

    public IReadOnlyList<Request> Requests => [.. _requests];

    /// <summary>What is answered to which request; null for what is usual.</summary>
    public Func<Request, int, HttpResponseMessage?> Answer { get; set; } = (_, _) => null;

    /// <summary>What each answer waits for.</summary>
    public Func<Request, Task> Hold { get; set; } = _ => Task.CompletedTask;

    public static HttpResponseMessage Status(int status, string? retryAfter = null)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("") };
        if (retryAfter is not null)
            answer.Headers.RetryAfter = RetryConditionHeaderValue.Parse(retryAfter);
        return answer;
    }

    public static HttpResponseMessage Entries(params IEnumerable<string> statuses) => new(HttpStatusCode.OK)
    {
        Content = new StringContent($$"""{"resourceType":"Bundle","type":"batch-response","entry":[{{string.Join(',', statuses.Select(Entry))}}]}""", Encoding.UTF8),
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var got = new Request(
            request.Headers.TryGetValues("X-Request-Id", out var ids) ? ids.Single() : "",
            request.RequestUri!.AbsolutePath,
            request.Content!.Headers.ContentType!.MediaType!,
            await request.Content.ReadAsStringAsync(cancellationToken));
        _requests.Enqueue(got);
        var number = _requests.Count;
        await Hold(got).WaitAsync(cancellationToken);
        return Answer(got, number) ?? (got.Path.EndsWith("/fhir", StringComparison.Ordinal) && got.Body.Contains("\"batch\"", StringComparison.Ordinal)
            ? Entries(got.Entries.Select(_ => "201 Created"))
            : got.Path.EndsWith("/fhir", StringComparison.Ordinal) ? Entries() : Status(200));
    }

    private static string Entry(string status) => status[0] is '2'
        ? $$"""{"response":{"status":"{{status}}"} }"""
        : $$"""{"response":{"status":"{{status}}","outcome":{"resourceType":"OperationOutcome","issue":[{"severity":"error","details":{"coding":[{"code":"LHC202"}]},"diagnostics":"because"}]} } }""";
}
