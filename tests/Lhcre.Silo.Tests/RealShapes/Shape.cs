using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lhcre.Record;
using Lhcre.Silo.Tests.Data;

namespace Lhcre.Silo.Tests.RealShapes;

/// <summary>
/// One push made of a real file: the file itself where it is a Bundle about people, else each resource in it with a Patient beside it. Where
/// nobody in it has an NHS number that passes, a test number is put in; where its subject is no Patient of its source, a Patient of ours.
/// </summary>
/// <param name="Name">Its file, and its place in it.</param>
/// <param name="Body">What is pushed.</param>
internal sealed record Shape(string Name, byte[] Body)
{
    private const string OurPatient = "lhcre-test";
    private const int Many = 100;

    private static readonly string[] Pushable = ["transaction", "batch", "message", "collection", "document"];

    // Copied as it is: only what is put in is ours.
    private static readonly JsonSerializerOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128 };

    /// <summary>The pushes that a file makes; itself, where it is no FHIR resource at all.</summary>
    public static IEnumerable<Shape> Of(RealFile file)
    {
        using var json = Parse(file.Json);
        if (json?.RootElement is not { ValueKind: JsonValueKind.Object } root || Text(root, "resourceType") is not { } type)
            return [new Shape(file.Name, file.Json)];
        if (type != "Bundle")
            return [Single(file.Name, root, type)];
        var resources = root.TryGetProperty("entry", out var entries) && entries.ValueKind == JsonValueKind.Array
            ? entries.EnumerateArray().Select(Resource).OfType<JsonElement>().ToArray()
            : [];
        if (Pushable.Contains(Text(root, "type")) && resources.Any(r => Text(r, "resourceType") == "Patient"))
            return [new Shape(file.Name, WithNumbers(file.Json))];
        // Answers of a server, definitions: the resources in it count; of hundreds of definitions in one Bundle, some.
        return resources.Length == 0
            ? [new Shape(file.Name, file.Json)]
            : resources.Where((_, i) => resources.Length <= Many || i % Many == 0)
                .Select((r, i) => Text(r, "resourceType") is { } t ? Single($"{file.Name}[{i}]", r, t) : new Shape(file.Name, Bytes(r.GetRawText())))
                .ToArray();
    }

    private static Shape Single(string name, JsonElement resource, string type)
    {
        var raw = resource.GetRawText();
        if (type == "Patient")
            return new Shape(name, Transaction([(type, Text(resource, "id"), WithNumber(raw))]));
        var (words, patient) = AboutOurs(resource, type, raw);
        var companion = $$"""{"resourceType":"Patient","id":"{{patient}}","identifier":[{"system":"{{NhsNumber.System}}","value":"{{Examples.FreshNhsNumber()}}"}]}""";
        return new Shape(name, Transaction([("Patient", patient, companion), (type, Text(resource, "id"), words)]));
    }

    // Whose it is: the Patient of its source that it names, else ours, to whom its subject is turned.
    private static (string Words, string Patient) AboutOurs(JsonElement resource, string type, string raw)
    {
        if (PatientCompartment.SubjectElement(type) is not { } element)
        {
            var named = Patients(resource).Distinct().ToArray();
            return (raw, named.Length == 1 ? named[0] : OurPatient);
        }

        if (!resource.TryGetProperty(element, out var subject))
            return (raw, OurPatient);
        if (subject.ValueKind == JsonValueKind.Object && !subject.TryGetProperty("identifier", out _) && PatientOf(Text(subject, "reference")) is { } id)
            return (raw, id);
        var turned = JsonNode.Parse(raw)!;
        turned[element] = new JsonObject { ["reference"] = $"Patient/{OurPatient}" };
        return (turned.ToJsonString(AsItIs), OurPatient);
    }

    private static IEnumerable<string> Patients(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(m => m.NameEquals("reference") && m.Value.ValueKind == JsonValueKind.String
            ? PatientOf(m.Value.GetString()) is { } id ? [id] : []
            : Patients(m.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Patients),
        _ => [],
    };

    private static string? PatientOf(string? reference) =>
        reference is not null && Fragment.LocalTarget("", reference) is { Type: "Patient" } target ? target.Id : null;

    private static JsonElement? Resource(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("resource", out var resource) && resource.ValueKind == JsonValueKind.Object ? resource : null;

    private static byte[] WithNumbers(byte[] bundle)
    {
        var root = JsonNode.Parse(Trimmed(bundle).Span)!;
        foreach (var entry in root["entry"]!.AsArray())
        {
            if (entry?["resource"] is JsonObject resource && resource["resourceType"]?.GetValue<string>() == "Patient")
                Number(resource);
        }

        return Bytes(root.ToJsonString(AsItIs));
    }

    private static string WithNumber(string patient)
    {
        var root = JsonNode.Parse(patient)!.AsObject();
        return Number(root) ? root.ToJsonString(AsItIs) : patient;
    }

    // Whether a number had to be put in.
    private static bool Number(JsonObject patient)
    {
        var identifiers = patient["identifier"] as JsonArray;
        var numbers = identifiers?.OfType<JsonObject>().Where(i => NhsNumber.IsSystem(TextOf(i["system"]))).ToArray() ?? [];
        if (numbers.Length > 0 && numbers.All(n => NhsNumber.TryParse(TextOf(n["value"]), out _)))
            return false;
        if (patient.ContainsKey("identifier") && identifiers is null)
            return false;
        var number = Examples.FreshNhsNumber();
        foreach (var wrong in numbers)
            wrong["value"] = number;
        if (numbers.Length == 0)
        {
            var given = new JsonObject { ["system"] = NhsNumber.System, ["value"] = number };
            if (identifiers is null)
                patient["identifier"] = new JsonArray(given);
            else
                identifiers.Add((JsonNode)given);
        }

        return true;
    }

    private static byte[] Transaction(IEnumerable<(string Type, string? Id, string Words)> resources) => Bytes(Examples.Bundle("transaction", resources.Select(r =>
        EntryKey.IsValidId(r.Id)
            ? $$$"""{"resource":{{{r.Words}}},"request":{"method":"PUT","url":"{{{r.Type}}}/{{{r.Id}}}"}}"""
            : $$$"""{"resource":{{{r.Words}}},"request":{"method":"POST","url":"{{{r.Type}}}"}}""")));

    private static JsonDocument? Parse(byte[] json)
    {
        try
        {
            return JsonDocument.Parse(Trimmed(json), new JsonDocumentOptions { MaxDepth = 128 });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ReadOnlyMemory<byte> Trimmed(byte[] json) => json.AsMemory(json is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0);

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
