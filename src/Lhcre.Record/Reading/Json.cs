using System.Text.Json;

namespace Lhcre.Record.Reading;

/// <summary>
/// Steps through JSON whose kinds cannot be trusted. A step stands at the first token of a value and leaves the reader at its last one.
/// </summary>
internal static class Json
{
    /// <summary>Whether the value is an object, to be read by <see cref="NextMember"/>; anything else is passed over.</summary>
    public static bool Enters(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
            return true;
        reader.Skip();
        return false;
    }

    /// <summary>Goes on to the next member's name; false at the object's end.</summary>
    public static bool NextMember(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Whether the member has this name, and then goes on to its value. A member that nobody asks for is left by <see cref="Utf8JsonReader.Skip"/>.</summary>
    public static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (!reader.ValueTextEquals(name))
            return false;
        reader.Read();
        return true;
    }

    /// <summary>A text; null for anything else, also for a reader that has read nothing.</summary>
    public static string? Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
            return reader.GetString();
        if (reader.TokenType != JsonTokenType.None)
            reader.Skip();
        return null;
    }

    /// <summary>A text without the white space around it; null where nothing is left of it.</summary>
    public static string? Trimmed(ref Utf8JsonReader reader) => Text(ref reader)?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary><c>true</c> or <c>false</c>; null for anything else.</summary>
    public static bool? Flag(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            return reader.GetBoolean();
        reader.Skip();
        return null;
    }

    /// <summary>A number by its value, or such a text as it stands; null for what is neither a number nor a text.</summary>
    public static string? Number(ref Utf8JsonReader reader) => Scaled(ref reader, ExactNumber.One, out var text) is { } number ? number.ToString() : text;

    /// <summary>A number times a factor; null where there is none, or the product is not exact: then <paramref name="text"/> is what was said.</summary>
    public static ExactNumber? Scaled(ref Utf8JsonReader reader, ExactNumber factor, out string? text)
    {
        text = null;
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
        {
            reader.Skip();
            return null;
        }

        if (ExactNumber.TryParse(reader.ValueSpan, out var number) && number.Times(factor) is { } product)
            return product;
        text = reader.TokenType == JsonTokenType.String ? Trimmed(ref reader) : System.Text.Encoding.ASCII.GetString(reader.ValueSpan);
        return null;
    }
}

/// <summary>The items of a list, or the single value that some send in its place.</summary>
internal struct Items
{
    private readonly bool _isList;
    private bool _isOver;

    private Items(bool isList) => _isList = isList;

    /// <summary>Begins at the value.</summary>
    public static Items Of(ref Utf8JsonReader reader) => new(reader.TokenType == JsonTokenType.StartArray);

    /// <summary>Goes on to the next item's first token; false at the end.</summary>
    public bool Next(ref Utf8JsonReader reader)
    {
        if (_isList)
            return reader.Read() && reader.TokenType != JsonTokenType.EndArray;
        (var isOver, _isOver) = (_isOver, true);
        return !isOver;
    }
}
