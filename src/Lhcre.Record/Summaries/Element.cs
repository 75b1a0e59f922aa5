using System.Text.Json;

namespace Lhcre.Record.Summaries;

/// <summary>
/// A part of a FHIR resource in JSON that may not be there: what is missing, or of another kind than asked for, is nothing. One value where a
/// list is asked for counts as a list of one.
/// </summary>
internal readonly struct Element
{
    private readonly JsonElement _json;

    private Element(JsonElement json) => _json = json;

    /// <summary>A whole resource.</summary>
    public static Element Of(ReadOnlySpan<byte> resource) => new(JsonSerializer.Deserialize<JsonElement>(resource));

    /// <summary>Whether there is anything.</summary>
    public bool Exists => _json.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>A member of an object.</summary>
    public Element this[string name] => _json.ValueKind == JsonValueKind.Object && _json.TryGetProperty(name, out var value) ? new Element(value) : default;

    /// <summary>The items of a list.</summary>
    public IEnumerable<Element> Items =>
        _json.ValueKind == JsonValueKind.Array ? _json.EnumerateArray().Select(e => new Element(e)) : Exists ? [this] : [];

    /// <summary>The names of an object's members.</summary>
    public IEnumerable<string> Names => _json.ValueKind == JsonValueKind.Object ? _json.EnumerateObject().Select(m => m.Name) : [];

    /// <summary>A text without the white space around it; null where there is none, or nothing is left of it.</summary>
    public string? Text => _json.ValueKind == JsonValueKind.String && _json.GetString()!.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>A number with just the digits that were sent; null where there is none.</summary>
    public string? Number => _json.ValueKind == JsonValueKind.Number ? _json.GetRawText() : null;

    /// <summary><c>true</c> or <c>false</c>; null for anything else.</summary>
    public bool? Flag => _json.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    /// <summary>The codings of a CodeableConcept, each with its system (null for none), in their order.</summary>
    public IEnumerable<Coding> Codings => this["coding"].Items.Where(c => c["code"].Text is not null).Select(c => new Coding(c["system"].Text, c["code"].Text!));

    /// <summary>
    /// Whether a CodeableConcept of which FHIR defines the codes, such as a status, has one of these, whatever other systems' codes stand beside it; of
    /// one without codes, whether that is its text.
    /// </summary>
    public bool Is(params ReadOnlySpan<string> codes)
    {
        var isCoded = false;
        foreach (var coding in Codings)
        {
            isCoded = true;
            if (codes.Contains(coding.Code))
                return true;
        }

        return !isCoded && this["text"].Text is { } text && codes.Contains(text.ToLowerInvariant());
    }

    /// <summary>The value of the extension with this URL.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="value">The member that holds the value, such as <c>valueCodeableConcept</c>.</param>
    public Element Extension(string url, string value) => this["extension"].Items.FirstOrDefault(e => e["url"].Text == url)[value];
}
