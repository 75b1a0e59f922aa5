using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace Lhcre.Clients.Tests.Validity;

/// <summary>
/// Where what was read as XML differs from what was served as JSON. Narratives are compared as the XML that they are; white space around a
/// value, which the library trims as it reads XML, as it stands in the XML itself.
/// </summary>
internal sealed class FormatDifference
{
    private static readonly FhirJsonSerializer Json = new();

    private readonly HashSet<string> _values;

    private FormatDifference(byte[] xml) =>
        _values = [.. XDocument.Load(new MemoryStream(xml)).Descendants().Attributes("value").Select(a => a.Value)];

    /// <summary>The first place, and what stands there in either; null where there is none.</summary>
    /// <param name="json">What was served as JSON.</param>
    /// <param name="resource">What was read of the XML.</param>
    /// <param name="xml">The XML.</param>
    public static string? Find(ReadOnlySpan<byte> json, Resource resource, byte[] xml) =>
        new FormatDifference(xml).Find(Parse(json), Parse(Json.SerializeToBytes(resource)), resource.TypeName);

    private static JsonNode? Parse(ReadOnlySpan<byte> json) => JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 128 });

    private string? Find(JsonNode? one, JsonNode? other, string path) => (one, other) switch
    {
        (JsonObject a, JsonObject b) => a.Select(m => m.Key).Union(b.Select(m => m.Key)).Select(key => Find(a[key], b[key], $"{path}.{key}")).FirstOrDefault(d => d is not null),
        (JsonArray a, JsonArray b) when a.Count == b.Count => Enumerable.Range(0, a.Count).Select(n => Find(a[n], b[n], $"{path}[{n}]")).FirstOrDefault(d => d is not null),
        (JsonValue a, JsonValue b) when path.EndsWith(".div", StringComparison.Ordinal) && XNode.DeepEquals(Xhtml(a), Xhtml(b)) => null,
        (JsonValue a, JsonValue b) when a.TryGetValue<string>(out var text) && b.TryGetValue<string>(out var trimmed) && text.Trim() == trimmed && _values.Contains(text) => null,
        _ => one?.ToJsonString() == other?.ToJsonString() ? null : $"{path}: {one?.ToJsonString()} and {other?.ToJsonString()}",
    };

    private static XElement Xhtml(JsonValue text) => XElement.Parse(text.GetValue<string>(), LoadOptions.PreserveWhitespace);
}
