using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace Lhcre.Clients.Tests.Validity;

/// <summary>
/// Where what was read as XML differs from what was served as JSON. Narratives are compared as the XML that they are; white space around a
/// string, which is to be removed in XML (FHIR datatypes.html#string), does not count.
/// </summary>
internal static class FormatDifference
{
    private static readonly FhirJsonSerializer Json = new();

    /// <summary>The first place, and what stands there in either; null where there is none.</summary>
    public static string? Find(ReadOnlySpan<byte> json, Resource xml) => Find(Parse(json), Parse(Json.SerializeToBytes(xml)), xml.TypeName);

    private static JsonNode? Parse(ReadOnlySpan<byte> json) => JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 128 });

    private static string? Find(JsonNode? one, JsonNode? other, string path) => (one, other) switch
    {
        (JsonObject a, JsonObject b) => a.Select(m => m.Key).Union(b.Select(m => m.Key)).Select(key => Find(a[key], b[key], $"{path}.{key}")).FirstOrDefault(d => d is not null),
        (JsonArray a, JsonArray b) when a.Count == b.Count => Enumerable.Range(0, a.Count).Select(n => Find(a[n], b[n], $"{path}[{n}]")).FirstOrDefault(d => d is not null),
        (JsonValue a, JsonValue b) when path.EndsWith(".div", StringComparison.Ordinal) && XNode.DeepEquals(Xhtml(a), Xhtml(b)) => null,
        (JsonValue a, JsonValue b) when a.TryGetValue<string>(out var text) && b.TryGetValue<string>(out var trimmed) && text.Trim() == trimmed => null,
        _ => one?.ToJsonString() == other?.ToJsonString() ? null : $"{path}: {one?.ToJsonString()} and {other?.ToJsonString()}",
    };

    private static XElement Xhtml(JsonValue text) => XElement.Parse(text.GetValue<string>(), LoadOptions.PreserveWhitespace);
}
