using System.Diagnostics;

namespace Lhcre.Benchmarks;

/// <summary>A few real Synthea people, where the shared data is present (<c>LHCRE_SHARED_DATA</c>, else <c>../shared/data</c> beside the repository).</summary>
internal static class SyntheaFiles
{
    // The first of the archive, so that not all of its 720 MB need be unpacked.
    private static readonly string[] Members =
    [
        "synth_all/Alexia_Rice_a39449f8-f68c-4fc7-a481-1d0720c45fd8.json",
        "synth_all/Lemuel_Hodkiewicz_ece76cc5-d728-4ddd-a85d-a47de7d1649a.json",
        "synth_all/Ammie_Huels_ea186cb3-ccb1-4dfc-a92e-dc9286aaa2ce.json",
    ];

    /// <summary>The Bundles; none where there is no shared data.</summary>
    public static async Task<List<byte[]>> Read()
    {
        var shared = Environment.GetEnvironmentVariable("LHCRE_SHARED_DATA") ?? Path.Combine(Machine.Repository(), "..", "shared", "data");
        var archive = Path.Combine(shared, "synthea", "v2.4-all-617.tar.xz");
        if (!File.Exists(archive))
            return [];
        var folder = Directory.CreateTempSubdirectory("lhcre-benchmark-");
        using var tar = Process.Start("tar", ["-xJf", archive, "-C", folder.FullName, "--occurrence=1", .. Members]);
        await tar.WaitForExitAsync();
        var bundles = folder.GetFiles("*.json", SearchOption.AllDirectories).Select(f => File.ReadAllBytes(f.FullName)).ToList();
        folder.Delete(recursive: true);
        return bundles;
    }
}
