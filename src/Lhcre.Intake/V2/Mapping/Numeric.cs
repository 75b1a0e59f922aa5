namespace Lhcre.Intake.V2.Mapping;

/// <summary>Numbers as laboratories and pharmacies write them where NM or SN is said.</summary>
internal static class Numeric
{
    /// <summary>The whole number above 0 and within FHIR's positiveInt; null where it is none.</summary>
    public static string? Positive(string? text) => Whole(text) is { } number && number != "0" ? number : null;

    /// <summary>The whole number from 0 on and within FHIR's unsignedInt; null where it is none.</summary>
    public static string? Whole(string? text) =>
        DataTypes.Decimal(text) is { } number && !number.Contains('.', StringComparison.Ordinal) && int.TryParse(number, out var value) && value >= 0 ? number : null;

    /// <summary>
    /// A number that may stand behind a comparator, as in NM where SN is meant: &lt;5. A number of null where it is none, or the comparator
    /// is none of FHIR's.
    /// </summary>
    public static (string? Comparator, string? Number) Compared(string? text)
    {
        var trimmed = text?.Trim() ?? "";
        var length = trimmed.AsSpan().IndexOfAnyExcept("<>=≤≥");
        if (length <= 0)
            return (null, trimmed);
        var comparator = Comparator(trimmed[..length]);
        return comparator is null && trimmed[..length] != "=" ? default : (comparator, trimmed[length..]);
    }

    /// <summary>SN-1 as Quantity.comparator; null for "equal", which is FHIR's none, and for what FHIR has none for.</summary>
    public static string? Comparator(string? text) => text?.Trim() switch
    {
        "<" => "<",
        ">" => ">",
        "<=" or "=<" or "≤" => "<=",
        ">=" or "=>" or "≥" => ">=",
        _ => null,
    };
}
