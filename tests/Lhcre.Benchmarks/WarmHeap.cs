using System.Globalization;
using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Record;

namespace Lhcre.Benchmarks;

/// <summary>
/// What warm records keep of memory, as a multiple of the JSON that they serve. Warm: each has answered <c>$everything</c>, and holds what
/// a grain holds after that.
/// </summary>
internal static class WarmHeap
{
    private const int LargestShown = 15;

    /// <summary>Measures it: of records that took the pushes in themselves, and of records that were loaded from the journal.</summary>
    public static async IAsyncEnumerable<Figure> Measure(Scale scale)
    {
        await Task.Yield();
        // What the process keeps once and for all, the FHIR library's tables above all, is no part of a record.
        Measure(1, "", row => row, out _);
        yield return Measure(scale.People, "as pushed", row => row, out _);
        yield return Measure(scale.People, "as loaded from the journal", PushedPeople.Reloaded, out var records);
        var census = HeapCensus.Of(records.Take(100));
        foreach (var (type, bytes) in census.Largest(LargestShown))
            yield return new Figure($"of that, {type}", Percent(bytes, census.Total));
    }

    private static Figure Measure(int people, string how, Func<RecordRow, RecordRow> row, out List<object> records)
    {
        records = new List<object>(people);
        long served = 0;
        var resources = 0;
        var before = Retained();
        foreach (var person in PushedPeople.KnownToAll().Take(people))
        {
            var (record, answer) = Warm(PushedPeople.Key(person), PushedPeople.Rows(person).Select(row));
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

    private static (PatientRecord Record, ReadAnswer Answer) Warm(PatientKey key, IEnumerable<RecordRow> rows)
    {
        var record = PushedPeople.Fold(key, rows);
        return (record, RecordReading.Read(record, ReadRequest.Everything));
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
