using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Lhcre.Silo.Tests.Http;

namespace Lhcre.Silo.Tests.Processes;

/// <summary>The published program as a process of its own: what can be killed.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private SiloProcess(Process process, string url)
    {
        (_process, Url) = (process, url);
        Client = new HttpClient { BaseAddress = new Uri(url + "/"), Timeout = TimeSpan.FromMinutes(2) };
    }

    public string Url { get; }

    public HttpClient Client { get; }

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts <c>serve</c> and waits until it is ready.</summary>
    public static async Task<SiloProcess> Serve(string folder, int? port = null, params string[] more)
    {
        var url = $"http://127.0.0.1:{port ?? TestSilo.FreePort()}";
        var silo = new SiloProcess(Start(["serve", "--data", folder, "--urls", url, "--silo-port", $"{TestSilo.FreePort()}", "--gateway-port", $"{TestSilo.FreePort()}", .. more]), url);
        silo.Read(silo._process.StandardOutput);
        silo.Read(silo._process.StandardError);
        var clock = Stopwatch.StartNew();
        while (!await silo.IsReady())
        {
            if (silo._process.HasExited || clock.Elapsed > StartWithin)
                throw new InvalidOperationException($"serve did not become ready: {silo.Output}");
            await Task.Delay(100);
        }

        return silo;
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> Run(IReadOnlyList<string> args, params (string Name, string Value)[] environment)
    {
        using var process = Start(args, environment);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>kill -9: no farewell, no flush.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; the exit code, and how long it took.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> Terminate()
    {
        var clock = Stopwatch.StartNew();
        _ = Signal(_process.Id, 15);
        await _process.WaitForExitAsync();
        return (_process.ExitCode, clock.Elapsed);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await Kill();
        _process.Dispose();
        Client.Dispose();
    }

    private static Process Start(IReadOnlyList<string> args, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Lhcre.Silo.dll"));
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private void Read(StreamReader reader) => _ = Task.Run(async () =>
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_output)
                _output.AppendLine(line);
        }
    });

    private async Task<bool> IsReady()
    {
        try
        {
            using var response = await Client.GetAsync("health/ready");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
