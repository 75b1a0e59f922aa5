using System.Diagnostics;
using Lhcre.Cluster.Tests.Load;
using Xunit.Abstractions;

namespace Lhcre.Cluster.Tests;

/// <summary>kill -9 of one silo of three in the middle of heavy pushing.</summary>
[Collection(nameof(SharedCluster))]
public sealed class KillTests(SharedCluster shared, ITestOutputHelper log)
{
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_applied_twice_and_every_record_is_answered_within_ten_seconds()
    {
        var cluster = await shared.Whole();
        var pushes = Scale.Of(2_000, 20_000);
        await using var traffic = await Traffic.To(cluster.Silos, people: Scale.Of(120, 400), seed: 10);
        traffic.Begin(writers: 32, readers: 4, pushes);
        var clock = Stopwatch.StartNew();
        await traffic.Reach(pushes * 2 / 5);

        var sinceKill = Stopwatch.StartNew();
        await cluster.Silos[0].Kill();
        var answered = await traffic.Readers.LookUpAll(sinceKill);
        await cluster.Restart(0);
        await traffic.Finish();
        var took = clock.Elapsed;

        var audit = await Audit.Of(cluster.Silos[1].Client, traffic.Ledger);
        var rows = await shared.Rows(traffic.Ledger);
        var lookups = traffic.Readers.Seen;
        log.WriteLine($"""
            kill -9 of one of three under 32 pushers: {audit}; rows {rows}; every record answered {answered.TotalSeconds:F1} s after the kill, {lookups.Count} lookups, the longest {lookups.Longest.TotalSeconds:F1} s, {lookups.Stale} stale; {audit.Acknowledged / took.TotalSeconds:F0} pushes/s over the kill and the restart; sent again: {traffic.FailuresByKind()}
            """);
        Assert.Equal("", string.Join('\n', Complaints.Of(cluster)));
        Assert.Empty(traffic.Ledger.Refused);
        Assert.True(audit.Acknowledged >= pushes);
        Assert.True(audit is { Lost: 0, Duplicated: 0 }, string.Join('\n', audit.Findings));
        Assert.Equal(new Rows(rows.Expected, 0, 0), rows);
        Assert.True(answered < AnsweredWithin, $"the last record was answered {answered} after the kill");
        Assert.True(lookups.Longest < AnsweredWithin, $"the longest lookup took {lookups.Longest}");
        Assert.Equal(0, lookups.Stale);
    }
}
