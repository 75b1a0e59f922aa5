using System.Diagnostics;
using System.Globalization;
using Lhcre.Benchmarks.Load;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Benchmarks;

/// <summary>Durable pushes a second: over HTTP, to the grains with fragments that are parsed already, and to the journal alone.</summary>
internal static class PushRates
{
    private const int Connections = 8;
    private const int Writers = 64;

    private static int _nextNumber = 999_000_000;

    /// <summary>Measures it, on the embedded store.</summary>
    public static async IAsyncEnumerable<Figure> Measure(Scale scale)
    {
        await using var silo = await HostedSilo.Start();
        await using var load = LoadProcess.Start();
        var people = scale.Pushes / 5;
        await load.Carry(new LoadOrder(LoadWork.Bundles, silo.Port, Connections, First: 0, Count: 100));
        var bundles = await load.Carry(new LoadOrder(LoadWork.Bundles, silo.Port, Connections, First: 100, Count: people));
        yield return OverHttp($"HTTP pushes of Bundles of {(double)bundles.Result.Resources / bundles.Result.Requests:0} resources, {Connections} connections", bundles);
        await load.Carry(new LoadOrder(LoadWork.Singles, silo.Port, Connections, First: 0, Count: scale.Pushes));
        var singles = await load.Carry(new LoadOrder(LoadWork.Singles, silo.Port, Connections, First: scale.Pushes, Count: scale.Pushes));
        yield return OverHttp($"HTTP pushes of one resource, {Connections} connections", singles);
        var many = await load.Carry(new LoadOrder(LoadWork.Singles, silo.Port, Writers, First: 2 * scale.Pushes, Count: 2 * scale.Pushes));
        yield return OverHttp($"HTTP pushes of one resource, {Writers} connections", many);

        yield return await AtTheGrain(silo, "one resource", scale.Pushes * 4, n => [Single(n)]);
        var parsed = PushedPeople.KnownToAll().SelectMany(p => p.Pushes()).Take(scale.Pushes).Select(p => PushedPeople.Read(p)).ToList();
        yield return await AtTheGrain(silo, $"{parsed.Average(p => p.Length):0} resources", parsed.Count, n => parsed[n]);
    }

    private static Figure OverHttp(string work, LoadRound round) => new(work, string.Create(
        CultureInfo.InvariantCulture,
        $"{round.Result.Rate:0} pushes/s, {round.Result.Resources / round.Result.Seconds:0} resources/s, {round.Result.Sent / 1e6 / round.Result.Seconds:0.0} MB/s; median {round.Result.Median:0.0} ms, p99 {round.Result.P99:0.0} ms; {round.CpuEach:0.00} ms CPU a push"));

    // Every push to another person: the first to each, as in a backfill.
    private static async Task<Figure> AtTheGrain(HostedSilo silo, string what, int pushes, Func<int, IReadOnlyList<Fragment>> fragments)
    {
        var requests = Enumerable.Range(0, pushes).Select(n => Request(what, n, fragments(n))).ToList();
        // What the journal alone takes of the same rows, in records that nobody else asks for.
        var appends = requests.Zip(Keys(pushes), (request, key) => Append(key, request)).ToList();
        var journal = await Rate(appends, append => silo.Journal.Append(append, CancellationToken.None));
        var grains = await Rate(requests.Zip(Keys(pushes)).ToList(), push => Push(silo.Grains.GetGrain<IPatientGrain>(push.Second.Value), push.First));
        return new Figure(
            $"pushes of {what} at IPatientGrain, fragments already parsed, {Writers} writers: pushes/s", grains.ToString("0", CultureInfo.InvariantCulture))
        {
            Against = $"IJournal.Append of the same rows: {journal.ToString("0", CultureInfo.InvariantCulture)}",
            Ratio = grains / journal,
            Goal = Goal.AtLeast(0.5),
        };
    }

    private static async Task<double> Rate<T>(List<T> items, Func<T, Task> write)
    {
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (item, _) => await write(item));
        return items.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task Push(IPatientGrain grain, PushRequest request)
    {
        var answer = await grain.Push(request, Caller.Development);
        if (answer.Status != PushStatus.Applied)
            throw new InvalidOperationException($"A push ended as {answer.Status}: the rate says nothing.");
    }

    private static PushRequest Request(string what, int number, IReadOnlyList<Fragment> fragments) =>
        new() { Source = "dorset", Push = PushId.Of("dorset", $"{what} {number}"), Fragments = new FragmentBatch([.. fragments]) };

    private static Append Append(PatientKey key, PushRequest request)
    {
        var row = PushedPeople.Row(PatientRecord.Empty(key, PushedPeople.Addresses), "", request.Fragments.Fragments);
        return new Append { Patient = key, OldEpoch = 0, NewEpoch = 1, Row = new LogRow(1, request.Push, row.At, row.Body), Source = request.Source };
    }

    // Numbers below those of the synthetic people, new ones at each call.
    private static IEnumerable<PatientKey> Keys(int count)
    {
        for (; count > 0; count--)
        {
            NhsNumber number;
            while (!NhsNumber.TryComplete(_nextNumber++, out number))
            {
            }

            yield return HostedSilo.Pseudonym.For(number);
        }
    }

    private static Fragment Single(int number) =>
        Fragment.Stated("dorset", Observations.Weight($"single-{number}", """{"reference":"Patient/p1"}""", number));
}
