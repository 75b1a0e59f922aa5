using System.Collections.Frozen;

namespace Lhcre.Record;

/// <summary>
/// Which resource types are about one person, and which element says about whom. Source: HL7 FHIR R4, CompartmentDefinition/patient,
/// narrowed to the element that names the subject (an author or asserter does not make a resource the patient's).
/// </summary>
/// <remarks>
/// A type that is not listed (Practitioner, Organization, Location, Medication, ...) is a supporting resource: kept once per source and
/// journalled into each record that refers to it. A type that may name a patient, such as Device, is the patient's where it does.
/// </remarks>
public static class PatientCompartment
{
    private static readonly FrozenDictionary<string, string> Elements = Table().ToFrozenDictionary();

    // R4 lets these stand without a patient: then they are supporting resources.
    private static readonly FrozenSet<string> MayNameNobody = FrozenSet.Create("Basic", "Device", "Invoice", "List", "Media", "Specimen");

    /// <summary>Whether resources of this type are always about somebody.</summary>
    public static bool Contains(string type) => type == "Patient" || (Elements.ContainsKey(type) && !MayNameNobody.Contains(type));

    /// <summary>Whether a resource of this type may stand on its own, being about nobody.</summary>
    public static bool MaySupport(string type) => !Contains(type);

    /// <summary>The top-level element that names the subject; null where the type has none, or only nested ones.</summary>
    public static string? SubjectElement(string type) => Elements.GetValueOrDefault(type) is { Length: > 0 } element ? element : null;

    private static IEnumerable<KeyValuePair<string, string>> Table()
    {
        string[] subject =
        [
            "Account", "AdverseEvent", "Basic", "CarePlan", "CareTeam", "ChargeItem", "ClinicalImpression", "Communication",
            "CommunicationRequest", "Composition", "Condition", "DeviceRequest", "DeviceUseStatement", "DiagnosticReport",
            "DocumentManifest", "DocumentReference", "Encounter", "Flag", "Goal", "GuidanceResponse", "ImagingStudy", "Invoice", "List",
            "MeasureReport", "Media", "MedicationAdministration", "MedicationDispense", "MedicationRequest", "MedicationStatement",
            "Observation", "Procedure", "QuestionnaireResponse", "RequestGroup", "RiskAssessment", "ServiceRequest", "Specimen",
        ];
        string[] patient =
        [
            "AllergyIntolerance", "BodyStructure", "Claim", "ClaimResponse", "Consent", "CoverageEligibilityRequest",
            "CoverageEligibilityResponse", "DetectedIssue", "Device", "EpisodeOfCare", "ExplanationOfBenefit", "FamilyMemberHistory",
            "Immunization", "ImmunizationEvaluation", "ImmunizationRecommendation", "MolecularSequence", "NutritionOrder",
            "RelatedPerson", "SupplyDelivery", "VisionPrescription",
        ];
        foreach (var type in subject)
            yield return new(type, "subject");
        foreach (var type in patient)
            yield return new(type, "patient");
        yield return new("Coverage", "beneficiary");
        yield return new("EnrollmentRequest", "candidate");
        yield return new("ResearchSubject", "individual");
        yield return new("SupplyRequest", "deliverTo");
        yield return new("Task", "for");
        // These name the person only in nested elements, or through what they are about.
        foreach (var type in new[] { "Appointment", "AppointmentResponse", "AuditEvent", "Person", "Provenance" })
            yield return new(type, "");
    }
}
