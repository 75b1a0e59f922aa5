using System.Collections.Frozen;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>How often (HL7 table 0335), by the concept map RepeatPattern.</summary>
internal static class RepeatPattern
{
    private const string Abbreviations = "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation";
    private const string Table = "http://terminology.hl7.org/CodeSystem/v2-0335";

    // Rows 6 to 11, 13, 15, 19 to 21, 25 and 40 to 42; QD is of before the table had Q1D.
    private static readonly FrozenSet<string> Abbreviated = FrozenSet.Create("BID", "TID", "QID", "QOD", "QD", "AM", "PM", "BED", "Q1H", "Q2H", "Q3H", "Q4H", "Q6H", "Q8H");

    private static readonly FrozenSet<string> Tabled = FrozenSet.Create("QAM", "QPM", "QHS", "QSHIFT", "C", "Once", "ONCE");

    /// <summary>A pattern as a code of FHIR's abbreviations or of its table, or in words.</summary>
    public static Element? Code(string pattern)
    {
        var upper = pattern.ToUpperInvariant();
        return Abbreviated.Contains(upper) ? Element.Concept(Element.Coding(Abbreviations, upper))
            : Tabled.Contains(pattern) || IsMealOrDaily(upper) ? Element.Concept(Element.Coding(Table, pattern))
            : new Element().Set("text", pattern);
    }

    /// <summary>
    /// Every so many of a unit of time (rows 3 to 5, 12, 14: Q6H), where the abbreviations have none for it: as a period, and a unit of UCUM; null
    /// for another pattern.
    /// </summary>
    public static (string Period, string Unit)? Interval(string pattern)
    {
        var upper = pattern.ToUpperInvariant();
        if (Abbreviated.Contains(upper) || upper is not ['Q', .. var number, var unit] || Numeric.Positive(number) is not { } period)
            return null;
        return unit switch
        {
            'S' => (period, "s"),
            'M' => (period, "min"),
            'H' => (period, "h"),
            'D' => (period, "d"),
            'W' => (period, "wk"),
            _ => null,
        };
    }

    // 5ID (row 22), Q2J1 (row 18), Q1L (row 16), ACM, PCV (rows 33 to 39).
    private static bool IsMealOrDaily(string pattern) =>
        pattern is [>= '0' and <= '9', 'I', 'D'] or ['Q', >= '0' and <= '9', .., _] or ['A' or 'P' or 'I', 'C', 'M' or 'D' or 'V'];
}
