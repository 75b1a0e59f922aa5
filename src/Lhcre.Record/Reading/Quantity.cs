using System.Text.Json;

namespace Lhcre.Record.Reading;

/// <summary>Amounts as they are compared: equal ones are equal texts, whatever unit of their dimension they were stated in.</summary>
internal static class Quantity
{
    private const string Ucum = "http://unitsofmeasure.org";

    /// <summary>A Quantity as <c>&lt;0.0069 mol/L</c>: comparator, number, unit; null where it has no value.</summary>
    public static string? Read(ref Utf8JsonReader reader)
    {
        if (!Json.Enters(ref reader))
            return null;
        string? comparator = null, unit = null, system = null, code = null;
        var value = reader;
        var isAny = false;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "value"u8))
            {
                // The unit may stand behind it.
                value = reader;
                isAny = true;
                reader.Skip();
            }
            else if (Json.Is(ref reader, "comparator"u8))
            {
                comparator = Json.Trimmed(ref reader);
            }
            else if (Json.Is(ref reader, "unit"u8))
            {
                unit = Json.Trimmed(ref reader);
            }
            else if (Json.Is(ref reader, "system"u8))
            {
                system = Json.Text(ref reader);
            }
            else if (Json.Is(ref reader, "code"u8))
            {
                code = Json.Trimmed(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        if (!isAny)
            return null;
        var known = UnitOf(unit, system, code);
        if (Json.Scaled(ref value, known.Factor, out var text) is { } number)
            text = number.ToString();
        else if (known.IsKnown)
            // Too long to convert, or no number at all: as it was said.
            known = new Unit(unit ?? code ?? "", ExactNumber.One);
        return text is null ? null : $"{comparator}{text}{(known.Name.Length == 0 ? "" : " ")}{known.Name}";
    }

    /// <summary>A Range as <c>low..high</c>; null where it has neither.</summary>
    public static string? ReadRange(ref Utf8JsonReader reader) => Pair(ref reader, "low"u8, "high"u8, "..");

    /// <summary>A Ratio as <c>numerator : denominator</c>; null where it has neither.</summary>
    public static string? ReadRatio(ref Utf8JsonReader reader) => Pair(ref reader, "numerator"u8, "denominator"u8, " : ");

    private static string? Pair(ref Utf8JsonReader reader, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, string between)
    {
        if (!Json.Enters(ref reader))
            return null;
        string? one = null, other = null;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, first))
                one = Read(ref reader);
            else if (Json.Is(ref reader, second))
                other = Read(ref reader);
            else
                reader.Skip();
        }

        return one is null && other is null ? null : one + between + other;
    }

    // A UCUM code before the words for people, those before the code of another system, but what is understood before what is not.
    private static Unit UnitOf(string? unit, string? system, string? code)
    {
        var isUcum = system is null or Ucum;
        if (isUcum && Units.Of(code) is { IsKnown: true } coded)
            return coded;
        return Units.Of(unit) is { IsKnown: true } named ? named : Units.Of(isUcum ? code ?? unit : unit ?? code);
    }
}
