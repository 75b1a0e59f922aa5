using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lhcre.Record;

/// <summary>
/// A served resource as it is shown of a restricted person: without whatever tells where they are (<see cref="HiddenElements"/>). What is left is in the words that are
/// served, numbers digit for digit. Free text of clinicians (notes, doses, conclusions) stays, since to leave it out could harm; narratives, which only repeat, and
/// attached content do not.
/// </summary>
internal sealed class Redaction
{
    private const string Ours = "https://fhir.wessexcarerecords.org.uk/StructureDefinition/";
    private const string Duplicate = $"{Ours}possible-duplicate";
    private const string Masked = """[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"masked"}]""";

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = Limits.JsonDepth + 8 };

    private readonly HashSet<string> _hiddenParts = [];

    private Redaction()
    {
    }

    /// <summary>The resource without what is hidden.</summary>
    /// <param name="resource">A resource of a type that is shown, in JSON.</param>
    public static byte[] Of(ReadOnlyMemory<byte> resource)
    {
        using var document = JsonDocument.Parse(resource, new JsonDocumentOptions { MaxDepth = Limits.JsonDepth });
        var shown = new Redaction().Resource(document.RootElement);
        var buffer = new ArrayBufferWriter<byte>(resource.Length);
        using (var writer = new Utf8JsonWriter(buffer, Json))
            shown.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    private JsonObject Resource(JsonElement resource)
    {
        var type = Text(resource, "resourceType") ?? "";
        if (resource.TryGetProperty("contained", out var contained) && contained.ValueKind == JsonValueKind.Array)
            _hiddenParts.UnionWith(contained.EnumerateArray().Where(p => !IsShown(p)).Select(p => $"#{Text(p, "id")}"));
        var shown = new JsonObject();
        foreach (var member in resource.EnumerateObject())
        {
            var name = member.Name.TrimStart('_');
            if (type == "Patient" && !HiddenElements.OfPatient.Contains(name))
                continue;
            // What a document is called is seldom without who wrote it.
            if (type == "DocumentReference" && name == "description")
                continue;
            if (type == "DetectedIssue" && name == "detail" && DisagreementRendering.Anonymous(resource) is { } detail)
                shown[member.Name] = detail;
            else if (Member(member.Name, member.Value) is { } value)
                shown[member.Name] = value;
        }

        return shown;
    }

    private static bool IsShown(JsonElement part) => Text(part, "resourceType") is { } type && Restriction.Shows(type);

    private JsonNode? Member(string name, JsonElement value)
    {
        var bare = name.TrimStart('_');
        if (HiddenElements.Texts.Contains(bare))
            return null;
        // The same name may be a plain word elsewhere, such as the maker of a device.
        if (HiddenElements.Names.Contains(bare) && (name != bare || IsStructured(value)))
            return null;
        return Value(name, value);
    }

    private static bool IsStructured(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object || (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(i => i.ValueKind == JsonValueKind.Object));

    private JsonNode? Value(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Object(name, value),
        JsonValueKind.Array => List(name, value),
        JsonValueKind.String => PublicAddress.IsForeign(value.GetString()) ? null : JsonValue.Create(value),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(value),
    };

    private JsonArray? List(string name, JsonElement list)
    {
        // FHIR R4, json.html#primitive: of primitive values and their siblings, what stands at the same place belongs together.
        var keepsPlaces = name.StartsWith('_') || list.EnumerateArray().Any(i => i.ValueKind == JsonValueKind.Null);
        var shown = new JsonArray();
        var isEmpty = true;
        foreach (var item in list.EnumerateArray())
        {
            var value = Value(name, item);
            isEmpty &= value is null;
            if (value is not null || keepsPlaces)
                shown.Add(value);
        }

        return isEmpty ? null : shown;
    }

    private JsonObject? Object(string name, JsonElement value)
    {
        switch (name)
        {
            case "meta":
                return Meta(value);
            case "contained":
                return IsShown(value) ? Resource(value) : null;
            case "extension":
                return Extension(value);
            case "modifierExtension":
                return Extension(value) ?? Modifier(value);
            case "attachment":
                return Some(value, m => HiddenElements.OfAttachment.Contains(m.Name));
            case "identifier":
                return NhsNumber.IsSystem(Text(value, "system")) ? Some(value, m => m.Name != "type") : null;
            // Of whom it is where that is no literal reference: it may be of a place.
            case "subject" or "patient" when !value.TryGetProperty("reference", out _):
                return Some(value, m => m.Name == "identifier");
            // A place of departure, where it is no origin of sampled data.
            case "origin" when !value.TryGetProperty("value", out _):
            // A narrative; of a concept, text is a text.
            case "text" when value.TryGetProperty("div", out _):
                return null;
        }

        if (value.TryGetProperty("reference", out var reference))
            return Reference(reference, value);
        // Of a logical reference, what it leads to; of a coding, a number that names a place or a person.
        if (Text(value, "type") is { Length: > 0 } type && char.IsAsciiLetterUpper(type[0]) && !Restriction.Shows(type) && !value.TryGetProperty("coding", out _))
            return null;
        return IsNumbering(Text(value, "system")) ? null : Some(value, _ => true);
    }

    // The identifiers of the NHS and of UK Core: organisations, sites, users, professionals. An NHS number stands in an identifier.
    private static bool IsNumbering(string? system) =>
        system is not null && (system.Contains("fhir.nhs.uk/Id/", StringComparison.OrdinalIgnoreCase) || system.Contains("fhir.nhs.net/Id/", StringComparison.OrdinalIgnoreCase)
            || system.Contains("fhir.hl7.org.uk/Id/", StringComparison.OrdinalIgnoreCase));

    private JsonObject? Some(JsonElement value, Func<JsonProperty, bool> isTaken)
    {
        var shown = new JsonObject();
        foreach (var member in value.EnumerateObject())
        {
            if (isTaken(member) && Member(member.Name, member.Value) is { } part)
                shown[member.Name] = part;
        }

        return shown.Count > 0 ? shown : null;
    }

    // A literal reference to something that is shown, and nothing beside it: what it leads to says the rest.
    private JsonObject? Reference(JsonElement reference, JsonElement whole)
    {
        if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not { } text)
            return reference.ValueKind == JsonValueKind.Object ? Some(whole, _ => true) : null;
        var isShown = text.StartsWith('#') ? !_hiddenParts.Contains(text) : text.Split('/') is [var type, _] && Restriction.Shows(type);
        return isShown ? new JsonObject { ["reference"] = text } : null;
    }

    private JsonObject? Extension(JsonElement extension)
    {
        var url = Text(extension, "url");
        if (url is null || PublicAddress.IsForeign(url) || (url.StartsWith(Ours, StringComparison.Ordinal) && url != Duplicate))
            return null;
        var shown = Some(extension, m => m.Name is "extension" || (HiddenElements.ExtensionValues.Contains(m.Name) && (m.Name != "valueReference" || m.Value.TryGetProperty("reference", out _))));
        if (shown is null)
            return null;
        shown.Insert(0, "url", url);
        return shown;
    }

    // FHIR R4, extensibility.html#modifierExtension: who does not know it must not take the rest for the whole. That it is there is not to be left out.
    private static JsonObject Modifier(JsonElement extension) => new()
    {
        ["url"] = Text(extension, "url") is { } url && !PublicAddress.IsForeign(url) ? url : $"{Ours}withheld-modifier",
        ["extension"] = JsonNode.Parse(Masked),
    };

    // Neither who contributes nor where it came from: extension, source, tag.
    private JsonObject? Meta(JsonElement meta) =>
        Some(meta, m => m.Name is "extension" or "versionId" or "lastUpdated" or "profile" or "security");

    private static string? Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
