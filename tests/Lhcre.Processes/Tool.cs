using System.Diagnostics;

namespace Lhcre.Processes;

/// <summary>A program that is run to its end.</summary>
internal static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>What it wrote to its standard output.</summary>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0, or not within a minute.</exception>
    public static async Task<string> Run(string program, params string[] arguments)
    {
        var (exitCode, output, errors) = await Try(program, arguments);
        return exitCode == 0
            ? output
            : throw new InvalidOperationException($"{Path.GetFileName(program)} ended with exit code {exitCode}: {errors.Trim()}");
    }

    /// <summary>How it ended, whatever its exit code.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> Try(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{Path.GetFileName(program)} did not end within {Patience}.");
        }

        return (process.ExitCode, await output, await errors);
    }
}
