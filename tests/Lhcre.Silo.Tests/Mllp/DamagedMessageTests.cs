using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Lhcre.Grains.Journal;
using Lhcre.Intake.Tests.V2;
using Lhcre.Silo.Tests.Http;
using Xunit.Abstractions;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Mllp;

/// <summary>
/// Messages damaged at random by a seed, sent to a whole silo by several senders at once: each gets its AA, AE or AR, whoever sends sound messages
/// meanwhile is not harmed, and after a restart the journal gives back the very records that were served.
/// </summary>
public sealed class DamagedMessageTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20_261_124;
    private const int Senders = 4;

    private static readonly int Rounds = Environment.GetEnvironmentVariable("LHCRE_LONG") == "1" ? 20_000 : 200;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-damaged-");
    private readonly string[] _people = [.. Enumerable.Range(0, 20).Select(_ => FreshNhsNumber())];
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private readonly ConcurrentBag<(byte[] Message, string Ack)> _taken = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Damaged_messages_leave_process_and_data_whole()
    {
        Dictionary<string, string> served;
        var silo = await Start();
        try
        {
            foreach (var person in _people)
                Assert.Equal("AA", (await Post(silo, Encoding.UTF8.GetBytes(Messages.Person("first-" + person, person)))).Code);
            await Parallel.ForAsync(0, Rounds, new ParallelOptions { MaxDegreeOfParallelism = Senders }, async (round, _) => await Round(silo, round));
            served = await Records(silo);
        }
        finally
        {
            await silo.DisposeAsync();
        }

        var counts = string.Join(' ', _answers.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}×{a.Value}"));
        output.WriteLine($"{Rounds} messages: {counts}; {served.Values.Sum(r => r.Length) / 1024} KiB of records");
        Assert.True(_answers.Keys.Order(StringComparer.Ordinal).SequenceEqual(["AA", "AE", "AR"]), counts);

        var after = await Start();
        try
        {
            foreach (var (person, record) in await Records(after))
                Assert.Equal(served[person], record);
            foreach (var (message, ack) in _taken)
                Assert.Equal(ack, (await Post(after, message)).Text);
        }
        finally
        {
            await after.DisposeAsync();
        }
    }

    private async Task Round(TestSilo silo, int round)
    {
        var random = new Random(Seed + round);
        var seeds = SeedMessages.Of(_people[round % _people.Length]);
        var message = new Damage(random).Of(seeds[random.Next(seeds.Length)]);
        var ack = await Post(silo, message);
        _answers.AddOrUpdate(ack.Code, 1, (_, n) => n + 1);
        if (ack.Code == "AA" && _taken.Count < 50)
            _taken.Add((message, ack.Text));
        // Somebody else's, in between.
        if (round % 50 == 0)
            Assert.Equal("AA", (await Post(silo, Encoding.UTF8.GetBytes(Messages.Result($"sound-{round}", _people[0], $"F{round}")))).Code);
    }

    private async Task<TestSilo> Start()
    {
        // One base, so that links are alike before and after.
        var silo = new TestSilo(
            async _ => await SqliteJournal.Open(_folder.FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None), o => o with { BaseUrl = "http://record.example" });
        await silo.InitializeAsync();
        return silo;
    }

    // What is told of the sources' feeds is not of the record.
    private async Task<Dictionary<string, string>> Records(TestSilo silo)
    {
        var records = new Dictionary<string, string>();
        foreach (var person in _people)
            records[person] = new JsonArray([.. (await silo.Everything(person)).Select(r => r.DeepClone())]).ToJsonString();
        return records;
    }

    private static async Task<Ack> Post(TestSilo silo, byte[] message)
    {
        using var content = new ByteArrayContent(message);
        content.Headers.ContentType = new MediaTypeHeaderValue("x-application/hl7-v2+er7");
        using var answer = await silo.Client.PostAsync("sources/isle-of-wight/hl7v2", content);
        var parsed = Intake.V2.Hl7Message.Parse(await answer.Content.ReadAsByteArrayAsync(), out _);
        Assert.NotNull(parsed);
        var code = parsed.First("MSA")![1].Raw;
        Assert.Equal(code switch { "AA" => HttpStatusCode.OK, "AE" => HttpStatusCode.UnprocessableEntity, _ => HttpStatusCode.BadRequest }, answer.StatusCode);
        return new Ack(code, parsed.First("MSA")![2].Raw, [.. parsed.Named("ERR").Select(e => e[5].Raw)], string.Join('\r', parsed.Segments.Select(s => s.Name + string.Concat(Enumerable.Range(1, s.FieldCount).Select(n => s[n].Raw)))));
    }
}
