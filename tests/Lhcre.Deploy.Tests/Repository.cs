using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Lhcre.Deploy.Tests;

/// <summary>The working copy that these tests were built from, and programs that are run in it.</summary>
internal static class Repository
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>A file or folder by its path from the root.</summary>
    public static string At(string path) => Path.Combine(Root(), path);

    /// <summary>Runs a program at the root, to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root(),
        })!;
        using var deadline = new CancellationTokenSource(Patience);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, await output, await errors);
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));
}
