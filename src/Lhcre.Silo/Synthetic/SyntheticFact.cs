using System.Collections.Immutable;

namespace Lhcre.Silo.Synthetic;

/// <summary>
/// Something true about a synthetic person, whoever reports it. Which sources do, and how well, is said by <see cref="Telling"/>: two
/// resources state the same fact exactly where their tellings have the same fact.
/// </summary>
/// <param name="Number">Of the fact within its person, from 0.</param>
/// <param name="Code">What it is.</param>
/// <param name="When">When it happened or began, in UTC, to the minute.</param>
public abstract record SyntheticFact(int Number, Concept Code, DateTimeOffset When)
{
    /// <summary>The FHIR resource type that states it.</summary>
    public abstract string Type { get; }

    /// <summary>The encounter during which it was found, where there was one.</summary>
    public EncounterFact? During { get; init; }

    /// <summary>The FHIR resource's own members, all but resourceType, id, meta and identifier.</summary>
    internal abstract void Write(FactJson to);
}

/// <summary>One source's report of a fact.</summary>
/// <param name="Fact">The fact.</param>
/// <param name="Source">Who says so.</param>
/// <param name="Precision">How exactly it dates it.</param>
/// <param name="IdentifierOf">Whose business identifier it carries: its own, or that of the source it has the fact from; null for none.</param>
public sealed record Telling(SyntheticFact Fact, string Source, DatePrecision Precision, string? IdentifierOf);

/// <summary>An allergy, or the statement that there is none (<see cref="Reaction"/> is null).</summary>
public sealed record AllergyFact(int Number, Concept Code, DateTimeOffset When, string Category, Concept? Reaction, bool High)
    : SyntheticFact(Number, Code, When)
{
    /// <inheritdoc/>
    public override string Type => "AllergyIntolerance";

    internal override void Write(FactJson to)
    {
        to.Fhir.Hl7Concept("clinicalStatus", "allergyintolerance-clinical", "active");
        to.Fhir.Hl7Concept("verificationStatus", "allergyintolerance-verification", "confirmed");
        if (Reaction is not null)
        {
            to.Fhir.Text("type", "allergy");
            to.Fhir.Json.WriteStartArray("category");
            to.Fhir.Json.WriteStringValue(Category);
            to.Fhir.Json.WriteEndArray();
            to.Fhir.Text("criticality", High ? "high" : "low");
        }

        to.Fhir.Concept("code", Code);
        to.Subject("patient");
        to.Date("recordedDate", When);
        to.Fhir.Reference("recorder", to.Practitioner);
        if (Reaction is not null)
            to.Fhir.OneObject("reaction", () => to.Fhir.ConceptList("manifestation", Reaction));
    }
}

/// <summary>A problem or diagnosis.</summary>
public sealed record ConditionFact(int Number, Concept Code, DateTimeOffset When, bool Active) : SyntheticFact(Number, Code, When)
{
    /// <inheritdoc/>
    public override string Type => "Condition";

    internal override void Write(FactJson to)
    {
        to.Fhir.Hl7Concept("clinicalStatus", "condition-clinical", Active ? "active" : "resolved");
        to.Fhir.Hl7Concept("verificationStatus", "condition-ver-status", "confirmed");
        to.Fhir.Hl7ConceptList("category", "condition-category", During is null ? "problem-list-item" : "encounter-diagnosis");
        to.Fhir.Concept("code", Code);
        to.Subject("subject");
        to.Encounter(During);
        to.Date("onsetDateTime", When);
        if (!Active)
            to.Date("abatementDateTime", When.AddDays(40));
        to.Date("recordedDate", When.AddDays(2));
        to.Fhir.Reference("recorder", to.Practitioner);
    }
}

/// <summary>A medicine that was prescribed once (MedicationRequest), or is taken regularly (MedicationStatement).</summary>
public sealed record MedicationFact(int Number, Concept Code, DateTimeOffset When, string Dose, bool Repeat) : SyntheticFact(Number, Code, When)
{
    /// <inheritdoc/>
    public override string Type => Repeat ? "MedicationStatement" : "MedicationRequest";

    internal override void Write(FactJson to)
    {
        to.Fhir.Text("status", Repeat ? "active" : "completed");
        to.Fhir.Text("intent", Repeat ? null : "order");
        to.Fhir.Concept("medicationCodeableConcept", Code);
        to.Subject("subject");
        if (Repeat)
        {
            to.Fhir.Object("effectivePeriod", () => to.Date("start", When));
            to.Date("dateAsserted", When.AddDays(1));
            to.Fhir.OneObject("dosage", () => to.Fhir.Text("text", Dose));
        }
        else
        {
            to.Encounter(During);
            to.Date("authoredOn", When);
            to.Fhir.Reference("requester", to.Practitioner);
            to.Fhir.OneObject("dosageInstruction", () => to.Fhir.Text("text", Dose));
        }
    }
}

/// <summary>A vaccination that was given, or (<see cref="Given"/> false) refused by the person.</summary>
public sealed record ImmunizationFact(int Number, Concept Code, DateTimeOffset When, bool Given, int Dose) : SyntheticFact(Number, Code, When)
{
    /// <inheritdoc/>
    public override string Type => "Immunization";

    internal override void Write(FactJson to)
    {
        to.Fhir.Text("status", Given ? "completed" : "not-done");
        if (!Given)
            to.Fhir.Hl7Concept("statusReason", "v3-ActReason", "PATOBJ");
        to.Fhir.Concept("vaccineCode", Code);
        to.Subject("patient");
        to.Date("occurrenceDateTime", When);
        to.Fhir.Json.WriteBoolean("primarySource", true);
        if (!Given)
            return;
        to.Fhir.Text("lotNumber", $"L{(When.DayOfYear * 100) + Number}");
        to.Fhir.OneObject("performer", () => to.Fhir.Reference("actor", to.Practitioner));
        to.Fhir.OneObject("protocolApplied", () => to.Fhir.Json.WriteNumber("doseNumberPositiveInt", Dose));
    }
}

/// <summary>A visit, an attendance or a stay of so many minutes.</summary>
/// <param name="Number">Of the fact within its person.</param>
/// <param name="Code">The kind of encounter.</param>
/// <param name="When">Its start.</param>
/// <param name="Class">HL7 v3 ActCode: <c>AMB</c>, <c>EMER</c>, <c>IMP</c>.</param>
/// <param name="Minutes">Its length.</param>
public sealed record EncounterFact(int Number, Concept Code, DateTimeOffset When, string Class, int Minutes) : SyntheticFact(Number, Code, When)
{
    /// <inheritdoc/>
    public override string Type => "Encounter";

    internal override void Write(FactJson to)
    {
        to.Fhir.Text("status", "finished");
        to.Fhir.Object("class", () =>
        {
            to.Fhir.Text("system", "http://terminology.hl7.org/CodeSystem/v3-ActCode");
            to.Fhir.Text("code", Class);
        });
        to.Fhir.ConceptList("type", Code);
        to.Subject("subject");
        to.Fhir.OneObject("participant", () => to.Fhir.Reference("individual", to.Practitioner));
        to.Fhir.Object("period", () =>
        {
            to.Date("start", When);
            to.Date("end", When.AddMinutes(Minutes));
        });
        to.Fhir.Reference("serviceProvider", Class == "AMB" ? to.Practice : to.Hospital);
    }
}

/// <summary>Something that was done.</summary>
public sealed record ProcedureFact(int Number, Concept Code, DateTimeOffset When) : SyntheticFact(Number, Code, When)
{
    /// <inheritdoc/>
    public override string Type => "Procedure";

    internal override void Write(FactJson to)
    {
        to.Fhir.Text("status", "completed");
        to.Fhir.Concept("code", Code);
        to.Subject("subject");
        to.Encounter(During);
        to.Date("performedDateTime", When);
        to.Fhir.OneObject("performer", () => to.Fhir.Reference("actor", to.Practitioner));
    }
}

/// <summary>A laboratory report and its results.</summary>
public sealed record ReportFact(int Number, Concept Code, DateTimeOffset When, ImmutableArray<ObservationFact> Results)
    : SyntheticFact(Number, Code, When)
{
    /// <inheritdoc/>
    public override string Type => "DiagnosticReport";

    internal override void Write(FactJson to)
    {
        to.Fhir.Text("status", "final");
        to.Fhir.Hl7ConceptList("category", "v2-0074", "LAB");
        to.Fhir.Concept("code", Code);
        to.Subject("subject");
        to.Encounter(During);
        to.Date("effectiveDateTime", When);
        to.Fhir.Date("issued", When.AddHours(5), DatePrecision.Instant);
        to.Fhir.ReferenceList("performer", [to.Hospital]);
        to.Fhir.ReferenceList("result", Results.Select(to.ReferenceTo).OfType<string>());
    }
}

/// <summary>A letter or a summary: the same text at every source that holds it.</summary>
public sealed record DocumentFact(int Number, Concept Code, DateTimeOffset When, string Words) : SyntheticFact(Number, Code, When)
{
    /// <inheritdoc/>
    public override string Type => "DocumentReference";

    internal override void Write(FactJson to)
    {
        to.Fhir.Text("status", "current");
        to.Fhir.Text("docStatus", "final");
        to.Fhir.Concept("type", Code);
        to.Subject("subject");
        to.Fhir.Date("date", When, DatePrecision.Instant);
        to.Fhir.ReferenceList("author", [to.Practitioner]);
        to.Fhir.OneObject("content", () => to.Fhir.Object("attachment", () =>
        {
            to.Fhir.Text("contentType", "text/plain; charset=utf-8");
            to.Fhir.Json.WriteBase64String("data", System.Text.Encoding.UTF8.GetBytes(Words));
            to.Fhir.Text("title", Code.Display);
        }));
        if (During is { } encounter && to.ReferenceTo(encounter) is { } reference)
            to.Fhir.Object("context", () => to.Fhir.ReferenceList("encounter", [reference]));
    }
}
