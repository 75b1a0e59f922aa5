using System.Text.Json;

namespace Lhcre.Silo.Visits;

/// <summary>Members of JSON that somebody else wrote: what is not there, or is of another kind, is nothing.</summary>
internal static class JsonMembers
{
    /// <summary>A member of an object; of kind undefined where there is none.</summary>
    public static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>A text; null where it is none.</summary>
    public static string? Text(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>The items of a list; none where it is no list.</summary>
    public static JsonElement.ArrayEnumerator List(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default;
}
