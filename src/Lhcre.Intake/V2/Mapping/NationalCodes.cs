using System.Collections.Frozen;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// One of the lists of the NHS Data Dictionary that English systems send bare, where HL7 has a table of its own or none: a code without a coding system that is
/// on the list is of the list. Source: UK Core code systems, as named.
/// </summary>
internal sealed record NationalCodes(string System, FrozenSet<string> Codes)
{
    private const string UkCore = "https://fhir.hl7.org.uk/CodeSystem/UKCore-";

    /// <summary>ADMISSION METHOD, sent in PV1-4.</summary>
    public static NationalCodes AdmissionMethod { get; } = Of(
        "AdmissionMethodEngland",
        "11", "12", "13", "21", "22", "23", "24", "25", "2A", "2B", "2C", "2D", "28", "31", "32", "81", "82", "83", "98", "99");

    /// <summary>SOURCE OF ADMISSION, sent in PV1-14.</summary>
    public static NationalCodes SourceOfAdmission { get; } = Of(
        "SourceOfAdmissionEngland", "19", "29", "39", "49", "51", "52", "53", "54", "65", "66", "79", "85", "87", "88", "98", "99");

    /// <summary>DISCHARGE METHOD, sent in PV1-36.</summary>
    public static NationalCodes DischargeMethod { get; } = Of("DischargeMethodEngland", "1", "3", "4", "5", "6", "7", "8", "9");

    /// <summary>DISCHARGE DESTINATION, sent in PV1-37.</summary>
    public static NationalCodes DischargeDestination { get; } = Of(
        "DischargeDestinationEngland",
        "19", "29", "30", "37", "38", "48", "49", "50", "51", "52", "53", "54", "65", "66", "79", "84", "85", "87", "88", "98", "99");

    /// <summary>Whether a CWE is a bare code of this list.</summary>
    public bool Has(Hl7Repetition cwe) => cwe[3] is null && cwe.Value is { } code && Codes.Contains(code);

    /// <summary>The concept; null where it is none of this list.</summary>
    public Element? Concept(Hl7Repetition cwe) => Has(cwe) ? Element.Concept(Element.Coding(System, cwe.Value, cwe[2])) : null;

    private static NationalCodes Of(string name, params ReadOnlySpan<string> codes) => new(UkCore + name, FrozenSet.Create(StringComparer.Ordinal, codes));
}
