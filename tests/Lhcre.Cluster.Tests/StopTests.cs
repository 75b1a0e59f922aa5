using Lhcre.Processes;
using Xunit.Abstractions;

namespace Lhcre.Cluster.Tests;

/// <summary>SIGTERM where nothing is left that could be waited for.</summary>
[Collection(nameof(SharedCluster))]
public sealed class StopTests(SharedCluster shared, ITestOutputHelper log)
{
    [Fact]
    public async Task Without_its_database_and_its_fellow_a_silo_still_ends_within_the_thirty_seconds_that_are_promised()
    {
        await using var cluster = await SiloCluster.Start(await shared.Server.CreateDatabase(), silos: 2);
        await cluster.Silos[1].Kill();
        await shared.Server.Kill();
        try
        {
            var (exitCode, took) = await cluster.Silos[0].Terminate();
            log.WriteLine($"SIGTERM without database and fellow: exit code {exitCode} after {took.TotalSeconds:F1} s");
            Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        }
        finally
        {
            await shared.Server.StartAgain();
        }
    }
}
