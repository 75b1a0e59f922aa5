using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Lhcre.Processes;
using Lhcre.Record;
using Lhcre.Silo.Load;
using Lhcre.Silo.Tests.Data;
using Lhcre.Silo.Tests.Http;
using Xunit.Abstractions;

namespace Lhcre.Silo.Tests.Processes;

/// <summary>
/// Real Synthea records through the real program: each person whole to one source, every third to a second one as well. Everything pushed
/// is served, before and after kill -9; pushing it again in another order changes no version and no byte.
/// </summary>
public sealed class SyntheaTests(ITestOutputHelper log) : IDisposable
{
    private static readonly string[] Sources = ["dorset", "hampshire", "isle-of-wight"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-synthea-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_resource_pushed_is_served_before_and_after_a_kill_and_a_repetition()
    {
        if (SharedData.Find(log, "synthea/v2.4-all-617.tar.xz") is not { } archive)
            return;
        var perSource = SharedData.IsLong ? 50 : 6;
        var files = await Unpack(archive);
        var data = Path.Combine(_folder.FullName, "data");
        await using var first = await SiloProcess.Serve(data);

        for (var i = 0; i < Sources.Length; i++)
            await Load(files, first.Url, Sources[i], $"{i + 1}/3", perSource);
        await Load(files, first.Url, "hampshire", "1/3", perSource);

        var people = People(files, perSource);
        var before = await ReadAll(first, people);
        var served = people.Zip(before).Sum(p => CountContributed(p.First, p.Second.Body));
        log.WriteLine($"{people.Count} people, {served} source resources served, {before.Sum(b => (long)b.Body.Length) / 1e6:F1} MB");

        await first.Kill();
        await using var second = await SiloProcess.Serve(data, new Uri(first.Url).Port);
        var afterKill = await ReadAll(second, people);
        Assert.Equal(before, afterKill);

        await PushAgain(second, people);
        var afterRepetition = await ReadAll(second, people);
        Assert.Equal(before, afterRepetition);
    }

    private async Task<IReadOnlyList<string>> Unpack(string archive)
    {
        using var tar = Process.Start("tar", ["-xJf", archive, "-C", _folder.FullName]);
        await tar.WaitForExitAsync();
        Assert.Equal(0, tar.ExitCode);
        return [.. Directory.GetFiles(_folder.FullName, "*.json", SearchOption.AllDirectories).OrderBy(Path.GetFileName, StringComparer.Ordinal)];
    }

    private async Task Load(IReadOnlyList<string> files, string url, string source, string slice, int limit)
    {
        var (exitCode, output) = await SiloProcess.Run(
            ["load", Path.GetDirectoryName(files[0])!, "--source", source, "--to", url, "--assign-nhs-numbers", "--slice", slice, "--limit", $"{limit}"]);
        Assert.True(exitCode == 0, output);
        log.WriteLine(string.Join('\n', output.Split('\n').Where(l => l.Contains("resources", StringComparison.Ordinal) || l.Contains("/s", StringComparison.Ordinal))));
    }

    private static List<Person> People(IReadOnlyList<string> files, int perSource)
    {
        var numbers = TestNumbers.Take(files.Count)!;
        var people = new List<Person>();
        for (var n = 0; n < perSource * Sources.Length; n++)
        {
            var bundle = Encoding.UTF8.GetString(TestNumbers.Assign(File.ReadAllBytes(files[n]), numbers[n]));
            var resources = JsonNode.Parse(bundle)!["entry"]!.AsArray().Select(e => e!["resource"]!);
            people.Add(new Person(
                numbers[n], n % 3 == 0 ? ["dorset", "hampshire"] : [Sources[n % 3]], bundle,
                [.. resources.Select(r => $"{r["resourceType"]!.GetValue<string>()}/{r["id"]!.GetValue<string>()}")]));
        }

        return people;
    }

    private static async Task<List<Page>> ReadAll(SiloProcess silo, IReadOnlyList<Person> people)
    {
        var pages = new List<Page>();
        foreach (var person in people)
        {
            var search = JsonNode.Parse(await silo.Client.GetStringAsync($"fhir/Patient?identifier={NhsNumber.System}|{person.Number.Digits()}"))!;
            var id = search["entry"]![0]!["resource"]!["id"]!.GetValue<string>();
            using var response = await silo.Client.GetAsync($"fhir/Patient/{id}/$everything");
            pages.Add(new Page(response.Headers.ETag!.ToString(), await response.Content.ReadAsStringAsync()));
        }

        return pages;
    }

    // Every resource that any source pushed of the person is a contributor of exactly one merged resource of its type.
    private static int CountContributed(Person person, string everything)
    {
        var contributed = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var resource in JsonNode.Parse(everything)!["entry"]!.AsArray().Where(e => e!["search"]!["mode"]!.GetValue<string>() == "match").Select(e => e!["resource"]!))
        {
            // A note that sources disagree is ours: it names the entries on its sides, which are of another type.
            if (resource["resourceType"]!.GetValue<string>() == "DetectedIssue")
                continue;
            foreach (var contributor in resource["meta"]!["extension"]!.AsArray().Where(e => e!["url"]!.GetValue<string>().EndsWith("/contributor", StringComparison.Ordinal)))
            {
                var reference = contributor!["extension"]![1]!["valueString"]!.GetValue<string>();
                Assert.StartsWith(resource["resourceType"]!.GetValue<string>() + "/", reference, StringComparison.Ordinal);
                var key = $"{contributor["extension"]![0]!["valueCode"]!.GetValue<string>()} {reference}";
                contributed[key] = contributed.GetValueOrDefault(key) + 1;
            }
        }

        foreach (var source in person.Sources)
        {
            foreach (var reference in person.References)
                Assert.Equal(1, contributed.GetValueOrDefault($"{source} {reference}"));
        }

        return contributed.Count;
    }

    // Entries in another order, and without a push id: nothing but the content says that it is known.
    private static async Task PushAgain(SiloProcess silo, IReadOnlyList<Person> people)
    {
        var random = new Random(20_261_122);
        var pushes = people.SelectMany(p => p.Sources.Select(s => (Source: s, p.Bundle))).ToArray();
        random.Shuffle(pushes);
        foreach (var (source, text) in pushes)
        {
            var bundle = JsonNode.Parse(text)!;
            var entries = EntryTexts(text);
            random.Shuffle(entries);
            Assert.Equal(entries.Length, bundle["entry"]!.AsArray().Count);
            using var response = await silo.Client.PostAsync(
                $"sources/{source}/fhir", TestSilo.Fhir($$"""{"resourceType":"Bundle","type":"transaction","entry":[{{string.Join(',', entries)}}]}"""));
            Assert.True(response.IsSuccessStatusCode);
        }
    }

    // The entries as they stand in the file: the same bytes, so the same words.
    private static string[] EntryTexts(string bundle)
    {
        using var document = System.Text.Json.JsonDocument.Parse(bundle);
        return [.. document.RootElement.GetProperty("entry").EnumerateArray().Select(e => e.GetRawText())];
    }

    private sealed record Person(NhsNumber Number, string[] Sources, string Bundle, IReadOnlyList<string> References);

    private sealed record Page(string ETag, string Body);
}
