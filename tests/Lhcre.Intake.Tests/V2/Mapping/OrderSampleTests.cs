using System.Runtime.CompilerServices;
using System.Text;
using Lhcre.Intake.V2;
using Lhcre.Intake.V2.Mapping;
using Xunit.Abstractions;

namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>Messages that nobody here wrote: results, documents, vaccinations and prescriptions, through the map and the door.</summary>
public sealed class OrderSampleTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("ORU^R01", 24, 18, "Observation")]
    [InlineData("MDM^T02", 26, 26, "DocumentReference")]
    [InlineData("VXU^V04", 80, 37, "Immunization")]
    [InlineData("RDE^O11", 24, 24, "MedicationRequest")]
    public void Public_messages_become_FHIR_that_the_door_takes(string kind, int messages, int resources, string type)
    {
        if (Find() is not { } folder)
            return;
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (mapped, stated) = (0, 0);
        foreach (var message in Messages(folder).Where(m => $"{m.Code}^{m.Event}" == kind))
        {
            var result = Hl7Mapping.Map(message, Push.Source);
            foreach (var issue in result.Issues)
                Count(outcomes, $"{issue.Code.Code} {issue.Expression}");
            if (result.Bundle is null)
                continue;
            mapped++;
            var received = FhirIntake.Read(result.Bundle, new Interaction("POST", null, null), Push.Source, Push.Base);
            Assert.False(received.IsRefused, string.Join("; ", received.Issues));
            Assert.All(received.Entries, e => Assert.False(e.IsRefused, $"{kind}: {e.Key?.Type} {string.Join("; ", e.Issues)}"));
            // What is mapped needs no mending: mended, it would not be what the source said.
            Assert.All(received.Entries.SelectMany(e => e.Issues), i => Assert.StartsWith("LHC30", i.Code.Code, StringComparison.Ordinal));
            stated += received.Entries.Count(e => e.Key?.Type == type);
        }

        output.WriteLine($"{kind}: {mapped} mapped, {stated} × {type}; {string.Join(", ", outcomes.Select(o => $"{o.Key}: {o.Value}"))}");
        Assert.True(mapped >= messages, $"{mapped} of {kind} were mapped.");
        Assert.True(stated >= resources, $"{stated} × {type}.");
    }

    // Templates name the event "${segment}" or the like: they stand for the kind that their file is about.
    private static IEnumerable<Hl7Message> Messages(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (!file.EndsWith(".hl7", StringComparison.Ordinal) && !file.EndsWith(".txt", StringComparison.Ordinal))
                continue;
            var bytes = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(File.ReadAllBytes(file)).Replace("${segment}^MDM_T02", "MDM^T02^MDM_T02", StringComparison.Ordinal));
            foreach (var piece in Hl7Message.Split(bytes))
            {
                if (Hl7Message.Parse(piece, out _) is { } message)
                    yield return message;
            }
        }
    }

    private static void Count(SortedDictionary<string, int> counts, string what) => counts[what] = counts.GetValueOrDefault(what) + 1;

    private string? Find([CallerFilePath] string here = "")
    {
        var root = Environment.GetEnvironmentVariable("LHCRE_SHARED_DATA") ?? Path.Combine(Path.GetDirectoryName(here)!, "../../../../../shared/data");
        var found = Path.Combine(root, "hl7v2");
        if (Directory.Exists(found))
            return found;
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"{found} is not there, and in CI it must be.");
        output.WriteLine($"Not run: {found} is not there. LHCRE_SHARED_DATA names the folder of real data.");
        return null;
    }
}
