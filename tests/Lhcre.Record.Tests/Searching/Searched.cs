using Lhcre.Record.Searching;
using static Lhcre.Record.Tests.Said;

namespace Lhcre.Record.Tests.Searching;

/// <summary>A record in which something is sought, and what is found in it, by the sources' own ids.</summary>
internal static class Searched
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static readonly ReadOptions Options = new(Home, Now);

    /// <summary>The resources of one source: each a type, an id and more members.</summary>
    public static PatientRecord Record(params (string Type, string Id, string More)[] resources) =>
        Diary.Of([.. resources.Select(r => Of(Dorset, r.Type, r.Id, 1, r.More))]).Record;

    /// <summary>A query as in a URL, its values not escaped.</summary>
    public static SearchQuery Query(string query, ReadOptions? options = null)
    {
        var type = query.Split('?')[0];
        return type == "$everything"
            ? SearchQuery.ReadEverything(Parameters(query), options ?? Options)
            : SearchQuery.Read(type, Parameters(query), options ?? Options);
    }

    public static List<KeyValuePair<string, string>> Parameters(string query) =>
        query.Contains('?')
            ? [.. query[(query.IndexOf('?') + 1)..].Split('&').Select(p => p.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], p.ElementAtOrDefault(1) ?? ""))]
            : [];

    /// <summary>The ids of the matches, in their order, as their source gave them. The query must be understood.</summary>
    public static string Ids(PatientRecord record, string query) => Join(Found(record, query).Matches);

    /// <summary>The ids of what is included.</summary>
    public static string Included(PatientRecord record, string query) => Join(Found(record, query).Included);

    public static SearchResult Found(PatientRecord record, string query)
    {
        var read = Query(query);
        Assert.Empty(read.Issues);
        return read.Run(record);
    }

    private static string Join(IEnumerable<MergedResource> resources) => string.Join(' ', resources.Select(r => r.Shown?.Key.Id ?? "disagreement"));
}
