using System.Globalization;
using Lhcre.Record;

namespace Lhcre.Benchmarks;

/// <summary>What a journal writes of rows and chunks for each byte of a row: 10,000 pushes to one patient, folded as a live record folds.</summary>
internal static class BytesWritten
{
    private const int Pushes = 10_000;
    private const int RowsOfAFold = 64;

    /// <summary>Counts it. Nothing is timed.</summary>
    public static async IAsyncEnumerable<Figure> Measure(Scale scale)
    {
        await Task.Yield();
        yield return Of("a new Observation each", n => n);
        yield return Of("700 Observations, again and again a new version of one", n => n % 700);
    }

    private static Figure Of(string what, Func<int, int> number)
    {
        var record = PatientRecord.Empty(HostedSilo.Pseudonym.For(PushedPeople.Numbers().First()), PushedPeople.Addresses);
        var (chunks, tail) = ((IReadOnlyList<RecordChunk>)[], new List<LogRow>());
        long rows = 0, live = 0, history = 0;
        for (var n = 0; n < Pushes; n++)
        {
            var row = PushedPeople.Row(record, $"{n}", [Fragment.Stated("dorset", Observations.Weight($"o{number(n)}", """{"reference":"Patient/p1"}""", n, n + 1))]);
            record = Merge.Apply(record, row);
            tail.Add(new LogRow(row.Seq, row.Push, row.At, row.Body));
            rows += row.Body.Length;
            if (tail.Count < RowsOfAFold)
                continue;
            var fold = RecordFold.Of(record, chunks, tail, since: PushedPeople.Arrival.AddDays(-1));
            (live, history) = (live + fold.Live.Sum(c => (long)c.Body.Length), history + fold.History.Sum(c => (long)c.Body.Length));
            fold.Done();
            (record, chunks) = (record.WithoutRows(fold.Seq), fold.Chunks);
            tail.Clear();
        }

        return new Figure(
            $"bytes written, {Pushes:N0} pushes to one patient, {what}",
            string.Create(CultureInfo.InvariantCulture, $"rows {rows / 1024} KiB, live chunks {live / 1024} KiB, history {history / 1024} KiB; {chunks.Count} live chunks of {chunks.Sum(c => c.Body.Length) / 1024} KiB remain"))
        {
            Against = "the rows",
            Ratio = (double)(rows + live + history) / rows,
            Goal = Goal.AtMost(3),
        };
    }
}
