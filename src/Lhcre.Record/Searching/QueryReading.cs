using System.Globalization;

namespace Lhcre.Record.Searching;

/// <summary>Reads the parameters of one query, in their order.</summary>
/// <param name="type">The type; null for <c>$everything</c>.</param>
/// <param name="options">Where and how.</param>
internal sealed class QueryReading(string? type, ReadOptions options)
{
    private readonly List<Issue> _issues = [];
    private readonly List<KeyValuePair<string, string>> _understood = [];
    private readonly List<SearchTerm> _terms = [];
    private readonly List<SortKey> _sorting = [];
    private readonly List<Inclusion> _inclusions = [];

    // Who is named. An identifier is a condition as well, but not on the person who was found by it: it may be written in another way there.
    private readonly List<(PersonAsked Person, SearchTerm? Identifier)> _persons = [];

    private int? _count;
    private bool _isTotalOnly;
    private DateRange? _start;
    private DateRange? _end;
    private HashSet<string>? _types;

    /// <summary>Reads them all.</summary>
    public SearchQuery Read(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        if (parameters.Sum(p => p.Value.Count(c => c == ',') + 1L) > Limits.SearchValues)
            return new SearchQuery(type, options) { Issues = [new Issue(IssueCodes.SearchTooLong)] };
        foreach (var (name, value) in parameters)
        {
            var issues = _issues.Count;
            if (value.Length == 0)
                Unknown($"{name} has no value.");
            else if (!Control(name, value) && !(type is null ? Operation(name, value) : Condition(name, value)))
                Unknown(name);
            if (issues == _issues.Count)
                _understood.Add(new(name, value));
        }

        if (_start is not null || _end is not null)
            _terms.Add(new CareDates(DateRange.Between(_start, _end)));
        if (_types is not null)
            _terms.Add(new TypesTerm(_types));
        // An identifier has to be resolved; an id can be held against the record that is found.
        var named = _persons.FindIndex(p => p.Person.Id is null) is var at and >= 0 ? at : 0;
        _terms.AddRange(_persons.Where((_, i) => i != named).Select(p => p.Identifier).OfType<SearchTerm>());
        return new SearchQuery(type, options)
        {
            Issues = [.. _issues],
            Understood = [.. _understood],
            Patient = _persons.Count > 0 ? _persons[named].Person : null,
            Identifier = _persons.Count > 0 ? _persons[named].Identifier : null,
            Count = _count,
            IsTotalOnly = _isTotalOnly,
            Terms = [.. _terms],
            Sorting = [.. _sorting],
            Inclusions = [.. _inclusions],
        };
    }

    // What shapes the answer. True where the name is one of these, whatever its value.
    private bool Control(string name, string value)
    {
        switch (name)
        {
            case "_format" or "_pretty" or "_elements":
                return true;
            case "_count":
                if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                    (_count, _isTotalOnly) = (count, _isTotalOnly || count == 0);
                else
                    Invalid(name, value);
                return true;
            case "_summary":
                if (value is not ("true" or "text" or "data" or "count" or "false"))
                    Invalid(name, value);
                _isTotalOnly |= value == "count";
                return true;
            case "_total" when type is not null:
                if (value is not ("none" or "estimate" or "accurate"))
                    Invalid(name, value);
                return true;
            case "_sort" when type is not null:
                Sort(type, value);
                return true;
            case "_include" or "_include:iterate" or "_include:recurse":
                Include(name, value, isReverse: false);
                return true;
            case "_revinclude" or "_revinclude:iterate" or "_revinclude:recurse":
                Include(name, value, isReverse: true);
                return true;
            default:
                return false;
        }
    }

    private void Sort(string resourceType, string value)
    {
        foreach (var key in value.Split(','))
        {
            var name = key.TrimStart('-');
            if (SearchTable.Find(resourceType, name) is { Kind: not (SearchKind.Composite or SearchKind.Special) } parameter)
                _sorting.Add(new SortKey(parameter, key.StartsWith('-')));
            else
                Unknown($"_sort={key}");
        }
    }

    private void Include(string name, string value, bool isReverse)
    {
        if (Inclusion.Read(value, isReverse, name.Contains(':', StringComparison.Ordinal)) is { } inclusion)
            _inclusions.Add(inclusion);
        else
            Unknown($"{name}={value}");
    }

    private bool Operation(string name, string value)
    {
        switch (name)
        {
            case "_since":
                if (DateRange.TryParse(value, isAsked: true, out var since))
                    _terms.Add(new SinceTerm(since.From));
                else
                    Invalid(name, value);
                return true;
            case "start":
                _start = Date(name, value);
                return true;
            case "end":
                _end = Date(name, value);
                return true;
            case "_type":
                // R4 has it 0..*: any of them, and not all as where a search repeats a parameter.
                (_types ??= []).UnionWith(value.Split(','));
                return true;
            default:
                return false;
        }
    }

    private DateRange? Date(string name, string value)
    {
        if (DateRange.TryParse(value, isAsked: true, out var date))
            return date;
        Invalid(name, value);
        return null;
    }

    private bool Condition(string name, string value)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (own, chained) = dot < 0 ? (name, null) : (name[..dot], name[(dot + 1)..]);
        var colon = own.IndexOf(':', StringComparison.Ordinal);
        var (code, modifier) = colon < 0 ? (own, null) : (own[..colon], own[(colon + 1)..]);
        if (SearchTable.Find(type!, code) is not { } parameter)
            return false;
        if (chained is not null)
            return Chain(parameter, name, modifier, chained, value);
        var (term, issue) = new TermReading(options, type!).Read(parameter, modifier, value);
        if (issue is not null)
        {
            _issues.Add(issue);
            return true;
        }

        var person = PersonIn(parameter, modifier, name, value);
        if (person is not null)
            _persons.Add((person, person.Id is null ? term : null));
        if (person is null or { Id: not null })
            _terms.Add(term!);
        return true;
    }

    // patient.identifier names a person; other chains are queries of their own on what the reference leads to.
    private bool Chain(SearchParameter parameter, string name, string? targetType, string chained, string value)
    {
        // Each step multiplies by the types that it may lead to: two are enough to ask for, and where any type may stand it has to be named.
        if (chained.Count(c => c == '.') > 1 || (targetType is null && parameter.Targets.Contains("*")))
            return false;
        if (parameter.Kind != SearchKind.Reference || (targetType is not null && !parameter.Targets.Any(t => t == targetType || t == "*")))
            return false;
        var targets = targetType is not null ? [targetType] : parameter.Targets;
        var queries = targets.Select(t => SearchQuery.Read(t, [new(chained, value)], options with { IsStrict = true })).ToList();
        var readable = queries.Where(q => !q.Issues.Any(i => i.Code == IssueCodes.SearchParameterRefused)).ToList();
        if (readable.SelectMany(q => q.Issues).FirstOrDefault() is { } issue)
        {
            _issues.Add(issue with { Diagnostics = $"{name}: {issue.Diagnostics}" });
            return true;
        }

        if (readable.Count == 0)
            return false;
        var term = new ChainTerm(parameter, [.. readable.Select(q => q.WithIdentifier())]);
        if (chained == "identifier" && parameter.Name is "patient" or "subject" && Identifier(name, value) is { } person)
            _persons.Add((person, term));
        else
            _terms.Add(term);
        return true;
    }

    private PersonAsked? PersonIn(SearchParameter parameter, string? modifier, string name, string value)
    {
        if (type == "Patient" && modifier is null && parameter.Name == "identifier")
            return Identifier(name, value);
        var ids = SearchText.Split(value, ',');
        if (parameter.Name == "_id" && modifier is null)
        {
            var patients = ids.Select(Person).Distinct().ToList();
            return patients is [var only] ? new PersonAsked(name, only, null, null) : null;
        }

        if (type == "Patient" || parameter.Name is not ("patient" or "subject") || ids is not [var reference] || modifier is not (null or "Patient"))
            return null;
        if (reference.StartsWith(options.Addresses.Merged + "/", StringComparison.Ordinal))
            reference = reference[(options.Addresses.Merged.Length + 1)..];
        var person = reference.StartsWith("Patient/", StringComparison.Ordinal) ? reference["Patient/".Length..] : reference;
        return EntryKey.IsValidId(person) ? new PersonAsked(name, Person(person), null, null) : null;
    }

    // The ids of merged resources begin with the person's.
    private static string Person(string id) => MergedId.TryParse(id, out var merged) ? merged.Patient.Value : id;

    private static PersonAsked? Identifier(string name, string value)
    {
        if (SearchText.Parts(value, ',').Count != 1)
            return null;
        var parts = SearchText.Split(value, '|');
        return parts switch
        {
            [var only] => new PersonAsked(name, null, null, only),
            [var system, { Length: > 0 } identifier] => new PersonAsked(name, null, system, identifier),
            _ => null,
        };
    }

    private void Unknown(string what) =>
        _issues.Add(new Issue(options.IsStrict ? IssueCodes.SearchParameterRefused : IssueCodes.SearchParameterIgnored, what));

    private void Invalid(string name, string value) => _issues.Add(new Issue(IssueCodes.InvalidSearchValue, $"{name}={value}"));
}
