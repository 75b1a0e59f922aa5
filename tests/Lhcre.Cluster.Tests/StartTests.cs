using Lhcre.Processes;
using Npgsql;

namespace Lhcre.Cluster.Tests;

/// <summary>A silo that cannot start says why in one line that an operator can act on, and ends with exit code 3.</summary>
[Collection(nameof(SharedCluster))]
public sealed class StartTests(SharedCluster shared)
{
    private const string Password = "not-to-be-shown";

    [Theory]
    [InlineData("serve")]
    [InlineData("migrate")]
    public async Task A_database_that_cannot_be_reached(string verb)
    {
        var (exitCode, output) = await Run(verb, $"Host=127.0.0.1;Port={FreePort.Next()};Username=lhcre;Password={Password};Database=lhcre");

        Refused(exitCode, output, "");
    }

    [Fact]
    public async Task A_password_that_is_wrong()
    {
        var wrong = new NpgsqlConnectionStringBuilder(shared.Database) { Password = Password };

        var (exitCode, output) = await Run("serve", wrong.ConnectionString);

        Refused(exitCode, output, "");
    }

    [Fact]
    public async Task A_database_that_was_never_migrated_and_one_that_a_newer_release_has_migrated()
    {
        var database = await shared.Server.CreateDatabase();

        var (exitCode, output) = await Run("serve", database);
        Refused(exitCode, output, "migrate");

        (exitCode, output) = await SiloCluster.Migrate(database);
        Assert.True(exitCode == 0, output);
        await PostgresServer.Execute(database, "INSERT INTO lhcre_schema (script) VALUES ('9999-of-a-newer-release.sql')");
        (exitCode, output) = await Run("serve", database);
        Refused(exitCode, output, "newer");
        (exitCode, output) = await Run("migrate", database);
        Refused(exitCode, output, "newer");
    }

    [Fact]
    public async Task Migrating_twice_and_at_once_does_it_once()
    {
        var database = await shared.Server.CreateDatabase();

        var both = await Task.WhenAll(SiloCluster.Migrate(database), SiloCluster.Migrate(database));
        var again = await SiloCluster.Migrate(database);

        Assert.All(both, run => Assert.True(run.ExitCode == 0, run.Output));
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("nothing to do", again.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Another_pseudonym_key_than_that_of_the_data()
    {
        await shared.Whole();

        var (exitCode, output) = await SiloProcess.Run(SiloCluster.Plan(shared.Database).Args, [("LHCRE_PSEUDONYM_KEY", Convert.ToBase64String(new byte[32]))]);

        Refused(exitCode, output, "pseudonym key");
    }

    [Fact]
    public async Task An_address_that_another_silo_has()
    {
        var cluster = await shared.Whole();
        var plan = SiloCluster.Plan(shared.Database) with { SiloPort = cluster.Silos[0].Plan.SiloPort };

        var (exitCode, output) = await SiloProcess.Run(plan.Args, plan.Environment);

        Refused(exitCode, output, "--silo-port");
        Assert.True(await cluster.Silos[0].IsReady());
    }

    private static Task<(int ExitCode, string Output)> Run(string verb, string connectionString) => SiloProcess.Run(
        verb == "serve" ? SiloCluster.Plan(connectionString).Args : [verb, "--postgres", connectionString], SiloCluster.Environment);

    private static void Refused(int exitCode, string output, string saying)
    {
        Assert.True(exitCode == 3, $"exit code {exitCode}: {output}");
        Assert.Single(output.Trim().Split('\n'));
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, output, StringComparison.Ordinal);
        Assert.Contains(saying, output, StringComparison.OrdinalIgnoreCase);
    }
}
