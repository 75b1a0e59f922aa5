using System.Globalization;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Fhir;

namespace Lhcre.Silo.Sources;

/// <summary>
/// What a list of what is parked is asked with. A parameter that is not known is refused, whoever asks: a misspelt filter would show what was
/// not asked for, and somebody might discard it.
/// </summary>
/// <param name="Asked">The question; of the first page where nothing else is said.</param>
/// <param name="Faults">What cannot be read of it.</param>
internal sealed record ParkedQuestion(AsideQuery Asked, IReadOnlyList<Issue> Faults)
{
    private const int MostCount = 1000;

    /// <summary>Every parameter with what it does, for whoever reads the OpenAPI document.</summary>
    public static IReadOnlyList<(string Name, string Documentation)> Known { get; } =
    [
        ("code", "Only what is parked or refused with this code, such as LHC303."),
        ("type", "Only resources or messages of this type, such as Observation or ADT^A01."),
        ("since", "Only what came at this instant or later: with seconds and zone."),
        ("before", "Only what came before this instant."),
        ("kind", "parked: resources that wait to be filed. refused: messages of which nothing was taken in. Both where it is not given."),
        ("state", "open (the default): what an operator may have to look at. discarded: what one has discarded."),
        ("_count", "1 to 1000, default 100. A page may hold fewer where they are large: go on as next says."),
        ("after", "As next of the page before says it."),
    ];

    /// <summary>Of these, the names of those that other lists of ours take too.</summary>
    public static IReadOnlyList<string> OfPage { get; } = ["_count", "after"];

    /// <summary>Reads it.</summary>
    public static async ValueTask<ParkedQuestion> Of(HttpContext http, SourceSystem source)
    {
        var (asked, faults) = (new AsideQuery(source.Id), new List<Issue>());
        foreach (var parameter in (await Query.Of(http)).Parameters.GroupBy(p => p.Key, p => p.Value))
        {
            if (parameter.Key is "_format" or "_pretty")
                continue;
            if (Known.All(known => known.Name != parameter.Key))
                faults.Add(new Issue(IssueCodes.SearchParameterRefused, parameter.Key));
            else if (parameter.ToArray() is [var value] && With(asked, parameter.Key, value) is { } with)
                asked = with;
            else
                faults.Add(new Issue(IssueCodes.InvalidSearchValue, $"{parameter.Key}, once: {Known.First(known => known.Name == parameter.Key).Documentation}"));
        }

        return new ParkedQuestion(asked, faults);
    }

    /// <summary>The URL of the page behind a place.</summary>
    public string Next(AsidePlace place)
    {
        var asked = Asked;
        (string Name, string? Value)[] parameters =
        [
            ("code", asked.Code), ("type", asked.Type), ("since", Text(asked.Since)), ("before", Text(asked.Before)),
            ("kind", asked.IsRefused switch { true => "refused", false => "parked", null => null }), ("state", asked.IsDiscarded ? "discarded" : null),
            ("_count", $"{asked.Limit}"), ("after", $"{place.At.UtcTicks}-{place.Id}"),
        ];
        return Query.Url($"/sources/{asked.Source}/parked", parameters.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Name, p.Value!)));

        static string? Text(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
    }

    // Null where the value is none of this parameter's.
    private static AsideQuery? With(AsideQuery asked, string name, string value) => name switch
    {
        // A misspelt one would say that nothing is parked.
        "code" => IssueCodes.All.Any(code => code.Code == value) ? asked with { Code = value } : null,
        "type" => value.Length > 0 ? asked with { Type = value } : null,
        "since" => Reading.Instant(value) is { } since ? asked with { Since = since } : null,
        "before" => Reading.Instant(value) is { } before ? asked with { Before = before } : null,
        "kind" => value is "parked" or "refused" ? asked with { IsRefused = value == "refused" } : null,
        "state" => value is "open" or "discarded" ? asked with { IsDiscarded = value == "discarded" } : null,
        "_count" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MostCount ? asked with { Limit = count } : null,
        _ => Place(value) is { } place ? asked with { After = place } : null,
    };

    private static AsidePlace? Place(string text) =>
        text.IndexOf('-', StringComparison.Ordinal) is > 0 and var dash
        && long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new AsidePlace(new DateTimeOffset(ticks, TimeSpan.Zero), text[(dash + 1)..])
            : null;
}
