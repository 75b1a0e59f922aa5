using System.Text.Json;
using System.Text.Unicode;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>
/// Whether a body is one JSON value that can be read without surprises: valid UTF-8, well-formed, not deeper than
/// <see cref="Limits.JsonDepth"/>, every string a Unicode text. Whoever reads what has passed needs no guard.
/// </summary>
internal static class JsonSoundness
{
    /// <summary>One level more than the limit, so that what is too deep is seen as that and not as malformed.</summary>
    public static JsonReaderOptions Options => new() { MaxDepth = Limits.JsonDepth + 1, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>Null, and the value, where <paramref name="body"/> is sound; else what is wrong.</summary>
    public static Issue? Check(ReadOnlySpan<byte> body, out JsonPart root)
    {
        root = default;
        if (body.Length > Limits.BodyBytes)
            return new Issue(IssueCodes.BodyTooLarge);
        if (!body.ContainsAnyExcept(" \t\r\n"u8))
            return new Issue(IssueCodes.EmptyBody);
        if (!Utf8.IsValid(body))
            return new Issue(IssueCodes.MalformedJson, "The body is not UTF-8.");
        try
        {
            return Read(body, ref root);
        }
        catch (JsonException e)
        {
            return new Issue(IssueCodes.MalformedJson, $"Line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
    }

    private static Issue? Read(ReadOnlySpan<byte> body, ref JsonPart root)
    {
        var reader = new Utf8JsonReader(body, Options);
        var (start, kind) = (-1, JsonTokenType.None);
        while (reader.Read())
        {
            if (start < 0)
                (start, kind) = ((int)reader.TokenStartIndex, reader.TokenType);
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                if (reader.CurrentDepth >= Limits.JsonDepth)
                    return new Issue(IssueCodes.TooDeep);
            }
            else if (reader.ValueIsEscaped && !IsText(ref reader))
            {
                return new Issue(IssueCodes.MalformedJson, "A string holds half of a surrogate pair.");
            }

            if (reader.CurrentDepth == 0)
                root = new JsonPart(new ByteRange(start, (int)reader.BytesConsumed - start), kind);
        }

        return null;
    }

    // A lone \ud800 is grammatical JSON (RFC 8259, 8.2) and still no text: the reader throws when it is asked for the string.
    private static bool IsText(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.IndexOf("\\ud"u8) < 0 && reader.ValueSpan.IndexOf("\\uD"u8) < 0)
            return true;
        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
