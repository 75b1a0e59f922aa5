using System.Diagnostics;
using System.Text.Json;
using Lhcre.Processes;
using Xunit.Abstractions;

namespace Lhcre.Cluster.Tests;

/// <summary>What is known of the sources' feeds, from silo to silo and over a kill of all of them.</summary>
[Collection(nameof(SharedCluster))]
public sealed class FeedTests(SharedCluster shared, ITestOutputHelper log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_one_silo_hears_all_say_and_a_kill_of_all_does_not_forget_it()
    {
        // A database of its own: no source was heard by it.
        await using var cluster = await SiloCluster.Start(await shared.Server.CreateDatabase(), silos: 2);
        Assert.All(await Task.WhenAll(cluster.Silos.Select(LastContact)), Assert.Null);

        var clock = Stopwatch.StartNew();
        using (var answer = await cluster.Silos[0].Client.PutAsync(
            "sources/hampshire/fhir/Organization/ward", new StringContent("""{"resourceType":"Organization","id":"ward","name":"Ward"}""", null, "application/fhir+json")))
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var heard = await LastContact(cluster.Silos[0]);
        Assert.NotNull(heard);
        while (await LastContact(cluster.Silos[1]) != heard)
        {
            Assert.True(clock.Elapsed < Patience, "The other silo does not know of it.");
            await Task.Delay(50);
        }

        log.WriteLine($"the other silo knew of a contact after {clock.Elapsed.TotalSeconds:F1} s");
        // It came by way of the database: nobody else knows.
        await Task.WhenAll(cluster.Silos.Select(s => s.Kill()));
        await cluster.Restart(1);
        Assert.Equal(heard, await LastContact(cluster.Silos[1]));
    }

    private static async Task<string?> LastContact(SiloProcess silo)
    {
        using var status = JsonDocument.Parse(await silo.Client.GetStringAsync("fhir/$source-status"));
        var parts = status.RootElement.GetProperty("parameter").EnumerateArray().Select(p => p.GetProperty("part").EnumerateArray().ToDictionary(part => part.GetProperty("name").GetString()!));
        var hampshire = parts.Single(p => p["id"].GetProperty("valueCode").GetString() == "hampshire");
        return hampshire.TryGetValue("lastContact", out var contact) ? contact.GetProperty("valueInstant").GetString() : null;
    }
}
