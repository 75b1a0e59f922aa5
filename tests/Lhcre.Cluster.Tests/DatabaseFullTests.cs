using System.Diagnostics;
using System.Globalization;
using Lhcre.Cluster.Tests.Load;
using Lhcre.Processes;
using Xunit.Abstractions;

namespace Lhcre.Cluster.Tests;

/// <summary>
/// The disk on which the database lies is full: a tablespace on a small file system in memory. (The write-ahead log stays elsewhere: where that
/// is full too PostgreSQL stops itself, which is the case of <see cref="DatabaseLossTests"/>.)
/// </summary>
[Collection(nameof(SharedCluster))]
public sealed class DatabaseFullTests(SharedCluster shared, ITestOutputHelper log)
{
    private const int Megabytes = 48;

    [Fact]
    public async Task A_full_disk_is_a_coded_503_and_room_on_it_is_enough_to_go_on()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            log.WriteLine("Not run: only root may mount a small file system to be filled.");
            return;
        }

        await using var disk = await SmallDisk.Mount(Megabytes);
        await shared.Server.Execute($"CREATE TABLESPACE small LOCATION '{disk.Folder}'");
        var name = $"full_{Environment.ProcessId}";
        await shared.Server.Execute($"CREATE DATABASE {name} TEMPLATE template0 TABLESPACE small");
        await using (var cluster = await SiloCluster.Start(shared.Server.ConnectionString(name), silos: 1))
        {
            await using var traffic = await Traffic.To(cluster.Silos, people: 10, seed: 70, rest: TimeSpan.FromMilliseconds(20));

            await disk.Fill();
            // What the tables' last pages still have room for is taken up first.
            traffic.Begin(writers: 8, readers: 0);
            var clock = Stopwatch.StartNew();
            while (traffic.Ledger.Failures.Count < 50 && clock.Elapsed < TimeSpan.FromSeconds(60))
                await Task.Delay(50);
            var full = traffic.Ledger.Failures.Count;
            using var warm = await cluster.Silos[0].Client.GetAsync(traffic.People[0].Everything);
            var ready = await cluster.Silos[0].IsReady();
            disk.Free();
            clock.Restart();
            await traffic.Reach(traffic.Ledger.Acknowledged.Count + 20);
            var back = clock.Elapsed;
            await traffic.End();

            var audit = await Audit.Of(cluster.Silos[0].Client, traffic.Ledger);
            log.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"disk full: {traffic.FailuresByKind()}; a warm lookup was answered {(int)warm.StatusCode}, ready: {ready}; pushes acknowledged again {back.TotalSeconds:F1} s after there was room; {audit}"));
            Assert.True(full >= 50, $"the disk never was full: {full} refusals");
            Assert.All(traffic.Ledger.Failures, failure => Assert.Contains("503 LHC902", failure, StringComparison.Ordinal));
            Assert.True(warm.IsSuccessStatusCode);
            Assert.True(ready);
            Assert.False(cluster.Silos[0].HasExited);
            Assert.True(audit is { Lost: 0, Duplicated: 0 }, string.Join('\n', audit.Findings));
        }

        await shared.Server.Execute($"DROP DATABASE {name} WITH (FORCE)");
        await shared.Server.Execute("DROP TABLESPACE small");
    }
}
