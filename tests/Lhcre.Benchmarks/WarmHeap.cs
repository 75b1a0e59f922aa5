using System.Globalization;
using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Record;
using Lhcre.Silo.Synthetic;

namespace Lhcre.Benchmarks;

/// <summary>
/// What warm records keep of memory, as a multiple of the JSON that they serve. Warm: each has answered <c>$everything</c>, and holds what
/// a grain holds after that.
/// </summary>
internal static class WarmHeap
{
    private const int LargestShown = 8;

    /// <summary>Measures it: of records that took the pushes in themselves, and of records that were loaded from the journal.</summary>
    public static async IAsyncEnumerable<Figure> Measure(Scale scale)
    {
        await Task.Yield();
        // What the process keeps once and for all, the FHIR library's tables above all, is no part of a record.
        Measure(1, "", Pushed, out _);
        yield return Measure(scale.People, "as loaded from the journal", Loaded, out var loaded);
        foreach (var figure in Shares(loaded))
            yield return figure;
        yield return Measure(scale.People, "while pushes come", Pushed, out var pushed);
        foreach (var figure in Shares(pushed))
            yield return figure;
    }

    private static IEnumerable<Figure> Shares(List<object> records)
    {
        var census = HeapCensus.Of(records.Take(100));
        return census.Largest(LargestShown).Select(part => new Figure($"of that, {part.Type}", Percent(part.Bytes, census.Total)));
    }

    private static Figure Measure(int people, string how, Func<SyntheticPerson, (object Record, ReadAnswer Answer)> warm, out List<object> records)
    {
        records = new List<object>(people);
        long served = 0;
        var resources = 0;
        var before = Retained();
        foreach (var person in PushedPeople.KnownToAll().Take(people))
        {
            var (record, answer) = warm(person);
            served += answer.EntryBytes;
            resources += answer.Entries.Length;
            records.Add(record);
            records.Add(answer);
        }

        var retained = Retained() - before;
        return new Figure(
            string.Create(CultureInfo.InvariantCulture, $"retained heap of {people} warm three-source people, {how}, {(double)resources / people:0} resources each"),
            Size(retained))
        {
            Against = $"the JSON that they serve: {Size(served)}",
            Ratio = (double)retained / served,
            Goal = Goal.AtMost(1.5),
        };
    }

    // Ready to merge, its last pushes still in the log: what a record is for a minute after a push.
    private static (object Record, ReadAnswer Answer) Pushed(SyntheticPerson person)
    {
        var record = PushedPeople.Fold(PushedPeople.Key(person), PushedPeople.Rows(person));
        return (record, RecordReading.Read(record, ReadRequest.Everything));
    }

    // Made of its chunks, which it keeps: what a record is after a cold lookup, and a minute after the last push.
    private static (object Record, ReadAnswer Answer) Loaded(SyntheticPerson person)
    {
        var record = FoldedRecord.Read(PushedPeople.Key(person), PushedPeople.Addresses, PushedPeople.Chunks(person))!;
        return (record, RecordReading.Everything(record));
    }

    private static long Retained()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB");

    private static string Percent(long part, long whole) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0} %");
}
