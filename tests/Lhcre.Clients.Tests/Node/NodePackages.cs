using System.ComponentModel;
using Xunit.Abstractions;

namespace Lhcre.Clients.Tests.Node;

/// <summary>
/// The npm packages that <c>Node/package.json</c> names, installed once beside the tests' own output by the machine's npm as it is
/// configured. Where there is no Node.js, or the packages cannot be had, a test says so in one line and ends; in CI they must be there.
/// </summary>
internal static class NodePackages
{
    private static readonly Lazy<Task<string?>> Missing = new(Install);

    /// <summary>Where scripts and packages are.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Node");

    /// <summary>Begins to install, and does not wait: other work may be done meanwhile.</summary>
    public static void Begin() => _ = Missing.Value;

    /// <summary>Whether they are there.</summary>
    public static async Task<bool> Are(ITestOutputHelper log)
    {
        if (await Missing.Value is not { } reason)
            return true;
        Assert.True(Environment.GetEnvironmentVariable("CI") != "true", $"CI runs with Node.js and its packages. {reason}");
        log.WriteLine($"Not run: Node.js 20 or later with npm and the packages of Node/package.json is needed. {reason}");
        return false;
    }

    // Why they are not there; null where they are.
    private static async Task<string?> Install()
    {
        try
        {
            var version = await Run("node", "--version");
            if (!int.TryParse(version.TrimStart('v').Split('.')[0], out var major) || major < 20)
                return $"Node.js is {version.Trim()}.";
            // What was installed, and by which Node.js: a later run on the same output need not do it again.
            var wanted = version + await File.ReadAllTextAsync(Path.Combine(Folder, "package.json"));
            var installed = Path.Combine(Folder, "node_modules", ".installed");
            if (File.Exists(installed) && await File.ReadAllTextAsync(installed) == wanted)
                return null;
            // No script of a package is run, and what packages can do without is left out: of one, half a mobile app framework.
            await Run("npm", "install", "--no-package-lock", "--ignore-scripts", "--omit=optional", "--omit=dev", "--no-audit", "--no-fund", "--prefer-offline");
            await File.WriteAllTextAsync(installed, wanted);
            return null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return e.Message;
        }
    }

    private static async Task<string> Run(string program, params string[] arguments)
    {
        using var process = NodeProgram.Start(program, arguments);
        return await process.Output();
    }
}
