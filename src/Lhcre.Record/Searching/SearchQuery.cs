using System.Collections.Immutable;

namespace Lhcre.Record.Searching;

/// <summary>Where and how a query is read.</summary>
/// <param name="Addresses">Where we are: references to our own base are references into the record.</param>
/// <param name="Now">Our clock, for approximate dates.</param>
/// <param name="IsStrict">Whether what is not known is an error (<c>Prefer: handling=strict</c>) and not a warning.</param>
public sealed record ReadOptions(Addresses Addresses, DateTimeOffset Now, bool IsStrict = false);

/// <summary>Which person a query names, as far as the query tells: resolving it is not a matter of the record.</summary>
/// <param name="Parameter">The parameter that names it, as it was sent.</param>
/// <param name="Id">The person's id, also where the id of one of the person's resources was sent; null where it is named by an identifier.</param>
/// <param name="System">The identifier's system; empty or null for none.</param>
/// <param name="Value">The identifier's value; null where it is named by its id.</param>
public sealed record PersonAsked(string Parameter, string? Id, string? System, string? Value);

/// <summary>What was found.</summary>
/// <param name="Matches">The matches, in the order asked for: those of the page.</param>
/// <param name="Included">What was asked for besides, no match among it.</param>
/// <param name="Total">How many matches there are in all.</param>
public sealed record SearchResult(IReadOnlyList<MergedResource> Matches, IReadOnlyList<MergedResource> Included, int Total);

/// <summary>
/// A search as it was understood: of one type, or (<see cref="ReadEverything"/>) of a whole record. Immutable; <see cref="Run"/> answers it for
/// one version of one record.
/// </summary>
public sealed class SearchQuery
{
    internal SearchQuery(string? type, ReadOptions options) => (Type, Options) = (type, options);

    /// <summary>Where and how it was read.</summary>
    public ReadOptions Options { get; }

    /// <summary>The type; null for <c>$everything</c>.</summary>
    public string? Type { get; }

    /// <summary>What was not understood, or cannot be answered: refuses where one of them is an error.</summary>
    public ImmutableArray<Issue> Issues { get; internal init; } = [];

    /// <summary>
    /// The parameters that were understood, as they were sent: for the <c>self</c> link. Read again with the same options, they are the same query.
    /// </summary>
    public ImmutableArray<KeyValuePair<string, string>> Understood { get; internal init; } = [];

    /// <summary>Whose record; null where the query names nobody, or several.</summary>
    public PersonAsked? Patient { get; internal init; }

    /// <summary><c>_count</c>; null for none. 0 asks for the total alone.</summary>
    public int? Count { get; internal init; }

    /// <summary>Whether nothing is left out, put in order, or asked for besides but where each match comes from.</summary>
    public bool IsWhole => Type is null && Terms.IsEmpty && Sorting.IsEmpty && Inclusions.All(i => i is { IsReverse: true, Type: "Provenance", Iterates: false });

    /// <summary>Whether only the total is asked for (<c>_summary=count</c>, <c>_count=0</c>).</summary>
    public bool IsTotalOnly { get; internal init; }

    /// <summary>Whether where each match comes from is asked for: <c>_revinclude=Provenance:target</c>, which the record itself knows.</summary>
    public bool IncludesProvenance => Inclusions.Any(i => i.IsReverse && i.Type is null or "Provenance" && i.Parameter is null or { Name: "target" });

    internal ImmutableArray<SearchTerm> Terms { get; init; } = [];

    // What the person is found by, and so no condition on what is found.
    internal SearchTerm? Identifier { get; init; }

    internal ImmutableArray<SortKey> Sorting { get; init; } = [];

    internal ImmutableArray<Inclusion> Inclusions { get; init; } = [];

    /// <summary>Reads a search.</summary>
    /// <param name="type">The resource type.</param>
    /// <param name="parameters">Names and values, unescaped from the URL or form, in the order of the query.</param>
    /// <param name="options">Where and how.</param>
    public static SearchQuery Read(string type, IReadOnlyList<KeyValuePair<string, string>> parameters, ReadOptions options) =>
        new QueryReading(type, options).Read(parameters);

    /// <summary>Reads the parameters of <c>$everything</c>: <c>_since</c>, <c>start</c>, <c>end</c>, <c>_type</c>, <c>_count</c>.</summary>
    /// <param name="parameters">Names and values, in the order of the query.</param>
    /// <param name="options">Where and how.</param>
    public static SearchQuery ReadEverything(IReadOnlyList<KeyValuePair<string, string>> parameters, ReadOptions options) =>
        new QueryReading(null, options).Read(parameters);

    /// <summary>Answers the query from one version of a record.</summary>
    /// <param name="record">The record of the person whom the query names.</param>
    /// <param name="skip">How many matches to leave out at the front.</param>
    /// <param name="count">The most matches to answer with; null for all. What is included belongs to these alone.</param>
    /// <param name="besides">What is not kept in the record but searched with it: of the query's type. Null for nothing.</param>
    public SearchResult Run(PatientRecord record, int skip = 0, int? count = null, IEnumerable<MergedResource>? besides = null)
    {
        var terms = In(record);
        var matches = Matches(record, terms);
        if (besides is not null)
            matches.AddRange(besides.Where(r => Hold(terms, r)));
        if (Sorting.Length > 0)
            SortKey.Sort(matches, Sorting);
        var total = matches.Count;
        skip = Math.Clamp(skip, 0, total);
        var page = skip == 0 && !(count < total) ? matches : matches.GetRange(skip, Math.Clamp(count ?? total, 0, total - skip));
        return new SearchResult(page, Inclusions.IsEmpty ? [] : Inclusion.Of(record, page, Inclusions), total);
    }

    /// <summary>The conditions, as they are in a record.</summary>
    internal SearchTerm[] In(PatientRecord record)
    {
        var terms = new SearchTerm[Terms.Length];
        for (var i = 0; i < terms.Length; i++)
            terms[i] = Terms[i].In(record);
        return terms;
    }

    /// <summary>The same query of a record that was not found by its identifier.</summary>
    internal SearchQuery WithIdentifier() => Identifier is null ? this : new SearchQuery(Type, Options) { Terms = [.. Terms, Identifier] };

    private List<MergedResource> Matches(PatientRecord record, SearchTerm[] terms)
    {
        if (Type is null)
            return Of(record.All, terms);
        var index = record.Index.Of(Type);
        var resources = index.Resources;
        // The condition that fewest can satisfy says where to look; all are asked of what stands there.
        List<int>? places = null;
        foreach (var term in terms)
            places = term.Places(index, places?.Count ?? resources.Length) ?? places;
        if (places is null)
            return Of(resources, terms);
        places.Sort();
        var found = new List<MergedResource>(places.Count);
        var last = -1;
        foreach (var place in places)
        {
            if (place != last && Hold(terms, resources[place]))
                found.Add(resources[place]);
            last = place;
        }

        return found;
    }

    private static List<MergedResource> Of(ReadOnlySpan<MergedResource> resources, SearchTerm[] terms)
    {
        var found = new List<MergedResource>();
        foreach (var resource in resources)
        {
            if (Hold(terms, resource))
                found.Add(resource);
        }

        return found;
    }

    /// <summary>Whether all hold of a resource.</summary>
    internal static bool Hold(SearchTerm[] terms, MergedResource resource)
    {
        foreach (var term in terms)
        {
            if (!term.Holds(resource))
                return false;
        }

        return true;
    }
}
