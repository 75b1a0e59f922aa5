namespace Lhcre.Record;

/// <summary>What FHIR says of one element at the top of a resource.</summary>
/// <param name="Name">Its name; of a choice, without the type that JSON puts behind it.</param>
/// <param name="IsChoice">Whether it is a choice of types (<c>value[x]</c>).</param>
/// <param name="IsInSummary">Whether it belongs to the summary of the resource.</param>
/// <param name="IsMandatory">Whether there must be one.</param>
/// <param name="IsModifier">Whether it changes what the rest means: nobody may read the rest without it.</param>
public sealed record ElementTrait(string Name, bool IsChoice, bool IsInSummary, bool IsMandatory, bool IsModifier);

/// <summary>The elements at the top of every resource type, as FHIR defines them.</summary>
/// <param name="OfType">By the type's name.</param>
public sealed record ElementTraits(IReadOnlyDictionary<string, IReadOnlyList<ElementTrait>> OfType);
