using Lhcre.Cluster.Tests.Load;
using Lhcre.Processes;
using Xunit.Abstractions;

namespace Lhcre.Cluster.Tests;

/// <summary>A front end of its own process that calls the grains over the Orleans client: <c>tests/Lhcre.SampleClient</c>.</summary>
[Collection(nameof(SharedCluster))]
public sealed class SampleClientTests(SharedCluster shared, ITestOutputHelper log) : IDisposable
{
    private static readonly string Assembly =
        Path.Combine(AppContext.BaseDirectory.Replace("Lhcre.Cluster.Tests", "Lhcre.SampleClient", StringComparison.Ordinal), "Lhcre.SampleClient.dll");

    private static readonly string Nobody = "p" + new string('a', 26);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-client-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0, "Usage", "--help")]
    [InlineData(2, "Usage")]
    [InlineData(2, "no verb", "dance", "paaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData(2, "KEY", "look-up", "9995000008")]
    [InlineData(2, "--postgres", "look-up", "paaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData(2, "--source", "push", "paaaaaaaaaaaaaaaaaaaaaaaaaa", "file", "--postgres", "Host=x")]
    [InlineData(3, "No silo", "look-up", "paaaaaaaaaaaaaaaaaaaaaaaaaa", "--postgres", "Host=127.0.0.1;Port=1;Username=nobody")]
    public async Task It_says_what_is_wrong_with_a_call(int expected, string saying, params string[] args)
    {
        var (exitCode, output) = await Run(args);

        Assert.True(expected == exitCode, $"{exitCode}: {output}");
        Assert.Contains(saying, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_looks_up_and_pushes_and_says_that_nobody_is_known()
    {
        var cluster = await shared.Whole();
        await using var traffic = await Traffic.To(cluster.Silos, people: 1, seed: 80);
        var person = traffic.People[0];

        var (exitCode, record) = await Run("look-up", person.Key.Value, "--postgres", shared.Database);
        Assert.True(exitCode == 0, record);
        Assert.Contains("\"resourceType\":\"Patient\"", record, StringComparison.Ordinal);

        (exitCode, var pushed) = await Push(person, "one");
        Assert.True(exitCode == 0, pushed);
        Assert.Contains("Applied", pushed, StringComparison.Ordinal);
        (exitCode, pushed) = await Push(person, "one");
        Assert.Contains("Unchanged", pushed, StringComparison.Ordinal);
        Assert.Contains("client-one", await cluster.Silos[1].Client.GetStringAsync(person.Everything), StringComparison.Ordinal);

        (exitCode, _) = await Run("look-up", Nobody, "--postgres", shared.Database);
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task It_goes_on_while_a_silo_is_killed()
    {
        var cluster = await shared.Whole();
        await using var traffic = await Traffic.To(cluster.Silos, people: 6, seed: 90);
        var lookingUp = traffic.People.Take(3).Select(p => Run("look-up", p.Key.Value, "--postgres", shared.Database, "--times", "40", "--every", "200")).ToList();
        await Task.Delay(TimeSpan.FromSeconds(4));

        await cluster.Silos[2].Kill();
        var pushing = traffic.People.Skip(3).Select(p => Push(p, "during"));

        foreach (var (exitCode, output) in await Task.WhenAll(lookingUp.Concat(pushing)))
        {
            log.WriteLine($"client while a silo is killed: {output.Trim()}");
            Assert.True(exitCode == 0, $"{exitCode}: {output}");
        }

        foreach (var person in traffic.People.Skip(3))
            Assert.Contains("client-during", await cluster.Silos[0].Client.GetStringAsync(person.Everything), StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Output)> Push(Person person, string name)
    {
        var file = Path.Combine(_folder.FullName, $"{person.Number}-{name}.json");
        await File.WriteAllTextAsync(file, person.Observation($"client-{name}", 3_000_000, 1));
        return await Run("push", person.Key.Value, file, "--source", person.Sources[0], "--id", name, "--postgres", shared.Database);
    }

    private static async Task<(int ExitCode, string Output)> Run(params string[] args)
    {
        await using var client = ChildProcess.Start(Assembly, args);
        var exitCode = await client.Exit(TimeSpan.FromMinutes(2));
        return (exitCode, client.Output);
    }
}
