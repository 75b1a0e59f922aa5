using System.Collections.Immutable;

namespace Lhcre.Record.Searching;

/// <summary>Reads one parameter with its modifier and values as a condition.</summary>
/// <param name="Options">Where and how.</param>
/// <param name="Type">The type that is searched.</param>
internal readonly record struct TermReading(ReadOptions Options, string Type)
{
    /// <summary>The condition, or what is wrong with it.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="modifier">What stands behind the colon; null for nothing.</param>
    /// <param name="value">The values, as sent.</param>
    public (SearchTerm? Term, Issue? Issue) Read(SearchParameter parameter, string? modifier, string value)
    {
        if (modifier == "missing")
            return Missing(parameter, value);
        if (!Takes(parameter, modifier))
            return (null, new Issue(IssueCodes.SearchModifierRefused, $"{parameter.Name}:{modifier}"));
        var term = parameter.Kind switch
        {
            SearchKind.Composite => Composite(parameter, value),
            _ => Simple(parameter, modifier, value),
        };
        return term is null ? (null, Unreadable(parameter, modifier)) : (term, null);
    }

    private static Issue Unreadable(SearchParameter parameter, string? modifier) =>
        new(IssueCodes.InvalidSearchValue, $"{parameter.Name}{(modifier is null ? "" : ":")}{modifier} ({parameter.KindCode})");

    private static bool Takes(SearchParameter parameter, string? modifier) => modifier switch
    {
        null => true,
        "not" => parameter.Kind is SearchKind.Token or SearchKind.Reference,
        "text" => parameter is { Kind: SearchKind.Token, Name: not "_id" },
        "exact" or "contains" => parameter.Kind == SearchKind.String,
        "identifier" => parameter.Kind == SearchKind.Reference,
        _ => parameter.Kind == SearchKind.Reference && modifier.Length > 0 && char.IsAsciiLetterUpper(modifier[0])
            && parameter.Targets.Any(t => t == modifier || t == "*"),
    };

    private static (SearchTerm? Term, Issue? Issue) Missing(SearchParameter parameter, string value)
    {
        if (parameter.Name is "_id" or "_lastUpdated")
            return value == "false" ? (new EveryTerm(), null) : (null, Unreadable(parameter, "missing"));
        if (parameter.Kind == SearchKind.Composite)
            return (null, new Issue(IssueCodes.SearchModifierRefused, $"{parameter.Name}:missing"));
        return value is "true" or "false" ? (new MissingTerm(parameter, value == "true"), null) : (null, Unreadable(parameter, "missing"));
    }

    private SearchTerm? Simple(SearchParameter parameter, string? modifier, string value)
    {
        var values = SearchText.Parts(value, ',');
        var (options, type) = (Options, Type);
        var isNot = modifier == "not";
        switch (parameter.Kind)
        {
            case SearchKind.Token when parameter.Name == "_id":
                return new IdTerm(type, [.. values]) { IsNot = isNot };
            case SearchKind.Token when modifier == "text":
                return All(values, v => Words(SearchText.Plain(v))) is { } words ? new TokenTextTerm(parameter, words) : null;
            case SearchKind.Token:
                return All(values, AskedToken.Read) is { } tokens ? new TokenTerm(parameter, tokens) { IsNot = isNot } : null;
            case SearchKind.Reference when modifier == "identifier":
                return All(values, AskedToken.Read) is { } identifiers ? new ReferenceIdentifierTerm(parameter, identifiers) : null;
            case SearchKind.Reference:
                var target = isNot ? null : modifier;
                if (All(values, v => AskedReference.Read(SearchText.Plain(v), target, options.Addresses)) is not { } references)
                    return null;
                var term = new ReferenceTerm(parameter, references) { IsNot = isNot };
                return parameter.Name is "patient" or "subject" && !isNot ? new BelongingTerm(term, references) : term;
            case SearchKind.Date:
                if (AllOf(values, v => AskedDate.Read(v, options.Now)) is not { } dates)
                    return null;
                return parameter.Name == "_lastUpdated" ? new LastUpdatedTerm(dates) : new DateTerm(parameter, dates);
            case SearchKind.String:
                var match = modifier switch { "exact" => StringMatch.Exact, "contains" => StringMatch.Contains, _ => StringMatch.Start };
                return All(values, v => match == StringMatch.Exact ? SearchText.Plain(v) : Words(SearchText.Plain(v))) is { } texts
                    ? new StringTerm(parameter, match, texts) : null;
            case SearchKind.Quantity:
                return All(values, AskedQuantity.Read) is { } quantities ? new QuantityTerm(parameter, quantities) : null;
            case SearchKind.Number:
                return AllOf(values, v => AskedNumber.Read(v, Reading.ExactNumber.One)) is { } numbers ? new NumberTerm(parameter, numbers) : null;
            default:
                return new UriTerm(parameter, [.. values.Select(SearchText.Plain)]);
        }
    }

    private CompositeTerm? Composite(SearchParameter parameter, string value)
    {
        var reading = this;
        var asked = All(SearchText.Parts(value, ','), tuple =>
        {
            var values = SearchText.Parts(tuple, '$');
            if (values.Count != parameter.Parts.Length)
                return null;
            var parts = parameter.Parts.Zip(values, (part, v) => reading.Simple(part, null, v) as ElementTerm).ToArray();
            return parts.Any(p => p is null) ? null : new Tuple<ImmutableArray<ElementTerm>>([.. parts.OfType<ElementTerm>()]);
        });
        return asked is { } tuples ? new CompositeTerm([.. tuples.Select(t => t.Item1)]) : null;
    }

    private static string? Words(string value) => Folded.Text(value) is { Length: > 0 } folded ? folded : null;

    private static ImmutableArray<T>? All<T>(List<string> values, Func<string, T?> read)
        where T : class
    {
        var all = values.ConvertAll(v => read(v));
        return all.Contains(null) ? null : [.. all.OfType<T>()];
    }

    private static ImmutableArray<T>? AllOf<T>(List<string> values, Func<string, T?> read)
        where T : struct
    {
        var all = values.ConvertAll(v => read(v));
        return all.Contains(null) ? null : [.. all.OfType<T>()];
    }
}
