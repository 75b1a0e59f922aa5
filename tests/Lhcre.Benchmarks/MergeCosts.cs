using System.Diagnostics;
using System.Globalization;
using Lhcre.Record;

namespace Lhcre.Benchmarks;

/// <summary>
/// What a push of one resource costs the record, encoding included, in a large one against a small one: it is to touch what it changes,
/// whatever else is there. And what loading a record from its rows costs.
/// </summary>
internal static class MergeCosts
{
    private const int Large = 10_000;
    private static readonly int[] Smaller = [100, 10];
    private const int Refolded = 5_000;
    private const int RowLength = 100;
    private const int Distinct = 200;

    /// <summary>Measures it on one thread.</summary>
    public static async IAsyncEnumerable<Figure> Measure(Scale scale)
    {
        await Task.Yield();
        var key = PushedPeople.Key(PushedPeople.KnownToAll().First());
        foreach (var (shape, taken) in new (string, Func<int, DateTime>)[] { ("three hours apart", Observations.EveryThreeHours), ("of one hour", Observations.WithinOneHour) })
        {
            var large = Record(key, Large, taken);
            foreach (var size in Smaller)
            {
                var small = Record(key, size, taken);
                foreach (var (what, fragments) in Pushes(size, taken))
                {
                    var (inLarge, inSmall) = Compare(large, small, fragments, scale);
                    yield return Against($"push of {what} into {Large:N0} resources, {shape}: CPU, µs", inLarge.Microseconds, inSmall.Microseconds, size, "0.0");
                    yield return Against("the same: allocated, bytes", inLarge.Allocated, inSmall.Allocated, size, "0");
                }
            }
        }

        yield return Refold(key, scale);

        var person = PushedPeople.KnownToAll(620).First();
        var rows = PushedPeople.Rows(person);
        var loads = new List<Cost>();
        for (var i = 0; i < scale.Rounds * 5; i++)
            loads.Add(Timed(() => PushedPeople.Fold(PushedPeople.Key(person), rows.Select(PushedPeople.Reloaded))));
        var resources = PushedPeople.Fold(PushedPeople.Key(person), rows).All.Length;
        var chunks = PushedPeople.Chunks(person);
        var (lookups, unfolds) = (new List<Cost>(), new List<Cost>());
        for (var i = 0; i < scale.Rounds * 5; i++)
        {
            lookups.Add(Timed(() => Folded().Entries));
            var folded = Folded();
            unfolds.Add(Timed(() => folded.Unfold(default)));
        }

        yield return Cold($"cold lookup of {resources} resources from {chunks.Count} chunks of {chunks.Sum(c => c.Body.Length) / 1024} KiB, without the reading of the chunks", lookups);
        yield return Cold("what a first push to it adds: the state unpacked", unfolds);
        yield return Cold($"the same from {rows.Count} rows of {rows.Sum(r => r.Body.Length) / 1024} KiB", loads);

        FoldedRecord Folded() => FoldedRecord.Read(PushedPeople.Key(person), PushedPeople.Addresses, chunks)!;
    }

    // All of it again from its rows, as after a change of the merge rules.
    private static Figure Refold(PatientKey key, Scale scale)
    {
        var rows = new List<RecordRow>();
        var record = Record(key, Refolded, Observations.EveryThreeHours, rows);
        var bytes = record.All.ToArray().Select(r => r.BundleEntryBytes).ToArray();
        var (refolds, copies) = (new List<Cost>(), new List<Cost>());
        for (var i = 0; i <= scale.Rounds * 2; i++)
        {
            refolds.Add(Timed(() => PushedPeople.Fold(key, rows.Select(PushedPeople.Reloaded))));
            copies.Add(Timed(() => bytes.Select(b => b.AsSpan().ToArray()).ToArray()));
        }

        var (refold, copy) = (Middle(refolds), Middle(copies));
        return new Figure(
            $"full re-fold of {Refolded:N0} resources from {rows.Count} rows in memory",
            string.Create(CultureInfo.InvariantCulture, $"{refold.Microseconds / 1000:0.0} ms, {refold.Allocated / 1048576:0} MiB allocated"))
        {
            Against = string.Create(CultureInfo.InvariantCulture, $"copying their {bytes.Sum(b => b.Length) / 1048576.0:0.0} MiB: {copy.Microseconds / 1000:0.00} ms"),
            Ratio = refold.Microseconds / copy.Microseconds,
        };
    }

    private static Figure Cold(string work, List<Cost> costs) => new(work, string.Create(
        CultureInfo.InvariantCulture, $"{Median.Of(costs, c => c.Microseconds) / 1000:0.00} ms, {Median.Of(costs, c => c.Allocated) / 1048576:0.0} MiB allocated"));

    // Each push is a first one to the record: records do not change, so one record takes all of them.
    private static IEnumerable<(string What, List<Fragment> Fragments)> Pushes(int size, Func<int, DateTime> taken)
    {
        yield return ("a new Observation", [.. Enumerable.Range(Large, Distinct).Select(n => Observation(n, 1, taken))]);
        yield return ("an Observation that another source has stated", [.. Enumerable.Range(0, Distinct).Select(n => Fragment.Stated(
            "hampshire", Observations.Weight($"own-{n}", """{"reference":"Patient/p1"}""", (n % (size - 1)) + 1, 1, taken)))]);
        yield return ("a new version of an Observation", [.. Enumerable.Range(0, Distinct).Select(n => Observation(n % (size - 1), 2 + n, taken))]);
        yield return ("a new version of the Patient", [.. Enumerable.Range(0, Distinct).Select(n => Patient(2 + n))]);
    }

    private static (Cost Large, Cost Small) Compare(PatientRecord large, PatientRecord small, List<Fragment> fragments, Scale scale)
    {
        var (inLarge, inSmall) = (new List<Cost>(), new List<Cost>());
        for (var round = 0; round <= scale.Rounds; round++)
        {
            foreach (var fragment in fragments)
            {
                inLarge.Add(Timed(() => Push(large, fragment)));
                inSmall.Add(Timed(() => Push(small, fragment)));
            }

            if (round == 0)
            {
                inLarge.Clear();
                inSmall.Clear();
            }
        }

        return (Middle(inLarge), Middle(inSmall));
    }

    private static PatientRecord Push(PatientRecord record, Fragment fragment) => Merge.Apply(record, PushedPeople.Row(record, fragment.Key.Id, [fragment]));

    private static Cost Middle(List<Cost> costs) => new(Median.Of(costs, c => c.Microseconds), Median.Of(costs, c => c.Allocated));

    private static Cost Timed(Func<object> work)
    {
        var (start, allocated) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        GC.KeepAlive(work());
        return new Cost(Stopwatch.GetElapsedTime(start).TotalMicroseconds, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private static Figure Against(string work, double large, double small, int size, string format) =>
        new(work, large.ToString(format, CultureInfo.InvariantCulture))
        {
            Against = $"into {size}: {small.ToString(format, CultureInfo.InvariantCulture)}",
            Ratio = large / small,
            Goal = Goal.AtMost(1.5),
        };

    // The Patient and Observations, a hundred a row, as a source would deliver them over time.
    private static PatientRecord Record(PatientKey key, int resources, Func<int, DateTime> taken, List<RecordRow>? rows = null)
    {
        var record = PatientRecord.Empty(key, PushedPeople.Addresses);
        foreach (var chunk in Enumerable.Range(0, resources - 1).Select(n => Observation(n, 1, taken)).Prepend(Patient(1)).Chunk(RowLength))
        {
            var row = PushedPeople.Row(record, $"row {record.Seq}", chunk);
            rows?.Add(row);
            record = Merge.Apply(record, row);
        }

        return record;
    }

    private static Fragment Observation(int number, int version, Func<int, DateTime> taken) =>
        Fragment.Stated("dorset", Observations.Weight($"weight-{number}", """{"reference":"Patient/p1"}""", number + version, version, taken));

    private static Fragment Patient(int version) =>
        Fragment.Stated("dorset", Observations.Subject("p1", version));

    private readonly record struct Cost(double Microseconds, double Allocated);
}
