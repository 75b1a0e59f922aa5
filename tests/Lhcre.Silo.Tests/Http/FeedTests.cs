using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Tests.Data;
using Lhcre.Silo.Tests.Faults;
using Lhcre.Silo.Tests.Mllp;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>What an operator sees of each feed: heartbeats, watermarks, silence, and how much came, by what became of it.</summary>
public sealed class FeedTests : IAsyncLifetime
{
    private const string Header = "X-LHCRE-Source-Status";

    private static readonly SourceSystem[] Sources =
        [new("dorset", "Dorset Care Record"), new("labs", "Labs", ["Patient", "Observation"]) { SilentAfter = TimeSpan.FromSeconds(30) }];

    private readonly string _nhs = FreshNhsNumber();
    private readonly ShiftedTime _clock = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-feeds-");
    private TestSilo _silo;

    public FeedTests() => _silo = Silo();

    public Task InitializeAsync() => _silo.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Messages_and_resources_are_counted_by_what_became_of_them()
    {
        var ahead = Instant(_clock.GetUtcNow().AddDays(3));
        await Push("dorset", Patient("ab", _nhs), Observation("o", "Patient/ab"), Observation("p", "Patient/ab"));
        await Push("dorset", Patient("ab", _nhs), Observation("o", "Patient/ab", "71"), Observation("future", "Patient/ab", more: Meta(ahead)), """{"resourceType":"Observation","id":"bad","status":17}""");
        await Push("dorset", Observation("p", "Patient/ab", "9", Meta("2020-01-01T00:00:00Z")));
        await _silo.Send(HttpMethod.Delete, "sources/dorset/fhir/Observation/p");
        for (var i = 0; i < 2; i++)
            await _silo.Push("dorset", Collection(Patient("ab", _nhs)), ("X-Request-Id", "again"));
        await _silo.Push("dorset", "no JSON");
        await _silo.Send(HttpMethod.Put, "sources/dorset/fhir/Observation/bad", """{"resourceType":"Observation","id":"bad","status":17}""");
        await _silo.Push("dorset", Collection(Patient("ab", _nhs)), ("X-Lhcre-Extent", "whole"));

        var status = await Status("dorset");

        string[] expected =
        [
            "messages=9", "messagesRefused=2", "messagesRepeated=1", "messagesUnwritten=0", "created=3", "updated=1", "unchanged=3", "superseded=1", "withdrawn=2", "withheld=0", "parked=1",
            "refused=2", "unwritten=0",
        ];
        Assert.Equal(expected, Counts(status, "total"));
        Assert.Equal(expected, Counts(status, "sinceStart"));
        // Nothing of it is about a person.
        Assert.DoesNotContain(_nhs, status.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_of_HL7_v2_and_lines_of_imports_are_counted_too()
    {
        foreach (var message in new[] { Messages.Person("c-" + _nhs, _nhs), Messages.Person("c-" + _nhs, _nhs), "hello" })
            (await _silo.Client.PostAsync("sources/dorset/hl7v2", new StringContent(message, null, "x-application/hl7-v2+er7"))).Dispose();
        Assert.Equal(["messages=3", "messagesRefused=1", "messagesRepeated=1"], Counts(await Status("dorset"), "total")[..3]);
        var accepted = Value(await Status("dorset"), "lastAccepted");
        _clock.Shift(TimeSpan.FromSeconds(20));

        var lines = $"{Patient("ab", _nhs)}\n{{}}\n";
        (await _silo.Client.PostAsync("sources/dorset/$import", new StringContent(lines, null, "application/fhir+ndjson"))).Dispose();

        await FaultySilo.Until(async () => Counts(await Status("dorset"), "total") is ["messages=5", "messagesRefused=2", ..]);
        // Carried out when its source may have gone: that is no word of it.
        Assert.Equal(accepted, Value(await Status("dorset"), "lastAccepted"));
    }

    [Fact]
    public async Task Totals_outlive_the_process_and_stand_beside_every_source_in_the_status_of_all()
    {
        await Push("dorset", Patient("ab", _nhs));
        await Push("labs", Patient("ab", _nhs));
        var before = (await _silo.Get("fhir/$source-status")).Body;
        await _silo.DisposeAsync();

        _silo = Silo();
        await _silo.InitializeAsync();
        Assert.Equal(before, (await _silo.Get("fhir/$source-status")).Body);
        await Push("dorset", Patient("ab", _nhs));

        var status = await Status("dorset");
        Assert.Equal(["messages=2", "messages=1"], [Counts(status, "total")[0], Counts(status, "sinceStart")[0]]);
        var all = (await _silo.Get("fhir/$source-status")).Json["parameter"]!.AsArray();
        Assert.Equal(["messages=2", "messages=1"], all.Select(source => Counts(source!, "total")[0]));
    }

    [Fact]
    public async Task A_heartbeat_is_a_contact_and_keeps_a_source_that_has_nothing_to_push_from_being_told_as_silent()
    {
        await Push("labs", Patient("ab", _nhs));
        await Push("dorset", Patient("ab", _nhs));
        _clock.Shift(TimeSpan.FromSeconds(25));
        var watermark = Instant(_clock.GetUtcNow().AddSeconds(-3));

        var beat = await Beat("labs", $$"""{"resourceType":"Parameters","parameter":[{"name":"watermark","valueInstant":"{{watermark}}"}]}""");

        Assert.Equal((HttpStatusCode.OK, "Parameters"), (beat.Status, $"{beat.Json["resourceType"]}"));
        var status = await Status("labs");
        Assert.Equal(("fresh", watermark), (Value(status, "state"), Value(status, "watermark")));
        Assert.Equal("messages=1", Counts(status, "total")[0]);
        // The later of two counts, and none is needed.
        Assert.Equal(HttpStatusCode.OK, (await Beat("labs", null, "?watermark=2026-01-01T00:00:00%2B01:00")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Beat("labs", null)).Status);
        Assert.Equal(watermark, Value(await Status("labs"), "watermark"));
        _clock.Shift(TimeSpan.FromSeconds(20));
        Assert.False((await Everything()).Headers.Contains(Header));
    }

    [Fact]
    public async Task Who_is_in_contact_and_behind_by_its_own_word_is_told_as_late()
    {
        await Push("dorset", Patient("ab", _nhs));
        await Push("labs", Patient("ab", _nhs));
        var watermark = _clock.GetUtcNow().AddMinutes(-10);

        await Beat("labs", null, $"?watermark={Instant(watermark)}");

        var answer = await Everything();
        Assert.Equal([$"labs; late-since={watermark:yyyy-MM-dd'T'HH:mm:ss'Z'}"], answer.Headers.GetValues(Header));
        Assert.Contains("LHC327", answer.Codes);
        Assert.Equal("late", Value(await Status("labs"), "state"));
        Assert.Equal((HttpStatusCode)424, (await _silo.Get(Paths()[0], ("Prefer", "handling=strict"))).Status);
        await Beat("labs", null, $"?watermark={Instant(_clock.GetUtcNow())}");
        Assert.False((await Everything()).Headers.Contains(Header));
    }

    [Theory]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"watermark","valueInstant":"yesterday"}]}""", HttpStatusCode.UnprocessableEntity, "LHC202")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"watermark","valueInstant":"2026-11-01T10:00:00"}]}""", HttpStatusCode.UnprocessableEntity, "LHC202")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"watermark","valueInstant":"2199-11-01T10:00:00Z"}]}""", HttpStatusCode.UnprocessableEntity, "LHC202")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"watermark","valueInstant":"2026-11-01T10:00:00Z"},{"name":"watermark","valueInstant":"2026-11-01T10:00:00Z"}]}""", HttpStatusCode.UnprocessableEntity, "LHC202")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"watermrk","valueInstant":"2026-11-01T10:00:00Z"}]}""", HttpStatusCode.BadRequest, "LHC506")]
    [InlineData("""{"resourceType":"Patient"}""", HttpStatusCode.BadRequest, "LHC111")]
    [InlineData("{", HttpStatusCode.BadRequest, "LHC111")]
    public async Task A_heartbeat_that_cannot_be_read_is_refused(string body, HttpStatusCode status, string code)
    {
        var answer = await Beat("labs", body);

        Assert.Equal((status, code), (answer.Status, Assert.Single(answer.Codes)));
        Assert.Equal("never", Value(await Status("labs"), "state"));
    }

    [Fact]
    public async Task Of_a_source_that_is_not_configured_there_is_neither()
    {
        Assert.Equal((HttpStatusCode.NotFound, "LHC107"), (await Beat("kent", null)) is var beat ? (beat.Status, beat.Codes[0]) : default);
        Assert.Equal((HttpStatusCode.NotFound, "LHC107"), (await _silo.Get("sources/kent/$status")) is var status ? (status.Status, status.Codes[0]) : default);
    }

    [Fact]
    public async Task Silence_shows_in_every_answer_that_it_affects_within_a_minute_of_the_feeds_own_interval()
    {
        await Push("dorset", Patient("ab", _nhs), Observation("o", "Patient/ab"));
        await Push("labs", Patient("ab", _nhs), Observation("o", "Patient/ab"));
        var observation = (await Everything()).Resources("match").First(r => $"{r["resourceType"]}" == "Observation");
        string[] paths = [.. Paths(), $"fhir/Observation/{observation["id"]}", $"fhir/Observation/{observation["id"]}/_history"];
        foreach (var path in paths)
            Assert.False((await _silo.Get(path)).Headers.Contains(Header), path);

        // Nobody is told of it but by the clock; what goes on by itself has the rest of the minute.
        _clock.Shift(TimeSpan.FromSeconds(31));
        var began = TimeProvider.System.GetTimestamp();
        await FaultySilo.Until(async () => (await _silo.Get(paths[0])).Headers.Contains(Header));

        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(60));
        foreach (var path in paths)
            Assert.StartsWith("labs; silent-since=", Assert.Single((await _silo.Get(path)).Headers.GetValues(Header)), StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(Paths().Select(path => _silo.Get(path))), answer => Assert.Contains("LHC516", answer.Codes));
        Assert.Equal("silent", Value(await Status("labs"), "state"));
    }

    [Fact]
    public async Task A_feed_whose_every_push_is_refused_is_seen_as_such_and_when_it_is_mended()
    {
        await Push("labs", Patient("ab", _nhs));
        var applied = Value(await Status("labs"), "lastApplied");
        _clock.Shift(TimeSpan.FromSeconds(20));
        for (var i = 0; i < 3; i++)
            await Push("labs", """{"resourceType":"Observation","id":"bad","status":17}""");

        var status = await Status("labs");

        Assert.Equal(("fresh", applied, applied, "true"), (Value(status, "state"), Value(status, "lastApplied"), Value(status, "lastAccepted"), Value(status, "allRefused")));
        Assert.True(DateTimeOffset.Parse(Value(status, "lastRefused")!, CultureInfo.InvariantCulture) >= DateTimeOffset.Parse(applied!, CultureInfo.InvariantCulture).AddSeconds(20));
        Assert.Equal(["messagesRefused=3", "refused=3"], Counts(status, "total").Where(c => c.Contains("efused", StringComparison.Ordinal)));
        await Push("labs", Patient("ab", _nhs));
        Assert.Null(Value(await Status("labs"), "allRefused"));
    }

    [Fact]
    public async Task A_source_that_pushes_what_it_is_configured_never_to_supply_is_warned_and_taken_in()
    {
        var answer = await _silo.Push("labs", Collection(
            Patient("ab", _nhs), Observation("o", "Patient/ab"), Practitioner("dr", "Example"), """{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/ab"}}"""));

        Assert.Equal(["LHC326"], answer.Codes);
        Assert.Equal(["LHC326"], Answer.CodesIn(answer.Json["entry"]![3]));
        Assert.Equal(HttpStatusCode.OK, (await _silo.Get("sources/labs/fhir/Condition/c")).Status);
    }

    // In one folder, however often it is started.
    private TestSilo Silo() => new(
        async _ => await SqliteJournal.Open(_folder.FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None),
        options => options with { Sources = Sources, Data = _folder.FullName, BaseUrl = "http://record.example" },
        _clock);

    private Task<Answer> Push(string source, params string[] resources) => _silo.Push(source, Collection(resources));

    private Task<Answer> Beat(string source, string? body, string query = "") => _silo.Send(HttpMethod.Post, $"sources/{source}/$heartbeat{query}", body);

    private async Task<JsonNode> Status(string source) => Assert.Single((await _silo.Get($"sources/{source}/$status")).Json["parameter"]!.AsArray())!;

    private Task<Answer> Everything() => _silo.Get(Paths()[0]);

    // Answers about more than one resource.
    private string[] Paths() =>
        [$"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything", $"fhir/Observation?patient={TestSilo.PatientId(_nhs)}", $"fhir/Condition?patient={TestSilo.PatientId(_nhs)}", $"fhir/Patient?identifier={_nhs}"];

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string? Value(JsonNode source, string name) =>
        source["part"]!.AsArray().SingleOrDefault(p => $"{p!["name"]}" == name)?.AsObject().Single(m => m.Key != "name").Value!.ToString();

    private static string[] Counts(JsonNode source, string name) =>
        [.. source["part"]!.AsArray().Single(p => $"{p!["name"]}" == name)!["part"]!.AsArray().Select(p => $"{p!["name"]}={p["valueDecimal"]}")];
}
