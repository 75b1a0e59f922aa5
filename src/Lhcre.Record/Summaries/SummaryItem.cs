namespace Lhcre.Record.Summaries;

/// <summary>A merged resource as a summary reads it: who states it, and what it says.</summary>
internal sealed class SummaryItem(MergedResource resource)
{
    private Element? _json;

    /// <summary>The resource.</summary>
    public MergedResource Resource { get; } = resource;

    /// <summary>Its type.</summary>
    public string Type => Resource.Type;

    /// <summary><c>Type/id</c>.</summary>
    public string Reference { get; } = $"{resource.Type}/{resource.Id}";

    /// <summary>What it says. Read at the first call.</summary>
    public Element Json => _json ??= Element.Of(Resource.Resource.Span);

    /// <summary>When it was so; where that is not said, when it was recorded: it was so before.</summary>
    public ClinicalDate When =>
        Resource.Shown is { } shown
            ? shown.Facts.When is { Precision: not Precision.None } when ? when : shown.Recorded is { } recorded ? ClinicalDate.Of(recorded) : default
            : default;

    /// <summary>Whether a source says, by its code, that there is nothing of the kind (<see cref="Absence"/>).</summary>
    public bool IsNoneKnown => Absence.NoneKnown.TryGetValue(Type, out var codes) && Resource.Members.Any(m => codes.Any(m.Facts.Codes.Contains));

    /// <summary>The sources that state it, each once, and since when it says so where that is known.</summary>
    public IEnumerable<(string Source, DateTimeOffset? Recorded)> Contributors =>
        Resource.Members.GroupBy(m => m.Key.Source).Select(g => (g.Key, g.Max(m => m.Recorded)));

    /// <summary>Who states it, in words.</summary>
    public string SaidBy(SourceSystems sources) =>
        string.Join("; ", Contributors.Select(c => c.Recorded is { } recorded ? $"{sources.Name(c.Source)} ({FhirWords.Day(recorded)})" : sources.Name(c.Source)));

    /// <summary>The names of those who state it.</summary>
    public string Sources(SourceSystems sources) => string.Join(", ", Contributors.Select(c => sources.Name(c.Source)));
}
