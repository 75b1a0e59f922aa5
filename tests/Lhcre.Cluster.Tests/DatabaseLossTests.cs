using System.Diagnostics;
using Lhcre.Cluster.Tests.Load;
using Xunit.Abstractions;

namespace Lhcre.Cluster.Tests;

/// <summary>The database goes away under a cluster at work, and comes back.</summary>
[Collection(nameof(SharedCluster))]
public sealed class DatabaseLossTests(SharedCluster shared, ITestOutputHelper log)
{
    // Longer than the 15 s for which a record may be shown as confirmed.
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Killed_it_is_missed_by_a_coded_503_on_writes_while_warm_reads_go_on_marked_and_nobody_restarts()
    {
        var cluster = await shared.Whole();
        await using var traffic = await Traffic.To(cluster.Silos, people: 40, seed: 40, rest: TimeSpan.FromMilliseconds(20));
        traffic.Begin(writers: 8, readers: 0);
        await traffic.Reach(traffic.Ledger.Acknowledged.Count + 100);

        await shared.Server.Kill();
        var during = await Outage.Watch(cluster, traffic, Away);
        await shared.Server.StartAgain();
        var back = await Recovery(traffic);
        await Task.WhenAll(during.Pushes.Select(traffic.Pushers.Send));
        await traffic.End();

        var audit = await Audit.Of(cluster.Silos[0].Client, traffic.Ledger);
        var rows = await shared.Rows(traffic.Ledger);
        log.WriteLine($"""
            PostgreSQL killed, away for {Away.TotalSeconds:F0} s: {during}; pushes acknowledged again {back.TotalSeconds:F1} s after it was back; {audit}; rows {rows}; no silo restarted
            """);
        log.WriteLine(string.Join('\n', Complaints.Of(cluster)));
        Assert.All(cluster.Silos, silo => Assert.False(silo.HasExited));
        during.Check(mustBeUnconfirmed: true);
        Assert.Empty(traffic.Ledger.Refused);
        Assert.True(audit is { Lost: 0, Duplicated: 0 }, string.Join('\n', audit.Findings));
        Assert.Equal(new Rows(rows.Expected, 0, 0), rows);
        Assert.True(back < TimeSpan.FromSeconds(20), $"pushes went on only {back} after the database was back");
    }

    [Fact]
    public async Task Restarted_it_costs_time_and_nothing_else()
    {
        var cluster = await shared.Whole();
        await using var traffic = await Traffic.To(cluster.Silos, people: 40, seed: 50, rest: TimeSpan.FromMilliseconds(5));
        traffic.Begin(writers: 16, readers: 2);
        await traffic.Reach(traffic.Ledger.Acknowledged.Count + 200);

        await shared.Server.Restart();
        var back = await Recovery(traffic);
        await traffic.Reach(traffic.Ledger.Acknowledged.Count + 200);
        await traffic.End();

        var audit = await Audit.Of(cluster.Silos[0].Client, traffic.Ledger);
        var rows = await shared.Rows(traffic.Ledger);
        log.WriteLine($"""
            PostgreSQL restarted under 16 pushers: {audit}; rows {rows}; pushes acknowledged again {back.TotalSeconds:F1} s after it was back; sent again: {traffic.FailuresByKind()}
            """);
        log.WriteLine(string.Join('\n', Complaints.Of(cluster)));
        Assert.All(cluster.Silos, silo => Assert.False(silo.HasExited));
        Assert.Empty(traffic.Ledger.Refused);
        Assert.True(audit is { Lost: 0, Duplicated: 0 }, string.Join('\n', audit.Findings));
        Assert.Equal(new Rows(rows.Expected, 0, 0), rows);
        Assert.Equal(0, traffic.Readers.Seen.Stale);
    }

    [Fact]
    public async Task Read_only_it_refuses_writes_with_a_coded_503_and_takes_them_again_without_a_restart()
    {
        var cluster = await shared.Whole();
        await using var traffic = await Traffic.To(cluster.Silos, people: 20, seed: 60, rest: TimeSpan.FromMilliseconds(20));
        traffic.Begin(writers: 4, readers: 0);
        await traffic.Reach(traffic.Ledger.Acknowledged.Count + 50);

        await ReadOnly("on");
        Outage during;
        try
        {
            during = await Outage.Watch(cluster, traffic, TimeSpan.FromSeconds(5));
        }
        finally
        {
            await ReadOnly("off");
        }

        var back = await Recovery(traffic);
        await Task.WhenAll(during.Pushes.Select(traffic.Pushers.Send));
        await traffic.End();

        var audit = await Audit.Of(cluster.Silos[0].Client, traffic.Ledger);
        log.WriteLine($"PostgreSQL read-only for 5 s: {during}; pushes acknowledged again {back.TotalSeconds:F1} s after it was writable; {audit}");
        Assert.All(cluster.Silos, silo => Assert.False(silo.HasExited));
        during.Check(mustBeUnconfirmed: false);
        Assert.True(audit is { Lost: 0, Duplicated: 0 }, string.Join('\n', audit.Findings));
    }

    // For all sessions, those that are open too: what a standby looks like that a connection string still points to.
    private async Task ReadOnly(string value)
    {
        await shared.Server.Execute($"ALTER SYSTEM SET default_transaction_read_only = {value}");
        await shared.Server.Execute("SELECT pg_reload_conf()");
    }

    private static async Task<TimeSpan> Recovery(Traffic traffic)
    {
        var clock = Stopwatch.StartNew();
        await traffic.Reach(traffic.Ledger.Acknowledged.Count + 8);
        return clock.Elapsed;
    }
}
