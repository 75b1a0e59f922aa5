using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Lhcre.Clients.Tests.Node;
using Lhcre.Processes;
using Lhcre.Silo.Tests.Data;
using Lhcre.Silo.Tests.RealShapes;
using Xunit.Abstractions;

namespace Lhcre.Clients.Tests.Validity;

/// <summary>
/// Whatever is served is FHIR R4: it parses strictly with Hl7.Fhir.R4, and satisfies the specification's JSON schema. Answers to real pushes,
/// what is read of them at the source's base, in the merged record, and beside it, errors included.
/// </summary>
public sealed class ValidityTests(ITestOutputHelper log) : IDisposable
{
    private const int People = 50;

    // Of people, every fifth is asked for in every way, the others for the whole record.
    private const int EveryPerson = 5;

    // Definitions, of which the specification has thousands that are all alike.
    private static readonly string[] Definitions = ["StructureDefinition", "SearchParameter", "ValueSet", "CodeSystem", "ConceptMap", "OperationDefinition"];
    private static readonly int EveryDefinition = SharedData.IsLong ? 1 : 200;

    private static readonly string[] Wessex = ["dorset", "hampshire", "isle-of-wight"];
    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = 4 };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-validity-");
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_is_served_of_the_specifications_examples_and_of_synthetic_people_is_valid()
    {
        NodePackages.Begin();
        if (SharedData.Find(log, "spec/hl7.fhir.r4.examples-4.0.1-full.tar.xz") is not { } examples
            || SharedData.Find(log, "synthea/v2.4-all-617.tar.xz") is not { } synthea)
            return;
        var pushes = RealPush.OfExamples(RealFiles.Within(examples).Where(IsTaken));
        var people = RealPush.OfPeople(RealFiles.Within(synthea).Take(SharedData.IsLong ? int.MaxValue : People), Wessex);
        string[] sources = [.. Wessex, .. pushes.Select(p => p.Source).Distinct()];
        await using var silo = await SiloProcess.Serve(
            SiloPlan.On(["--data", Path.Combine(_folder.FullName, "data")], ("LHCRE_SOURCES", string.Join(',', sources))));
        if (!await NodePackages.Are(log))
            return;
        using var schema = new SchemaCheck();
        var strict = new StrictCheck();
        var served = new Served(silo.Client, schema, strict);
        Line($"ready: {pushes.Count} pushes of examples, {sources.Length} sources");

        await Beside(served, sources);
        var acknowledged = await Push(served, pushes);
        Line($"{acknowledged} resources of examples acknowledged, and read at their sources' bases");
        var merged = await ReadExamples(served, pushes);
        Line($"{merged} merged resources of them read");
        var read = await PushAndRead(served, people);
        Line($"{read} resources of people pushed and read");
        var verdict = await schema.Verdict();
        Line($"{verdict.Bodies} answers of {verdict.Bytes / 1e6:F1} MB with {verdict.Resources.Values.Sum()} resources of {verdict.Resources.Count} types; {strict.InBoth} of them in XML too");
        foreach (var refused in strict.RefusedAsXml)
            log.WriteLine($"Refused as XML: {refused}");

        Hold(verdict);
        Assert.True(strict.Faults.Count == 0, $"{strict.Faults.Count} faults\n{string.Join('\n', strict.Faults.Take(40))}");
        Assert.Equal(verdict.Bodies, strict.Bodies);
        // What was looked at is what was meant: 140 types have examples, and a synthetic person has 300 resources.
        Assert.InRange(acknowledged, 1_400, int.MaxValue);
        Assert.InRange(merged, 750, int.MaxValue);
        Assert.InRange(read, 10_000, int.MaxValue);
        Assert.InRange(verdict.Resources.Count, 130, int.MaxValue);
        Assert.InRange(strict.InBoth, 150, int.MaxValue);
        Assert.InRange(strict.RefusedAsXml.Count, 0, strict.InBoth / 50);
    }

    private void Hold(SchemaVerdict verdict)
    {
        var faults = verdict.Faults.Where(f => !SchemaQuirk.All.Any(q => q.Is(f))).GroupBy(f => (f.Element, f.Keyword)).OrderBy(g => g.Key)
            .Select(g => $"{g.Key.Element} {g.Key.Keyword}: {g.Sum(f => f.Count)} in {g.Count()} answers, {g.First().Value} in {g.First().Name}").ToList();
        Assert.True(faults.Count == 0, $"{faults.Count} kinds of fault\n{string.Join('\n', faults.Take(40))}");
        foreach (var quirk in SchemaQuirk.All)
        {
            var count = verdict.Faults.Where(quirk.Is).Sum(f => f.Count);
            Assert.True(count > 0, $"Nothing of this kind occurs any more: {quirk.Reason}");
            log.WriteLine($"The schema alone refuses {count}: {quirk.Reason}");
        }
    }

    // What servers say of themselves, and errors.
    private static async Task Beside(Served served, string[] sources)
    {
        foreach (var source in sources.Take(4).Append("nowhere"))
            await served.Get($"sources/{source}/fhir/metadata");
        string[] paths =
        [
            "fhir/metadata", "fhir/$source-status", "fhir/Observation", "fhir/Patient?name=a&_count=x", "fhir/Patient/nobody", "fhir/Nothing/1",
            "fhir/Patient?name=a&birthdate=1970-01-01", "sources/dorset/fhir/Patient/nobody",
        ];
        foreach (var path in paths)
            await served.Get(path);
    }

    private static async Task<int> Push(Served served, IReadOnlyList<RealPush> pushes)
    {
        var acknowledged = 0;
        await Parallel.ForEachAsync(pushes, AtOnce, async (push, _) =>
        {
            foreach (var reference in Acknowledged(await served.Push(push.Source, push.Body)))
            {
                Interlocked.Increment(ref acknowledged);
                await served.Get($"sources/{push.Source}/fhir/{reference}");
            }
        });
        return acknowledged;
    }

    private static async Task<int> ReadExamples(Served served, IReadOnlyList<RealPush> pushes)
    {
        var merged = 0;
        await Parallel.ForEachAsync(pushes.SelectMany(p => p.Numbers).Distinct(), AtOnce, async (number, _) =>
        {
            if (await ServedRecord.Find(served, number) is not { } record)
                return;
            Interlocked.Add(ref merged, record.Count);
            await record.Whole();
            await record.EachType();
        });
        return merged;
    }

    private static async Task<int> PushAndRead(Served served, IEnumerable<RealPush> people)
    {
        var (numbers, read) = (new ConcurrentQueue<string>(), 0);
        await Parallel.ForEachAsync(people, AtOnce, async (push, _) =>
        {
            await served.Push(push.Source, push.Body);
            numbers.Enqueue(Assert.Single(push.Numbers));
        });
        await Parallel.ForEachAsync(numbers.Distinct().Index(), AtOnce, async (person, _) =>
        {
            var record = await ServedRecord.Find(served, person.Item);
            Assert.NotNull(record);
            Interlocked.Add(ref read, record.Count);
            if (person.Index % EveryPerson != 0)
                return;
            await record.Whole();
            await record.EachType(every: 4);
        });
        return read;
    }

    private static List<string> Acknowledged(byte[] answer)
    {
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.TryGetProperty("entry", out var entries)
            ? [.. entries.EnumerateArray().Select(e => e.GetProperty("response")).Where(r => r.TryGetProperty("location", out _)).Select(r => Reference(r.GetProperty("location").GetString()!))]
            : [];
    }

    // Type/id of Type/id/_history/version.
    private static string Reference(string location) => string.Join('/', location.Split('/').Take(2));

    // By the name, as the package names its files: Type-id.json.
    private static bool IsTaken(RealFile file)
    {
        var name = Path.GetFileName(file.Name);
        return !Definitions.Any(d => name.StartsWith(d + "-", StringComparison.Ordinal)) || name.Sum(c => c) % EveryDefinition == 0;
    }

    private void Line(string text) => log.WriteLine($"{_clock.Elapsed.TotalSeconds,5:F1} s  {text}");
}
