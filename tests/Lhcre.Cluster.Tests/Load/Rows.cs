using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Cluster.Tests.Load;

/// <summary>
/// The journal's rows held against the ledger. Every push of these tests says something new of each person in it, so it is one row of each of
/// them: fewer means lost, more means that one took effect twice.
/// </summary>
/// <param name="Expected">Rows that the acknowledged pushes should have made.</param>
/// <param name="Missing">How many are not there, gaps in the numbers included.</param>
/// <param name="Surplus">How many there are beyond, pushes with two rows in one record included.</param>
internal sealed record Rows(int Expected, int Missing, int Surplus)
{
    public override string ToString() => $"{Expected}, {Missing} missing, {Surplus} too many";

    /// <summary>Reads the whole log of everybody.</summary>
    public static async Task<Rows> Of(IJournal journal, Ledger ledger)
    {
        var (all, missing, surplus) = (0, 0, 0);
        foreach (var rows in ledger.Acknowledged.SelectMany(p => p.Statements.Select(s => s.Person).Distinct()).GroupBy(p => p))
        {
            var expected = rows.Count();
            var log = await journal.LoadLog(rows.Key.Key, CancellationToken.None);
            (long Seq, PushId Push)[] found =
            [
                .. log.History.SelectMany(chunk => HistoryChunk.Read(chunk.Body)).Select(row => (row.Seq, row.Push)),
                .. log.Rows.Select(row => (row.Seq, row.Push)),
            ];
            all += expected;
            missing += Math.Max(0, expected - found.Length) + found.Where((row, i) => row.Seq != i + 1).Count();
            surplus += Math.Max(0, found.Length - expected) + found.Length - found.DistinctBy(row => row.Push).Count();
        }

        return new Rows(all, missing, surplus);
    }
}
