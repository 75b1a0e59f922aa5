using Hl7.Fhir.Introspection;
using Hl7.Fhir.Model;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>What the FHIR library knows of the elements at the top of each resource type.</summary>
public static class FhirElements
{
    /// <summary>Of every resource type of R4.</summary>
    public static ElementTraits Traits { get; } = new(FhirTypes.All.ToDictionary(type => type, Of));

    private static IReadOnlyList<ElementTrait> Of(string type) =>
    [
        .. ModelInfo.ModelInspector.FindClassMapping(type)!.PropertyMappings.Select(p =>
            new ElementTrait(p.Name, p.Choice == ChoiceType.DatatypeChoice, p.InSummary, p.IsMandatoryElement, p.IsModifier)),
    ];
}
