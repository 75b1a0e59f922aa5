using System.ComponentModel;
using System.Text;
using System.Text.Json.Nodes;
using Lhcre.Clients.Tests.Node;
using Xunit.Abstractions;

namespace Lhcre.Clients.Tests.V2;

/// <summary>
/// python-hl7: the machine's own, or else Debian's package, unpacked beside the tests' output and not installed. Where neither can be had a test says
/// so in one line and ends; in CI it must be there.
/// </summary>
internal static class PythonHl7
{
    private static readonly Lazy<Task<string?>> Missing = new(Get);

    private static string Packages => Path.Combine(NodePackages.Folder, "python");

    /// <summary>What it reads of messages; null where it is not to be had, which was said.</summary>
    public static async Task<JsonArray?> Read(IReadOnlyList<string> messages, ITestOutputHelper log)
    {
        if (await Missing.Value is not { } reason)
            return JsonNode.Parse(await Run(Json(messages), "python3", Script, Modules))!.AsArray();
        Assert.True(Environment.GetEnvironmentVariable("CI") != "true", $"CI runs with python-hl7. {reason}");
        log.WriteLine($"Not run: Python 3 with the package hl7 (Debian: python3-hl7) is needed. {reason}");
        return null;
    }

    /// <summary>The messages as the scripts read them.</summary>
    public static string Json(IReadOnlyList<string> messages) => new JsonArray([.. messages.Select(m => JsonValue.Create(m))]).ToJsonString();

    /// <summary>Runs a program to its end with an input.</summary>
    public static async Task<string> Run(string input, string program, params string[] arguments)
    {
        using var process = NodeProgram.Start(program, arguments);
        await process.Input.WriteAsync(Encoding.UTF8.GetBytes(input));
        await process.Input.FlushAsync();
        return await process.Output();
    }

    private static string Script => Path.Combine(AppContext.BaseDirectory, "V2", "python-hl7.py");

    private static string Modules => Path.Combine(Packages, "usr/lib/python3/dist-packages");

    // Why it is not there; null where it is.
    private static async Task<string?> Get()
    {
        try
        {
            if (await Reads())
                return null;
            await Run(
                "", "sh", "-ec",
                """
                mkdir -p "$1"
                cd "$1"
                apt-get -qq download python3-hl7 || { apt-get -qq update && apt-get -qq download python3-hl7; }
                dpkg-deb -x python3-hl7_*.deb .
                """,
                "sh", Packages);
            return await Reads() ? null : "The package does not work here.";
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return e.Message;
        }
    }

    private static async Task<bool> Reads()
    {
        try
        {
            return await Run("[]", "python3", Script, Modules) == "[]";
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
