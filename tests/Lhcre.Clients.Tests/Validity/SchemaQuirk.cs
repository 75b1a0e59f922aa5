namespace Lhcre.Clients.Tests.Validity;

/// <summary>
/// Where the JSON schema refuses what FHIR R4 allows (the specification itself calls it no full check:
/// http://hl7.org/fhir/R4/json.html#schema). Each of these must still occur, else it has no business here.
/// </summary>
/// <param name="Reason">Why it is FHIR all the same.</param>
/// <param name="Is">Which faults are of this kind.</param>
internal sealed record SchemaQuirk(string Reason, Func<SchemaFault, bool> Is)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<SchemaQuirk> All { get; } =
    [
        new(
            "The package carries the schema of FHIR 4.0.0. 4.0.1, its technical correction, is one of the codes of FHIRVersion since.",
            fault => fault.Element is "CapabilityStatement.fhirVersion" or "StructureDefinition.fhirVersion" or "ImplementationGuide.fhirVersion"
                && fault is { Keyword: "enum", Value: "\"4.0.1\"" }),
        new(
            "A string may hold a no-break space (an example of the specification does): FHIR's pattern is one of XML Schema, whose \\S excludes four characters; that of ECMAScript excludes every white space of Unicode.",
            fault => fault.Keyword == "pattern" && fault.Value.Any(c => char.IsWhiteSpace(c) && c is not (' ' or '\t' or '\r' or '\n'))),
    ];
}
