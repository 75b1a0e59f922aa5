using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Lhcre.Record;

namespace Lhcre.Silo.Visits;

/// <summary>What a source answered. A closed set.</summary>
internal abstract record FarAnswer
{
    private FarAnswer()
    {
    }

    /// <summary>What it holds.</summary>
    /// <param name="Bundle">All of it: a collection.</param>
    /// <param name="IsWhole">Whether it does not say itself that something is missing.</param>
    public sealed record Found(byte[] Bundle, bool IsWhole) : FarAnswer;

    /// <summary>It knows nobody by that number.</summary>
    public sealed record Nobody : FarAnswer;

    /// <summary>Nothing that could be used.</summary>
    public sealed record Failed(IssueCode Code) : FarAnswer;
}

/// <summary>
/// One source's FHIR base, from where a person's record is pulled: within its time, within what is taken of a person, and nowhere else than at that base.
/// Safe for concurrent use.
/// </summary>
internal sealed class FarEnd : IDisposable
{
    // A number that several Patients bear there: each is pulled, and the wrong-patient guard looks at them.
    private const int MostPatients = 4;
    private const int AtATime = 16;

    private readonly PulledSource _source;
    private readonly TimeProvider _clock;
    private readonly Func<string> _requestId;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _seats = new(AtATime);

    public FarEnd(PulledSource source, TimeProvider clock, Func<string> requestId)
    {
        (_source, _clock, _requestId) = (source, clock, requestId);
        _http = new HttpClient(new SocketsHttpHandler
        {
            // A redirect could lead anywhere, with the number in it.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            MaxConnectionsPerServer = 2 * AtATime,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseProxy = !source.Base.IsLoopback,
            UseCookies = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>All that it holds of a person.</summary>
    public async Task<FarAnswer> Everything(NhsNumber number, CancellationToken cancellation)
    {
        using var time = new CancellationTokenSource(_source.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellation);
        try
        {
            await _seats.WaitAsync(either.Token);
            try
            {
                return await Read(number, either.Token);
            }
            finally
            {
                _seats.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new FarAnswer.Failed(IssueCodes.PullTimedOut);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _seats.Dispose();
    }

    private async Task<FarAnswer> Read(NhsNumber number, CancellationToken cancellation)
    {
        var asked = _clock.GetUtcNow();
        var everything = _source.Everything.Replace("{number}", number.Digits(), StringComparison.Ordinal);
        IReadOnlyList<string> ids = [""];
        var room = Limits.BodyBytes;
        if (everything.Contains("{id}", StringComparison.Ordinal))
        {
            var search = await Page($"Patient?identifier={Uri.EscapeDataString($"{NhsNumber.System}|{number.Digits()}")}", room, cancellation);
            if (search.Code is { } refusal)
                return new FarAnswer.Failed(refusal);
            if (PulledBundle.Patients(search.Body) is not { Count: <= MostPatients } found || !found.All(id => EntryKey.IsValidId(id)))
                return new FarAnswer.Failed(IssueCodes.PullUnreadable);
            if (found.Count == 0)
                return new FarAnswer.Nobody();
            ids = found;
        }

        var bundle = new PulledBundle();
        var pages = 0;
        foreach (var id in ids)
        {
            for (var next = everything.Replace("{id}", id, StringComparison.Ordinal); next is not null;)
            {
                if (++pages > Limits.PulledPages)
                    return new FarAnswer.Failed(IssueCodes.PullTooLarge);
                var page = await Page(next, room, cancellation);
                if (page.Code is { } code)
                    return new FarAnswer.Failed(code);
                room -= page.Body.Length;
                if (!bundle.Add(page.Body, out next) || bundle.Count > Limits.BundleEntries)
                    return new FarAnswer.Failed(bundle.Count > Limits.BundleEntries ? IssueCodes.PullTooLarge : IssueCodes.PullUnreadable);
            }
        }

        return bundle.Count == 0 ? new FarAnswer.Nobody() : new FarAnswer.Found(bundle.Whole(asked), !bundle.IsInPart);
    }

    // What is read can be read twice: where the first request takes longer than the slowest usually do, another one often finds a better way.
    private async Task<Fetched> Page(string path, int room, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(_source.Base, path, out var uri) || !_source.Base.IsBaseOf(uri))
            return new Fetched(default, IssueCodes.PullUnreadable);
        using var settled = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var first = Fetch(uri, room, settled.Token);
        if (_source.HedgeAfter is { } pause && await Task.WhenAny(first, Task.Delay(pause, _clock, settled.Token)) != first && !cancellation.IsCancellationRequested)
        {
            var second = Fetch(uri, room, settled.Token);
            var sooner = await Task.WhenAny(first, second);
            first = (await sooner).Code is null ? sooner : sooner == first ? second : first;
        }

        var fetched = await first;
        await settled.CancelAsync();
        return fetched;
    }

    private async Task<Fetched> Fetch(Uri uri, int room, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/fhir+json"));
            request.Headers.TryAddWithoutValidation("X-Request-Id", _requestId());
            if (_source.AuthorizationFile is { } file)
                request.Headers.TryAddWithoutValidation("Authorization", (await File.ReadAllTextAsync(file, cancellation)).Trim());
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => await Body(response, room, cancellation),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new Fetched(default, IssueCodes.PullRefused),
                _ => new Fetched(default, IssueCodes.PullFailed),
            };
        }
        catch (HttpRequestException failure)
        {
            return new Fetched(default, failure.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse ? IssueCodes.PullFailed : IssueCodes.PullUnreachable);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SocketException)
        {
            return new Fetched(default, IssueCodes.PullFailed);
        }
    }

    private static async Task<Fetched> Body(HttpResponseMessage response, int room, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[81920];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (body.Length + read > room)
                return new Fetched(default, IssueCodes.PullTooLarge);
            body.Write(buffer, 0, read);
        }

        return new Fetched(body.GetBuffer().AsMemory(0, (int)body.Length), null);
    }

    private readonly record struct Fetched(ReadOnlyMemory<byte> Body, IssueCode? Code);
}
