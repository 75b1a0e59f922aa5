using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>
/// Of whom no answer may tell where they are (CLINICAL.md, "Restricted (PDS R)"): the labels that say so, and what is left out. It is a filter of answers, as of
/// now; what is stored and merged knows nothing of it.
/// </summary>
public static class Restriction
{
    /// <summary>
    /// The types that are shown: what is clinical, and is about the person. All others are hidden, since they are a place or somebody who works at one (Organization,
    /// Location, Practitioner, ...), tell who said something (Provenance, AuditEvent), or are administration, conversation or free content, which is seldom without
    /// either (Appointment, Coverage, Task, Communication, QuestionnaireResponse, Composition, Binary, Media).
    /// </summary>
    public static FrozenSet<string> ShownTypes { get; } = FrozenSet.ToFrozenSet(
    [
        "Patient", "AdverseEvent", "AllergyIntolerance", "BodyStructure", "CarePlan", "ClinicalImpression", "Condition", "Consent", "DetectedIssue", "Device",
        "DeviceRequest", "DeviceUseStatement", "DiagnosticReport", "DocumentReference", "Encounter", "EpisodeOfCare", "FamilyMemberHistory", "Flag", "Goal",
        "ImagingStudy", "Immunization", "ImmunizationEvaluation", "ImmunizationRecommendation", "List", "Medication", "MedicationAdministration",
        "MedicationDispense", "MedicationRequest", "MedicationStatement", "MolecularSequence", "NutritionOrder", "Observation", "Procedure", "RiskAssessment",
        "ServiceRequest", "Specimen", "Substance", "VisionPrescription",
    ]);

    private const string WhichIsNotTold = "Which source that is is not told of a restricted person.";

    /// <summary>Whether resources of this type are shown of a restricted person.</summary>
    public static bool Shows(string type) => ShownTypes.Contains(type);

    /// <summary>
    /// Whether a label of a Patient restricts (PDS, <c>meta.security</c>): <c>R</c> restricted, <c>V</c> very restricted, <c>REDACTED</c> where whoever sent it was
    /// shown a part only. By whatever name the HL7 code system of confidentiality goes, or none.
    /// </summary>
    public static bool IsBy(Coding label) => label.Code.ToUpperInvariant() switch
    {
        "REDACTED" => true,
        "R" or "V" => label.System is null
            || label.System.Contains("confidentiality", StringComparison.OrdinalIgnoreCase)
            // The same code system as an OID (HL7 v3, Confidentiality).
            || label.System.EndsWith("2.16.840.1.113883.5.25", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>Issues of which none says by which source it is: those that are about one say what, and no more.</summary>
    public static ImmutableArray<Issue> Unnamed(IEnumerable<Issue> issues) =>
        [.. issues.Select(i => i.Source is null ? i : new Issue(i.Code, WhichIsNotTold)).Distinct()];

    /// <summary>Whether a Patient of the record is labelled so: of any source, also one that the wrong-patient guard withholds. The most restrictive one counts.</summary>
    internal static bool IsOf(PatientRecord record) =>
        record.Patient is { } patient && patient.Members.Any(IsBy) || record.WithheldPatients.Any(key => record.Entry(key) is { } entry && IsBy(entry));

    /// <summary>The same of what is served of a record: of the merged Patient, which has the labels of all its members. Null where it takes the record to know.</summary>
    internal static bool? IsOf(IReadOnlyList<byte[]> entries, Addresses addresses)
    {
        foreach (var entry in entries)
        {
            // The Patient first, then in the order of the types.
            var type = ServedEntry.TypeOf(entry, addresses);
            if (type.SequenceEqual("Patient"u8))
            {
                if (entry.AsSpan().IndexOf("\"security\""u8) >= 0 && FactsReader.Read("Patient", "", new ServedEntry(entry, addresses).Resource).Security.Any(IsBy))
                    return true;
                continue;
            }

            var order = type.SequenceCompareTo("DetectedIssue"u8);
            if (order > 0)
                return false;
            // The labels of what is withheld are served nowhere.
            if (order == 0 && DisagreementRendering.TellsOfWithheld(entry))
                return null;
        }

        return false;
    }

    /// <summary>The record as it is shown of a restricted person.</summary>
    internal static PatientRecord Of(PatientRecord record)
    {
        var shown = new List<MergedResource>();
        foreach (var resource in record.All)
        {
            if (Shows(resource.Type))
                shown.Add(resource.Redacted());
        }

        return new PatientRecord(record) { Resources = OrderedSet<MergedResource>.Of([.. shown]), Behind = record };
    }

    private static bool IsBy(Entry patient) => patient.Facts.Security.Any(IsBy);
}
