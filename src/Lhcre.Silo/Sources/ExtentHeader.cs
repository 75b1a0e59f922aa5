using System.Collections.Immutable;
using Lhcre.Intake;
using Lhcre.Record;

namespace Lhcre.Silo.Sources;

/// <summary>
/// How a source says that a push is all that it says of a person: the header <c>X-Lhcre-Extent: whole; types=Condition,Procedure</c>. The answer carries it
/// too: <c>whole; withdrawn=2</c>, or <c>held</c>.
/// </summary>
internal static class ExtentHeader
{
    /// <summary>Its name.</summary>
    public const string Name = "X-Lhcre-Extent";

    private const string TypesParameter = "types=";

    /// <summary>The types of which a push is whole, in their order: those that are named, else those that the source supplies, empty for all.</summary>
    /// <param name="request">The push.</param>
    /// <param name="source">Who pushes.</param>
    /// <returns>Null twice where there is no such header; an issue where it cannot be taken.</returns>
    public static (ImmutableArray<string>? Types, Issue? Refusal) Read(HttpRequest request, SourceSystem source)
    {
        var values = request.Headers[Name];
        if (values.Count == 0)
            return (null, null);
        var parts = values.Count == 1 ? values[0]!.Split(';', StringSplitOptions.TrimEntries) : [];
        if (parts is not [var whole, ..] || !whole.Equals("whole", StringComparison.OrdinalIgnoreCase) || parts.Length > 2)
            return (null, new Issue(IssueCodes.MalformedExtent, string.Join(", ", values.AsEnumerable())));
        return parts.Length == 1 ? Supplied(source) : Named(parts[1]);
    }

    private static (ImmutableArray<string>? Types, Issue? Refusal) Named(string parameter)
    {
        if (!parameter.StartsWith(TypesParameter, StringComparison.OrdinalIgnoreCase))
            return (null, new Issue(IssueCodes.MalformedExtent, parameter));
        var types = parameter[TypesParameter.Length..].Trim('"').Split(',', StringSplitOptions.TrimEntries);
        if (types.FirstOrDefault(t => !FhirTypes.IsResource(t)) is { } unknown)
            return (null, new Issue(IssueCodes.MalformedExtent, unknown.Length == 0 ? parameter : $"No FHIR R4 resource type: {unknown}"));
        return types.FirstOrDefault(t => !SourceExtent.CanCover(t)) is { } never
            ? (null, new Issue(IssueCodes.ExtentType, never))
            : ([.. types.Distinct().Order(StringComparer.Ordinal)], null);
    }

    private static (ImmutableArray<string>? Types, Issue? Refusal) Supplied(SourceSystem source)
    {
        if (source.Supplies is not { } supplies)
            return ([], null);
        ImmutableArray<string> types = [.. supplies.Where(SourceExtent.CanCover).Order(StringComparer.Ordinal)];
        return types.IsEmpty ? (null, new Issue(IssueCodes.ExtentType, "By the configuration, this source supplies no such type.")) : (types, null);
    }
}
