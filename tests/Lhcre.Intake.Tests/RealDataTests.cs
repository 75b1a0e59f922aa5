using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit.Abstractions;
using static Lhcre.Intake.Tests.Push;

namespace Lhcre.Intake.Tests;

/// <summary>
/// FHIR that nobody here wrote: what becomes of it, as a table in the test's output. A sample of each set; all of it with LHCRE_LONG=1.
/// </summary>
public sealed class RealDataTests(ITestOutputHelper output) : IDisposable
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("LHCRE_LONG") == "1";

    private readonly string _unpacked = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose()
    {
        if (Directory.Exists(_unpacked))
            Directory.Delete(_unpacked, true);
    }

    [Fact]
    public void Synthea_people_are_taken_in_whole_without_an_issue()
    {
        if (Find("synthea/v2.4-all-617.tar.xz") is not { } archive)
            return;
        var tally = Read(Unpack(archive, IsLong ? "*.json" : "*/B*.json"), every: IsLong ? 1 : 6);

        Assert.True(tally.Entries > 1_000);
        Assert.Equal(tally.Entries, tally.Accepted);
    }

    [Fact]
    public void The_examples_of_the_specification_are_taken_in_but_for_those_that_break_it()
    {
        if (Find("spec/hl7.fhir.r4.examples-4.0.1-full.tar.xz") is not { } archive)
            return;
        var tally = Read(Unpack(archive, "*.json"), every: IsLong ? 1 : 12);

        // Bundles of searches and histories are no pushes; 25 of 5,298 files do not parse strictly, most of them Bundles of requests.
        Assert.True(tally.Entries > 300 && tally.Accepted > tally.Entries * 0.97);
    }

    [Fact]
    public void The_examples_of_the_NHS_and_of_the_IPS_are_answered()
    {
        if (Find("uk") is not { } uk || Find("ips") is not { } ips)
            return;
        var tally = Read([.. Json(uk), .. Sample(Json(ips), IsLong ? 1 : 6)], every: 1);

        // Of the refused ones nearly all are templates whose values were never filled in.
        Assert.True(tally.Entries > 500 && tally.Warned > 10 && tally.Refused > 10 && tally.Accepted > tally.Entries / 2);
    }

    private Tally Read(IEnumerable<string> files, int every)
    {
        var tally = new Tally();
        foreach (var file in Sample(files, every))
        {
            var bytes = File.ReadAllBytes(file);
            var type = TypeOf(bytes);
            tally.Add(FhirIntake.Read(bytes, new Interaction("POST", type is "Bundle" ? null : type, null), Source, Base), type ?? "no resource");
        }

        output.WriteLine(tally.ToString());
        return tally;
    }

    private static IEnumerable<string> Sample(IEnumerable<string> files, int every) =>
        files.Order(StringComparer.Ordinal).Where((_, i) => i % every == 0);

    private static string? TypeOf(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes.AsMemory(bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0));
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("resourceType", out var type) ? type.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Json(string folder) => Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories);

    private IEnumerable<string> Unpack(string archive, string members)
    {
        Directory.CreateDirectory(_unpacked);
        using var tar = Process.Start("tar", ["-xJf", archive, "-C", _unpacked, "--wildcards", members]);
        tar.WaitForExit();
        Assert.Equal(0, tar.ExitCode);
        return Json(_unpacked);
    }

    private string? Find(string path, [CallerFilePath] string here = "")
    {
        var root = Environment.GetEnvironmentVariable("LHCRE_SHARED_DATA") ?? Path.Combine(Path.GetDirectoryName(here)!, "../../../shared/data");
        var found = Path.Combine(root, path);
        if (File.Exists(found) || Directory.Exists(found))
            return found;
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"{found} is not there, and in CI it must be.");
        output.WriteLine($"Not run: {found} is not there. LHCRE_SHARED_DATA names the folder of real data.");
        return null;
    }

    private sealed class Tally
    {
        private readonly SortedDictionary<string, int> _codes = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, int> _clues = new(StringComparer.Ordinal);
        private int _pushes;
        private int _refusedWhole;
        private int _notKept;

        public int Entries { get; private set; }

        public int Accepted { get; private set; }

        public int Warned { get; private set; }

        public int Refused { get; private set; }

        public void Add(Received received, string type)
        {
            _pushes++;
            _refusedWhole += received.IsRefused ? 1 : 0;
            Count(received.Issues.Select(i => $"{i.Code.Code} of a whole {type}"));
            foreach (var entry in received.Entries)
            {
                Entries++;
                Count(entry.Issues.Select(i => i.Code.Code).Distinct());
                var clue = entry.Person.GetType().Name;
                _clues[clue] = _clues.GetValueOrDefault(clue) + 1;
                if (entry.IsRefused)
                    Refused++;
                else if (entry.Fragment is null)
                    _notKept++;
                else if (entry.Issues.IsEmpty)
                    Accepted++;
                else
                    Warned++;
                if (entry.Fragment is { Body.IsEmpty: false } fragment)
                    Assert.Equal("", StrictFaults(fragment.Body));
            }
        }

        public override string ToString() =>
            $"{_pushes} pushes, {_refusedWhole} refused whole; {Entries} entries: {Accepted} accepted, {Warned} accepted with an issue, {Refused} refused, {_notKept} not kept\n"
            + string.Concat(_codes.Concat(_clues).Select(c => $"  {c.Value,7} {c.Key}\n"));

        private void Count(IEnumerable<string> codes)
        {
            foreach (var code in codes)
                _codes[code] = _codes.GetValueOrDefault(code) + 1;
        }
    }
}
