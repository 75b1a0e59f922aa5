using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lhcre.Clients.Tests.Node;

namespace Lhcre.Clients.Tests.Validity;

/// <summary>What the schema does not like.</summary>
/// <param name="Name">The body it stands in.</param>
/// <param name="Element">Where, from the innermost resource on and without indices: <c>Patient.name.given</c>.</param>
/// <param name="Keyword">The schema's keyword that is not satisfied: <c>pattern</c>.</param>
/// <param name="Value">What stands there, as JSON, at most 80 characters.</param>
/// <param name="Count">How many there are of that element and keyword in that body; the first one's value is given.</param>
internal sealed record SchemaFault(string Name, string Element, string Keyword, string Value, int Count);

/// <summary>What was looked at.</summary>
/// <param name="Bodies">How many answers.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Resources">The resources in them of each type, those in Bundles and contained ones too.</param>
/// <param name="Faults">What is wrong.</param>
internal sealed record SchemaVerdict(int Bodies, long Bytes, IReadOnlyDictionary<string, int> Resources, IReadOnlyList<SchemaFault> Faults);

/// <summary>Holds FHIR bodies against the official JSON schema of R4, in a Node.js process: compiled, it takes them about as fast as they are served.</summary>
internal sealed class SchemaCheck : IDisposable
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private readonly NodeProgram _program = NodeProgram.Start("node", "json-schema.mjs");
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Gives it a body. May be called from several threads.</summary>
    public async Task Take(string name, ReadOnlyMemory<byte> body)
    {
        var header = string.Create(CultureInfo.InvariantCulture, $"{body.Length} {name.ReplaceLineEndings(" ")}\n");
        await _turn.WaitAsync();
        try
        {
            await _program.Input.WriteAsync(Encoding.UTF8.GetBytes(header));
            await _program.Input.WriteAsync(body);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>What is wrong with what it was given.</summary>
    public async Task<SchemaVerdict> Verdict()
    {
        var lines = (await _program.Output()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var counts = JsonNode.Parse(lines[^1])!;
        return new SchemaVerdict(
            counts["bodies"]!.GetValue<int>(),
            counts["bytes"]!.GetValue<long>(),
            counts["resources"].Deserialize<Dictionary<string, int>>()!,
            [.. lines[..^1].Select(l => JsonSerializer.Deserialize<SchemaFault>(l, Web)!)]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _program.Dispose();
        _turn.Dispose();
    }
}
