using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Lhcre.Processes;

/// <summary>The signals that tests send.</summary>
public enum Signal
{
    /// <summary>At once, without farewell: kill -9.</summary>
    Kill = 9,

    /// <summary>Come to an end.</summary>
    Terminate = 15,

    /// <summary>Carry on.</summary>
    Continue = 18,

    /// <summary>Stand still, sockets open: what a long pause of a machine looks like from outside.</summary>
    Stop = 19,
}

/// <summary>A program of ours as a process of its own, its output kept; it does not outlive the tests.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly IDisposable _guard;
    private readonly StringBuilder _output = new();
    private readonly Task _read;
    private bool _isDisposed;

    private ChildProcess(Process process)
    {
        _process = process;
        _guard = Watchdog.Guard(process);
        _read = Task.WhenAll(Read(process.StandardOutput), Read(process.StandardError));
    }

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _isDisposed || _process.HasExited;

    /// <summary>What it has written so far, both streams, in the order in which it came.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="assembly">Its file, such as <c>Lhcre.Silo.dll</c>, beside the tests or with its whole path.</param>
    /// <param name="args">The command line.</param>
    /// <param name="environment">What is added to this process's environment.</param>
    public static ChildProcess Start(string assembly, IReadOnlyList<string> args, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, assembly));
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>Sends a signal.</summary>
    public void Send(Signal signal)
    {
        if (!_process.HasExited)
            _ = Kill(_process.Id, (int)signal);
    }

    /// <summary>Waits for its end, all of its output read.</summary>
    /// <exception cref="TimeoutException">It goes on.</exception>
    public async Task<int> Exit(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The process still runs after {within}: {Output}");
        }

        _guard.Dispose();
        await _read;
        return _process.ExitCode;
    }

    /// <summary>kill -9, and waits for the end.</summary>
    public async Task Kill()
    {
        Send(Signal.Kill);
        await Exit(TimeSpan.FromSeconds(30));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await Kill();
        _process.Dispose();
    }

    private Task Read(StreamReader reader) => Task.Run(async () =>
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_output)
                _output.AppendLine(line);
        }
    });

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
