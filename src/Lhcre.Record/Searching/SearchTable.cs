using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Lhcre.Record.Searching;

/// <summary>
/// The search parameters that are served: the one table from which queries are read, resources are indexed and the CapabilityStatement is
/// written, so that none of them can promise what another does not do.
/// </summary>
/// <remarks>
/// Source: the SearchParameters of FHIR R4 (4.0.1) of every type in the patient compartment and of those that such resources refer to. Left out
/// are <c>phonetic</c>, <c>near</c>, and those that read extensions. A row is <c>name kind elements &gt; targets</c>; an element is a path in
/// JSON's names, with the type of reference or the system of contact in parentheses where only one counts.
/// </remarks>
public static class SearchTable
{
    private const string Everything = """
          _profile uri meta.profile
          _tag token meta.tag
          _security token meta.security
          _source uri meta.source
        """;

    private static readonly FrozenDictionary<string, TypeTable> Types = Read();

    // Of a type that has no row of its own.
    private static readonly TypeTable Plain = TypeTable.Read("", Everything);

    /// <summary>The types that have parameters of their own, in alphabetical order.</summary>
    public static ImmutableArray<string> AllTypes { get; } = [.. Types.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The parameters that every type has.</summary>
    public static ImmutableArray<SearchParameter> Everywhere { get; } =
    [
        new("_id", SearchKind.Token, ["id"], [], "The id: of the merged resource, or one that it had before."),
        new("_lastUpdated", SearchKind.Date, ["meta.lastUpdated"], [], "When what is served of it changed last."),
        .. Plain.Parameters.Where(p => p.Name[0] == '_'),
    ];

    /// <summary>What shapes the answer, and does not choose.</summary>
    public static ImmutableArray<SearchParameter> ResultControl { get; } =
    [
        Control("_count", "The most matches on a page."),
        Control("_sort", "The parameters to sort by, the first one first; a hyphen before a name turns its order round. What has no value comes last."),
        Control("_total", "none, estimate or accurate: the total is exact, always."),
        Control("_include", "Type:parameter[:target], or *: what the matches refer to, beside them; with :iterate what these refer to as well."),
        Control("_revinclude", "Type:parameter[:target]: what refers to the matches, beside them; with :iterate what refers to these as well."),
        Control("_summary", "true, text, data, count or false."),
        Control("_elements", "The elements to answer with."),
        Control("_format", "The format of the answer."),
        Control("_pretty", "Whether the answer is laid out for people."),
    ];

    /// <summary>The parameters of a type, those of <see cref="Everywhere"/> apart.</summary>
    public static ImmutableArray<SearchParameter> Of(string type) => Table(type).Own;

    /// <summary>A type's parameter by its name, those of <see cref="Everywhere"/> included; null where there is none.</summary>
    public static SearchParameter? Find(string type, string name) =>
        Table(type).ByName.GetValueOrDefault(name) ?? Everywhere.FirstOrDefault(p => p.Name == name);

    /// <summary>What of a type's resources is read for searches.</summary>
    internal static TypeTable Table(string type) => Types.GetValueOrDefault(type, Plain);

    private static SearchParameter Control(string name, string documentation) => new(name, SearchKind.Special, [], [], documentation);

    private static FrozenDictionary<string, TypeTable> Read()
    {
        var types = new Dictionary<string, TypeTable>();
        foreach (var text in new[] { ClinicalRows.Text, DiagnosticsRows.Text, MedicinesRows.Text, CareRows.Text, AdministrationRows.Text, PlacesRows.Text })
        {
            var lines = text.Split('\n');
            for (var i = 0; i < lines.Length;)
            {
                var type = lines[i++];
                var start = i;
                while (i < lines.Length && lines[i][0] == ' ')
                    i++;
                types.Add(type, TypeTable.Read(type, string.Join('\n', lines[start..i].Append(Everything))));
            }
        }

        return types.ToFrozenDictionary();
    }
}
