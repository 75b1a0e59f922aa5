using System.Runtime.CompilerServices;
using Xunit.Abstractions;

namespace Lhcre.Silo.Tests.Data;

/// <summary>
/// Real data, written by nobody on this project, at <c>LHCRE_SHARED_DATA</c> (default <c>../shared/data</c> beside the repository). Where it
/// is absent a test says so in one line and ends; in CI it must be there.
/// </summary>
internal static class SharedData
{
    /// <summary>Whether counts are full (<c>deploy/check --long</c>).</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("LHCRE_LONG") == "1";

    /// <summary>The path of a file or folder in it; null where it is absent.</summary>
    public static string? Find(ITestOutputHelper log, string path, [CallerFilePath] string here = "")
    {
        var root = Environment.GetEnvironmentVariable("LHCRE_SHARED_DATA") ?? Path.Combine(Path.GetDirectoryName(here)!, "../../../../shared/data");
        var found = Path.GetFullPath(Path.Combine(root, path));
        if (Path.Exists(found))
            return found;
        Assert.True(Environment.GetEnvironmentVariable("CI") != "true", $"CI runs with real data, and {path} is not there.");
        log.WriteLine($"Not run: {path} is not there. LHCRE_SHARED_DATA names the folder of real data.");
        return null;
    }
}
