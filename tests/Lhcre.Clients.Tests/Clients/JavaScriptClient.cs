using System.Text.Json;
using System.Text.Json.Nodes;
using Lhcre.Clients.Tests.Node;
using Xunit.Abstractions;

namespace Lhcre.Clients.Tests.Clients;

/// <summary>What a client of the JavaScript world made of the server, step by step: its script is run once.</summary>
internal sealed class JavaScriptClient(string script, ClientSilo silo)
{
    private readonly Lazy<Task<JsonNode>> _report = new(() => Run(script, silo));

    /// <summary>What a step gave, as JSON; null where there is no Node.js, which was said.</summary>
    public async Task<string?> Step(string name, ITestOutputHelper log)
    {
        if (!await NodePackages.Are(log))
            return null;
        var report = await _report.Value;
        Assert.NotNull(report[name]);
        return report[name]!.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    private static async Task<JsonNode> Run(string script, ClientSilo silo)
    {
        using var program = NodeProgram.Start("node", script, silo.Fhir, silo.Ann, silo.Corrected);
        return JsonNode.Parse(await program.Output())!;
    }
}
