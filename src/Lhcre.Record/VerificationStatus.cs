using System.Collections.Frozen;

namespace Lhcre.Record;

/// <summary>
/// How sure a source is of an NHS number: <c>01</c> to <c>08</c> of CodeSystem UKCore-NHSNumberVerificationStatusEngland, on the identifier
/// as Extension-UKCore-NHSNumberVerificationStatus.
/// </summary>
public static class VerificationStatus
{
    /// <summary>The extension's url.</summary>
    public const string Extension = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus";

    /// <summary>The number was traced on PDS.</summary>
    public const string PresentAndVerified = "01";

    /// <summary>There is a number, and nobody has traced it.</summary>
    public const string PresentNotTraced = "02";

    /// <summary>The same extension in the profiles of STU3 (Care Connect), with the same codes.</summary>
    public const string FormerExtension = "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1";

    // CodeSystem UKCore-NHSNumberVerificationStatus 2.1.0, retired in favour of the numbers of the NHS Data Dictionary.
    private static readonly FrozenDictionary<string, string> Retired = new Dictionary<string, string>
    {
        ["number-present-and-verified"] = PresentAndVerified,
        ["number-present-but-not-traced"] = "02",
        ["trace-required"] = "03",
        ["trace-attempted"] = "04",
        ["trace-needs-to-be-resolved"] = "05",
        ["trace-in-progress"] = "06",
        ["number-not-present-and-trace-not-required"] = "07",
        ["trace-postponed"] = "08",
    }.ToFrozenDictionary();

    /// <summary>The number for one of the retired words; anything else as it is.</summary>
    public static string? Of(string? code) => code is not null && Retired.TryGetValue(code, out var number) ? number : code;
}
