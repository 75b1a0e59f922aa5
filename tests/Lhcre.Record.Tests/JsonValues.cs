using System.Text;
using System.Text.Json;
using CsCheck;

namespace Lhcre.Record.Tests;

/// <summary>JSON of any shape, minified, with the texts that trip a reader of bytes.</summary>
internal static class JsonValues
{
    private static readonly Gen<string> Scalars = Gen.OneOf(
        "1", "-0.10", "1.10", "1e5", "true", "false", "null", "\"\"", "\" \"", "\"a b\"", "\"\\\"\"", "\"\\\\\"", "\"\\\\\\\" \"", "\"\\u0041\"",
        "\"{[,:]}\"", "\"é€😀\"", "\"Patient/1\"", "\"2020-01-01\"", "\"2020-01-01T00:00:00Z\"", "\"https://fhir.nhs.uk/Id/nhs-number\"");

    private static readonly Gen<string> Names = Gen.OneOf(
        "id", "meta", "resourceType", "reference", "url", "identifier", "subject", "patient", "system", "value", "type", "coding", "code", "extension",
        "security", "versionId", "lastUpdated", "valueCodeableConcept", "contained", "issued", "a", "ä b", "\\\"");

    /// <summary>Objects, lists and scalars.</summary>
    public static Gen<string> Any { get; } = Value(3);

    /// <summary>Objects.</summary>
    public static Gen<string> Objects { get; } = Object(3);

    /// <summary>The same JSON with white space wherever it may stand.</summary>
    public static string WithWhiteSpace(string json, int seed)
    {
        var random = new Random(seed);
        var (text, inString) = (new StringBuilder(), false);
        for (var i = 0; i < json.Length; i++)
        {
            if (!inString && (json[i] is '{' or '}' or '[' or ']' or ',' or ':'))
                text.Append(Space()).Append(json[i]).Append(Space());
            else
                text.Append(json[i]);
            if (inString && json[i] == '\\')
                text.Append(json[++i]);
            else if (json[i] == '"')
                inString = !inString;
        }

        return text.ToString();

        string Space() => random.Next(4) switch { 0 => " ", 1 => "\r\n\t", 2 => "  ", _ => "" };
    }

    /// <summary>Whether two texts are the same JSON, member by member and digit by digit.</summary>
    public static bool Same(string one, string other)
    {
        using var left = JsonDocument.Parse(one);
        using var right = JsonDocument.Parse(other);
        return JsonElement.DeepEquals(left.RootElement, right.RootElement);
    }

    private static Gen<string> Value(int depth) =>
        depth == 0 ? Scalars : Gen.Frequency((2, Scalars), (1, List(depth)), (2, Object(depth)));

    private static Gen<string> List(int depth) => Value(depth - 1).Array[0, 3].Select(items => $"[{string.Join(',', items)}]");

    private static Gen<string> Object(int depth) =>
        Gen.Select(Names, Value(depth - 1)).Array[0, 4].Select(members => $"{{{string.Join(',', members.DistinctBy(m => m.Item1).Select(m => $"\"{m.Item1}\":{m.Item2}"))}}}");
}
