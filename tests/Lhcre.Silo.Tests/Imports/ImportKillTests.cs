using System.Text.Json.Nodes;
using Lhcre.Processes;
using Xunit.Abstractions;
using static Lhcre.Silo.Tests.Data.Examples;
using static Lhcre.Silo.Tests.Imports.ImportHttp;

namespace Lhcre.Silo.Tests.Imports;

/// <summary>A process with its embedded store, killed in the middle of an import.</summary>
public sealed class ImportKillTests(ITestOutputHelper log) : IDisposable
{
    private const int People = 40;
    private const int Each = 50;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-import-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_import_that_is_killed_again_and_again_is_carried_out_to_its_end_and_nothing_of_it_twice()
    {
        var note = $$""","note":[{"text":"{{new string('x', 3_000)}}"}]""";
        var lines = Enumerable.Range(0, Each).SelectMany(n => Enumerable.Range(0, People).Select(p => Observation($"k{p}-{n}", $"Patient/k{p}", $"{n}.5", note)))
            .Concat(Enumerable.Range(0, People).Select(p => Patient($"k{p}", FreshNhsNumber())))
            .Append("nonsense").ToList();
        var plan = SiloPlan.On(["--data", _folder.FullName]);
        var silo = await SiloProcess.Serve(plan);
        var path = await silo.Client.Accepted("dorset", lines);

        JsonNode standing = new JsonObject();
        for (var kill = 1; kill <= 3; kill++)
        {
            var atLeast = lines.Count * kill / 5;
            do
                standing = await silo.Client.Standing(path);
            while (Done(standing) < atLeast && State(standing) != "done");
            await silo.Kill();
            await silo.DisposeAsync();
            log.WriteLine($"killed with {Done(standing)} of {lines.Count} lines told as done");
            silo = await SiloProcess.Serve(plan);
        }

        standing = await silo.Client.Until(path);
        var (applied, unchanged, parked, refused) = Counts(standing);
        log.WriteLine(standing.ToJsonString());
        Assert.Equal((lines.Count, 1), (Done(standing), refused));
        Assert.Equal((lines.Count - 1, 0), (applied + unchanged, parked));
        Assert.True(standing["resumed"]!.GetValue<int>() >= 1);
        for (var p = 0; p < People; p++)
        {
            var all = JsonNode.Parse(await silo.Client.GetStringAsync($"sources/dorset/fhir/Patient/k{p}/$everything"))!;
            Assert.Equal(Each + 1, all["total"]!.GetValue<int>());
            Assert.Equal(Each + 1, all["entry"]!.AsArray().Select(e => e!["fullUrl"]!.GetValue<string>()).Distinct().Count());
        }

        await silo.DisposeAsync();
    }

    private static int Done(JsonNode standing) => standing["lines"]!["done"]!.GetValue<int>();

    private static string State(JsonNode standing) => standing["state"]!.GetValue<string>();
}
