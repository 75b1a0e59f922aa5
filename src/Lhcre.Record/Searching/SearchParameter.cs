using System.Collections.Immutable;

namespace Lhcre.Record.Searching;

/// <summary>The kinds of search parameters, as FHIR R4 names them (search.html, "Search Parameter Types").</summary>
public enum SearchKind : byte
{
    /// <summary>A code, an identifier, a flag, a contact.</summary>
    Token = 1,

    /// <summary>A date, a period, a schedule.</summary>
    Date = 2,

    /// <summary>A reference to another resource.</summary>
    Reference = 3,

    /// <summary>Words.</summary>
    String = 4,

    /// <summary>An amount with a unit.</summary>
    Quantity = 5,

    /// <summary>A number.</summary>
    Number = 6,

    /// <summary>A URI, compared as it stands.</summary>
    Uri = 7,

    /// <summary>Several values that hold of one thing.</summary>
    Composite = 8,

    /// <summary>Not about content, or with a way of its own.</summary>
    Special = 9,
}

/// <summary>One search parameter: what it is called, and what it reads. A value of the one table (<see cref="SearchTable"/>).</summary>
/// <param name="Name">Its name in a query.</param>
/// <param name="Kind">How its values are compared.</param>
/// <param name="Elements">The elements that it reads, as paths below the resource; none where it reads no element.</param>
/// <param name="Targets">The types that a reference may lead to; <c>*</c> for any, none for what is no reference.</param>
/// <param name="Documentation">What it does, for whoever reads the CapabilityStatement.</param>
public sealed record SearchParameter(
    string Name, SearchKind Kind, ImmutableArray<string> Elements, ImmutableArray<string> Targets, string Documentation)
{
    /// <summary>The kind's FHIR code (<c>SearchParameter.type</c>).</summary>
    public string KindCode => Kind switch
    {
        SearchKind.Token => "token",
        SearchKind.Date => "date",
        SearchKind.Reference => "reference",
        SearchKind.String => "string",
        SearchKind.Quantity => "quantity",
        SearchKind.Number => "number",
        SearchKind.Uri => "uri",
        SearchKind.Composite => "composite",
        _ => "special",
    };

    /// <summary>Where its values stand among those that are read of a resource.</summary>
    internal ImmutableArray<ParameterSlot> Slots { get; init; } = [];

    /// <summary>The parameters that a composite one is made of, in order.</summary>
    internal ImmutableArray<SearchParameter> Parts { get; init; } = [];

    /// <summary>Two parameters of one table are the same, or they are not.</summary>
    public bool Equals(SearchParameter? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>One of the elements that a parameter reads.</summary>
/// <param name="Slot">Its number among the elements that are read of the type.</param>
/// <param name="Target">The only type of reference that counts; null for all.</param>
internal readonly record struct ParameterSlot(ushort Slot, string? Target);
