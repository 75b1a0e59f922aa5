using System.Diagnostics;
using Lhcre.Cluster.Tests.Load;
using Lhcre.Grains.Journal;
using Lhcre.Processes;
using Xunit.Abstractions;

namespace Lhcre.Cluster.Tests;

/// <summary>The single process with its embedded store, killed in the middle of pushing.</summary>
public sealed class EmbeddedKillTests(ITestOutputHelper log) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-embedded-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_was_acknowledged_is_there_once_after_a_kill_in_the_middle_of_pushing()
    {
        var pushes = Scale.Of(500, 5_000);
        var people = Person.Fresh(40);
        var plan = SiloPlan.On(["--data", _folder.FullName], [.. SiloCluster.Environment]);
        await using var first = await SiloProcess.Serve(plan);
        await using var balancer = new Balancer([first]);
        var ledger = new Ledger();
        var pushers = new Pushers(balancer, ledger, people, seed: 1);
        await balancer.InService(first.Url);
        await pushers.Introduce();

        var clock = Stopwatch.StartNew();
        var pushing = pushers.Run(8, pushes, CancellationToken.None);
        while (ledger.Acknowledged.Count < pushes * 2 / 5)
            await Task.Delay(10);
        await first.Kill();
        await using var second = await SiloProcess.Serve(plan);
        await pushing;
        var took = clock.Elapsed;

        var audit = await Audit.Of(second.Client, ledger);
        await second.Terminate();
        await using var journal = await SqliteJournal.Open(_folder.FullName, SiloCluster.Pseudonym.Fingerprint, CancellationToken.None);
        var rows = await Rows.Of(journal, ledger);
        log.WriteLine($"embedded, kill -9: {audit}; rows {rows}; {ledger.Failures.Count} requests had to be sent again; {pushes / took.TotalSeconds:F0} pushes/s with the restart");
        Assert.Empty(ledger.Refused);
        Assert.NotEmpty(ledger.Failures);
        Assert.True(audit is { Lost: 0, Duplicated: 0 }, string.Join('\n', audit.Findings));
        Assert.Equal(new Rows(rows.Expected, 0, 0), rows);
    }
}
