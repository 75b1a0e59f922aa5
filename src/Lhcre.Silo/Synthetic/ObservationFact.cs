using System.Collections.Immutable;

namespace Lhcre.Silo.Synthetic;

/// <summary>What was measured or answered.</summary>
public abstract record Finding
{
    private Finding()
    {
    }

    /// <summary>A number with its unit; <paramref name="Ucum"/> is the unit's code.</summary>
    public sealed record Amount(decimal Value, string Unit, string Ucum) : Finding;

    /// <summary>Yes or no. No is a value.</summary>
    public sealed record Answer(bool Value) : Finding;

    /// <summary>A count. Zero is a value.</summary>
    public sealed record Count(int Value) : Finding;

    /// <summary>No value of its own, only parts.</summary>
    public sealed record Panel(ImmutableArray<(Concept Code, Amount Value)> Parts) : Finding;
}

/// <summary>A measurement, a laboratory result or an answer.</summary>
/// <param name="Number">Of the fact within its person.</param>
/// <param name="Code">What was measured.</param>
/// <param name="When">When it was measured or the sample was taken.</param>
/// <param name="Category">HL7 observation-category: <c>vital-signs</c>, <c>laboratory</c>, <c>social-history</c>.</param>
/// <param name="Found">What was found.</param>
public sealed record ObservationFact(int Number, Concept Code, DateTimeOffset When, string Category, Finding Found)
    : SyntheticFact(Number, Code, When)
{
    /// <inheritdoc/>
    public override string Type => "Observation";

    internal override void Write(FactJson to)
    {
        to.Fhir.Text("status", "final");
        to.Fhir.Hl7ConceptList("category", "observation-category", Category);
        to.Fhir.Concept("code", Code);
        to.Subject("subject");
        to.Encounter(During);
        to.Date("effectiveDateTime", When);
        to.Fhir.ReferenceList("performer", [to.Practitioner]);
        switch (Found)
        {
            case Finding.Amount amount:
                Quantity(to, amount);
                break;
            case Finding.Answer answer:
                to.Fhir.Json.WriteBoolean("valueBoolean", answer.Value);
                break;
            case Finding.Count count:
                to.Fhir.Json.WriteNumber("valueInteger", count.Value);
                break;
            case Finding.Panel panel:
                Components(to, panel);
                break;
        }
    }

    private static void Components(FactJson to, Finding.Panel panel)
    {
        to.Fhir.Json.WriteStartArray("component");
        foreach (var (code, value) in panel.Parts)
        {
            to.Fhir.Json.WriteStartObject();
            to.Fhir.Concept("code", code);
            Quantity(to, value);
            to.Fhir.Json.WriteEndObject();
        }

        to.Fhir.Json.WriteEndArray();
    }

    private static void Quantity(FactJson to, Finding.Amount amount) =>
        to.Fhir.Quantity("valueQuantity", amount.Value, amount.Unit, amount.Ucum);
}
