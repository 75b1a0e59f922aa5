using System.Diagnostics;
using System.Globalization;

namespace Lhcre.Processes;

/// <summary>How a silo process is started: so that it can be started again the same way, on its ports.</summary>
/// <param name="Store">Where its journal is: <c>--data DIR</c> or <c>--postgres …</c>.</param>
/// <param name="HttpPort">Where it serves.</param>
/// <param name="SiloPort">Where other silos reach it.</param>
/// <param name="GatewayPort">Where Orleans clients reach it.</param>
/// <param name="More">Further options.</param>
/// <param name="Environment">What is added to this process's environment.</param>
public sealed record SiloPlan(
    IReadOnlyList<string> Store, int HttpPort, int SiloPort, int GatewayPort, IReadOnlyList<string> More, IReadOnlyList<(string Name, string Value)> Environment)
{
    /// <summary>On free ports.</summary>
    public static SiloPlan On(IReadOnlyList<string> store, params IReadOnlyList<(string Name, string Value)> environment) =>
        new(store, FreePort.Next(), FreePort.Next(), FreePort.Next(), [], environment);

    /// <summary>Where it is reached, without a slash at the end.</summary>
    public string Url => $"http://127.0.0.1:{HttpPort}";

    /// <summary>The command line of <c>serve</c>.</summary>
    public IReadOnlyList<string> Args =>
        ["serve", .. Store, "--urls", Url, "--silo-port", $"{SiloPort}", "--gateway-port", $"{GatewayPort}", .. More];
}

/// <summary>The program's <c>serve</c> as a process of its own: what can be killed.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private const string Assembly = "Lhcre.Silo.dll";
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(90);

    private readonly ChildProcess _process;

    private SiloProcess(SiloPlan plan)
    {
        Plan = plan;
        _process = ChildProcess.Start(Assembly, plan.Args, plan.Environment);
        Client = new HttpClient { BaseAddress = new Uri(plan.Url + "/"), Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>How it was started.</summary>
    public SiloPlan Plan { get; }

    /// <summary>Where it serves, without a slash at the end.</summary>
    public string Url => Plan.Url;

    /// <summary>A client of it.</summary>
    public HttpClient Client { get; }

    /// <summary>What it has written so far.</summary>
    public string Output => _process.Output;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts <c>serve</c>, and does not wait.</summary>
    public static SiloProcess Begin(SiloPlan plan) => new(plan);

    /// <summary>Starts <c>serve</c> and waits until it is ready.</summary>
    public static async Task<SiloProcess> Serve(SiloPlan plan)
    {
        var silo = new SiloProcess(plan);
        await silo.Ready();
        return silo;
    }

    /// <summary>The same from the embedded store.</summary>
    public static Task<SiloProcess> Serve(string folder, int? port = null, params string[] more)
    {
        var plan = SiloPlan.On(["--data", folder]);
        return Serve(plan with { HttpPort = port ?? plan.HttpPort, More = more });
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> Run(IReadOnlyList<string> args, params IEnumerable<(string Name, string Value)> environment)
    {
        await using var process = ChildProcess.Start(Assembly, args, environment);
        var exitCode = await process.Exit(TimeSpan.FromMinutes(5));
        return (exitCode, process.Output);
    }

    /// <summary>Waits until it says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended, or did not become ready in 90 s.</exception>
    public async Task Ready()
    {
        var clock = Stopwatch.StartNew();
        while (!await IsReady())
        {
            if (HasExited || clock.Elapsed > StartWithin)
            {
                var output = Output;
                await DisposeAsync();
                throw new InvalidOperationException($"serve did not become ready: {output}");
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Whether it says that it is ready, within a second.</summary>
    public async Task<bool> IsReady()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            using var response = await Client.GetAsync("health/ready", limit.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The most memory that it has held at any time so far, in bytes (VmHWM of /proc).</summary>
    public long PeakMemory() =>
        File.ReadLines($"/proc/{_process.Id}/status").Where(l => l.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Select(l => long.Parse(l.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024).Single();

    /// <summary>kill -9: no farewell, no flush.</summary>
    public Task Kill() => _process.Kill();

    /// <summary>Sends a signal, and does not wait.</summary>
    public void Send(Signal signal) => _process.Send(signal);

    /// <summary>Waits for its end.</summary>
    public Task<int> Exit(TimeSpan within) => _process.Exit(within);

    /// <summary>SIGTERM; the exit code, and how long it took.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> Terminate()
    {
        var clock = Stopwatch.StartNew();
        _process.Send(Signal.Terminate);
        var exitCode = await _process.Exit(TimeSpan.FromMinutes(2));
        return (exitCode, clock.Elapsed);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Client.Dispose();
    }
}
