using System.Diagnostics;
using System.Globalization;
using Lhcre.Benchmarks.Stores;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Benchmarks;

/// <summary>
/// Durable pushes a second at the grains, fragments parsed already, of 64 writers to warm records; against the barest insert of the same
/// compressed bodies, with as many rows a commit and the same sync.
/// </summary>
internal static class DurablePushes
{
    private const int Writers = 64;
    private const int People = 512;

    /// <summary>Measures it, on both journals.</summary>
    public static IAsyncEnumerable<Figure> Measure(Scale scale) => Store.OnEach(store => Measure(store, scale));

    private static async IAsyncEnumerable<Figure> Measure(Store store, Scale scale)
    {
        await using var silo = await HostedSilo.Start(store.Journal);
        PatientKey[] people = [.. PushedPeople.Numbers().Take(People).Select(HostedSilo.Pseudonym.For)];
        await Rate(people, key => Push(silo, key, Request($"first {key}", Fragment.Stated("dorset", Observations.Subject("p1", 1)))));
        foreach (var (resources, pushes) in new[] { (1, scale.Pushes * 4), (20, scale.Pushes) })
        {
            var rounds = new List<(double Bare, double Journal, double Grains)>();
            for (var round = 0; round < Math.Min(scale.Rounds, 3); round++)
                rounds.Add(await Round(store, silo, people, resources, pushes, round));
            var (bare, journal, grains) = (Median.Of(rounds, r => r.Bare), Median.Of(rounds, r => r.Journal), Median.Of(rounds, r => r.Grains));
            var what = resources == 1 ? "one resource" : $"{resources} resources";
            yield return new Figure($"{store.Name}: pushes of {what} at IPatientGrain, fragments already parsed, {Writers} writers, warm records: pushes/s", Text(grains))
            {
                Against = $"bare insert of the same bodies: {Text(bare)}",
                Ratio = grains / bare,
                Goal = Goal.AtLeast(0.5),
            };
            yield return new Figure($"{store.Name}: the same rows by IJournal.Append alone: rows/s", Text(journal))
            {
                Against = $"bare insert: {Text(bare)}",
                Ratio = journal / bare,
            };
        }
    }

    private static async Task<(double Bare, double Journal, double Grains)> Round(Store store, HostedSilo silo, PatientKey[] people, int resources, int pushes, int round)
    {
        var requests = Enumerable.Range(0, pushes)
            .Select(n => (Key: people[n % people.Length], Push: Request($"{resources} {round} {n}", [.. Enumerable.Range(0, resources).Select(r => Observation($"{resources}-{round}-{n}-{r}", n + r))])))
            .ToList();
        var rows = requests.ConvertAll(r => new LogRow(1, r.Push.Push, PushedPeople.Arrival, LogBody.Write(r.Push.Fragments.Fragments)));
        double bare;
        await using (var commits = new GroupCommit<LogRow, bool>(Insert, row => row.Body.Length + 128))
            bare = await Rate(rows, row => commits.Commit(row, CancellationToken.None));
        // Records that nobody else asks for: a first row each.
        var appends = rows.Zip(PushedPeople.Numbers(), (row, number) => new Append { Patient = HostedSilo.Pseudonym.For(number), OldEpoch = 0, NewEpoch = 1, Row = row, Source = "dorset" }).ToList();
        var journal = await Rate(appends, append => store.Journal.Append(append, CancellationToken.None));
        var grains = await Rate(requests, request => Push(silo, request.Key, request.Push));
        return (bare, journal, grains);

        async Task<IReadOnlyList<bool>> Insert(IReadOnlyList<LogRow> batch)
        {
            await store.Insert(batch);
            return new bool[batch.Count];
        }
    }

    private static async Task<double> Rate<T>(IReadOnlyCollection<T> items, Func<T, Task> write)
    {
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (item, _) => await write(item));
        return items.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task Push(HostedSilo silo, PatientKey key, PushRequest request)
    {
        var answer = await silo.Grains.GetGrain<IPatientGrain>(key.Value).Push(request, Caller.Development);
        if (answer.Status != PushStatus.Applied)
            throw new InvalidOperationException($"A push ended as {answer.Status}: the rate says nothing.");
    }

    private static PushRequest Request(string push, params Fragment[] fragments) =>
        new() { Source = "dorset", Push = PushId.Of("dorset", push), Fragments = new FragmentBatch([.. fragments]) };

    private static Fragment Observation(string id, int number) =>
        Fragment.Stated("dorset", Observations.Weight(id, """{"reference":"Patient/p1"}""", number));

    private static string Text(double rate) => rate.ToString("0", CultureInfo.InvariantCulture);
}
