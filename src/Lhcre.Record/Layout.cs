using System.Collections.Immutable;
using System.Text.Json;

namespace Lhcre.Record;

/// <summary>A literal reference (or a Binary's URL in an attachment) in a resource: where its text stands between the quotes, and the text.</summary>
/// <param name="Value">Where the text stands.</param>
/// <param name="Text">The text, unescaped.</param>
/// <param name="IsUrl">Whether it is a <c>url</c>, which need not name a resource at all.</param>
public readonly record struct ReferenceSlot(ByteRange Value, string Text, bool IsUrl = false);

/// <summary>
/// Where the parts of a resource stand that change between a source's words and the merged record: its id, its meta and its references.
/// Read from JSON once; whoever rewrites a resource copies the bytes between these places as they are.
/// </summary>
/// <param name="Type"><c>resourceType</c>; null where there is none.</param>
/// <param name="IdText"><c>id</c>; null where there is none.</param>
/// <param name="Id">The id's text between its quotes; where there is none, an empty range behind the <c>resourceType</c> member.</param>
/// <param name="Meta">The whole value of <c>meta</c>; where there is none, an empty range behind the id (or its place).</param>
/// <param name="References">Every string member named <c>reference</c>, and attachment URLs that name a Binary, in the order of the text.</param>
public sealed record Layout(string? Type, string? IdText, ByteRange Id, ByteRange Meta, ImmutableArray<ReferenceSlot> References)
{
    // What the reader says by InvalidOperationException of half a surrogate pair, or of bytes that are not UTF-8.
    internal const string NotUnicode = "A text in the JSON is not Unicode.";

    /// <summary>Reads the layout of one resource.</summary>
    /// <exception cref="JsonException">
    /// The bytes are not one JSON object of at most <see cref="Limits.JsonDepth"/> levels, or a text that is read is not Unicode.
    /// </exception>
    public static Layout Read(ReadOnlySpan<byte> resource)
    {
        try
        {
            return ReadParts(resource);
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException(NotUnicode, exception);
        }
    }

    /// <summary>Whether a <c>url</c>, as it stands between its quotes, may name a Binary. One with escapes does not.</summary>
    public static bool NamesBinary(ReadOnlySpan<byte> url) =>
        (url.StartsWith("Binary/"u8) || url.StartsWith("urn:uuid:"u8) || url.IndexOf("/Binary/"u8) >= 0) && !url.Contains((byte)'\\');

    private static Layout ReadParts(ReadOnlySpan<byte> resource)
    {
        var reader = new Utf8JsonReader(resource, Limits.JsonReader);
        string? type = null, idText = null;
        ByteRange? id = null, meta = null;
        int? metaStart = null;
        var behindType = 1;
        var references = ImmutableArray.CreateBuilder<ReferenceSlot>();
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A resource is a JSON object.");
        while (reader.Read())
        {
            if (metaStart is { } opened && reader is { CurrentDepth: 1, TokenType: JsonTokenType.EndObject or JsonTokenType.EndArray })
            {
                meta = new ByteRange(opened, (int)reader.BytesConsumed - opened);
                metaStart = null;
            }

            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            var top = reader.CurrentDepth == 1;
            if (top && reader.ValueTextEquals("resourceType"u8))
            {
                reader.Read();
                type = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                behindType = (int)reader.BytesConsumed;
            }
            else if (top && reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String)
                    continue;
                idText = reader.GetString();
                id = Inside(ref reader);
            }
            else if (top && reader.ValueTextEquals("meta"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                // What it holds is read on, since an extension may hold a reference.
                metaStart = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? start : null;
                meta = new ByteRange(start, (int)reader.BytesConsumed - start);
            }
            else if (reader.ValueTextEquals("reference"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                    references.Add(new ReferenceSlot(Inside(ref reader), reader.GetString()!));
            }
            else if (reader.ValueTextEquals("url"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && NamesBinary(reader.ValueSpan))
                    references.Add(new ReferenceSlot(Inside(ref reader), reader.GetString()!, IsUrl: true));
            }
        }

        var idRange = id ?? new ByteRange(behindType, 0);
        var metaRange = meta ?? new ByteRange(id is { } known ? known.End + 1 : behindType, 0);
        return new Layout(type, idText, idRange, metaRange, references.DrainToImmutable());
    }

    private static ByteRange Inside(ref Utf8JsonReader reader) =>
        new((int)reader.TokenStartIndex + 1, (int)(reader.BytesConsumed - reader.TokenStartIndex) - 2);

}
