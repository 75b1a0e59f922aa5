using System.Text.Json;
using Lhcre.Record.Reading;

namespace Lhcre.Record;

/// <summary>
/// Reads <see cref="Facts"/> from a resource's bytes in one pass, without the FHIR object model. <see cref="Number"/> goes up with every
/// change of what it reads: rows made by an older reader are read again when they are next loaded.
/// </summary>
public static class FactsReader
{
    /// <summary>The number of this reader, journalled in every row.</summary>
    public const byte Number = 2;

    /// <summary>Reads the facts of one resource.</summary>
    /// <param name="type">Its <c>resourceType</c>.</param>
    /// <param name="id">Its <c>id</c>.</param>
    /// <param name="resource">Its JSON.</param>
    /// <exception cref="JsonException">The bytes are not one JSON object, or a text that is read is not Unicode.</exception>
    public static Facts Read(string type, string id, ReadOnlySpan<byte> resource)
    {
        var draft = new FactsDraft(type);
        try
        {
            Take(draft, ComparedElements.Of(type), resource);
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException(Layout.NotUnicode, exception);
        }

        return draft.Finish(id);
    }

    private static void Take(FactsDraft draft, ComparedElements.Step ofType, ReadOnlySpan<byte> resource)
    {
        var reader = new Utf8JsonReader(resource, Limits.JsonReader);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A resource is a JSON object.");
        while (Json.NextMember(ref reader))
        {
            if (!ofType(draft, ref reader))
                draft.Take(ref reader);
        }
    }
}
