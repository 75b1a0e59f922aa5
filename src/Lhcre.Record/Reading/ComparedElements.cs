using System.Collections.Frozen;
using System.Text.Json;

namespace Lhcre.Record.Reading;

/// <summary>
/// What of each resource type is compared: a method each, in the words of CLINICAL.md, "What makes two entries the same fact" and "What is
/// never settled silently". Element names and status codes: HL7 FHIR R4.
/// </summary>
internal static class ComparedElements
{
    private static readonly FrozenDictionary<string, Step> Steps = new Dictionary<string, Step>
    {
        ["AllergyIntolerance"] = AllergyIntolerance,
        ["Condition"] = Condition,
        ["MedicationStatement"] = MedicationStatement,
        ["MedicationRequest"] = MedicationRequest,
        ["Immunization"] = Immunization,
        ["Observation"] = Observation,
        ["Procedure"] = Procedure,
        ["DiagnosticReport"] = DiagnosticReport,
        ["Encounter"] = Encounter,
        ["DocumentReference"] = DocumentReference,
        ["Patient"] = Demographics.Take,
    }.ToFrozenDictionary();

    /// <summary>Takes the member at whose name the reader stands, if it is one that the type's rule compares.</summary>
    public delegate bool Step(FactsDraft draft, ref Utf8JsonReader reader);

    /// <summary>The form in which a request that something be not given states its status.</summary>
    public const string ProhibitionForm = "doNotPerform";

    /// <summary>The step of a type; of one that has no rule of its own, its codes.</summary>
    public static Step Of(string type) => Steps.GetValueOrDefault(type, Codes);

    /// <summary>
    /// What <c>status</c> says of the fact itself, in groups that do not differ clinically; null where it says nothing, or only how far the
    /// paperwork is.
    /// </summary>
    public static string? StatusOf(string type, string? status) => (type, status) switch
    {
        ("MedicationStatement" or "MedicationRequest", "active") => "active",
        ("MedicationStatement", "intended") => "active",
        ("MedicationRequest", "draft") => "draft",
        ("MedicationStatement" or "MedicationRequest", "on-hold") => "on-hold",
        ("MedicationStatement" or "MedicationRequest", "completed" or "stopped") => "ended",
        ("MedicationStatement", "not-taken") => "not-taken",
        ("MedicationRequest", "cancelled") => "cancelled",
        ("Immunization", "completed") => "completed",
        ("Immunization", "not-done") => "not-done",
        ("Procedure", "completed" or "in-progress") => "done",
        ("Procedure", "not-done") => "not-done",
        ("Procedure", "preparation") => "prepared",
        ("Observation" or "DiagnosticReport" or "Encounter", "cancelled") => "cancelled",
        _ => null,
    };

    private static bool Codes(FactsDraft draft, ref Utf8JsonReader reader)
    {
        if (!Json.Is(ref reader, "code"u8) && !Json.Is(ref reader, "vaccineCode"u8) && !Json.Is(ref reader, "medicationCodeableConcept"u8))
            return false;
        draft.TakeCodes(ref reader);
        return true;
    }

    private static bool AllergyIntolerance(FactsDraft draft, ref Utf8JsonReader reader)
    {
        if (Json.Is(ref reader, "code"u8))
            draft.TakeCodes(ref reader);
        else if (Json.Is(ref reader, "reaction"u8))
            TakeSubstances(draft, ref reader);
        else if (Json.Is(ref reader, "clinicalStatus"u8))
            draft.AddStatus(ref reader, FactElement.ClinicalStatus);
        else if (Json.Is(ref reader, "verificationStatus"u8))
            draft.AddStatus(ref reader, FactElement.VerificationStatus);
        else if (Json.Is(ref reader, "criticality"u8))
            draft.Add(FactElement.Criticality, "", Json.Text(ref reader) is var stated && stated == "unable-to-assess" ? null : stated);
        else
            return false;
        return true;
    }

    private static void TakeSubstances(FactsDraft draft, ref Utf8JsonReader reader)
    {
        for (var items = Items.Of(ref reader); items.Next(ref reader);)
        {
            if (!Json.Enters(ref reader))
                continue;
            while (Json.NextMember(ref reader))
            {
                if (Json.Is(ref reader, "substance"u8))
                    draft.TakeOtherCodes(ref reader);
                else
                    reader.Skip();
            }
        }
    }

    private static bool Condition(FactsDraft draft, ref Utf8JsonReader reader)
    {
        if (Json.Is(ref reader, "code"u8))
            draft.TakeCodes(ref reader);
        else if (Json.Is(ref reader, "onsetDateTime"u8))
            draft.TakeWhen(ref reader);
        else if (Json.Is(ref reader, "onsetPeriod"u8))
            draft.TakeStart(ref reader);
        else if (Json.Is(ref reader, "onsetAge"u8))
            draft.Add(FactElement.Onset, "age", Quantity.Read(ref reader));
        else if (Json.Is(ref reader, "onsetString"u8))
            draft.Add(FactElement.Onset, FactPart.Text, Concept.Words(Json.Text(ref reader)));
        else if (Json.Is(ref reader, "bodySite"u8))
            draft.AddConcepts(ref reader, FactElement.BodySite);
        else if (Json.Is(ref reader, "clinicalStatus"u8))
            draft.AddStatus(ref reader, FactElement.ClinicalStatus);
        else if (Json.Is(ref reader, "verificationStatus"u8))
            draft.AddStatus(ref reader, FactElement.VerificationStatus);
        else
            return false;
        return true;
    }

    private static bool MedicationStatement(FactsDraft draft, ref Utf8JsonReader reader)
    {
        if (Json.Is(ref reader, "effectiveDateTime"u8))
            draft.TakeWhen(ref reader);
        else if (Json.Is(ref reader, "effectivePeriod"u8))
            draft.TakeStart(ref reader);
        else if (Json.Is(ref reader, "dosage"u8))
            Dosages.Take(draft, ref reader);
        else
            return Medication(draft, ref reader);
        return true;
    }

    private static bool MedicationRequest(FactsDraft draft, ref Utf8JsonReader reader)
    {
        if (Json.Is(ref reader, "authoredOn"u8))
            draft.TakeAuthoredOn(ref reader);
        else if (Json.Is(ref reader, "dosageInstruction"u8))
            Dosages.Take(draft, ref reader);
        else if (Json.Is(ref reader, "doNotPerform"u8))
            draft.Add(FactElement.Status, ProhibitionForm, Json.Flag(ref reader) == true ? "true" : null);
        else
            return Medication(draft, ref reader);
        return true;
    }

    private static bool Medication(FactsDraft draft, ref Utf8JsonReader reader)
    {
        if (Json.Is(ref reader, "medicationCodeableConcept"u8))
            draft.TakeCodes(ref reader);
        else if (Json.Is(ref reader, "medicationReference"u8))
            draft.Medication.Take(ref reader);
        else if (Json.Is(ref reader, "contained"u8))
            draft.Medication.TakeContained(ref reader);
        else
            return false;
        return true;
    }

    private static bool Immunization(FactsDraft draft, ref Utf8JsonReader reader)
    {
        if (Json.Is(ref reader, "vaccineCode"u8))
            draft.TakeCodes(ref reader);
        else if (Json.Is(ref reader, "occurrenceDateTime"u8))
            draft.TakeWhen(ref reader);
        else if (Json.Is(ref reader, "protocolApplied"u8))
            TakeDoseNumbers(draft, ref reader);
        else
            return false;
        return true;
    }

    private static void TakeDoseNumbers(FactsDraft draft, ref Utf8JsonReader reader)
    {
        for (var items = Items.Of(ref reader); items.Next(ref reader);)
        {
            if (!Json.Enters(ref reader))
                continue;
            while (Json.NextMember(ref reader))
            {
                if (Json.Is(ref reader, "doseNumberPositiveInt"u8))
                    draft.Add(FactElement.DoseNumber, "", Json.Number(ref reader));
                else if (Json.Is(ref reader, "doseNumberString"u8))
                    draft.Add(FactElement.DoseNumber, "", Json.Trimmed(ref reader));
                else
                    reader.Skip();
            }
        }
    }

    private static bool Observation(FactsDraft draft, ref Utf8JsonReader reader)
    {
        if (Json.Is(ref reader, "code"u8))
            draft.TakeCodes(ref reader);
        else if (Json.Is(ref reader, "effectiveDateTime"u8) || Json.Is(ref reader, "effectiveInstant"u8))
            draft.TakeWhen(ref reader);
        else if (Json.Is(ref reader, "effectivePeriod"u8))
            draft.TakeStart(ref reader);
        else if (Json.Is(ref reader, "bodySite"u8))
            draft.AddConcepts(ref reader, FactElement.BodySite);
        else if (Json.Is(ref reader, "component"u8))
            ObservationValues.TakeComponents(draft, ref reader);
        else if (ObservationValues.Read(ref reader) is { } values)
            draft.Add(FactElement.Value, values);
        else
            return false;
        return true;
    }

    private static bool Procedure(FactsDraft draft, ref Utf8JsonReader reader)
    {
        if (Json.Is(ref reader, "code"u8))
            draft.TakeCodes(ref reader);
        else if (Json.Is(ref reader, "performedDateTime"u8))
            draft.TakeWhen(ref reader);
        else if (Json.Is(ref reader, "performedPeriod"u8))
            draft.TakeStart(ref reader);
        else if (Json.Is(ref reader, "bodySite"u8))
            draft.AddConcepts(ref reader, FactElement.BodySite);
        else
            return false;
        return true;
    }

    private static bool DiagnosticReport(FactsDraft draft, ref Utf8JsonReader reader)
    {
        if (Json.Is(ref reader, "code"u8))
            draft.TakeCodes(ref reader);
        else if (Json.Is(ref reader, "effectiveDateTime"u8))
            draft.TakeWhen(ref reader);
        else if (Json.Is(ref reader, "effectivePeriod"u8))
            draft.TakeStart(ref reader);
        else if (Json.Is(ref reader, "result"u8))
            draft.AddReferences(ref reader, FactElement.Result, "Observation");
        else
            return false;
        return true;
    }

    // Its type is no code of the fact: two sources may call one visit differently.
    private static bool Encounter(FactsDraft draft, ref Utf8JsonReader reader)
    {
        if (Json.Is(ref reader, "period"u8))
            draft.TakeStart(ref reader);
        else if (Json.Is(ref reader, "class"u8))
            draft.AddCoding(ref reader, FactElement.Class);
        else if (Json.Is(ref reader, "serviceProvider"u8))
            draft.AddReferences(ref reader, FactElement.Organization, "Organization");
        else
            return false;
        return true;
    }

    private static bool DocumentReference(FactsDraft draft, ref Utf8JsonReader reader)
    {
        if (Json.Is(ref reader, "masterIdentifier"u8))
            draft.TakeIdentifiers(ref reader);
        else if (Json.Is(ref reader, "content"u8))
            Attachments.Take(draft, ref reader);
        else
            return false;
        return true;
    }
}
