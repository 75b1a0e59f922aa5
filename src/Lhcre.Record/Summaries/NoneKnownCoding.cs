using System.Text;
using System.Text.Json;

namespace Lhcre.Record.Summaries;

/// <summary>
/// Where a source states by a code of SNOMED CT that none are known, the code of IPS for the same, put behind its own: software in other countries
/// looks for that one. Source: HL7 IPS 1.1.0, ConceptMap absence-to-snomed-uv-ips, whose pairs are equal; the same table that <see cref="Absence"/> reads.
/// </summary>
internal static class NoneKnownCoding
{
    private static readonly Dictionary<string, string> Displays = new()
    {
        ["no-known-allergies"] = "No known allergies",
        ["no-known-problems"] = "No known problems",
        ["no-known-medications"] = "No known medications",
        ["no-known-immunizations"] = "No known immunizations",
    };

    /// <summary>The coding, and where it goes; null where nothing is to be put in.</summary>
    public static (ByteRange Range, ReadOnlyMemory<byte> Text)? Of(SummaryItem item)
    {
        if (!item.IsNoneKnown || item.Json[AddedWords.ConceptOf(item.Type)].Codings.Any(c => c.System == AuthoredResource.AbsentSystem))
            return null;
        var code = Absence.NoneKnown[item.Type].Single(c => c.System == AuthoredResource.AbsentSystem).Code;
        return EndOfCodings(item) is { } end
            ? (new ByteRange(end, 0), Encoding.UTF8.GetBytes($",{{\"system\":\"{AuthoredResource.AbsentSystem}\",\"code\":\"{code}\",\"display\":\"{Displays[code]}\"}}"))
            : null;
    }

    // Before the bracket that ends the codings of the concept, among which there is one.
    private static int? EndOfCodings(SummaryItem item)
    {
        var reader = new Utf8JsonReader(item.Resource.Resource.Span, Limits.JsonReader);
        var concept = AddedWords.ConceptOf(item.Type);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            if (reader.CurrentDepth == 1 && !reader.ValueTextEquals(concept))
            {
                reader.Skip();
            }
            else if (reader.CurrentDepth == 2 && reader.ValueTextEquals("coding"u8))
            {
                reader.Read();
                var isList = reader.TokenType == JsonTokenType.StartArray;
                reader.Skip();
                return isList ? (int)reader.BytesConsumed - 1 : null;
            }
        }

        return null;
    }
}
