namespace Lhcre.Intake.V2.Mapping;

/// <summary>Elements that FHIR requires and a message may leave out: then they say that they are not known.</summary>
internal static class Required
{
    /// <summary>A required CodeableConcept.</summary>
    public static Element Concept(MessageContext context, Hl7Field field, CodeTable? table = null) =>
        (MessageContext.FirstOf(field) is { } given ? DataTypes.Concept(context, given, table) : null)
        ?? Element.Concept(Element.Coding("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown", "Unknown"))!;
}
