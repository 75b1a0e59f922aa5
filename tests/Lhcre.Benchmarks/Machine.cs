using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace Lhcre.Benchmarks;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    /// <summary>One paragraph: processor, system, runtime, commit, and how busy the machine was at the start.</summary>
    public static async Task<string> Describe()
    {
        var commit = await Commit();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Machine: {Environment.ProcessorCount} cores, {Processor()}, {Memory()} GiB; {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}, {(GCSettings.IsServerGC ? "server" : "workstation")} GC.
            Commit: {commit}. Load average at the start: {LoadAverage()}.

            """);
    }

    /// <summary>Of the last 1, 5 and 15 minutes: figures of a machine that others use too are worth less.</summary>
    public static string LoadAverage() =>
        File.Exists("/proc/loadavg") ? string.Join(", ", File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "not known here";

    /// <summary>The folder of the solution.</summary>
    public static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Lhcre.Grains.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("Not run from a build inside the repository.");
    }

    private static string Processor() =>
        File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "?"
            : RuntimeInformation.ProcessArchitecture.ToString();

    private static long Memory() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;

    private static async Task<string> Commit()
    {
        var commit = await Git("rev-parse", "--short=12", "HEAD");
        return await Git("status", "--porcelain", "--", "src") is "" ? commit : commit + " with changes";
    }

    private static async Task<string> Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, WorkingDirectory = Repository() })!;
        var text = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        return text.Trim();
    }
}
