using System.Globalization;
using System.Text;
using Lhcre.Record;

namespace Lhcre.Silo.Tests.Restricting;

/// <summary>
/// What three sources say of one person, with one word in every place that tells where the person is: in names, addresses, references, identifiers, ids, narratives and
/// attachments, and in the sources' own ids.
/// </summary>
internal static class RestrictedPerson
{
    /// <summary>The word. No id that is made here can hold it but by one chance in 10^12.</summary>
    public const string Word = "zqhidden";

    /// <summary>A word that is clinical, and stays.</summary>
    public const string Clinical = "breathless at night";

    private const string Host = $"https://{Word}.example";

    /// <summary>The word as it stands in base64, as far as that does not depend on what is before it.</summary>
    public static string Encoded { get; } = Convert.ToBase64String(Encoding.UTF8.GetBytes(Word + Word + Word))[..12];

    /// <summary>Three that push, and one that never did, of which every answer tells.</summary>
    public static SourceSystem[] Trusts { get; } = [.. new[] { "one", "two", "three", "four" }.Select(n => new SourceSystem($"{Word}-{n}", $"The {Word} trust {n}"))];

    /// <summary>What a source says.</summary>
    /// <param name="n">Which source: 0 to 2.</param>
    /// <param name="nhs">The person.</param>
    public static string[] Says(int n, string nhs) =>
    [
        Patient(n, nhs, 1, null),
        $$$"""{"resourceType":"Organization","id":"{{{Word}}}-org","identifier":[{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{{{Word}}}"}],"name":"{{{Word}}} hospital","telecom":[{"system":"phone","value":"{{{Word}}}"}],"address":[{"line":["{{{Word}}}"],"city":"{{{Word}}}"}]}""",
        $$$"""{"resourceType":"Location","id":"{{{Word}}}-ward","identifier":[{"system":"https://fhir.nhs.uk/Id/ods-site-code","value":"{{{Word}}}"}],"name":"{{{Word}}} ward","managingOrganization":{"reference":"Organization/{{{Word}}}-org"}}""",
        $$$"""{"resourceType":"Practitioner","id":"{{{Word}}}-dr","identifier":[{"system":"https://fhir.nhs.uk/Id/sds-user-id","value":"{{{Word}}}"}],"name":[{"family":"{{{Word}}}"}]}""",
        $$$"""{"resourceType":"PractitionerRole","id":"{{{Word}}}-role","practitioner":{"reference":"Practitioner/{{{Word}}}-dr"},"organization":{"reference":"Organization/{{{Word}}}-org"},"location":[{"reference":"Location/{{{Word}}}-ward"}]}""",
        $$$"""{"resourceType":"HealthcareService","id":"{{{Word}}}-service","name":"{{{Word}}}","providedBy":{"reference":"Organization/{{{Word}}}-org"}}""",
        Of("RelatedPerson", n, "kin", nhs, $$$""","patient":{{{Subject(n)}}},"name":[{"family":"{{{Word}}}"}],"address":[{"city":"{{{Word}}}"}]"""),
        Of("CareTeam", n, "team", nhs, $$$""","subject":{{{Subject(n)}}},"name":"{{{Word}}}","managingOrganization":[{"reference":"Organization/{{{Word}}}-org"}]"""),
        Of("Encounter", n, "visit", nhs, $$$""","status":"finished","class":{"code":"AMB"},"subject":{{{Subject(n)}}},"period":{"start":"2026-01-0{{{n + 1}}}T09:00:00Z"},"serviceProvider":{"reference":"Organization/{{{Word}}}-org","display":"{{{Word}}}"},"location":[{"location":{"reference":"Location/{{{Word}}}-ward"}}],"participant":[{"individual":{"reference":"Practitioner/{{{Word}}}-dr"}}],"hospitalization":{"origin":{"display":"{{{Word}}}"},"destination":{"reference":"Location/{{{Word}}}-ward"}},"reasonCode":[{"text":"{{{Clinical}}}"}]"""),
        Of("Observation", n, "weight", nhs, $$$""","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"29463-7"},{"system":"{{{Host}}}/codes","code":"W{{{n}}}"}]},"subject":{{{Subject(n)}}},"effectiveDateTime":"2026-02-0{{{n + 1}}}T09:00:00Z","valueQuantity":{"value":70.10,"unit":"kg"},"performer":[{"reference":"Practitioner/{{{Word}}}-dr"},{"reference":"Organization/{{{Word}}}-org"}],"encounter":{"reference":"Encounter/{{{Id(n, "visit")}}}"},"note":[{"authorString":"{{{Word}}}","text":"{{{Clinical}}}"}]"""),
        Of("Condition", n, "asthma", nhs, $$$""","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"code":{"coding":[{"system":"http://snomed.info/sct","code":"195967001"}]},"subject":{{{Subject(n)}}},"onsetDateTime":"2020-05-01","recorder":{"reference":"PractitionerRole/{{{Word}}}-role"},"asserter":{"reference":"Practitioner/{{{Word}}}-dr"}"""),
        Of("AllergyIntolerance", n, "nut", nhs, $$$""","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"active"}]},"code":{"coding":[{"system":"http://snomed.info/sct","code":"91936005"}]},"patient":{{{Subject(n)}}},"criticality":"{{{(n == 0 ? "high" : "low")}}}","recorder":{"reference":"Practitioner/{{{Word}}}-dr"}"""),
        Of("MedicationRequest", n, "inhaler", nhs, $$$""","status":"active","intent":"order","medicationCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"320139002"}]},"subject":{{{Subject(n)}}},"authoredOn":"2026-01-0{{{n + 1}}}","requester":{"reference":"Practitioner/{{{Word}}}-dr"},"dispenseRequest":{"performer":{"reference":"Organization/{{{Word}}}-org"}},"dosageInstruction":[{"text":"two puffs"}]"""),
        Of("Immunization", n, "flu", nhs, $$$""","status":"completed","vaccineCode":{"coding":[{"system":"http://snomed.info/sct","code":"822851000000102"}]},"patient":{{{Subject(n)}}},"occurrenceDateTime":"2025-10-0{{{n + 1}}}","location":{"reference":"Location/{{{Word}}}-ward"},"manufacturer":{"display":"{{{Word}}}"},"performer":[{"actor":{"reference":"Practitioner/{{{Word}}}-dr"}}]"""),
        Of("Procedure", n, "scope", nhs, $$$""","status":"completed","code":{"coding":[{"system":"http://snomed.info/sct","code":"10847001"}]},"subject":{{{Subject(n)}}},"performedDateTime":"2024-03-0{{{n + 1}}}","location":{"reference":"Location/{{{Word}}}-ward"},"performer":[{"actor":{"display":"{{{Word}}}"}}]"""),
        Of("DiagnosticReport", n, "report", nhs, $$$""","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"24331-1"}]},"subject":{{{Subject(n)}}},"effectiveDateTime":"2026-02-0{{{n + 1}}}","performer":[{"reference":"Organization/{{{Word}}}-org"}],"resultsInterpreter":[{"reference":"Practitioner/{{{Word}}}-dr"}],"presentedForm":[{"contentType":"text/plain","data":"{{{Letter}}}"}],"conclusion":"{{{Clinical}}}","result":[{"reference":"Observation/{{{Id(n, "weight")}}}"}]"""),
        Of("DocumentReference", n, "letter", nhs, $$$""","status":"current","description":"{{{Word}}}","subject":{{{Subject(n)}}},"date":"2026-01-0{{{n + 1}}}T09:00:00Z","author":[{"reference":"Practitioner/{{{Word}}}-dr"}],"custodian":{"reference":"Organization/{{{Word}}}-org"},"content":[{"attachment":{"contentType":"text/plain","title":"{{{Word}}}","data":"{{{Letter}}}","url":"{{{Host}}}/letter"}}]"""),
        Of("CarePlan", n, "plan", nhs, $$$""","status":"active","intent":"plan","subject":{{{Subject(n)}}},"author":{"reference":"Practitioner/{{{Word}}}-dr"},"careTeam":[{"reference":"CareTeam/{{{Id(n, "team")}}}"}],"activity":[{"detail":{"status":"not-started","location":{"reference":"Location/{{{Word}}}-ward"},"performer":[{"display":"{{{Word}}}"}]}}]"""),
        Of("Appointment", n, "next", nhs, $$$""","status":"booked","participant":[{"actor":{{{Subject(n)}}},"status":"accepted"},{"actor":{"reference":"Location/{{{Word}}}-ward"},"status":"accepted"}],"comment":"{{{Word}}}" """),
        Of("Coverage", n, "cover", nhs, $$$""","status":"active","beneficiary":{{{Subject(n)}}},"payor":[{"reference":"Organization/{{{Word}}}-org"}]"""),
        $$$"""{"resourceType":"Provenance","id":"{{{Id(n, "origin")}}}","target":[{"reference":"Condition/{{{Id(n, "asthma")}}}"}],"recorded":"2026-01-01T09:00:00Z","agent":[{"who":{"reference":"Practitioner/{{{Word}}}-dr","display":"{{{Word}}}"}}]}""",
    ];

    /// <summary>The person as a source states them.</summary>
    /// <param name="n">Which source.</param>
    /// <param name="nhs">The person.</param>
    /// <param name="version">The version of what it says.</param>
    /// <param name="label">A code of confidentiality; null for none.</param>
    public static string Patient(int n, string nhs, int version, string? label) => string.Create(CultureInfo.InvariantCulture, $$$"""
        {"resourceType":"Patient","id":"{{{Id(n, "patient")}}}",
         "meta":{"versionId":"{{{version}}}","lastUpdated":"2026-01-0{{{version}}}T00:00:00Z","source":"{{{Host}}}/system","tag":[{"system":"{{{Host}}}","code":"{{{Word}}}"}]{{{(label is null ? "" : $$""","security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"{{label}}"}]""")}}}},
         "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">{{{Word}}}</div>"},
         "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthPlace","valueAddress":{"city":"{{{Word}}}"}},{"url":"{{{Host}}}/extension","valueString":"x"}],
         "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{{{nhs}}}","assigner":{"display":"{{{Word}}}"}},{"system":"{{{Host}}}/mrn","value":"{{{Word}}}-{{{nhs}}}-{{{n}}}"}],
         "name":[{"family":"Restricted","given":["Ann"]}],"gender":"female","birthDate":"{{{(n == 0 ? "1970-05-04" : "1970-04-05")}}}",
         "telecom":[{"system":"phone","value":"{{{Word}}}"}],"address":[{"line":["{{{Word}}}"],"city":"{{{Word}}}","postalCode":"{{{Word}}}"}],
         "contact":[{"name":{"family":"{{{Word}}}"},"telecom":[{"value":"{{{Word}}}"}]}],"photo":[{"title":"{{{Word}}}"}],
         "generalPractitioner":[{"reference":"Organization/{{{Word}}}-org","display":"{{{Word}}}"}],"managingOrganization":{"reference":"Organization/{{{Word}}}-org"}}
        """);

    /// <summary>The id by which a source knows one of its resources.</summary>
    public static string Id(int n, string name) => $"{Word}-{name}-{n}";

    private static string Letter => Convert.ToBase64String(Encoding.UTF8.GetBytes(Word + Word + Word + Word));

    private static string Subject(int n) => $$$"""{"reference":"Patient/{{{Id(n, "patient")}}}","display":"{{{Word}}}"}""";

    private static string Of(string type, int n, string name, string nhs, string rest) =>
        $$$"""{"resourceType":"{{{type}}}","id":"{{{Id(n, name)}}}","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">{{{Word}}}</div>"},"identifier":[{"system":"{{{Host}}}/{{{name}}}","value":"{{{Word}}}-{{{nhs}}}"}]{{{rest}}}}""";
}
