using System.Diagnostics;

namespace Lhcre.Benchmarks;

/// <summary>Some examples of the specification, where the shared data is present (<c>LHCRE_SHARED_DATA</c>, else <c>../shared/data</c> beside the repository).</summary>
internal static class SpecificationFiles
{
    /// <summary>The resources of its <c>*-example.json</c>; none where there is no shared data.</summary>
    public static async Task<List<byte[]>> Read()
    {
        var shared = Environment.GetEnvironmentVariable("LHCRE_SHARED_DATA") ?? Path.Combine(Machine.Repository(), "..", "shared", "data");
        var archive = Path.Combine(shared, "spec", "hl7.fhir.r4.examples-4.0.1-full.tar.xz");
        if (!File.Exists(archive))
            return [];
        var folder = Directory.CreateTempSubdirectory("lhcre-benchmark-");
        using var tar = Process.Start("tar", ["-xJf", archive, "-C", folder.FullName, "--wildcards", "*-example.json", "*/StructureDefinition-P*.json", "*/ValueSet-v3-A*.json"]);
        await tar.WaitForExitAsync();
        var resources = folder.GetFiles("*.json", SearchOption.AllDirectories).Select(f => File.ReadAllBytes(f.FullName)).ToList();
        folder.Delete(recursive: true);
        return resources;
    }
}
