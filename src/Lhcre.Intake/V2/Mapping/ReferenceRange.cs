using System.Globalization;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// OBX-7 → Observation.referenceRange (segment OBX[Observation], row 37): always its text, and low and high where it is plainly two numbers
/// (the row's comment). A bound that excludes its number (&lt;48) stays text: FHIR's bounds include theirs.
/// </summary>
internal static class ReferenceRange
{
    /// <summary>The range; null for an empty OBX-7.</summary>
    /// <param name="context">The message.</param>
    /// <param name="text">OBX-7.</param>
    /// <param name="unit">OBX-6; null for none.</param>
    public static Element? Of(MessageContext context, string? text, Hl7Repetition? unit)
    {
        if (text is null)
            return null;
        var (low, high) = Bounds(text);
        return new Element().Set("low", DataTypes.Quantity(context, low, unit)).Set("high", DataTypes.Quantity(context, high, unit)).Set("text", text);
    }

    /// <summary>The numbers as FHIR writes them; null for none.</summary>
    public static (string? Low, string? High) Bounds(string text)
    {
        var compact = text.Replace(" ", "", StringComparison.Ordinal);
        if (compact.StartsWith(">=", StringComparison.Ordinal))
            return (DataTypes.Decimal(compact[2..]), null);
        if (compact.StartsWith("<=", StringComparison.Ordinal))
            return (null, DataTypes.Decimal(compact[2..]));
        // A dash behind the first character divides; one in front of a number is its sign.
        var dash = compact.Length > 1 ? compact.IndexOf('-', 1) : -1;
        if (dash < 0 || DataTypes.Decimal(compact[..dash]) is not { } low || DataTypes.Decimal(compact[(dash + 1)..]) is not { } high)
            return default;
        return IsAscending(low, high) ? (low, high) : default;
    }

    // 2024-1 is no range.
    private static bool IsAscending(string low, string high) =>
        decimal.TryParse(low, NumberStyles.Float, CultureInfo.InvariantCulture, out var least)
        && decimal.TryParse(high, NumberStyles.Float, CultureInfo.InvariantCulture, out var most) && least <= most;
}
