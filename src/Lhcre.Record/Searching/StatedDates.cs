using System.Text;
using System.Text.Json;
using Lhcre.Record.Reading;

namespace Lhcre.Record.Searching;

/// <summary>When something is, as a resource states it: a date, a Period, or the outer limits of a Timing.</summary>
internal static class StatedDates
{
    // Dates have no more than 40 characters, each of which may be escaped: \u002B for the plus sign of a zone.
    private const int MostBytes = 40 * 6;

    /// <summary>The dates of the value at which the reader stands; null where it tells none.</summary>
    public static DateRange? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
            return Instant(ref reader);
        if (!Json.Enters(ref reader))
            return null;
        DateRange? start = null, end = null;
        var isPeriod = false;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "start"u8))
            {
                (start, isPeriod) = (Instant(ref reader), true);
            }
            else if (Json.Is(ref reader, "end"u8))
            {
                (end, isPeriod) = (Instant(ref reader), true);
            }
            else if (Json.Is(ref reader, "event"u8) || Json.Is(ref reader, "repeat"u8) || Json.Is(ref reader, "boundsPeriod"u8))
            {
                for (var items = Items.Of(ref reader); items.Next(ref reader);)
                {
                    if (Read(ref reader) is not { } item)
                        continue;
                    start = start is { } earliest && earliest.From < item.From ? earliest : item;
                    end = end is { } latest && latest.To > item.To ? latest : item;
                }
            }
            else
            {
                reader.Skip();
            }
        }

        // A Period whose only side cannot be read says nothing.
        return start is null && end is null ? null : isPeriod ? DateRange.Between(start, end) : new DateRange(start!.Value.From, end!.Value.To);
    }

    private static DateRange? Instant(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return null;
        }

        Span<char> text = stackalloc char[MostBytes];
        if (reader.ValueSpan.Length > MostBytes)
            return null;
        var length = reader.ValueIsEscaped ? reader.CopyString(text) : Encoding.UTF8.GetChars(reader.ValueSpan, text);
        return DateRange.TryParse(text[..length], isAsked: false, out var range) ? range : null;
    }
}
