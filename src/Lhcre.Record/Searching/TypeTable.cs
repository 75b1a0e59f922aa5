using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Lhcre.Record.Searching;

/// <summary>What is searched in one resource type: its parameters, and the tree of the elements that are read for them.</summary>
internal sealed class TypeTable
{
    private TypeTable(ImmutableArray<SearchParameter> parameters, ElementTree elements)
    {
        (Parameters, Elements) = (parameters, elements);
        Own = [.. parameters.Where(p => p.Name[0] != '_')];
        ByName = parameters.ToFrozenDictionary(p => p.Name);
        References = [.. SlotsOf(SearchKind.Reference)];
        Dates = [.. SlotsOf(SearchKind.Date)];

        IEnumerable<ushort> SlotsOf(SearchKind kind) => parameters.Where(p => p.Kind == kind).SelectMany(p => p.Slots).Select(s => s.Slot).Distinct();
    }

    /// <summary>All parameters that read elements.</summary>
    public ImmutableArray<SearchParameter> Parameters { get; }

    /// <summary>Those that not every type has.</summary>
    public ImmutableArray<SearchParameter> Own { get; }

    /// <summary>All by their names.</summary>
    public FrozenDictionary<string, SearchParameter> ByName { get; }

    /// <summary>The elements that are read.</summary>
    public ElementTree Elements { get; }

    /// <summary>The elements that are references.</summary>
    public ImmutableArray<ushort> References { get; }

    /// <summary>The elements that are dates.</summary>
    public ImmutableArray<ushort> Dates { get; }

    /// <summary>Reads a type's rows.</summary>
    /// <param name="type">The type; empty for one without rows of its own.</param>
    /// <param name="rows">A line a parameter.</param>
    public static TypeTable Read(string type, string rows)
    {
        var elements = new ElementTree();
        var parameters = new Dictionary<string, SearchParameter>();
        var composites = new List<(string Name, string[] Parts)>();
        foreach (var line in rows.Split('\n'))
        {
            var sides = line.Split(" > ");
            var words = sides[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            ImmutableArray<string> targets = sides.Length > 1 ? [.. sides[1].Split(' ')] : [];
            var (name, kind) = (words[0], KindOf(words[1]));
            if (kind == SearchKind.Composite)
                composites.Add((name, words[2..]));
            else
                parameters.Add(name, Parameter(type, name, kind, words[2..], targets, elements));
        }

        foreach (var (name, parts) in composites)
        {
            parameters.Add(name, new SearchParameter(name, SearchKind.Composite, [], [], $"{string.Join('$', parts)}, of one thing.")
            {
                Parts = [.. parts.Select(p => parameters[p])],
            });
        }

        if (type != "Patient")
            Belonging(type, parameters);
        return new TypeTable([.. parameters.Values.OrderBy(p => p.Name, StringComparer.Ordinal)], elements);
    }

    private static SearchParameter Parameter(
        string type, string name, SearchKind kind, string[] paths, ImmutableArray<string> targets, ElementTree elements)
    {
        var slots = ImmutableArray.CreateBuilder<ParameterSlot>(paths.Length);
        foreach (var path in paths)
        {
            var (element, only) = path.IndexOf('(', StringComparison.Ordinal) is var at and >= 0 ? (path[..at], path[(at + 1)..^1]) : (path, null);
            // Which references count is asked of the value: patient and subject read one element.
            slots.Add(kind == SearchKind.Reference
                ? new ParameterSlot(elements.Add(element, kind, null), only)
                : new ParameterSlot(elements.Add(element, kind, only), null));
        }

        var documentation = string.Join(", ", paths.Select(p => $"{(type.Length > 0 ? type : "Resource")}.{p}"));
        return new SearchParameter(name, kind, [.. paths], targets, $"{documentation}.") { Slots = slots.ToImmutable() };
    }

    // Every resource of a record can be asked for by whose record it is.
    private static void Belonging(string type, Dictionary<string, SearchParameter> parameters)
    {
        foreach (var name in new[] { "patient", "subject" })
        {
            if (parameters.TryGetValue(name, out var own) && own.Kind != SearchKind.Reference)
                continue;
            parameters[name] = (own ?? new SearchParameter(name, SearchKind.Reference, [], ["Patient"], "")) with
            {
                Documentation = own is null
                    ? "In whose record: Patient/{id}, {id}, or patient.identifier={system}|{value}. R4 has no such parameter for this type."
                    : $"In whose record: Patient/{{id}}, {{id}}, or {name}.identifier={{system}}|{{value}}. {own.Documentation}",
            };
        }
    }

    private static SearchKind KindOf(string word) => word switch
    {
        "token" => SearchKind.Token,
        "date" => SearchKind.Date,
        "reference" => SearchKind.Reference,
        "string" => SearchKind.String,
        "quantity" => SearchKind.Quantity,
        "number" => SearchKind.Number,
        "uri" => SearchKind.Uri,
        "composite" => SearchKind.Composite,
        _ => throw new InvalidOperationException($"{word} is no kind of search parameter."),
    };
}
