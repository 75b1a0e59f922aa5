using System.Diagnostics;
using System.Net;
using Lhcre.Silo.Tests.Http;
using Xunit.Abstractions;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Imports;

/// <summary>What a live push waits for while a backfill runs beside it: little more than without.</summary>
public sealed class LiveBesideBackfillTests(ITestOutputHelper log) : IAsyncLifetime
{
    private const int Rounds = 3;
    private const int Pushes = 100;

    // Of times that one machine measures in turns in one run, each the best of its rounds: no load of the machine's own comes into it. A backfill
    // that goes before live pushes, or with as many of its own at a time as it has, is ten times and more.
    private const double MostTimes = 4;
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(10);

    private readonly TestSilo _silo = new();

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task A_live_push_takes_at_most_a_few_times_as_long_beside_an_import() => await Compare(async (round, live) =>
    {
        var path = await _silo.Client.Accepted("hampshire", Import(round));
        await _silo.Client.Until(path, "running");
        await live();
        var standing = await _silo.Client.Standing(path);
        // It was beside it all the time.
        Assert.Equal("running", standing["state"]!.GetValue<string>());
        await _silo.Send(HttpMethod.Delete, path.TrimStart('/'));
        return $"{standing["lines"]!["done"]} lines, {standing["rate"]}/s";
    });

    [Fact]
    public async Task Nor_beside_Bundles_in_the_backfill_lane() => await Compare(async (round, live) =>
    {
        using var stop = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 8).Select(sender => Task.Run(() => Backfill($"{round}-{sender}", stop.Token))).ToList();
        await live();
        await stop.CancelAsync();
        return $"{(await Task.WhenAll(senders)).Sum()} Bundles";
    });

    private async Task Compare(Func<int, Func<Task>, Task<string>> run)
    {
        await Ninetieth();
        var (alone, beside) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 0; round < Rounds; round++)
        {
            alone.Add(await Ninetieth());
            var done = await run(round, async () => beside.Add(await Ninetieth()));
            log.WriteLine($"round {round}: alone {alone[^1].TotalMilliseconds:F1} ms, beside {beside[^1].TotalMilliseconds:F1} ms, {done}");
        }

        Assert.True(beside.Min() <= alone.Min() * MostTimes + Slack, $"alone {alone.Min().TotalMilliseconds:F1} ms, beside a backfill {beside.Min().TotalMilliseconds:F1} ms");
    }

    // Nine of ten pushes take no longer, one after the other.
    private async Task<TimeSpan> Ninetieth()
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < Pushes; i++)
        {
            var nhs = FreshNhsNumber();
            var push = Collection(Patient($"live-{nhs}", nhs), Observation($"live-{nhs}", $"Patient/live-{nhs}"));
            var began = Stopwatch.GetTimestamp();
            var answer = await _silo.Push("dorset", push);
            times.Add(Stopwatch.GetElapsedTime(began));
            Assert.Equal(HttpStatusCode.OK, answer.Status);
        }

        return times.Order().ElementAt(Pushes * 9 / 10);
    }

    private async Task<int> Backfill(string sender, CancellationToken stop)
    {
        for (var sent = 0; ; sent++)
        {
            if (stop.IsCancellationRequested)
                return sent;
            var (name, nhs) = ($"b{sender}-{sent}", FreshNhsNumber());
            var answer = await _silo.Push(
                "hampshire", Collection([Patient(name, nhs), .. Enumerable.Range(0, 20).Select(n => Observation($"{name}-{n}", $"Patient/{name}", $"{n}.5"))]), ("Priority", "u=6"));
            Assert.Equal(HttpStatusCode.OK, answer.Status);
        }
    }

    private static IEnumerable<string> Import(int round) => Enumerable.Range(0, 2000).SelectMany(p => (IEnumerable<string>)
    [
        Patient($"b{round}-{p}", FreshNhsNumber()),
        .. Enumerable.Range(0, 10).Select(n => Observation($"b{round}-{p}-{n}", $"Patient/b{round}-{p}", $"{n}.5")),
    ]);
}
