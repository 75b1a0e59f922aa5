using System.Diagnostics;
using System.Globalization;
using Lhcre.Benchmarks.Stores;
using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Record;

namespace Lhcre.Benchmarks;

/// <summary>
/// A first lookup of a record that is not in memory, at the grain: an activation, its rows from the journal, and the whole record as bytes;
/// against the SELECT of the same rows alone. One at a time.
/// </summary>
internal static class ColdLookups
{
    private const int WarmUps = 10;

    // About 500 of what is pushed of a person become merged resources.
    private const int PushedOfEach = 690;

    /// <summary>Measures it, on both journals.</summary>
    public static IAsyncEnumerable<Figure> Measure(Scale scale) => Store.OnEach(store => Measure(store, scale));

    private static async IAsyncEnumerable<Figure> Measure(Store store, Scale scale)
    {
        await using var silo = await HostedSilo.Start(store.Journal);
        var people = PushedPeople.KnownToAll(PushedOfEach).Take(WarmUps + (5 * scale.Rounds)).ToList();
        foreach (var person in people)
        {
            var live = new LiveRecord(PushedPeople.Key(person), store.Journal, silo.Addresses, TimeProvider.System);
            foreach (var push in person.Pushes())
            {
                var request = new PushRequest { Source = push.Source, Push = PushId.Of(push.Source, "cold"), Fragments = new FragmentBatch(PushedPeople.Read(push)) };
                await live.Push(request, CancellationToken.None);
            }

            await live.Fold(TaskScheduler.Default, CancellationToken.None);
        }

        var (selects, lookups) = (new List<double>(), new List<double>());
        long stored = 0;
        var resources = 0;
        foreach (var key in people.Select(PushedPeople.Key))
        {
            lookups.Add(await Timed(async () => resources += (await silo.Grains.GetGrain<IPatientGrain>(key.Value).Read(ReadRequest.Everything, Caller.Development)).Entries.Length));
            // After it, so that both find the pages in the database's memory: the first of the two reads them from the disk.
            selects.Add(await Timed(async () => stored += await store.Select(key)));
        }

        var (lookup, select) = (Median.Of(lookups.Skip(WarmUps).ToList(), l => l), Median.Of(selects.Skip(WarmUps).ToList(), s => s));
        yield return new Figure(
            string.Create(CultureInfo.InvariantCulture, $"{store.Name}: cold lookup of {resources / people.Count} resources at IPatientGrain, {stored / people.Count / 1024} KiB of rows: ms"), Text(lookup))
        {
            Against = $"the raw SELECT of its rows: {Text(select)}",
            Ratio = lookup / select,
            Goal = Goal.AtMost(5),
        };
    }

    private static async Task<double> Timed(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static string Text(double milliseconds) => milliseconds.ToString("0.00", CultureInfo.InvariantCulture);
}
