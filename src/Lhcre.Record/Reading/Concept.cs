using System.Text.Json;

namespace Lhcre.Record.Reading;

/// <summary>The FHIR data types whose values are compared, each from the value at which the reader stands.</summary>
internal static class Concept
{
    /// <summary>The codings of a CodeableConcept that have a code, added to <paramref name="codings"/>.</summary>
    /// <returns>What it says in words, its text before its displays, where it adds no coding; else null.</returns>
    public static string? Read(ref Utf8JsonReader reader, List<Coding> codings)
    {
        if (!Json.Enters(ref reader))
            return null;
        var before = codings.Count;
        // Words are decoded only where there is no code: mostly there is one.
        Utf8JsonReader text = default, display = default;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "coding"u8))
            {
                for (var items = Items.Of(ref reader); items.Next(ref reader);)
                {
                    var shown = ReadCoding(ref reader, codings);
                    if (shown.TokenType == JsonTokenType.String)
                        display = shown;
                }
            }
            else if (Json.Is(ref reader, "text"u8))
            {
                text = reader;
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        return codings.Count > before ? null : Words(Json.Text(ref text)) ?? Words(Json.Text(ref display));
    }

    /// <summary>The codings of a CodeableConcept as forms (their systems) and values, or its words as a text.</summary>
    public static List<(string Form, string Value)> Forms(ref Utf8JsonReader reader)
    {
        var codings = new List<Coding>(2);
        return Read(ref reader, codings) is { } words ? [(FactPart.Text, words)] : codings.ConvertAll(c => (c.System ?? "", c.Code));
    }

    /// <summary>A Coding, added to <paramref name="codings"/> where it has a code.</summary>
    /// <returns>The reader at its display, if it has one and no code.</returns>
    public static Utf8JsonReader ReadCoding(scoped ref Utf8JsonReader reader, List<Coding> codings)
    {
        if (!Json.Enters(ref reader))
            return default;
        string? system = null, code = null;
        Utf8JsonReader display = default;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "system"u8))
            {
                system = Json.Text(ref reader);
            }
            else if (Json.Is(ref reader, "code"u8))
            {
                code = Json.Text(ref reader);
            }
            else if (Json.Is(ref reader, "display"u8))
            {
                display = reader;
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        if (string.IsNullOrEmpty(code))
            return display;
        codings.Add(new Coding(Recurring.TextOrNull(system), Recurring.Text(code)));
        return default;
    }

    /// <summary>Words as they are compared; null where they say nothing.</summary>
    public static string? Words(string? text) => text is not null && text.Any(char.IsLetterOrDigit) ? Folded.Statement(text) : null;

    /// <summary><c>start</c> of a Period; null where it has none.</summary>
    public static string? Start(ref Utf8JsonReader reader) => Period(ref reader).Start;

    /// <summary>A Period.</summary>
    public static (string? Start, string? End) Period(ref Utf8JsonReader reader)
    {
        string? start = null, end = null;
        if (!Json.Enters(ref reader))
            return default;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "start"u8))
                start = Json.Text(ref reader);
            else if (Json.Is(ref reader, "end"u8))
                end = Json.Text(ref reader);
            else
                reader.Skip();
        }

        return (start, end);
    }

    /// <summary>A literal reference and its display.</summary>
    public static (string? Reference, string? Display) Reference(ref Utf8JsonReader reader)
    {
        string? reference = null, display = null;
        if (!Json.Enters(ref reader))
            return default;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "reference"u8))
                reference = Json.Text(ref reader);
            else if (Json.Is(ref reader, "display"u8))
                display = Json.Text(ref reader);
            else
                reader.Skip();
        }

        return (reference, display);
    }

    /// <summary>The source's own id in a literal reference to a resource of this type; null for any other.</summary>
    public static string? OwnId(string? reference, string type) =>
        reference is not null && Fragment.LocalTarget("", reference) is { } target && target.Type == type ? target.Id : null;
}
