using System.Diagnostics;
using System.Text.RegularExpressions;
using Lhcre.Cluster.Tests.Load;
using Lhcre.Processes;
using Xunit.Abstractions;

namespace Lhcre.Cluster.Tests;

/// <summary>One silo's clock is 20 minutes ahead, another's 20 minutes behind, and the one that is right is killed.</summary>
[Collection(nameof(SharedCluster))]
public sealed partial class ClockSkewTests(SharedCluster shared, ITestOutputHelper log)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(20);

    [Fact]
    public async Task Clocks_that_disagree_lose_nothing_and_do_not_keep_a_killed_silo_alive()
    {
        using var wrong = await SkewedClock.Make();
        if (wrong is null)
        {
            log.WriteLine("Not run: there is no C compiler (apt-get install gcc) with which to give a process a wrong clock.");
            return;
        }

        var database = await shared.Server.CreateDatabase();
        await using var cluster = await SiloCluster.Start(
            database, SiloCluster.Plan(database), Ahead(wrong, SiloCluster.Plan(database), Skew), Ahead(wrong, SiloCluster.Plan(database), -Skew));
        await using var traffic = await Traffic.To(cluster.Silos, people: 30, seed: 100, rest: TimeSpan.FromMilliseconds(10));
        traffic.Begin(writers: 8, readers: 2);
        await traffic.Reach(traffic.Ledger.Acknowledged.Count + 200);

        var sinceKill = Stopwatch.StartNew();
        await cluster.Silos[0].Kill();
        var answered = await traffic.Readers.LookUpAll(sinceKill);
        await cluster.Restart(0);
        await traffic.Reach(traffic.Ledger.Acknowledged.Count + 200);
        await traffic.End();

        var audit = await Audit.Of(cluster.Silos[1].Client, traffic.Ledger);
        var rows = await SharedCluster.Rows(database, traffic.Ledger);
        var times = new List<DateTimeOffset>();
        foreach (var person in traffic.People)
            times.AddRange(Updated().Matches(await cluster.Silos[0].Client.GetStringAsync(person.Everything)).Select(m => DateTimeOffset.Parse(m.Groups[1].Value, null)));
        log.WriteLine($"""
            clocks 20 min ahead and behind, the right one killed: {audit}; rows {rows}; every record answered {answered.TotalSeconds:F1} s after the kill; {traffic.Readers.Seen.Stale} stale; times stamped from {(times.Min() - DateTimeOffset.UtcNow).TotalMinutes:F0} to {(times.Max() - DateTimeOffset.UtcNow).TotalMinutes:F0} min from now; sent again: {traffic.FailuresByKind()}
            """);
        Assert.All(cluster.Silos, silo => Assert.False(silo.HasExited));
        Assert.Empty(traffic.Ledger.Refused);
        Assert.True(audit is { Lost: 0, Duplicated: 0 }, string.Join('\n', audit.Findings));
        Assert.Equal(new Rows(rows.Expected, 0, 0), rows);
        Assert.Equal(0, traffic.Readers.Seen.Stale);
        Assert.True(answered < TimeSpan.FromSeconds(15), $"the last record was answered {answered} after the kill");
        // Otherwise all clocks were right, and nothing is shown by this.
        Assert.True(times.Max() - times.Min() > Skew, $"stamps from {times.Min()} to {times.Max()}");
    }

    private static SiloPlan Ahead(SkewedClock wrong, SiloPlan plan, TimeSpan by) => plan with { Environment = [.. plan.Environment, .. wrong.Environment(by)] };

    [GeneratedRegex("\"lastUpdated\":\"([^\"]+)\"")]
    private static partial Regex Updated();
}
