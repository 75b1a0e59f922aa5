using k8s.Models;
using Lhcre.Deploy.Tests.Rules;
using Xunit.Abstractions;

namespace Lhcre.Deploy.Tests;

/// <summary>What is one overlay's own.</summary>
public sealed class OverlayTests(ITestOutputHelper output)
{
    // Most connections of one silo: reads 32 and the writer (PostgresConnections), imports 32, membership and side state 8 (ClusterMember).
    private const int Connections = 32 + 1 + 32 + 8;

    private static readonly Dictionary<string, string> Settings = Read(Repository.At("k8s/overlays/production/postgresql.conf"));

    [Fact]
    public async Task Production_is_spread_over_zones_and_goes_on_without_one()
    {
        if (await Rendering.Text("overlays/production", output) is not { } yaml)
            return;
        var rendering = Rendering.Read(yaml);
        var zones = rendering.Silo.Spec.Template.Spec.TopologySpreadConstraints.Single(t => t.TopologyKey == "topology.kubernetes.io/zone");

        Assert.Equal((1, "DoNotSchedule", "Honor", null as int?), (zones.MaxSkew, zones.WhenUnsatisfiable, zones.NodeTaintsPolicy, zones.MinDomains));
        Assert.True(ReferenceRules.Silos(rendering).IsSelected(zones.LabelSelector));
        Assert.True(rendering.All<V2HorizontalPodAutoscaler>().Single().Spec.MinReplicas >= 3);
        Assert.Equal("restricted", rendering.All<V1Namespace>().Single().Metadata.Labels["pod-security.kubernetes.io/enforce"]);
    }

    [Fact]
    public async Task Production_names_the_release_that_it_runs()
    {
        if (await Rendering.Text("overlays/production", output) is not { } yaml)
            return;
        var images = Rendering.Read(yaml).Workloads.SelectMany(w => w.Containers).Select(c => c.Image).Distinct().ToArray();

        Assert.Matches(@"^[a-z0-9./-]+/lhcre-silo:\d+\.\d+\.\d+$", Assert.Single(images));
    }

    [Theory]
    [InlineData("fsync", "on")]
    [InlineData("full_page_writes", "on")]
    [InlineData("synchronous_commit", "on")]
    [InlineData("archive_mode", "on")]
    [InlineData("log_error_verbosity", "terse")]
    [InlineData("log_min_error_statement", "panic")]
    public void The_database_of_production_loses_and_tells_nothing(string setting, string value) => Assert.Equal(value, Settings[setting]);

    [Fact]
    public void A_commit_of_production_waits_for_a_standby() => Assert.Matches(@"^'ANY 1 \(\w+, \w+\)'$", Settings["synchronous_standby_names"]);

    [Fact]
    public async Task The_database_has_a_connection_for_whatever_silos_there_may_be()
    {
        if (await Rendering.Text("overlays/production", output) is not { } yaml)
            return;
        var rendering = Rendering.Read(yaml);
        var most = rendering.All<V2HorizontalPodAutoscaler>().Single().Spec.MaxReplicas + rendering.Silo.Spec.Strategy.RollingUpdate.MaxSurge.ToInt();

        Assert.InRange(int.Parse(Settings["max_connections"], System.Globalization.CultureInfo.InvariantCulture), most * Connections, int.MaxValue);
    }

    private static Dictionary<string, string> Read(string path) => File.ReadLines(path)
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
        .ToDictionary(parts => parts[0], parts => parts[1]);
}
