using System.Runtime.CompilerServices;
using Lhcre.Intake.V2;
using Lhcre.Intake.V2.Mapping;
using Xunit.Abstractions;

namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>Messages that nobody here wrote: whatever the mapping makes of them goes through the door, and twice the same way.</summary>
public class PublicMessageTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_message_that_is_mapped_is_FHIR_without_an_error()
    {
        if (Folder() is not { } folder)
            return;
        var tally = new SortedDictionary<string, (int Messages, int Resources, SortedSet<string> Codes)>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsMessage).Order(StringComparer.Ordinal))
        {
            foreach (var bytes in Hl7Message.Split(File.ReadAllBytes(file)))
            {
                if (Hl7Message.Parse(bytes, out _) is { } message)
                    Add(tally, message, Path.GetFileName(file));
            }
        }

        foreach (var (type, (messages, resources, codes)) in tally)
            output.WriteLine($"{messages,4} {type,-12} {resources,5} resources  {string.Join(' ', codes)}");
        Assert.True(tally.Where(t => t.Key.StartsWith("ADT", StringComparison.Ordinal)).Sum(t => t.Value.Resources) > 200);
    }

    private static void Add(SortedDictionary<string, (int Messages, int Resources, SortedSet<string> Codes)> tally, Hl7Message message, string file)
    {
        var mapped = Hl7Mapping.Map(message, Push.Source);
        Assert.Equal(mapped.Bundle, Hl7Mapping.Map(message, Push.Source).Bundle);
        Assert.True(mapped.Bundle is not null || mapped.Issues.Length > 0, file);
        var type = $"{message.Code}^{message.Event}";
        var (messages, resources, codes) = tally.GetValueOrDefault(type, (0, 0, new SortedSet<string>(StringComparer.Ordinal)));
        codes.UnionWith(mapped.Issues.Select(i => i.Code.Code));
        if (mapped.Bundle is not null)
        {
            var received = FhirIntake.Read(mapped.Bundle, new Interaction("POST", null, null), Push.Source, Push.Base);
            Assert.False(received.IsRefused);
            foreach (var entry in received.Entries)
            {
                // Parked is no fault of the mapping: 3xx. Anything else is: 2xx would be of our own making.
                var faults = entry.Issues.Where(i => !i.Code.Code.StartsWith("LHC3", StringComparison.Ordinal));
                Assert.True(!faults.Any(), $"{file}: {string.Join("; ", faults.Select(f => $"{f.Code.Code} {f.Expression} {f.Diagnostics}"))}");
                Assert.Equal("", Push.StrictFaults(entry.Fragment!.Body));
                codes.UnionWith(entry.Issues.Select(i => i.Code.Code));
            }

            resources += received.Entries.Length;
        }

        tally[type] = (messages + 1, resources, codes);
    }

    private static bool IsMessage(string path) => Path.GetExtension(path) is ".hl7" or ".txt";

    private string? Folder([CallerFilePath] string here = "")
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
