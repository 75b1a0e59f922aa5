using System.Collections.Immutable;
using System.Globalization;
using Lhcre.Contracts;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Record.Searching;

namespace Lhcre.Silo.Fhir;

/// <summary>A query for a list, as it was understood: what is chosen, of which version of the record, and which page of it.</summary>
internal sealed class Reading
{
    /// <summary>As of when: the whole record as it stood.</summary>
    public const string At = "_at";

    private const string Type = "_type";

    // Between silos, and for a client that reads slowly.
    private const long PartBytes = 4 * 1024 * 1024;

    private readonly PageToken? _page;
    private readonly DateTimeOffset? _at;

    private Reading(SearchQuery search, ImmutableArray<Issue> issues, PageToken? page, DateTimeOffset? at)
    {
        (Search, Issues, _page, _at) = (search, issues, page, at);
        Request = new ReadRequest(null, search.Type)
        {
            // The whole record is at hand as it is; everything else is looked for.
            Query = search.IsWhole ? null : search,
            Operation = search.IncludesProvenance ? ReadOperation.WithProvenance : ReadOperation.Resources,
            AsOf = page is not null ? new RecordMoment(page.Version, null) : at is not null ? new RecordMoment(null, at) : null,
            Skip = page?.Skip ?? 0,
            Count = search.IsTotalOnly ? 0 : page is { Count: > 0 } ? page.Count : search.Count,
            MostBytes = PartBytes,
            IsByLocalIdentifier = search.Patient is { } asked && PersonFinder.IsLocal(asked),
        };
    }

    /// <summary>What is chosen.</summary>
    public SearchQuery Search { get; }

    /// <summary>What was not understood, or cannot be answered.</summary>
    public ImmutableArray<Issue> Issues { get; }

    /// <summary>Whether one of the issues is an error, so that nothing is answered but these.</summary>
    public bool IsRefused => Issues.Any(i => i.Code.Severity == IssueSeverity.Error);

    /// <summary>Reads a query.</summary>
    /// <param name="type">The type that is searched; null for <c>$everything</c>.</param>
    /// <param name="query">The query.</param>
    /// <param name="options">Where and how.</param>
    /// <param name="part">Which part of each resource is asked for; null for the whole.</param>
    public static Reading Of(string? type, Query query, ReadOptions options, Subset? part)
    {
        var issues = ImmutableArray.CreateBuilder<Issue>();
        PageToken? page = null;
        DateTimeOffset? at = null;
        var others = new List<KeyValuePair<string, string>>(query.Parameters.Count);
        foreach (var parameter in query.Parameters)
        {
            if (parameter.Key == PageToken.Name)
                page = PageToken.Parse(parameter.Value) ?? Invalid<PageToken>(parameter, issues);
            else if (parameter.Key == At)
                at = Instant(parameter.Value) ?? Invalid<DateTimeOffset?>(parameter, issues);
            else if (type is null && parameter.Key == Type)
                others.AddRange(Known(parameter, options, issues));
            else
                others.Add(parameter);
        }

        if (page is { MergeRules: not PatientRecord.MergeRules })
            issues.Add(new Issue(IssueCodes.PageExpired));
        var search = type is null ? SearchQuery.ReadEverything(others, options) : SearchQuery.Read(type, others, options);
        if (part is not null)
            issues.AddRange(part.Unknown(Types(search)).Select(e => new Issue(options.IsStrict ? IssueCodes.SearchParameterRefused : IssueCodes.SearchParameterIgnored, $"_elements={e}")));
        return new Reading(search, [.. search.Issues, .. issues], page, at);
    }

    // Which types the answer may have; none for any.
    private static string[] Types(SearchQuery search)
    {
        if (search.Understood.Any(p => p.Key.Split(':')[0] is "_include" or "_revinclude"))
            return [];
        return search.Type is { } type ? [type] : [.. search.Understood.Where(p => p.Key == "_type").SelectMany(p => p.Value.Split(','))];
    }

    /// <summary>The request for it.</summary>
    public ReadRequest Request { get; }

    /// <summary>The links of an answer: what was understood, and the next page.</summary>
    /// <param name="path">The URL without parameters.</param>
    /// <param name="answer">The answer.</param>
    public (string Relation, string Url)[] Links(string path, ReadAnswer answer)
    {
        IEnumerable<KeyValuePair<string, string>> understood = Search.Understood;
        if (_at is { } at)
            understood = understood.Append(new(At, at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)));
        var self = Query.Url(path, _page is null ? understood : understood.Append(new(PageToken.Name, $"{_page}")));
        if (answer.Next is not { } next)
            return [("self", self)];
        var token = new PageToken(answer.Version, next, Request.Count ?? 0, PatientRecord.MergeRules);
        return [("self", self), ("next", Query.Url(path, understood.Append(new(PageToken.Name, $"{token}"))))];
    }

    // To the second or finer, with its zone: of a day nobody could say which of its versions is meant.
    internal static DateTimeOffset? Instant(string text) =>
        text.Length > 16 && text[10] == 'T' && (text[^1] == 'Z' || text[^6] is '+' or '-' or ' ')
        && DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at
            : null;

    // The types that FHIR has. Of any other there is nothing in any record: who misspells one is told so, and does not take an empty answer for a fact.
    private static IEnumerable<KeyValuePair<string, string>> Known(
        KeyValuePair<string, string> parameter, ReadOptions options, ImmutableArray<Issue>.Builder issues)
    {
        var types = parameter.Value.Split(',').ToLookup(FhirTypes.IsResource);
        var code = options.IsStrict ? IssueCodes.SearchParameterRefused : IssueCodes.SearchParameterIgnored;
        issues.AddRange(types[false].Select(t => new Issue(code, $"{parameter.Key}={t} is not a FHIR R4 resource type.")));
        return types[true].Any() ? [new(parameter.Key, string.Join(',', types[true]))] : [];
    }

    private static T? Invalid<T>(KeyValuePair<string, string> parameter, ImmutableArray<Issue>.Builder issues)
    {
        issues.Add(new Issue(IssueCodes.InvalidSearchValue, parameter.Key));
        return default;
    }
}
