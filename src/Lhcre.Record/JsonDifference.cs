using System.Text.Json;

namespace Lhcre.Record;

/// <summary>Where two JSON texts differ in what they say: the order of members and the way in which texts are escaped apart.</summary>
public static class JsonDifference
{
    /// <summary>The path of the first value that differs, such as <c>entry[3].resource.valueQuantity.value</c>; null where none does.</summary>
    /// <exception cref="JsonException">One of them is not JSON.</exception>
    public static string? Find(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        using var left = Parse(one);
        using var right = Parse(other);
        return Find(left.RootElement, right.RootElement, "");
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Limits.JsonReader);
        return JsonDocument.ParseValue(ref reader);
    }

    private static string? Find(JsonElement left, JsonElement right, string path)
    {
        if (left.ValueKind != right.ValueKind)
            return path;
        switch (left.ValueKind)
        {
            case JsonValueKind.Object:
                if (left.GetPropertyCount() != right.GetPropertyCount())
                    return left.EnumerateObject().Where(m => !right.TryGetProperty(m.Name, out _)).Select(m => Join(path, m.Name)).FirstOrDefault(path);
                foreach (var member in left.EnumerateObject())
                {
                    if (!right.TryGetProperty(member.Name, out var same))
                        return Join(path, member.Name);
                    if (Find(member.Value, same, Join(path, member.Name)) is { } difference)
                        return difference;
                }

                return null;
            case JsonValueKind.Array:
                if (left.GetArrayLength() != right.GetArrayLength())
                    return path;
                for (var i = 0; i < left.GetArrayLength(); i++)
                {
                    if (Find(left[i], right[i], $"{path}[{i}]") is { } difference)
                        return difference;
                }

                return null;
            case JsonValueKind.String:
                return left.ValueEquals(right.GetString()) ? null : path;
            default:
                // Of a number, its digits count too: 70.10 is more precise than 70.1.
                return left.GetRawText() == right.GetRawText() ? null : path;
        }
    }

    private static string Join(string path, string member) => path.Length == 0 ? member : $"{path}.{member}";
}
