using System.Collections.Frozen;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// The URI of a coding system by the name that a CWE gives it (CWE.3; HL7 table 0396). Mapping: data type CWE[CodeableConcept], row CWE.3: "only an indirect
/// mapping in that the vocabulary table will give the actual uri".
/// </summary>
internal static class CodingSystems
{
    /// <summary>SNOMED CT.</summary>
    public const string SnomedCt = "http://snomed.info/sct";

    private const string V2Table = "http://terminology.hl7.org/CodeSystem/v2-";

    // Table 0396 and the names in use in the United Kingdom; URIs: HL7 Terminology, UK Core.
    private static readonly FrozenDictionary<string, string> Known = new Dictionary<string, string>
    {
        ["SCT"] = SnomedCt,
        ["SNOMED"] = SnomedCt,
        ["SNOMEDCT"] = SnomedCt,
        ["SNOMED-CT"] = SnomedCt,
        ["2.16.840.1.113883.6.96"] = SnomedCt,
        ["2.16.840.1.113883.2.1.3.2.4.15"] = SnomedCt,
        ["LN"] = "http://loinc.org",
        ["LOINC"] = "http://loinc.org",
        ["2.16.840.1.113883.6.1"] = "http://loinc.org",
        ["I10"] = "http://hl7.org/fhir/sid/icd-10",
        ["ICD10"] = "http://hl7.org/fhir/sid/icd-10",
        ["ICD-10"] = "http://hl7.org/fhir/sid/icd-10",
        ["I10C"] = "http://hl7.org/fhir/sid/icd-10-cm",
        ["I9C"] = "http://hl7.org/fhir/sid/icd-9-cm",
        ["OPCS4"] = "https://fhir.nhs.uk/Id/opcs-4",
        ["OPCS"] = "https://fhir.nhs.uk/Id/opcs-4",
        ["DMD"] = "https://dmd.nhs.uk",
        ["DM+D"] = "https://dmd.nhs.uk",
        ["RD2"] = "http://read.info/readv2",
        ["READ2"] = "http://read.info/readv2",
        ["RC"] = "http://read.info/readv2",
        ["READ"] = "http://read.info/readv2",
        ["READV2"] = "http://read.info/readv2",
        ["CTV3"] = "http://read.info/ctv3",
        ["UCUM"] = "http://unitsofmeasure.org",
        ["CVX"] = "http://hl7.org/fhir/sid/cvx",
        ["MVX"] = "http://hl7.org/fhir/sid/mvx",
        ["NDC"] = "http://hl7.org/fhir/sid/ndc",
        ["RXNORM"] = "http://www.nlm.nih.gov/research/umls/rxnorm",
        ["ATC"] = "http://www.whocc.no/atc",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The system of a code; null where the message names none.</summary>
    /// <param name="source">Whose message it is: the scope of a name that only it knows.</param>
    /// <param name="name">CWE.3.</param>
    /// <param name="code">CWE.1.</param>
    public static string? Of(string source, string? name, string? code)
    {
        if (string.IsNullOrWhiteSpace(name))
            return null;
        name = name.Trim();
        if (Known.TryGetValue(name, out var known))
            return known;
        // SNM and SNM3 are the SNOMED of before CT (table 0396), whose codes have letters; British laboratories send CT under them.
        if (name is "SNM" or "SNM3" && code is { Length: >= 6 } && code.All(char.IsAsciiDigit))
            return SnomedCt;
        if (name.StartsWith("HL7", StringComparison.Ordinal) && name.Length == 7 && name[3..].All(char.IsAsciiDigit))
            return V2Table + name[3..];
        return AssigningAuthority.UniversalSystem(name, null) ?? AssigningAuthority.LocalSystem(source, "CodeSystem", name);
    }
}
