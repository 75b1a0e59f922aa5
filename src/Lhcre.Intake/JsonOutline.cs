using System.Text.Json;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>A value inside a JSON text: where it stands, and what it starts with.</summary>
internal readonly record struct JsonPart(ByteRange Range, JsonTokenType Kind)
{
    public bool IsObject => Kind == JsonTokenType.StartObject;

    public bool IsArray => Kind == JsonTokenType.StartArray;
}

/// <summary>A member of a JSON object.</summary>
internal readonly record struct JsonMember(string Name, JsonPart Value);

/// <summary>
/// Looks into JSON one level at a time and says where things stand, so that what is inside is copied as it was sent. Only for text that
/// <see cref="JsonSoundness"/> has passed.
/// </summary>
internal static class JsonOutline
{
    /// <summary>The members of an object, in the order of the text, doubled ones included; none for anything else.</summary>
    public static List<JsonMember> Members(ReadOnlySpan<byte> json, JsonPart value)
    {
        var members = new List<JsonMember>();
        if (!value.IsObject)
            return members;
        var reader = ReaderOf(json, value);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            members.Add(new JsonMember(name, Take(ref reader, value)));
        }

        return members;
    }

    /// <summary>The items of an array, in order; none for anything else.</summary>
    public static List<JsonPart> Items(ReadOnlySpan<byte> json, JsonPart value)
    {
        var items = new List<JsonPart>();
        if (!value.IsArray)
            return items;
        var reader = ReaderOf(json, value);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Take(ref reader, value));
        return items;
    }

    /// <summary>The first member of this name; null where there is none.</summary>
    public static JsonPart? Find(this List<JsonMember> members, string name)
    {
        foreach (var member in members)
        {
            if (member.Name == name)
                return member.Value;
        }

        return null;
    }

    /// <summary>The text of a string; null for anything else.</summary>
    public static string? Text(ReadOnlySpan<byte> json, JsonPart? value)
    {
        if (value is not { Kind: JsonTokenType.String } text)
            return null;
        var reader = new Utf8JsonReader(text.Range.Of(json));
        reader.Read();
        return reader.GetString();
    }

    /// <summary>The text of a string member of an object; null where there is none.</summary>
    public static string? Text(ReadOnlySpan<byte> json, List<JsonMember> members, string name) => Text(json, members.Find(name));

    /// <summary>Whether a text holds more than <paramref name="limit"/> values, at every level counted.</summary>
    public static bool HasMoreValues(ReadOnlySpan<byte> json, int limit)
    {
        // A value takes two bytes at least, its comma or bracket included.
        if (json.Length <= limit * 2)
            return false;
        var reader = new Utf8JsonReader(json, JsonSoundness.Options);
        var count = 0;
        while (count <= limit && reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.EndObject or JsonTokenType.EndArray))
                count++;
        }

        return count > limit;
    }

    /// <summary>The whole of a text that is one value and nothing before or behind it.</summary>
    public static JsonPart Whole(ReadOnlySpan<byte> json) =>
        new(new ByteRange(0, json.Length), json[0] == (byte)'{' ? JsonTokenType.StartObject : JsonTokenType.StartArray);

    // Just inside the value: its bracket is read.
    private static Utf8JsonReader ReaderOf(ReadOnlySpan<byte> json, JsonPart value)
    {
        var reader = new Utf8JsonReader(value.Range.Of(json), JsonSoundness.Options);
        reader.Read();
        return reader;
    }

    private static JsonPart Take(ref Utf8JsonReader reader, JsonPart within)
    {
        var (start, kind) = ((int)reader.TokenStartIndex, reader.TokenType);
        reader.Skip();
        return new JsonPart(new ByteRange(within.Range.Start + start, (int)reader.BytesConsumed - start), kind);
    }
}
