using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Tests.Data;
using Lhcre.Silo.Tests.Http;
using Xunit.Abstractions;

namespace Lhcre.Silo.Tests.RealShapes;

/// <summary>A sample of the same files through the whole silo: what is acknowledged is read at the source's base and in the merged record.</summary>
public sealed class RealShapesOverHttpTests(ITestOutputHelper log) : IAsyncLifetime
{
    private const int Most = 120;

    // A source for each, since files of many authors use the same ids.
    private readonly TestSilo _silo = new(
        async folder => await SqliteJournal.Open(folder.FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None),
        options => options with { Sources = [.. Enumerable.Range(0, Most).Select(n => new SourceSystem($"s{n}"))] });

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task What_is_acknowledged_is_served()
    {
        if (SharedData.Find(log, "uk") is not { } uk)
            return;
        string[] folders = ["ukcore-examples", "medicines", "pds-api", "pathology"];
        var shapes = folders.SelectMany(f => RealFiles.Below(Path.Combine(uk, f)).SelectMany(Shape.Of)).Where((_, i) => i % 6 == 0).Take(Most).ToArray();
        var (served, coded) = (0, 0);
        for (var n = 0; n < shapes.Length; n++)
        {
            var answer = await _silo.Push($"s{n}", Encoding.UTF8.GetString(shapes[n].Body));
            if (answer.Status != HttpStatusCode.OK)
            {
                Assert.NotEmpty(answer.Codes);
                coded++;
                continue;
            }

            using var pushed = JsonDocument.Parse(shapes[n].Body);
            using var answered = JsonDocument.Parse(answer.Body);
            var everything = await Everything(pushed.RootElement);
            var entries = pushed.RootElement.GetProperty("entry").EnumerateArray().Zip(answered.RootElement.GetProperty("entry").EnumerateArray());
            foreach (var (entry, response) in entries.Select(e => (e.First, e.Second.GetProperty("response"))))
            {
                if (!response.TryGetProperty("location", out var location))
                {
                    Assert.NotEmpty(Answer.CodesIn(JsonNode.Parse(response.GetRawText())));
                    coded++;
                    continue;
                }

                served++;
                await IsServed($"s{n}", location.GetString()!, entry.GetProperty("resource"), everything);
            }
        }

        log.WriteLine($"{shapes.Length} pushes of {string.Join(", ", folders)}: {served} resources served, {coded} answers with a code");
        Assert.InRange(served, 2 * coded, int.MaxValue);
    }

    private async Task IsServed(string source, string reference, JsonElement sent, Dictionary<string, int> everything)
    {
        var own = await _silo.Get($"sources/{source}/fhir/{reference}");
        Assert.Equal(HttpStatusCode.OK, own.Status);
        using var asSent = JsonDocument.Parse(own.Body);
        SameWords.Hold(sent, asSent.RootElement, isMerged: false);
        if (PatientCompartment.Contains(sent.GetProperty("resourceType").GetString()!))
            Assert.True(everything.GetValueOrDefault($"{source} {reference}") == 1, $"{source} {reference}: {everything.GetValueOrDefault($"{source} {reference}")}");
    }

    // Of all people of the push: by which resources each source's entry is contributed to. Every reference into the record leads to one.
    private async Task<Dictionary<string, int>> Everything(JsonElement pushed)
    {
        var contributed = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var number in pushed.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource")).SelectMany(Numbers).Distinct())
        {
            var resources = await _silo.Everything(number);
            var references = resources.Select(r => $"{r["resourceType"]!.GetValue<string>()}/{r["id"]!.GetValue<string>()}").ToHashSet(StringComparer.Ordinal);
            foreach (var resource in resources)
            {
                foreach (var contributor in resource["meta"]!["extension"]?.AsArray().Select(e => e!["extension"]?.AsArray()).Where(e => e is { Count: > 1 }) ?? [])
                {
                    // A disagreement names who is on its sides, and shows nothing of theirs.
                    var reference = contributor![1]!["valueString"]?.GetValue<string>() ?? "";
                    if (!reference.StartsWith(resource["resourceType"]!.GetValue<string>() + "/", StringComparison.Ordinal))
                        continue;
                    var key = $"{contributor[0]!["valueCode"]?.GetValue<string>()} {reference}";
                    contributed[key] = contributed.GetValueOrDefault(key) + 1;
                }

                Assert.All(
                    Layout.Read(Encoding.UTF8.GetBytes(resource.ToJsonString())).References.Where(r => !r.IsUrl && Fragment.LocalTarget("", r.Text) is not null),
                    r => Assert.Contains(r.Text, references));
            }
        }

        return contributed;
    }

    private static IEnumerable<string> Numbers(JsonElement resource) =>
        resource.GetProperty("resourceType").ValueEquals("Patient") && resource.TryGetProperty("identifier", out var identifiers)
            ? identifiers.EnumerateArray()
                .Where(i => i.TryGetProperty("system", out var system) && NhsNumber.IsSystem(system.GetString()))
                .Select(i => i.GetProperty("value").GetString()!)
            : [];
}
