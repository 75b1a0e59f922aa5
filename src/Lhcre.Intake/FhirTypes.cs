using System.Collections.Frozen;
using Hl7.Fhir.Model;

namespace Lhcre.Intake;

/// <summary>The names of FHIR R4.</summary>
public static class FhirTypes
{
    private static readonly FrozenSet<string> Resources = ModelInfo.SupportedResources.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>All of them, in alphabetical order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. ModelInfo.SupportedResources.Order(StringComparer.Ordinal)];

    /// <summary>Whether <paramref name="name"/> is one of the 146 resource types of R4 that have instances, in its exact spelling.</summary>
    public static bool IsResource(string name) => Resources.Contains(name);
}
