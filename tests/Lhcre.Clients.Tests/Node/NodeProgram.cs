using System.Diagnostics;
using Lhcre.Processes;

namespace Lhcre.Clients.Tests.Node;

/// <summary>A program of Node.js or npm that runs to its end: it does not outlive the tests.</summary>
internal sealed class NodeProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly IDisposable _guard;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private NodeProgram(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = NodePackages.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _guard = Watchdog.Guard(_process);
        (_output, _errors) = (_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
    }

    /// <summary>What it reads.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Starts it, in the folder of the packages.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public static NodeProgram Start(string program, params IReadOnlyList<string> arguments) => new(program, arguments);

    /// <summary>Waits for its end; what it wrote to its standard output.</summary>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0, or not within four minutes.</exception>
    public async Task<string> Output()
    {
        _process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{_process.StartInfo.FileName} did not end within {Patience}.");
        }

        return _process.ExitCode == 0
            ? await _output
            : throw new InvalidOperationException($"{_process.StartInfo.FileName} ended with exit code {_process.ExitCode}: {await _errors}{await _output}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _guard.Dispose();
        _process.Dispose();
    }
}
