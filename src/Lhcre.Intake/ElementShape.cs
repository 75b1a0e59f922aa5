using System.Diagnostics.CodeAnalysis;
using Hl7.Fhir.Introspection;
using Hl7.Fhir.Model;

namespace Lhcre.Intake;

/// <summary>What FHIR expects of one JSON member: its element, whether that is a list, and its type.</summary>
/// <param name="Element">The element's name without a choice's suffix.</param>
/// <param name="IsList">Whether a list is expected.</param>
/// <param name="Type">The type of one value; of a member that starts with an underscore, Element.</param>
/// <param name="IsExtra">Whether the member starts with an underscore: the id and extensions of a primitive.</param>
internal sealed record ElementShape(string Element, bool IsList, ClassMapping Type, bool IsExtra)
{
    private static readonly ModelInspector Model = ModelInfo.ModelInspector;
    private static readonly ClassMapping ExtraType = Model.FindClassMapping("Element")!;

    /// <summary>The mapping of a resource type; null for a name that is none.</summary>
    public static ClassMapping? OfResource(string? name) => name is not null && FhirTypes.IsResource(name) ? Model.FindClassMapping(name) : null;

    /// <summary>What <paramref name="member"/> is in an object of type <paramref name="owner"/>.</summary>
    /// <returns>Null for a name that is not exactly one of FHIR's.</returns>
    public static ElementShape? Of(ClassMapping owner, string member)
    {
        var isExtra = member.StartsWith('_');
        var name = isExtra ? member[1..] : member;
        // The library looks at the first letter of a name without asking whether there is one.
        if (name.Length == 0 || !TryFind(owner, name, out var property, out var type))
            return null;
        if (!isExtra)
            return new ElementShape(property.Name, property.IsCollection, type, false);
        return type.IsFhirPrimitive ? new ElementShape(property.Name, property.IsCollection, ExtraType, true) : null;
    }

    /// <summary>
    /// Whether a name that FHIR does not know may still mean an element that it knows: other case, a choice with another or no suffix, an
    /// underscore too much. Leaving such a member out could lose a value.
    /// </summary>
    public static bool MayMeanKnown(ClassMapping owner, string member)
    {
        var name = member.TrimStart('_');
        foreach (var property in owner.PropertyMappings)
        {
            if (name.Equals(property.Name, StringComparison.OrdinalIgnoreCase))
                return true;
            if (property.Choice == ChoiceType.DatatypeChoice && name.StartsWith(property.Name, StringComparison.OrdinalIgnoreCase)
                && char.IsAsciiLetterUpper(name[property.Name.Length]))
                return true;
        }

        return false;
    }

    private static bool TryFind(
        ClassMapping owner, string name, [NotNullWhen(true)] out PropertyMapping? property, [NotNullWhen(true)] out ClassMapping? type)
    {
        type = null;
        property = owner.FindMappedElementByName(name);
        if (property is not null)
        {
            // A primitive's own "value" is no member in JSON, and a choice is never written without its type.
            if (property.Name != name || property.Choice == ChoiceType.DatatypeChoice || property.RepresentsValueElement)
                return false;
            type = property.PropertyTypeMapping;
            return type is not null;
        }

        property = owner.FindMappedElementByChoiceName(name);
        if (property is null || !name.StartsWith(property.Name, StringComparison.Ordinal))
            return false;
        var suffix = name[property.Name.Length..];
        type = property.FhirTypeMappings.FirstOrDefault(t => Capitalised(t.Name) == suffix);
        return type is not null;
    }

    private static string Capitalised(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
