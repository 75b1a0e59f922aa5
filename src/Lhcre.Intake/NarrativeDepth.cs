using System.Text.Json;
using System.Xml;
using Hl7.Fhir.Utility;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>
/// Whether XHTML is nested deeper than <see cref="Limits.NarrativeDepth"/>. The library goes down into it level by level on the stack, and
/// the stack's end is the end of the process: 140 kilobytes of nested tags are enough. So nothing deep may reach it.
/// </summary>
internal static class NarrativeDepth
{
    /// <summary>Whether any text of a resource is XML that is too deep, whatever stands for a narrative there.</summary>
    /// <param name="resource">Sound JSON.</param>
    public static bool IsExceededIn(ReadOnlySpan<byte> resource)
    {
        var reader = new Utf8JsonReader(resource, JsonSoundness.Options);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && MayExceed(reader.ValueSpan) && IsExceededBy(reader.GetString()!))
                return true;
        }

        return false;
    }

    /// <summary>Whether a narrative is too deep, as far down as it is XML: the library does not go into one that is none.</summary>
    public static bool IsExceededBy(string narrative)
    {
        try
        {
            using var xml = SerializationUtil.XmlReaderFromXmlText(narrative);
            while (xml.Read())
            {
                if (xml.Depth > Limits.NarrativeDepth)
                    return true;
            }
        }
        catch (XmlException)
        {
            return false;
        }

        return false;
    }

    // Every level takes a tag, which may be written as an escape.
    private static bool MayExceed(ReadOnlySpan<byte> text) => text.Count((byte)'<') + text.Count("\\u003"u8) > Limits.NarrativeDepth;
}
