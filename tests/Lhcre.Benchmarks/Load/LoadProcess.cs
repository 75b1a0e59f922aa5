using System.Diagnostics;
using System.Text.Json;

namespace Lhcre.Benchmarks.Load;

/// <summary>The load client's process, as the measuring side has it.</summary>
internal sealed class LoadProcess : IAsyncDisposable
{
    private readonly Process _process;

    private LoadProcess(Process process) => _process = process;

    /// <summary>Starts this program as a load client.</summary>
    public static LoadProcess Start()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // Started as `dotnet Lhcre.Benchmarks.dll`, or as the program itself.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(LoadProcess).Assembly.Location);
        start.ArgumentList.Add(LoadClient.Verb);
        // Two cores are shared with what is measured: one small heap, and no thread that only collects.
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        return new LoadProcess(Process.Start(start)!);
    }

    /// <summary>Has an order carried out that is held: returns once everything is ready and it has begun, with what comes of it.</summary>
    public async Task<Task<LoadRound>> Begin(LoadOrder order)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order with { IsHeld = true }));
        await _process.StandardInput.FlushAsync();
        await _process.StandardOutput.ReadLineAsync();
        return Answer("");
    }

    /// <summary>Has an order carried out, and says what came of it and what it took in this process meanwhile.</summary>
    public Task<LoadRound> Carry(LoadOrder order) => Answer(JsonSerializer.Serialize(order));

    private async Task<LoadRound> Answer(string line)
    {
        var (cpu, allocated) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        var answer = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The load client has gone.");
        var result = JsonSerializer.Deserialize<LoadResult>(answer)!;
        if (result.Failures > 0)
            throw new InvalidOperationException($"{result.Failures} of {result.Requests + result.Failures} requests failed: nothing that was measured counts.");
        return new LoadRound(result, Environment.CpuUsage.TotalTime - cpu, GC.GetTotalAllocatedBytes() - allocated);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

/// <summary>One round of load, and what it took on the server's side.</summary>
/// <param name="Result">What the client saw.</param>
/// <param name="Cpu">Processor time of the server's process.</param>
/// <param name="Allocated">Bytes that the server's process allocated.</param>
internal sealed record LoadRound(LoadResult Result, TimeSpan Cpu, long Allocated)
{
    /// <summary>Milliseconds of processor time a request.</summary>
    public double CpuEach => Cpu.TotalMilliseconds / Result.Requests;

    /// <summary>Bytes allocated a request.</summary>
    public double AllocatedEach => (double)Allocated / Result.Requests;
}
