using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Lhcre.Grains.Feeds;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Tests.Data;
using Lhcre.Silo.Tests.Faults;
using Microsoft.Extensions.DependencyInjection;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>What a reader is told of sources that were never heard or are silent, and what an operator sees of their feeds.</summary>
public sealed class SourceStatusTests : IAsyncLifetime
{
    private const string Header = "X-LHCRE-Source-Status";

    private static readonly SourceSystem[] Sources =
        [new("dorset", "Dorset Care Record"), new("hampshire", "Hampshire CHIE"), new("labs", "Labs", ["Patient", "Observation"]) { SilentAfter = TimeSpan.FromSeconds(30) }];

    private readonly string _nhs = FreshNhsNumber();
    private readonly ShiftedTime _clock = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-side-");
    private TestSilo _silo;

    public SourceStatusTests() => _silo = Silo();

    public Task InitializeAsync() => _silo.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_source_that_was_never_heard_is_told_once_beside_the_matches_and_in_a_header()
    {
        await PushPerson("dorset");

        var answer = await _silo.Get($"fhir/Condition?patient={TestSilo.PatientId(_nhs)}");

        // Of dorset that it holds nothing; of the others, that they were never heard, and what they never supply.
        Assert.Equal(["LHC510 dorset", "LHC511 labs", "LHC515 hampshire", "LHC515 labs"], Told(answer));
        Assert.Equal(["hampshire; never, labs; never"], answer.Headers.GetValues(Header));
        Assert.Equal(["LHC510 dorset", "LHC511 labs", "LHC515 hampshire", "LHC515 labs"], Told(await Everything()));
    }

    [Fact]
    public async Task Where_all_are_fresh_there_is_neither_an_entry_nor_a_header()
    {
        await PushAll();

        var answer = await _silo.Get($"fhir/Observation?patient={TestSilo.PatientId(_nhs)}");

        Assert.Empty(Told(answer));
        Assert.False(answer.Headers.Contains(Header));
    }

    [Fact]
    public async Task A_feed_that_went_silent_is_not_hidden_by_a_304_nor_one_that_is_back()
    {
        await PushAll();
        var fresh = await Everything();
        Assert.Equal(HttpStatusCode.NotModified, (await Everything(("If-None-Match", $"{fresh.Headers.ETag}"))).Status);

        var last = _clock.GetUtcNow();
        Shift(TimeSpan.FromSeconds(40));
        await Confirmed();
        var silent = await Everything(("If-None-Match", $"{fresh.Headers.ETag}"));

        Assert.Equal(HttpStatusCode.OK, silent.Status);
        Assert.NotEqual(fresh.Headers.ETag, silent.Headers.ETag);
        Assert.Equal("LHC516 labs", Told(silent)[^1]);
        var since = DateTimeOffset.Parse(Assert.Single(silent.Headers.GetValues(Header))["labs; silent-since=".Length..], CultureInfo.InvariantCulture);
        Assert.InRange(since, last.AddSeconds(-60), last);
        // Apart from what is said of the sources, the same words.
        Assert.Equal(fresh.Resources("match").Select(r => r.ToJsonString()), silent.Resources("match").Select(r => r.ToJsonString()));
        var unmodified = await Everything(("If-None-Match", $"{silent.Headers.ETag}"));
        Assert.Equal((HttpStatusCode.NotModified, $"{since:'labs; silent-since='yyyy-MM-dd'T'HH:mm:ss'Z'}"), (unmodified.Status, Assert.Single(unmodified.Headers.GetValues(Header))));

        await PushPerson("labs");
        var again = await Everything(("If-None-Match", $"{silent.Headers.ETag}"));
        Assert.Equal((HttpStatusCode.OK, fresh.Body, fresh.Headers.ETag), (again.Status, again.Body, again.Headers.ETag));
    }

    [Fact]
    public async Task Who_takes_no_incomplete_answer_gets_an_error_and_single_resources_a_header()
    {
        await PushPerson("dorset");
        await PushPerson("labs");
        Shift(TimeSpan.FromSeconds(40));
        await PushPerson("dorset");

        var strict = await Everything(("Prefer", "handling=strict"));
        Assert.Equal((HttpStatusCode)424, strict.Status);
        Assert.Equal(["LHC518 hampshire", "LHC518 labs"], Told(strict.Json));
        Assert.Equal((HttpStatusCode)424, (await _silo.Get($"fhir/Patient?identifier={_nhs}", ("Prefer", "respond-async, handling=strict"))).Status);

        var single = await _silo.Get($"fhir/Patient/{TestSilo.PatientId(_nhs)}", ("Prefer", "handling=strict"));
        Assert.Equal(HttpStatusCode.OK, single.Status);
        Assert.StartsWith("hampshire; never, labs; silent-since=", Assert.Single(single.Headers.GetValues(Header)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_holds_nothing_but_versions_and_tells_it_in_the_header()
    {
        await PushPerson("dorset");

        var history = await _silo.Get($"fhir/Patient/{TestSilo.PatientId(_nhs)}/_history");

        Assert.Equal((HttpStatusCode.OK, "history"), (history.Status, history.Json["type"]!.GetValue<string>()));
        Assert.All(history.Json["entry"]!.AsArray(), e => Assert.True(e!["request"] is not null && e["search"] is null));
        Assert.Equal(["hampshire; never, labs; never"], history.Headers.GetValues(Header));
    }

    [Fact]
    public async Task At_a_sources_own_base_nothing_is_told_of_feeds()
    {
        await PushPerson("dorset");

        var answer = await _silo.Get("sources/dorset/fhir/Patient/ab/$everything", ("Prefer", "handling=strict"));

        Assert.Equal((HttpStatusCode.OK, false), (answer.Status, answer.Headers.Contains(Header)));
        Assert.Empty(Told(answer));
    }

    [Fact]
    public async Task The_status_of_each_source_tells_of_contacts_also_where_nothing_came_of_them()
    {
        var recorded = _clock.GetUtcNow().AddMinutes(-5);
        await _silo.Push("dorset", Collection(Patient("ab", _nhs, Meta($"{recorded:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}"))));
        await _silo.Push("labs", "no JSON");

        var status = await Status();
        Assert.Equal(HttpStatusCode.OK, status.Status);
        Assert.InRange(Value<double>(status, "dorset", "lag", "value"), 300, 330);
        Assert.Equal(["fresh", "never", "fresh"], Sources.Select(s => Value<string>(status, s.Id, "state")));
        Assert.Equal(["Observation", "Patient"], Parts(status, "labs", "supplies").Select(p => p["valueCode"]!.GetValue<string>()));
        Assert.Empty(Parts(status, "dorset", "supplies"));
        Assert.Empty(Parts(status, "labs", "lastApplied"));
        Assert.Empty(Parts(status, "hampshire", "lastContact"));
        var applied = Value<DateTimeOffset>(status, "dorset", "lastApplied");

        // The same again: a contact, and nothing new.
        Shift(TimeSpan.FromSeconds(40));
        await _silo.Push("dorset", Collection(Patient("ab", _nhs, Meta($"{recorded:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}"))));
        status = await Status();
        Assert.Equal(applied, Value<DateTimeOffset>(status, "dorset", "lastApplied"));
        Assert.InRange(Value<DateTimeOffset>(status, "dorset", "lastContact"), applied.AddSeconds(40), applied.AddMinutes(20));

        // Nothing of it is about a person.
        Assert.DoesNotContain(_nhs, status.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(TestSilo.PatientId(_nhs), status.Body, StringComparison.Ordinal);
        var head = await _silo.Send(HttpMethod.Head, "fhir/$source-status");
        Assert.Equal((HttpStatusCode.OK, "", (long?)status.Body.Length), (head.Status, head.Body, head.ContentHeaders.ContentLength));
    }

    [Fact]
    public async Task What_is_known_of_the_sources_outlives_the_process()
    {
        await PushAll();
        Shift(TimeSpan.FromSeconds(40));
        await Confirmed();
        var (silent, status) = (await Everything(), await Status());
        Assert.Equal("LHC516 labs", Told(silent)[^1]);
        await _silo.DisposeAsync();

        _silo = Silo();
        await _silo.InitializeAsync();

        Assert.Equal((silent.Headers.ETag, silent.Body), (await Everything()) is var again ? (again.Headers.ETag, again.Body) : default);
        Assert.Equal(status.Body, (await Status()).Body);
    }

    // In one folder and under one URL, however often it is started.
    private TestSilo Silo() => new(
        async _ => await SqliteJournal.Open(_folder.FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None),
        options => options with { Sources = Sources, Data = _folder.FullName, BaseUrl = "http://record.example" },
        _clock);

    private async Task PushAll()
    {
        foreach (var source in Sources)
            await PushPerson(source.Id);
    }

    private async Task PushPerson(string source) =>
        Assert.Equal(HttpStatusCode.OK, (await _silo.Push(source, Collection(Patient("ab", _nhs), Observation("weight", "Patient/ab")))).Status);

    // As the next round would find it, without waiting for it. By less than a minute and a half: a silo whose last
    // heartbeat is older by its own clock may be given up by Orleans.
    private void Shift(TimeSpan by)
    {
        _clock.Shift(by);
        _silo.Parts.GetRequiredService<SourceFeeds>().Judge();
    }

    // Its last comparison with the journal is hours ago by the shifted clock; the next one comes within seconds.
    private Task Confirmed() => FaultySilo.Until(async () => (await Everything()).Headers.Warning.Count == 0);

    private Task<Answer> Everything(params (string Name, string Value)[] headers) => _silo.Get($"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything", headers);

    private Task<Answer> Status() => _silo.Get("fhir/$source-status");

    private static List<JsonNode> Parts(Answer status, string source, string name) =>
    [
        .. status.Json["parameter"]!.AsArray().Select(p => p!["part"]!.AsArray()).Single(p => p[0]!["valueCode"]!.GetValue<string>() == source)
            .Where(p => p!["name"]!.GetValue<string>() == name).Select(p => p!),
    ];

    private static T Value<T>(Answer status, string source, string name, string? member = null)
    {
        var value = Assert.Single(Parts(status, source, name)).AsObject().Single(m => m.Key != "name").Value!;
        return (member is null ? value : value[member]!).GetValue<T>();
    }

    private static List<string> Told(Answer answer) => [.. answer.Resources("outcome").SelectMany(Told)];

    private static List<string> Told(JsonNode outcome) =>
        [.. outcome["issue"]!.AsArray().Select(i => $"{i!["details"]!["coding"]![0]!["code"]} {i["extension"]?[0]?["valueCode"]}")];
}
