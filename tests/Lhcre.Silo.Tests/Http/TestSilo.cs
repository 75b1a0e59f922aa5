using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Microsoft.AspNetCore.Builder;

namespace Lhcre.Silo.Tests.Http;

/// <summary>A whole silo in this process, over real HTTP on a free loopback port.</summary>
public sealed class TestSilo : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-silo-");
    private readonly Func<DirectoryInfo, Task<IJournal>> _open;
    private readonly Func<ServeOptions, ServeOptions> _adjust;
    private readonly TimeProvider _clock;
    private WebApplication _app = null!;
    private IJournal _journal = null!;

    /// <summary>On the embedded store.</summary>
    public TestSilo()
        : this(async folder => await SqliteJournal.Open(folder.FullName, Pseudonym.Fingerprint, CancellationToken.None))
    {
    }

    internal TestSilo(Func<DirectoryInfo, Task<IJournal>> open, Func<ServeOptions, ServeOptions>? adjust = null, TimeProvider? clock = null) =>
        (_open, _adjust, _clock) = (open, adjust ?? (o => o), clock ?? TimeProvider.System);

    internal static PseudonymKey Pseudonym { get; } = new(new byte[PseudonymKey.Length]);

    public HttpClient Client { get; private set; } = null!;

    public string Url { get; private set; } = null!;

    /// <summary>What it is made of.</summary>
    internal IServiceProvider Parts => _app.Services;

    public static int FreePort() => Lhcre.Processes.FreePort.Next();

    public async Task InitializeAsync()
    {
        _journal = await _open(_folder);
        Url = $"http://127.0.0.1:{FreePort()}";
        var options = _adjust(new ServeOptions { Urls = Url, Data = _folder.FullName, SiloPort = FreePort(), GatewayPort = FreePort() });
        _app = SiloHost.Build(options, _journal, Pseudonym, _clock);
        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(Url + "/") };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Stop();
        await _app.DisposeAsync();
        await _journal.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Stops it as SIGTERM does.</summary>
    internal Task Stop()
    {
        _app.Lifetime.StopApplication();
        return _app.StopAsync();
    }

    public static StringContent Fhir(string json) => new(json, Encoding.UTF8, new MediaTypeHeaderValue("application/fhir+json"));

    /// <summary>Pushes and returns the answer's body.</summary>
    public async Task<Answer> Send(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : Fhir(json) };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, response.Headers, response.Content.Headers, body);
    }

    public Task<Answer> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<Answer> Push(string source, string json, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, $"sources/{source}/fhir", json, headers);

    public Task<Answer> Put(string source, string reference, string json) => Send(HttpMethod.Put, $"sources/{source}/fhir/{reference}", json);

    /// <summary>The merged Patient.id of an NHS number.</summary>
    internal static string PatientId(string nhsNumber) => NhsNumber.TryParse(nhsNumber, out var number) ? Pseudonym.For(number).Value : throw new ArgumentException("no NHS number");

    /// <summary>The resources of a person's <c>$everything</c>.</summary>
    public async Task<IReadOnlyList<JsonNode>> Everything(string nhsNumber)
    {
        var answer = await Get($"fhir/Patient/{PatientId(nhsNumber)}/$everything");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Resources("match");
    }
}

/// <summary>An HTTP answer, read whole.</summary>
public sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, string Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>The LHC codes in an OperationOutcome, or in all outcomes of a response Bundle.</summary>
    public IReadOnlyList<string> Codes => Body.Length == 0 ? [] : CodesIn(Json);

    /// <summary>The resources of a searchset that stand there as this: <c>match</c>, <c>include</c> or <c>outcome</c>.</summary>
    public IReadOnlyList<JsonNode> Resources(string mode) =>
        [.. Json["entry"]?.AsArray().Where(e => e!["search"]!["mode"]!.GetValue<string>() == mode).Select(e => e!["resource"]!) ?? []];

    /// <summary>The status of each entry of a response Bundle: its three digits.</summary>
    public IReadOnlyList<string> EntryStatuses => [.. Json["entry"]!.AsArray().Select(e => e!["response"]!["status"]!.GetValue<string>()[..3])];

    internal static IReadOnlyList<string> CodesIn(JsonNode? node) => node switch
    {
        JsonObject found when found["resourceType"]?.GetValue<string>() == "OperationOutcome" =>
            [.. found["issue"]!.AsArray().Select(i => i!["details"]?["coding"]?[0]?["code"]?.GetValue<string>()).OfType<string>()],
        JsonObject found => [.. found.SelectMany(member => CodesIn(member.Value))],
        JsonArray list => [.. list.SelectMany(CodesIn)],
        _ => [],
    };
}

[CollectionDefinition(nameof(TestSilo))]
public sealed class TestSiloCollection : ICollectionFixture<TestSilo>;
