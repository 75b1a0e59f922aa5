using Lhcre.Processes;
using Lhcre.Silo.Tests.Http;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Processes;

/// <summary>The process as an operator meets it.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-serve-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_was_acknowledged_is_there_after_kill_and_restart_byte_for_byte()
    {
        var nhs = FreshNhsNumber();
        await using var first = await SiloProcess.Serve(_folder.FullName);
        using (var pushed = await first.Client.PostAsync("sources/dorset/fhir", TestSilo.Fhir(Collection(Patient("k", nhs), Observation("k", "Patient/k")))))
            Assert.True(pushed.IsSuccessStatusCode);
        var search = $"fhir/Patient?identifier={nhs}";
        var id = System.Text.Json.Nodes.JsonNode.Parse(await first.Client.GetStringAsync(search))!["entry"]![0]!["resource"]!["id"]!.GetValue<string>();
        var before = await first.Client.GetStringAsync($"fhir/Patient/{id}/$everything");
        await first.Kill();

        await using var second = await SiloProcess.Serve(_folder.FullName, new Uri(first.Url).Port);

        Assert.Equal(before, await second.Client.GetStringAsync($"fhir/Patient/{id}/$everything"));
        var (exitCode, took) = await second.Terminate();
        Assert.Equal(0, exitCode);
        Assert.True(took < TimeSpan.FromSeconds(30), $"SIGTERM took {took}");
    }

    [Fact]
    public async Task A_second_process_on_the_same_folder_is_refused_in_one_line()
    {
        await using var first = await SiloProcess.Serve(_folder.FullName);

        var (exitCode, output) = await SiloProcess.Run(["serve", "--data", _folder.FullName, .. FreePorts()]);

        Assert.Equal(3, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Single(output.Trim().Split('\n'));
    }

    [Fact]
    public async Task Another_pseudonym_key_is_refused()
    {
        await using (await SiloProcess.Serve(_folder.FullName))
        {
        }

        var (exitCode, output) = await SiloProcess.Run(
            ["serve", "--data", _folder.FullName, .. FreePorts()],
            ("LHCRE_PSEUDONYM_KEY", Convert.ToBase64String(new byte[32])));

        Assert.Equal(3, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused_in_one_line()
    {
        await using var first = await SiloProcess.Serve(_folder.FullName);
        using var other = new TemporaryFolder();

        var (exitCode, output) = await SiloProcess.Run(
            ["serve", "--data", other.Path, "--urls", first.Url, "--silo-port", $"{FreePort.Next()}", "--gateway-port", $"{FreePort.Next()}"]);

        Assert.Equal(3, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Contains("--urls", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_port_that_is_taken_is_refused_in_one_line()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;

        var (exitCode, output) = await SiloProcess.Run(
            ["serve", "--data", _folder.FullName, "--urls", $"http://127.0.0.1:{FreePort.Next()}", "--silo-port", $"{port}", "--gateway-port", $"{FreePort.Next()}"]);

        Assert.Equal(3, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Contains("--silo-port", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", 0)]
    [InlineData("-h", 0)]
    [InlineData("help", 0)]
    [InlineData("serve --help", 0)]
    [InlineData("demo --help", 0)]
    [InlineData("load --help", 0)]
    [InlineData("dance", 2)]
    [InlineData("load", 2)]
    public async Task Help_is_there(string args, int exitCode)
    {
        var (code, output) = await SiloProcess.Run(args.Split(' '));

        Assert.Equal(exitCode, code);
        Assert.Contains(exitCode == 0 ? "Usage: " : "help", output, StringComparison.Ordinal);
    }

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-serve-");

        public string Path => _folder.FullName;

        public void Dispose() => _folder.Delete(recursive: true);
    }

    private static string[] FreePorts() =>
        ["--urls", $"http://127.0.0.1:{FreePort.Next()}", "--silo-port", $"{FreePort.Next()}", "--gateway-port", $"{FreePort.Next()}"];
}
