using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Lhcre.Adapters.Conformance;

/// <summary>How unruly a record is.</summary>
public sealed record UnrulyOptions
{
    /// <summary>The source whose base it is, default <c>dorset</c>.</summary>
    public string Source { get; init; } = "dorset";

    /// <summary>Where it listens, default a free port of the loopback address.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>What is done to which push follows from it: the same again for the same pushes in the same order.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Of a hundred requests, to how many something is done, default 40. A push comes through at its fourth try at the latest.</summary>
    public int Percent { get; init; } = 40;
}

/// <summary>
/// The base of a source as an adapter should fear it: it answers 429 and 503, cuts connections before and behind the commit, and is slow; and it
/// keeps book of how the adapter takes that. It reads what it needs and judges no content.
/// </summary>
public sealed class UnrulyRecord : IAsyncDisposable
{
    private const int MostBytes = 64 << 20;
    private const int MostEntries = 10_000;
    private const int MostTries = 3;
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(1.5);

    private readonly UnrulyOptions _options;
    private readonly TimeProvider _time;
    private readonly WebApplication _server;
    private readonly ArrivalBook _book;

    private UnrulyRecord(UnrulyOptions options, TimeProvider time)
    {
        (_options, _time, _book) = (options, time, new ArrivalBook(options.Source, time));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Listen);
            kestrel.Limits.MaxRequestBodySize = MostBytes;
        });
        _server = builder.Build();
        _server.MapGet("/health/ready", () => Results.Text("ready"));
        _server.MapPost("/sources/{source}/$heartbeat", () => Results.NoContent());
        _server.Map("/sources/{source}/{door}/{**path}", Push);
        _server.MapFallback("{**path}", Stray);
    }

    /// <summary>What to give the adapter as the record's URL.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Starts it.</summary>
    public static async Task<UnrulyRecord> Start(UnrulyOptions options, TimeProvider time)
    {
        var record = new UnrulyRecord(options, time);
        await record._server.StartAsync();
        record.Url = new Uri(record._server.Urls.First());
        return record;
    }

    /// <summary>To be called when the adapter was killed, before it is started again.</summary>
    public void AdapterWasKilled() => _book.Restart();

    /// <summary>How many requests have come.</summary>
    public int Requests => _book.Now.Arrivals.Count;

    /// <summary>How many different messages were taken in, as the record itself would count them.</summary>
    public int Taken => _book.Now.Taken.Count;

    /// <summary>Waits until nothing has come for a while and nothing is left to be sent again, or for so long at most.</summary>
    public async Task Quiet(TimeSpan quiet, TimeSpan most, CancellationToken stop = default)
    {
        var end = _time.GetUtcNow() + most;
        while (_time.GetUtcNow() < end && (_book.HasPending || _time.GetUtcNow() - _book.LastContact < quiet))
            await Task.Delay(TimeSpan.FromMilliseconds(50), _time, stop);
    }

    /// <summary>What is to be said of the adapter by now.</summary>
    /// <param name="expected">What should have arrived, each person's in order; null where only the adapter knows.</param>
    public ConformanceReport Report(IReadOnlyList<PushedEntry>? expected) => ConformanceReport.Of(_book, expected);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void Stray(HttpContext http)
    {
        _book.Stray($"{http.Request.Method} {http.Request.Path}");
        http.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private async Task Push(HttpContext http, string source, string door, string? path)
    {
        var place = $"{http.Request.Method} {http.Request.Path}";
        if (source != _options.Source || door is not ("fhir" or "hl7v2"))
        {
            Stray(http);
            return;
        }

        if (await Body(http) is not { } body)
            return;
        var hash = Convert.ToHexString(SHA256.HashData(body));
        var id = http.Request.Headers["X-Request-Id"].ToString();
        var isHl7 = door == "hl7v2";
        var entries = isHl7 ? [PushedEntry.OfHl7(body)] : PushedEntry.OfBody(body, http.Request.Method, path ?? "");
        var isBundle = !isHl7 && entries is not null && body.Length > 0 && PushedEntry.IsBundle(body);
        var todo = Choose(id.Length > 0 ? id : "bytes " + hash, hash);
        var arrival = _book.Come(id.Length > 0 ? id : "bytes " + hash, place, hash, entries ?? [], todo);
        if (id.Length == 0)
            _book.Find(Rule.PushIsNamed, arrival.Number, "it has no X-Request-Id");
        if (Unreadable(http, isHl7, entries) is { } fault)
        {
            _book.Find(Rule.PushCanBeRead, arrival.Number, fault);
            _book.End(arrival, arrival.Entries.Count, null);
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await Act(http, arrival, isHl7, isBundle);
    }

    private async Task Act(HttpContext http, Arrival arrival, bool isHl7, bool isBundle)
    {
        var todo = arrival.Done;
        var count = arrival.Entries.Count;
        if (todo == Misbehaviour.EntriesNotNow && !(isBundle && count > 1))
            todo = Misbehaviour.NotNow;
        switch (todo)
        {
            case Misbehaviour.TooMany or Misbehaviour.NotNow or Misbehaviour.NotNowUntil or Misbehaviour.NotNowPlain or Misbehaviour.BadGateway:
                Refuse(http, arrival, todo);
                return;
            case Misbehaviour.CutBefore:
                _book.End(arrival, null, null);
                http.Abort();
                return;
            case Misbehaviour.CutAfter:
                _book.Take(arrival, count);
                _book.End(arrival, null, null);
                http.Abort();
                return;
            case Misbehaviour.Slow:
                await Task.Delay(SlowAnswer, _time, http.RequestAborted);
                break;
        }

        var taken = todo == Misbehaviour.EntriesNotNow ? (count + 1) / 2 : count;
        _book.Take(arrival, taken);
        var (status, answer) = UnrulyAnswers.Of(arrival.Entries, taken, isHl7, isBundle);
        http.Response.StatusCode = status;
        http.Response.ContentType = isHl7 ? "x-application/hl7-v2+er7" : "application/fhir+json";
        http.Response.ContentLength = answer.Length;
        if (todo == Misbehaviour.CutWithin)
        {
            await http.Response.Body.WriteAsync(answer.AsMemory(0, answer.Length / 2));
            await http.Response.Body.FlushAsync();
            _book.End(arrival, null, null);
            http.Abort();
            return;
        }

        if (taken < count)
            http.Response.Headers.RetryAfter = "1";
        // Noted before the last byte goes: what comes next may come at once.
        _book.End(arrival, taken, taken < count ? _time.GetUtcNow() + Told : null);
        await http.Response.Body.WriteAsync(answer);
    }

    private void Refuse(HttpContext http, Arrival arrival, Misbehaviour todo)
    {
        var now = _time.GetUtcNow();
        // A date has whole seconds.
        var until = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero) + (2 * Told);
        http.Response.StatusCode = todo switch { Misbehaviour.TooMany => 429, Misbehaviour.BadGateway => 502, _ => 503 };
        if (todo is Misbehaviour.TooMany or Misbehaviour.NotNow)
            http.Response.Headers.RetryAfter = "1";
        if (todo == Misbehaviour.NotNowUntil)
            http.Response.Headers.RetryAfter = until.ToString("R");
        DateTimeOffset? notBefore = todo switch
        {
            Misbehaviour.TooMany or Misbehaviour.NotNow => now + Told,
            Misbehaviour.NotNowUntil => until,
            _ => null,
        };
        _book.End(arrival, null, notBefore);
    }

    // Of the seed, the push's number among the requests, and nothing else.
    private Misbehaviour Choose(string id, string hash)
    {
        if (_book.Tries(id, hash) >= MostTries)
            return Misbehaviour.None;
        var chance = SHA256.HashData(Encoding.ASCII.GetBytes($"{_options.Seed} {Requests}"));
        return BitConverter.ToUInt16(chance) % 100 < _options.Percent ? (Misbehaviour)(1 + (chance[2] % (int)Misbehaviour.EntriesNotNow)) : Misbehaviour.None;
    }

    private static string? Unreadable(HttpContext http, bool isHl7, List<PushedEntry>? entries)
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        if (isHl7)
            return type is "x-application/hl7-v2+er7" or "application/hl7-v2" or "text/plain" ? null : "its Content-Type is not HL7 v2";
        if (entries is null)
            return "it is no FHIR JSON";
        if (entries.Count > MostEntries)
            return $"it has more than {MostEntries} entries";
        return http.Request.Method == "DELETE" || type is "application/fhir+json" or "application/json" ? null : "its Content-Type is not application/fhir+json";
    }

    private async Task<byte[]?> Body(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { MaxRequestBodySize: { } most } && http.Request.ContentLength > most)
        {
            _book.Find(Rule.PushCanBeRead, Requests + 1, "it is larger than 64 MiB");
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return null;
        }

        using var body = new MemoryStream();
        try
        {
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            return body.ToArray();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            // The adapter was killed in the middle of it.
            return null;
        }
    }
}
