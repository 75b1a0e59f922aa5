using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit.Abstractions;

namespace Lhcre.Intake.Tests.Door;

/// <summary>The JSON files of the shared data, where they are: <c>LHCRE_SHARED_DATA</c>, else <c>../shared/data</c> beside the repository.</summary>
internal static class RealFiles
{
    /// <summary>Whole files, and each resource of a Bundle by itself, as the intake reads them: all of them, or a sample.</summary>
    public static IEnumerable<(byte[] Json, string Name)> All(ITestOutputHelper output, bool isLong)
    {
        var synthea = Archive("synthea/v2.4-all-617.tar.xz", isLong ? "*.json" : "*/B*.json", isLong ? 1 : 40, output);
        var examples = Archive("spec/hl7.fhir.r4.examples-4.0.1-full.tar.xz", "*.json", isLong ? 1 : 40, output);
        var folders = new[] { "uk", "ips" }.SelectMany(folder => Folder(folder, isLong ? 1 : folder == "uk" ? 2 : 12, output));
        foreach (var (json, name) in synthea.Concat(examples).Concat(folders))
        {
            yield return (json, name);
            foreach (var resource in Entries(json))
                yield return (resource, $"a resource of {name}");
        }
    }

    /// <summary>Examples of the specification of at most 6,000 bytes, to be damaged.</summary>
    public static IEnumerable<byte[]> Small(ITestOutputHelper output, bool isLong) =>
        Archive("spec/hl7.fhir.r4.examples-4.0.1-full.tar.xz", isLong ? "*.json" : "*-example.json", 1, output)
            .Select(f => f.Json).Where(j => j.Length <= 6_000 && IsJson(j));

    private static IEnumerable<(byte[] Json, string Name)> Folder(string folder, int every, ITestOutputHelper output)
    {
        if (Find(folder, output) is not { } found)
            yield break;
        foreach (var file in Sample(found, every))
            yield return (File.ReadAllBytes(file), Path.GetFileName(file));
    }

    private static IEnumerable<(byte[] Json, string Name)> Archive(string path, string members, int every, ITestOutputHelper output)
    {
        if (Find(path, output) is not { } archive)
            yield break;
        var folder = Directory.CreateTempSubdirectory("lhcre-door-");
        try
        {
            using var tar = Process.Start("tar", ["-xJf", archive, "-C", folder.FullName, "--wildcards", members]);
            tar.WaitForExit();
            Assert.Equal(0, tar.ExitCode);
            foreach (var file in Sample(folder.FullName, every))
                yield return (File.ReadAllBytes(file), Path.GetFileName(file));
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static IEnumerable<string> Sample(string folder, int every) =>
        Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where((_, i) => i % every == 0);

    private static List<byte[]> Entries(byte[] json)
    {
        if (JsonSoundness.Check(json, out var root) is not null)
            return [];
        var entries = JsonOutline.Members(json, root).Find("entry");
        return entries is { IsArray: true } list
            ? [.. JsonOutline.Items(json, list).Select(e => JsonOutline.Members(json, e).Find("resource")).Where(r => r is { IsObject: true }).Select(r => r!.Value.Range.Of(json).ToArray())]
            : [];
    }

    private static bool IsJson(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? Find(string path, ITestOutputHelper output, [CallerFilePath] string here = "")
    {
        var root = Environment.GetEnvironmentVariable("LHCRE_SHARED_DATA") ?? Path.Combine(Path.GetDirectoryName(here)!, "../../../../shared/data");
        var found = Path.Combine(root, path);
        if (File.Exists(found) || Directory.Exists(found))
            return found;
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"{found} is not there, and in CI it must be.");
        output.WriteLine($"Not run on it: {found} is not there. LHCRE_SHARED_DATA names the folder of real data.");
        return null;
    }
}
