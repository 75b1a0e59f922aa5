using System.Globalization;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// OBX-5 by OBX-2 → Observation.value[x] (segment OBX[Observation], rows 7 to 36). What is not of its type's form is kept in the sender's own
/// words, as valueString: a laboratory's "haemolysed" in an NM is a result too.
/// </summary>
internal sealed class ObservationValue(MessageContext context, string? type, Hl7Repetition? unit)
{
    // No data type of version 2.9 has more components.
    private const int MostComponents = 30;

    /// <summary>Whether the values of a type are texts, of which several are lines of one.</summary>
    public static bool IsText(string? type) => type is null or "ST" or "TX" or "FT";

    /// <summary>Whether the value is a document: encapsulated (ED), or a pointer to one (RP).</summary>
    public static bool IsDocument(string? type) => type is "ED" or "RP";

    /// <summary>Sets <c>value[x]</c>.</summary>
    /// <param name="element">An Observation or a component.</param>
    /// <param name="value">One repetition of OBX-5.</param>
    /// <returns>Whether there was one, and whether it was kept in words only because it has not the form of its type.</returns>
    public (bool IsGiven, bool IsMisfit) Set(Element element, Hl7Repetition value)
    {
        if (value.Text() is not { } words)
            return (false, false);
        if (Typed(value) is (var name, { } typed))
        {
            element.Set(name, typed);
            return (true, false);
        }

        if (Simple(value) is (var member, { } text))
        {
            element.Set(member, text);
            return (true, false);
        }

        element.Set("valueString", Words(value, words));
        return (true, !IsText(type) && type != "VR");
    }

    private (string Name, Element? Value) Typed(Hl7Repetition value) => type switch
    {
        // Row 7, and row 31 for its unit.
        "NM" => ("valueQuantity", Numeric.Compared(value.Text()) is var (comparator, number) ? Quantity(number, comparator) : null),
        // Rows 9 to 13. A code of a table (ID, like IS) is mapped as CWE is: what it means is in its words, if it has any.
        "CF" or "CNE" or "CE" or "CWE" or "IS" or "ID" => ("valueCodeableConcept", Concept(value)),
        // Row 14, data type DR[Period].
        "DR" => ("valuePeriod", Period(value)),
        // Row 16, data type NR[Range].
        "NR" => ("valueRange", Range(value[1], value[2])),
        "SN" => Structured(value),
        _ => ("", null),
    };

    // A code alone says nothing to a reader but itself.
    private Element? Concept(Hl7Repetition value) =>
        DataTypes.Concept(context, value) is not { } concept ? null
        : value[2] is null && value[4] is null && value[9] is null ? concept.Set("text", value.Value)
        : concept;

    // Rows 19 to 24, with data types SN[Quantity], SN[Ratio] and SN[Range]; units by rows 32 to 36.
    private (string Name, Element? Value) Structured(Hl7Repetition value)
    {
        var (sign, separator) = (value[1]?.Trim(), value[3]?.Trim());
        var comparator = Numeric.Comparator(sign);
        if (comparator is null && sign is not (null or "="))
            return ("", null);
        return separator switch
        {
            ":" or "/" when Quantity(value[2], comparator) is { } above && Quantity(value[4]) is { } below =>
                ("valueRatio", new Element().Set("numerator", above).Set("denominator", below)),
            // SN[Range], row SN.1: it has no place for a comparator.
            "-" when comparator is null => ("valueRange", Range(value[2], value[4])),
            null when value[4] is null => ("valueQuantity", Quantity(value[2], comparator)),
            _ => ("", null),
        };
    }

    private Element? Quantity(string? number, string? comparator = null) => DataTypes.Quantity(context, number, unit, comparator);

    // A range without one of its ends says another thing than was said.
    private Element? Range(string? low, string? high) =>
        Quantity(low) is { } from && Quantity(high) is { } to ? new Element().Set("low", from).Set("high", to) : null;

    private static Element? Period(Hl7Repetition value)
    {
        var (start, end) = (value.Sub(1, 1), value.Sub(2, 1));
        return (start is not null && Dtm.DateTime(start) is null) || (end is not null && Dtm.DateTime(end) is null) ? null : DataTypes.Period(start, end);
    }

    // Row 15, which leaves out TS, the older name of DTM; row 18.
    private (string Name, string? Text) Simple(Hl7Repetition value) => type switch
    {
        "DT" or "DTM" or "TS" => ("valueDateTime", Dtm.DateTime(value[1])),
        "TM" => ("valueTime", Time(value[1])),
        _ => ("", null),
    };

    // FHIR's time has seconds, and no offset from UTC: a time with one stays words.
    private static string? Time(string? tm)
    {
        string[] forms = ["HHmm", "HHmmss", "HHmmss.f", "HHmmss.ff", "HHmmss.fff", "HHmmss.ffff"];
        return TimeOnly.TryParseExact(tm?.Trim(), forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time.ToString("HH:mm:ss.FFFF", CultureInfo.InvariantCulture)
            : null;
    }

    // Rows 8, 17 and 19 to 24 ("OBX-5.1 OBX-5.2 OBX-5.3 OBX-5.4 OBX-6"). Of types that FHIR has no value for (a name, an address, an
    // identifier) the components that say something.
    private string Words(Hl7Repetition value, string words) => type switch
    {
        "SN" => DataTypes.Words(value[1], value[2], value[3], value[4], UnitWords)!,
        "NM" => DataTypes.Words(words, UnitWords)!,
        "VR" => $"{value[1]}-{value[2]}",
        _ when IsText(type) => words,
        _ => string.Join(' ', Enumerable.Range(1, MostComponents).Select(c => value[c]).OfType<string>()),
    };

    private string? UnitWords => unit?[2] ?? unit?.Value;
}
