namespace Lhcre.Record.Summaries;

/// <summary>
/// A record as a summary reads it. What a source marks as entered in error states nothing, and what the wrong-patient guard withholds is in no
/// merged resource.
/// </summary>
internal sealed class SummaryRecord(PatientRecord record, SourceSystems sources, Lookback lookback)
{
    private readonly Dictionary<MergedResource, SummaryItem> _items = new(ReferenceEqualityComparer.Instance);
    private HashSet<string>? _heard;

    /// <summary>The record.</summary>
    public PatientRecord Record { get; } = record;

    /// <summary>The sources to tell of.</summary>
    public SourceSystems Sources { get; } = sources;

    /// <summary>How far to look back.</summary>
    public Lookback Lookback { get; } = lookback;

    /// <summary>The sources that contribute anything at all.</summary>
    public IReadOnlySet<string> Heard => _heard ??= [.. Record.All.ToArray().SelectMany(r => r.Members).Select(m => m.Key.Source)];

    /// <summary>What sources state of these types, in the record's order.</summary>
    public List<SummaryItem> Items(params ReadOnlySpan<string> types)
    {
        var items = new List<SummaryItem>();
        foreach (var type in types)
        {
            foreach (var resource in Record.OfType(type))
            {
                if (resource.Shown is { Facts.IsEnteredInError: false })
                    items.Add(Of(resource));
            }
        }

        return items;
    }

    /// <summary>The resource that shows an entry; null where none does.</summary>
    public SummaryItem? Showing(EntryKey entry) => Record.ResourceOf(entry) is { } resource ? Of(resource) : null;

    /// <summary>What a reference in the record leads to; null where that is nothing in it.</summary>
    /// <param name="reference"><c>Type/id</c>.</param>
    public SummaryItem? Find(string? reference) =>
        reference?.Split('/') is [var type, var idText] && MergedId.TryParse(idText, out var id) && id.Patient == Record.Key && Record.Find(type, id, out _) is { } found
            ? Of(found)
            : null;

    private SummaryItem Of(MergedResource resource) => _items.TryGetValue(resource, out var known) ? known : _items[resource] = new SummaryItem(resource);
}
