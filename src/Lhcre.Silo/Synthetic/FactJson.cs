namespace Lhcre.Silo.Synthetic;

/// <summary>Where one telling of a fact is written: the source's words for dates and for the resources that it refers to.</summary>
internal sealed class FactJson(FhirJson fhir, SourceIds ids, Telling telling)
{
    public FhirJson Fhir => fhir;

    public string Practitioner => ids.Reference(telling.Fact is EncounterFact { Class: not "AMB" } ? SourceIds.Consultant : SourceIds.Gp);

    public string Practice => ids.Reference(SourceIds.Practice);

    public string Hospital => ids.Reference(SourceIds.Hospital);

    /// <summary>The person, under the name that this type has for its subject.</summary>
    public void Subject(string name) => fhir.Reference(name, ids.Reference(SourceIds.Patient));

    /// <summary>A date that is as exact as this source tells this fact.</summary>
    public void Date(string name, DateTimeOffset when) => fhir.Date(name, when, telling.Precision);

    public void Encounter(EncounterFact? encounter) => fhir.Reference("encounter", encounter is null ? null : ReferenceTo(encounter));

    /// <summary>The source's own word for another fact; null where it does not tell that one.</summary>
    public string? ReferenceTo(SyntheticFact fact) => ids.ReferenceTo(fact);
}
