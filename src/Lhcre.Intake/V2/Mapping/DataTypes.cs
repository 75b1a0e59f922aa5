using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// The data types of HL7 v2 as FHIR's, by the tables <c>v2-to-fhir-mappings/datatypes</c>. Each answers null where nothing is said. Components that have no
/// standard FHIR element are left out, as the tables have it.
/// </summary>
internal static class DataTypes
{
    private const string IdentifierTypes = "http://terminology.hl7.org/CodeSystem/v2-0203";

    /// <summary>CX → Identifier.</summary>
    /// <param name="context">The message.</param>
    /// <param name="cx">The repetition.</param>
    /// <param name="type">What kind it is where CX.5 does not say (table 0203); null for unknown.</param>
    public static Element? Identifier(MessageContext context, Hl7Repetition cx, string? type = null)
    {
        if (cx.Value is not { } value)
            return null;
        var period = Period(cx[7], cx[8]); // CX.7, CX.8 → period
        if (IsNhsNumber(cx))
            return NhsNumberOf(value).Set("period", period);
        return new Element()
            .Set("type", Element.Concept(Element.Coding(IdentifierTypes, cx[5] ?? type))) // CX.5 → type.coding (IdentifierType)
            .Set("system", AuthorityOf(context, cx)?.SystemIn(context.Source)) // CX.4 → system
            .Set("value", value) // CX.1 → value
            .Set("period", period);
    }

    /// <summary>Whose number a CX is: its own authority (CX.4), else its facility (CX.6), else the sending facility; null where none is named.</summary>
    public static AssigningAuthority? AuthorityOf(MessageContext context, Hl7Repetition cx) =>
        AssigningAuthority.Of(cx, 4) ?? AssigningAuthority.Of(cx, 6) ?? context.Facility;

    /// <summary>
    /// Whether a CX is an NHS number: by its type, or by its authority where its type does not say that it is something else (NHS ITK HL7 v2 samples send
    /// <c>…^^^NHS</c> and <c>…^^^NHS^NH</c>).
    /// </summary>
    public static bool IsNhsNumber(Hl7Repetition cx) =>
        cx[5]?.ToUpperInvariant() is var type && (type is "NH" or "NHS" or "NNGBR"
            || (type is null or "NI" or "SS" or "HC" && AssigningAuthority.Of(cx, 4) is { IsNhs: true }));

    /// <summary>An NHS number as an Identifier: its digits, or what was sent where it is none, so that the door can say so.</summary>
    public static Element NhsNumberOf(string value) => new Element()
        .Set("system", NhsNumber.System)
        .Set("value", NhsNumber.TryParse(value, out var number) ? number.Digits() : value);

    /// <summary>EI → Identifier (rows EI.1–EI.4): EI.2–EI.4 as its authority.</summary>
    public static Element? EntityIdentifier(MessageContext context, Hl7Repetition ei, string? type = null)
    {
        if (ei.Value is not { } value)
            return null;
        var authority = EntityAuthority(context, ei);
        return new Element()
            .Set("type", Element.Concept(Element.Coding(IdentifierTypes, type)))
            .Set("system", authority?.SystemIn(context.Source))
            .Set("value", value);
    }

    /// <summary>Whose number an EI is: EI.2–EI.4, else the sending facility; null where none is named.</summary>
    public static AssigningAuthority? EntityAuthority(MessageContext context, Hl7Repetition ei)
    {
        var own = new AssigningAuthority(ei[2], ei[3], ei[4]);
        return own.Name is null ? context.Facility : own;
    }

    /// <summary>XPN → HumanName.</summary>
    public static Element? HumanName(Hl7Repetition xpn)
    {
        var name = new Element();
        var family = xpn.Sub(1, 1);
        if (family is null && xpn[2] is null && xpn[3] is null)
            return null;
        name.Code("use", CodeTables.NameType.Code(xpn[7])); // XPN.7 → use (NameType)
        name.Set("family", family); // XPN.1 → family (FN.1)
        name.Add("given", xpn[2]).Add("given", xpn[3]); // XPN.2, XPN.3 → given
        name.Add("prefix", xpn[5]); // XPN.5 → prefix
        name.Add("suffix", xpn[4]).Add("suffix", xpn[6]).Add("suffix", xpn[14]); // XPN.4, XPN.6, XPN.14 → suffix
        return name.Set("period", Period(xpn[12] ?? xpn.Sub(10, 1), xpn[13] ?? xpn.Sub(10, 2))); // XPN.12, XPN.13, else XPN.10 → period
    }

    /// <summary>XPN.15, by which a person is called, as a second name (row XPN.15); null where there is none.</summary>
    public static Element? CalledBy(Hl7Repetition xpn) => xpn[15] is { } called ? new Element().Set("use", "nickname").Add("given", called) : null;

    /// <summary>A name in words, such as <c>Dr Samuel Darwin</c>; null where none is given.</summary>
    public static string? Words(params ReadOnlySpan<string?> parts)
    {
        var said = new List<string>(parts.Length);
        foreach (var part in parts)
        {
            if (part?.Trim() is { Length: > 0 } given)
                said.Add(given);
        }

        return said.Count == 0 ? null : string.Join(' ', said);
    }

    /// <summary>XAD → Address.</summary>
    public static Element? Address(Hl7Repetition xad)
    {
        var address = new Element()
            .Add("line", xad.Sub(1, 1)).Add("line", xad.Sub(1, 2)).Add("line", xad.Sub(1, 3)) // XAD.1 → line[1-3] (SAD)
            .Add("line", xad[2]).Add("line", xad[19]) // XAD.2, XAD.19 → line[4-5]
            .Set("city", xad[3]) // XAD.3 → city
            .Set("district", xad.Sub(9, 3) is null ? xad[9] : xad.Sub(9, 2)) // XAD.9 → district (CWE[string]; before version 2.6 a code)
            .Set("state", xad[4]) // XAD.4 → state
            .Set("postalCode", xad[5]) // XAD.5 → postalCode
            .Set("country", xad[6]); // XAD.6 → country
        if (address.IsEmpty)
            return null;
        return address
            .Code("use", CodeTables.AddressUse.Code(xad[7])).Code("type", CodeTables.AddressType.Code(xad[7])) // XAD.7 → use, type
            .Set("period", Period(xad[13] ?? xad.Sub(12, 1), xad[14] ?? xad.Sub(12, 2))); // XAD.13, XAD.14, else XAD.12 → period
    }

    /// <summary>XTN → ContactPoint.</summary>
    /// <param name="xtn">The repetition.</param>
    /// <param name="use">Its use where XTN.2 does not say (rows PID-13, PID-14); null for unknown.</param>
    public static Element? Telecom(Hl7Repetition xtn, string? use = null)
    {
        var isNet = xtn[3] is "Internet" or "X.400";
        var value = isNet ? xtn[4] ?? xtn.Value : xtn[12] ?? Number(xtn) ?? xtn.Value ?? xtn[4]; // rows XTN.1, XTN.4, XTN.7, XTN.12
        if (value is null)
            return null;
        // Row XTN.3 leaves the system open where nothing is said. XTN.1 is a telephone number by its definition, and where it is an address of mail it has an @.
        var system = CodeTables.TelecomSystem.Code(xtn[3]) ?? (value.Contains('@', StringComparison.Ordinal) ? "email" : "phone");
        return new Element()
            .Set("system", system)
            .Set("value", value)
            .Set("use", xtn[3] == "CP" ? "mobile" : CodeTables.TelecomUse.Code(xtn[2]) ?? use) // XTN.2, XTN.3 → use
            .Set("period", Period(xtn[13], xtn[14])); // XTN.13, XTN.14 → period
    }

    /// <summary>CWE, CE, CNE → CodeableConcept: up to three codings and the original text.</summary>
    /// <param name="context">The message.</param>
    /// <param name="cwe">The repetition.</param>
    /// <param name="table">The concept map of the field; its FHIR code comes before the sender's own. Null where the field has none.</param>
    public static Element? Concept(MessageContext context, Hl7Repetition cwe, CodeTable? table = null)
    {
        var concept = new Element().Add("coding", table?.Coding(cwe.Value));
        var isBare = table is not null && !concept.IsEmpty && cwe[3] is null;
        if (!isBare)
            concept.Add("coding", Coding(context, cwe)); // CWE.1–CWE.3, CWE.7 → coding[1]
        concept.Add("coding", Coding(context, cwe[4], cwe[5], cwe[6], cwe[8])); // CWE.4–CWE.6, CWE.8 → coding[2]
        concept.Add("coding", Coding(context, cwe[10], cwe[11], cwe[12], cwe[13])); // CWE.10–CWE.13 → coding[3]
        return concept.Set("text", cwe[9] ?? (cwe.Value is null ? cwe[2] : null)).OrNull(); // CWE.9 → text
    }

    /// <summary>The first coding of a CWE; null where it has no code.</summary>
    public static Element? Coding(MessageContext context, Hl7Repetition cwe) => Coding(context, cwe.Value, cwe[2], cwe[3], cwe[7]);

    /// <summary>A number as FHIR writes a decimal, with the precision in which it was sent; null for what is no number, or one of more than 18 digits.</summary>
    public static string? Decimal(string? number)
    {
        var text = number.AsSpan().Trim();
        var isNegative = text is ['-', ..];
        if (text is ['+' or '-', ..])
            text = text[1..];
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? [] : text[(point + 1)..];
        if (whole.Length + fraction.Length is 0 or > 18 || whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9'))
            return null;
        whole = whole.TrimStart('0');
        return $"{(isNegative ? "-" : "")}{(whole.IsEmpty ? "0" : whole)}{(fraction.IsEmpty ? "" : ".")}{fraction}";
    }

    /// <summary>A number and its unit (NM with a CWE; CQ) → Quantity; null for what is no number.</summary>
    /// <param name="context">The message.</param>
    /// <param name="number">The number.</param>
    /// <param name="unit">The unit as a CWE; null for none.</param>
    /// <param name="comparator"><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;=</c> or <c>&gt;</c>; null for none.</param>
    public static Element? Quantity(MessageContext context, string? number, Hl7Repetition? unit, string? comparator = null)
    {
        if (Decimal(number) is not { } value)
            return null;
        var quantity = new Element().Number("value", value).Set("comparator", comparator);
        if (unit is not { } given)
            return quantity;
        quantity.Set("unit", given[2] ?? given.Value);
        var system = CodingSystems.Of(context.Source, given[3], given.Value);
        return system is null ? quantity : quantity.Set("system", system).Code("code", given.Value);
    }

    /// <summary>Two dates → Period (DR); null where neither is one. An end before the beginning is left out, since FHIR has no such period (per-1).</summary>
    public static Element? Period(string? start, string? end) =>
        new Element().Set("start", Dtm.DateTime(start)).Set("end", IsReversed(start, end) ? null : Dtm.DateTime(end)).OrNull();

    /// <summary>Whether an end lies before its beginning.</summary>
    public static bool IsReversed(string? start, string? end) =>
        Dtm.Digits(start) is { } first && Dtm.Digits(end) is { } last && string.CompareOrdinal(last, first) < 0;

    private static Element? Coding(MessageContext context, string? code, string? display, string? system, string? version) =>
        code is null ? null : Element.Coding(CodingSystems.Of(context.Source, system, code), code, display)?.Set("version", version);

    // Rows XTN.7: +country area local Xextension, as far as they are given.
    private static string? Number(Hl7Repetition xtn) =>
        xtn[7] is null ? null : Words(xtn[5] is { } country ? $"+{country.TrimStart('+')}" : null, xtn[6], xtn[7], xtn[8] is { } extension ? $"X{extension}" : null);
}
