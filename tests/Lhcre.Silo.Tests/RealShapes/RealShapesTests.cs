using System.Diagnostics;
using Lhcre.Silo.Tests.Data;
using Xunit.Abstractions;

namespace Lhcre.Silo.Tests.RealShapes;

/// <summary>
/// FHIR that nobody here wrote goes through push, merge and read without loss; what does not go through is answered with a code. One line a
/// set in the test's output.
/// </summary>
public sealed class RealShapesTests(ITestOutputHelper log)
{
    // Definitions, of which the specification has thousands that are all alike.
    private static readonly string[] Definitions = ["StructureDefinition", "SearchParameter", "ValueSet", "CodeSystem", "ConceptMap", "OperationDefinition"];

    private static readonly int EveryDefinition = SharedData.IsLong ? 1 : 200;

    [Theory]
    [InlineData("uk/ukcore-examples", 400)]
    [InlineData("uk/pds-api", 150)]
    [InlineData("uk/pds-simplifier", 20)]
    [InlineData("uk/medicines", 480)]
    [InlineData("uk/clinical-observations", 175)]
    [InlineData("uk/gpconnect-r4", 48)]
    [InlineData("uk/immunisation-api", 45)]
    [InlineData("uk/pathology", 185)]
    [InlineData("uk/scr-simplifier", 28)]
    public void Examples_of_the_NHS(string folder, int fewest)
    {
        if (SharedData.Find(log, folder) is { } found)
            Hold(folder, RealFiles.Below(found), fewest);
    }

    [Fact]
    public void Examples_of_the_specification()
    {
        if (SharedData.Find(log, "spec/hl7.fhir.r4.examples-4.0.1-full.tar.xz") is { } archive)
            Hold("specification", RealFiles.Within(archive).Where(IsTaken), 2_000);
    }

    private void Hold(string name, IEnumerable<RealFile> files, int fewest)
    {
        var started = Stopwatch.GetTimestamp();
        var (records, count) = (new RealRecords(), 0);
        foreach (var file in files)
        {
            count++;
            foreach (var shape in Shape.Of(file))
                records.Take(shape);
        }

        log.WriteLine($"{name}: {count} files, {records} in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
        Assert.True(records.Failures.Count == 0, $"{records.Failures.Count}\n{string.Join('\n', records.Failures.Take(20))}");
        Assert.InRange(records.Filed.Values.Sum(), fewest, int.MaxValue);
    }

    // By the name, as the package names its files: Type-id.json.
    private static bool IsTaken(RealFile file)
    {
        var name = Path.GetFileName(file.Name);
        return !Definitions.Any(d => name.StartsWith(d + "-", StringComparison.Ordinal)) || name.Sum(c => c) % EveryDefinition == 0;
    }
}
