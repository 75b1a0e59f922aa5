using Lhcre.Processes;
using Lhcre.Silo.Tests.Http;

namespace Lhcre.Silo.Tests.Cluster;

/// <summary>The verbs that need a database, as an operator meets them.</summary>
public sealed class MigrateTests : IAsyncLifetime
{
    private static readonly (string, string) Key = ("LHCRE_PSEUDONYM_KEY", Convert.ToBase64String(new byte[32]));

    private PostgresServer _server = null!;

    public async Task InitializeAsync() => _server = await PostgresServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_database_is_refused_until_it_is_migrated_and_migrating_again_does_nothing()
    {
        var postgres = await _server.CreateDatabase();
        var refused = await Serve(postgres, Key);
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("Lhcre.Silo migrate --postgres", Line(refused.Output), StringComparison.Ordinal);

        var first = await SiloProcess.Run(["migrate", "--postgres", postgres], Key);
        var second = await SiloProcess.Run(["migrate", "--postgres", postgres], Key);

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Contains("Applied 0001", first.Output, StringComparison.Ordinal);
        Assert.StartsWith("Nothing to do", Line(second.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_key_and_a_newer_schema_are_refused_in_a_line()
    {
        var postgres = await _server.CreateDatabase();
        await SiloProcess.Run(["migrate", "--postgres", postgres], Key);
        var other = ("LHCRE_PSEUDONYM_KEY", Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray()));
        Assert.Equal((3, 3), ((await Serve(postgres, other)).ExitCode, (await SiloProcess.Run(["migrate", "--postgres", postgres], other)).ExitCode));

        await PostgresServer.Execute(postgres, "INSERT INTO lhcre_schema (script) VALUES ('9999-of-a-later-release.sql')");
        var newer = await Serve(postgres, Key);

        Assert.Equal(3, newer.ExitCode);
        Assert.DoesNotContain("   at ", Line(newer.Output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("migrate")]
    public async Task A_database_that_cannot_be_reached_is_a_line_with_its_address_and_without_its_password(string verb)
    {
        var nobody = $"Host=127.0.0.1;Port={TestSilo.FreePort()};Username=nobody;Password=s3cret;Database=none;Timeout=3";

        var (exitCode, output) = verb == "serve" ? await Serve(nobody, Key) : await SiloProcess.Run([verb, "--postgres", nobody], Key);

        Assert.Equal(3, exitCode);
        Assert.Contains("127.0.0.1:", Line(output), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Which_database_must_be_said_and_the_key_must_be_given()
    {
        Assert.Equal(2, (await SiloProcess.Run(["migrate"], Key)).ExitCode);
        var keyless = await SiloProcess.Run(["migrate", "--postgres", "Host=127.0.0.1"], ("LHCRE_PSEUDONYM_KEY", ""), ("LHCRE_PSEUDONYM_KEY_FILE", ""));
        Assert.Equal(2, keyless.ExitCode);
        Assert.Contains("LHCRE_PSEUDONYM_KEY", keyless.Output, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output)> Serve(string postgres, params (string, string)[] environment) => SiloProcess.Run(
        ["serve", "--postgres", postgres, "--base-url", "http://127.0.0.1", "--urls", $"http://127.0.0.1:{TestSilo.FreePort()}", "--silo-port", $"{TestSilo.FreePort()}", "--gateway-port", $"{TestSilo.FreePort()}"],
        environment);

    private static string Line(string output) => Assert.Single(output.Trim().Split('\n'));
}
