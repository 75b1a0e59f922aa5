using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Lhcre.Benchmarks.Inner;

/// <summary>The verb <c>inner</c>: the inner parts, by BenchmarkDotNet, in this process and in short runs.</summary>
internal static class InnerParts
{
    /// <summary>Runs those that the arguments choose (<c>--filter</c>); all by default.</summary>
    public static int Run(string[] args)
    {
        var config = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "lhcre-benchmarks"));
        string[] chosen = args.Length == 0 ? ["--filter", "*"] : args;
        return BenchmarkSwitcher.FromAssembly(typeof(InnerParts).Assembly).Run(chosen, config).Any(s => s.HasCriticalValidationErrors) ? 1 : 0;
    }
}
