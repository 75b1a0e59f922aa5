using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Lhcre.Cluster.Tests.Load;
using Lhcre.Processes;
using Xunit.Abstractions;

namespace Lhcre.Cluster.Tests;

/// <summary>An import in a cluster: any silo carries out any piece, and what a killed one had begun another goes on with.</summary>
[Collection(nameof(SharedCluster))]
public sealed class ImportTests(SharedCluster shared, ITestOutputHelper log)
{
    // A killed silo's pieces are free when their lease of 30 s has run out.
    private static readonly TimeSpan DoneWithin = TimeSpan.FromMinutes(3);

    private const int People = 30;

    [Fact]
    public async Task What_two_killed_silos_had_begun_the_third_carries_out_to_its_end_and_nothing_of_it_twice()
    {
        var cluster = await shared.Whole();
        var (people, each) = (Person.Fresh(People), Scale.Of(120, 1_200));
        var lines = Lines(people, each);
        var path = await Post(cluster.Silos[0], lines);

        await Until(cluster.Silos[2], path, s => Done(s) >= lines.Count / 5);
        await cluster.Silos[0].Kill();
        await Until(cluster.Silos[2], path, s => Done(s) >= lines.Count * 2 / 5);
        await cluster.Silos[1].Kill();
        var standing = await Until(cluster.Silos[2], path, s => s["state"]!.GetValue<string>() == "done");

        log.WriteLine(standing.ToJsonString());
        var resources = standing["resources"]!;
        Assert.Equal((lines.Count, 0, 0), (Done(standing), resources["parked"]!.GetValue<int>(), resources["refused"]!.GetValue<int>()));
        Assert.Equal(lines.Count, resources["applied"]!.GetValue<int>() + resources["unchanged"]!.GetValue<int>());
        foreach (var person in people)
        {
            var all = JsonNode.Parse(await cluster.Silos[2].Client.GetStringAsync($"sources/isle-of-wight/fhir/Patient/{person.PatientId}/$everything"))!;
            Assert.Equal(each + 1, all["entry"]!.AsArray().Select(e => e!["fullUrl"]!.GetValue<string>()).Distinct().Count());
            Assert.Equal(each + 1, all["total"]!.GetValue<int>());
        }

        await cluster.MakeWhole();
    }

    // All Patients last, though they are carried out first.
    private static List<string> Lines(IReadOnlyList<Person> people, int each)
    {
        var note = $$""","note":[{"text":"{{new string('x', 2_000)}}"}]}""";
        return [.. Enumerable.Range(0, each).SelectMany(n => people.Select(p => p.Observation($"import-{p.Number}-{n}", n, n)[..^1] + note)), .. people.Select(p => p.Patient)];
    }

    private static async Task<string> Post(SiloProcess silo, IEnumerable<string> lines)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+ndjson");
        using var response = await silo.Client.PostAsync("sources/isle-of-wight/$import", content);
        Assert.Equal(202, (int)response.StatusCode);
        return response.Content.Headers.ContentLocation!.ToString().TrimStart('/');
    }

    private static async Task<JsonNode> Until(SiloProcess silo, string path, Func<JsonNode, bool> holds)
    {
        using var limit = new CancellationTokenSource(DoneWithin);
        while (true)
        {
            var standing = JsonNode.Parse(await silo.Client.GetStringAsync(path, limit.Token))!;
            if (holds(standing))
                return standing;
            await Task.Delay(20, limit.Token);
        }
    }

    private static int Done(JsonNode standing) => standing["lines"]!["done"]!.GetValue<int>();
}
