using System.Net;
using System.Text.Json.Nodes;
using Lhcre.Silo.Tests.Parked;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>An operator takes back what a source sent in a stretch of time, and brings it back, over HTTP and on one of the stores.</summary>
public abstract class QuarantineJobSpec(ParkedSilo silo)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly (string Ann, string Bob) _nhs = (FreshNhsNumber(), FreshNhsNumber());

    private TestSilo Http => silo.Http;

    [Fact]
    public async Task A_stretch_is_taken_back_for_everybody_and_brought_back()
    {
        var (from, to) = await PushStretch();

        var ordered = await Post("$quarantine", $"from={from}&to={to}&reason=a+wrong+mapping");
        var path = ordered.ContentHeaders.ContentLocation!.ToString();
        var done = await Done(path);

        Assert.Equal(HttpStatusCode.Accepted, ordered.Status);
        Assert.Equal(("quarantine", "a wrong mapping", false), (Text(done, "kind"), Text(done, "reason"), done["released"]!.GetValue<bool>()));
        Assert.True(done["records"]!["changed"]!.GetValue<int>() >= 2);
        Assert.Equal((1, 1), (await Count(_nhs.Ann), await Count(_nhs.Bob)));
        // The same again is the one that there is.
        Assert.Equal(path, (await Post("$quarantine", $"from={from}&to={to}")).ContentHeaders.ContentLocation!.ToString());

        var released = await Post("$release", $"quarantine={Text(done, "id")}&reason=mended");
        Assert.Equal(Text(done, "id"), Text(await Done(released.ContentHeaders.ContentLocation!.ToString()), "ends"));
        Assert.Equal((2, 2), (await Count(_nhs.Ann), await Count(_nhs.Bob)));
        Assert.True((await Http.Get(path.TrimStart('/'))).Json["released"]!.GetValue<bool>());
        Assert.Equal(released.ContentHeaders.ContentLocation, (await Post("$release", $"quarantine={Text(done, "id")}")).ContentHeaders.ContentLocation);
        Assert.Equal(["release", "quarantine"], (await Http.Get("sources/dorset/corrections")).Json["corrections"]!.AsArray().Select(c => Text(c!, "kind")).Take(2));
    }

    [Fact]
    public async Task One_person_alone_may_be_named()
    {
        var (from, to) = await PushStretch();

        await Done((await Post("$quarantine", $"from={from}&to={to}&person={TestSilo.PatientId(_nhs.Bob)}")).ContentHeaders.ContentLocation!.ToString());

        Assert.Equal((2, 1), (await Count(_nhs.Ann), await Count(_nhs.Bob)));
    }

    [Theory]
    [InlineData("dorset", "$quarantine", "", "LHC701", 400)]
    [InlineData("dorset", "$quarantine", "from=yesterday&to=2026-01-02T00:00:00Z", "LHC701", 400)]
    [InlineData("dorset", "$quarantine", "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&person=ann", "LHC701", 400)]
    [InlineData("dorset", "$quarantine", "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&persn=ann", "LHC701", 400)]
    [InlineData("dorset", "$quarantine", "from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z", "LHC702", 400)]
    [InlineData("dorset", "$quarantine", "from=2026-01-01T00:00:00Z&to=2999-01-02T00:00:00Z", "LHC703", 400)]
    [InlineData("dorset", "$release", "quarantine=0123456789abcdef0123456789abcdef", "LHC704", 404)]
    [InlineData("dorset", "$release", "", "LHC704", 404)]
    [InlineData("nowhere", "$quarantine", "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", "LHC107", 404)]
    public async Task What_is_not_clear_is_refused(string source, string operation, string query, string code, int status)
    {
        var answer = await Http.Send(HttpMethod.Post, $"sources/{source}/{operation}?{query}");

        Assert.Equal((status, code), ((int)answer.Status, answer.Codes.Single()));
    }

    private async Task<(string From, string To)> PushStretch()
    {
        foreach (var nhs in new[] { _nhs.Ann, _nhs.Bob })
            await Http.Push("dorset", Collection(Patient($"pat-{nhs}", nhs)));
        var from = silo.Clock.GetUtcNow();
        foreach (var nhs in new[] { _nhs.Ann, _nhs.Bob })
            await Http.Push("dorset", Collection(Patient($"pat-{nhs}", nhs), Observation($"obs-{nhs}", $"Patient/pat-{nhs}")));
        silo.Clock.Shift(TimeSpan.FromSeconds(1));
        return ($"{from.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'}", $"{silo.Clock.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'}");
    }

    private Task<Answer> Post(string operation, string query) => Http.Send(HttpMethod.Post, $"sources/dorset/{operation}?{query}");

    private async Task<JsonNode> Done(string path)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var standing = (await Http.Get(path.TrimStart('/'))).Json;
            if (Text(standing, "state") == "done")
                return standing;
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }

    private async Task<int> Count(string nhs) => (await Http.Everything(nhs)).Count(r => r["resourceType"]!.GetValue<string>() is "Patient" or "Observation");

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}

/// <summary>On the embedded store.</summary>
public sealed class EmbeddedQuarantineJobTests(ParkedSilo.Embedded silo) : QuarantineJobSpec(silo), IClassFixture<ParkedSilo.Embedded>;

/// <summary>On the store of a cluster.</summary>
public sealed class PostgresQuarantineJobTests(ParkedSilo.Postgres silo) : QuarantineJobSpec(silo), IClassFixture<ParkedSilo.Postgres>;
