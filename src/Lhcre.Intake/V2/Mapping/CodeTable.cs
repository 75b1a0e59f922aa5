using System.Collections.Frozen;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>One official concept map from an HL7 v2 table to FHIR codes.</summary>
/// <param name="System">The system of the FHIR codes; null where the element is a code and needs none.</param>
/// <param name="Rows">The FHIR code, its display and where it differs its system, by the v2 code.</param>
internal sealed record CodeTable(string? System, FrozenDictionary<string, CodeTable.Row> Rows)
{
    /// <summary>A table of plain codes.</summary>
    public static CodeTable Codes(params ReadOnlySpan<(string From, string To)> rows) => Of(null, rows);

    /// <summary>A table of codings.</summary>
    public static CodeTable Of(string? system, params ReadOnlySpan<(string From, string To)> rows)
    {
        var map = new Dictionary<string, Row>(StringComparer.OrdinalIgnoreCase);
        foreach (var (from, to) in rows)
            map.Add(from, new Row(to, null));
        return new CodeTable(system, map.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>This table with rows whose FHIR codes are of another system.</summary>
    public CodeTable With(string system, params ReadOnlySpan<(string From, string To)> rows)
    {
        var map = Rows.ToDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var (from, to) in rows)
            map.Add(from, new Row(to, system));
        return this with { Rows = map.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase) };
    }

    /// <summary>The FHIR code for a v2 code; null for none.</summary>
    public string? Code(string? code) => code is not null && Rows.TryGetValue(code.Trim(), out var row) ? row.Code : null;

    /// <summary>The FHIR Coding for a v2 code; null for none.</summary>
    public Element? Coding(string? code) =>
        code is not null && Rows.TryGetValue(code.Trim(), out var row) ? Element.Coding(row.System ?? System, row.Code) : null;

    /// <summary>One row.</summary>
    /// <param name="Code">The FHIR code.</param>
    /// <param name="System">Its system; null where it is the table's.</param>
    internal sealed record Row(string Code, string? System);
}
