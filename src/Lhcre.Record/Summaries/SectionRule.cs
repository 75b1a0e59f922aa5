namespace Lhcre.Record.Summaries;

/// <summary>
/// One section of a summary: what of the record stands in it, and how a narrative tells it. Source: CLINICAL.md, "<c>$summary</c> (IPS)", and HL7
/// IPS 1.1.0, Composition-uv-ips.
/// </summary>
internal abstract class SectionRule
{
    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<SectionRule> All { get; } =
        [
            new Problems(), new Allergies(), new Medications(), new Alerts(), new AdvanceDirectives(), new Immunizations(), new Results(), new Procedures(), new MedicalDevices(),
            new CarePlans(),
        ];

    /// <summary>The title for people.</summary>
    public abstract string Title { get; }

    /// <summary>The LOINC code by which it is recognised, and what LOINC calls it.</summary>
    public abstract (string Code, string Display) Loinc { get; }

    /// <summary>The resource types that may stand in it.</summary>
    public abstract string[] Types { get; }

    /// <summary>What it is of, in a sentence: <c>allergies</c>.</summary>
    public abstract string Plural { get; }

    /// <summary>What stands in it where there is nothing to show (IPS, CodeSystem absent-unknown-uv-ips); null where it is left out then.</summary>
    public virtual AbsentCode? Absent => null;

    /// <summary>The headers of its table; who states it follows.</summary>
    public abstract string[] Columns { get; }

    /// <summary>Whether it is about this resource, listed or not.</summary>
    public virtual bool Covers(SummaryItem item) => Types.Contains(item.Type);

    /// <summary>What of the record stands in it.</summary>
    public abstract Selection Select(SummaryRecord record);

    /// <summary>What a row says of a resource, a cell for each of <see cref="Columns"/>.</summary>
    public abstract string?[] Cells(SummaryItem item, SummaryRecord record);

    /// <summary>The section of which a type is.</summary>
    public static SectionRule? Of(string type) => All.FirstOrDefault(r => r.Types.Contains(type));

    /// <summary>The same in a line, without what it is.</summary>
    public string? Line(SummaryItem item, SummaryRecord record) => FhirWords.Joined("; ", Cells(item, record)[1..]);

    /// <summary>The latest first, what has no date last; then by reference.</summary>
    protected static List<SummaryItem> Latest(IEnumerable<SummaryItem> items) => Latest(items, i => i.When);

    /// <summary>The same by another date.</summary>
    protected static List<SummaryItem> Latest(IEnumerable<SummaryItem> items, Func<SummaryItem, ClinicalDate> when) =>
        [.. items.OrderByDescending(i => Start(when(i))).ThenBy(i => i.Reference, StringComparer.Ordinal)];

    /// <summary>How many were left out, in a sentence; null for none.</summary>
    protected static string? LeftOut(int count, string why) => count == 0 ? null : $"Not listed here: {count} {why}. The record has them.";

    private static long Start(ClinicalDate date) => date.Precision switch
    {
        Precision.None => -1,
        Precision.Year => new DateTime(date.Number, 1, 1).Ticks,
        Precision.Month => new DateTime((date.Number / 12) + 1, (date.Number % 12) + 1, 1).Ticks,
        Precision.Day => date.Number * TimeSpan.TicksPerDay,
        _ => date.Number * TimeSpan.TicksPerMinute,
    };
}

/// <summary>What stands in a section.</summary>
/// <param name="Groups">The resources, in tables with captions; none of them empty.</param>
/// <param name="Notes">What else a reader has to know, such as what was left out.</param>
internal sealed record Selection(IReadOnlyList<(string Caption, List<SummaryItem> Items)> Groups, IReadOnlyList<string> Notes)
{
    /// <summary>These groups and notes, those apart in which there is nothing.</summary>
    public static Selection Of(IEnumerable<(string Caption, List<SummaryItem> Items)> groups, params IEnumerable<string?> notes) =>
        new([.. groups.Where(g => g.Items.Count > 0)], [.. notes.OfType<string>()]);

    /// <summary>All that it lists.</summary>
    public IEnumerable<SummaryItem> Items => Groups.SelectMany(g => g.Items);
}
