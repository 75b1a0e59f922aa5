using System.Diagnostics;
using Lhcre.Cluster.Tests.Load;
using Xunit.Abstractions;

namespace Lhcre.Cluster.Tests;

/// <summary>
/// A rolling restart as Kubernetes does it: SIGTERM to one after the other, the next one once the one before is ready again. A request counts
/// as failed if it was sent and was answered by anything but 2xx, or not at all: none of them is sent again to make up for it. Only one whose
/// connection could not be made goes to the next silo (<see cref="Balancer"/>).
/// </summary>
[Collection(nameof(SharedCluster))]
public sealed class RollTests(SharedCluster shared, ITestOutputHelper log)
{
    [Fact]
    public async Task A_rolling_restart_under_load_fails_no_request_and_hands_warm_records_over()
    {
        var cluster = await shared.Whole();
        await using var traffic = await Traffic.To(cluster.Silos, people: Scale.Of(120, 400), seed: 20, rest: TimeSpan.FromMilliseconds(30));
        traffic.Begin(writers: 8, readers: 4);
        var clock = Stopwatch.StartNew();
        var handOvers = new List<HandOver>();
        var longestStop = TimeSpan.Zero;
        for (var i = 0; i < cluster.Silos.Count; i++)
        {
            var stopping = cluster.Silos[i];
            var (exitCode, took) = await stopping.Terminate();
            Assert.Equal(0, exitCode);
            longestStop = took > longestStop ? took : longestStop;
            handOvers.Add(HandOver.In(stopping.Output));
            await cluster.Restart(i);
            await traffic.Balancer.InService(cluster.Silos[i].Url);
        }

        await traffic.End();
        var rolled = clock.Elapsed;

        var audit = await Audit.Of(cluster.Silos[0].Client, traffic.Ledger);
        var rows = await shared.Rows(traffic.Ledger);
        var lookups = traffic.Readers.Seen;
        var (warm, handed) = (handOvers.Sum(h => h.Warm), handOvers.Sum(h => h.Handed));
        log.WriteLine($"""
            roll of all three under load: {traffic.Ledger.Failures.Count} failed of {audit.Acknowledged + lookups.Count} requests ({traffic.FailuresByKind()}), {traffic.Balancer.Redispatched} not sent and given to the next silo; handed over {handed} of {warm} warm records under the cap ({string.Join(", ", handOvers)}); {audit}; rows {rows}; longest lookup {lookups.Longest.TotalSeconds:F1} s, longest stop {longestStop.TotalSeconds:F1} s, all in {rolled.TotalSeconds:F0} s
            """);
        Assert.Equal("", string.Join('\n', Complaints.Of(cluster)));
        Assert.Empty(traffic.Ledger.Refused);
        Assert.Empty(traffic.Ledger.Failures);
        Assert.True(audit is { Lost: 0, Duplicated: 0 }, string.Join('\n', audit.Findings));
        Assert.Equal(new Rows(rows.Expected, 0, 0), rows);
        Assert.Equal(0, lookups.Stale);
        Assert.True(longestStop < TimeSpan.FromSeconds(30), $"a stop took {longestStop}");
        Assert.True(handed >= 0.9 * warm, $"{handed} of {warm} handed over");
    }
}
