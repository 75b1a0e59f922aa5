using System.Collections.Immutable;
using Lhcre.Record.Matching;

namespace Lhcre.Record.Summaries;

/// <summary>
/// Where sources disagree about what a summary shows, or may state one thing twice: never settled silently (CLINICAL.md), so a reader of the
/// narrative sees it as well.
/// </summary>
internal sealed class Disagreements
{
    private readonly SummaryRecord _record;

    // A disagreement is one of its address: the same resource in one version of a record.
    private readonly List<(SummaryItem Issue, Disagreement Disagreement)> _shown = [];

    private Disagreements(SummaryRecord record) => _record = record;

    /// <summary>Those about the person, and those of which a side is listed.</summary>
    public static Disagreements Of(SummaryRecord record, IEnumerable<SummaryItem> listed)
    {
        var (found, resources) = (new Disagreements(record), listed.Select(i => i.Resource).ToHashSet());
        foreach (var resource in record.Record.OfType("DetectedIssue"))
        {
            if (resource.Disagreement is { } disagreement && (IsOfPatients(disagreement) || found.Sides(disagreement).Any(s => resources.Contains(s.Resource))))
                found._shown.Add((new SummaryItem(resource), disagreement));
        }

        return found;
    }

    /// <summary>The resources that tell of them.</summary>
    public IReadOnlyList<SummaryItem> Issues => [.. _shown.Select(s => s.Issue)];

    /// <summary>What a row about this resource must not leave out.</summary>
    public IReadOnlyList<string> Remarks(SummaryItem item)
    {
        var remarks = new List<string>();
        foreach (var (_, disagreement) in _shown.Where(s => !IsOfPatients(s.Disagreement)))
        {
            var sides = Sides(disagreement);
            if (!sides.Exists(s => s.Resource == item.Resource))
                continue;
            if (!disagreement.Elements.IsEmpty)
                remarks.Add($"Sources disagree ({Elements(disagreement)}). {string.Join(' ', sides.Where(s => s.Resource != item.Resource).Select(s => $"{Says(s)}."))}");
            if (!disagreement.Withdrawn.IsEmpty)
                remarks.Add($"Withdrawn by {Names(disagreement.Withdrawn)}.");
        }

        remarks.AddRange((item.Resource.Ties?.PossibleDuplicates ?? []).Select(_record.Showing).OfType<SummaryItem>()
            .Select(o => $"May be the same as another entry: {SectionRule.Of(o.Type)?.Cells(o, _record)[0]} ({o.SaidBy(_record.Sources)})."));
        return remarks;
    }

    /// <summary>All of them, in words.</summary>
    public void Write(Narrative narrative) =>
        narrative.Table("Where sources disagree", ["About", "What", "Who states what"], _shown.Select(s => Row(s.Disagreement)));

    private NarrativeRow Row(Disagreement disagreement)
    {
        if (IsOfPatients(disagreement))
            return new NarrativeRow(["The person", Elements(disagreement), FhirWords.Joined(" ", [PatientsSay(disagreement), Withheld(disagreement)])], []);
        var sides = Sides(disagreement);
        var name = sides.Select(s => SectionRule.Of(s.Type)?.Cells(s, _record)[0]).FirstOrDefault();
        var withdrawn = disagreement.Withdrawn.IsEmpty ? "" : $" Withdrawn by {Names(disagreement.Withdrawn)}, still stated by {Names([.. disagreement.Sides])}.";
        return new NarrativeRow([name, disagreement.Elements.IsEmpty ? "withdrawn by one source" : Elements(disagreement), string.Join(' ', sides.Select(s => $"{Says(s)}.")) + withdrawn], []);
    }

    // What is withheld is somebody else's by its demographics: that there is something is told, and nothing of it.
    private string? Withheld(Disagreement disagreement) =>
        disagreement.Withdrawn.IsEmpty ? null : $"Withheld, since date of birth and name contradict: what {Names(disagreement.Withdrawn)} files under this NHS number as another Patient.";

    private string? PatientsSay(Disagreement disagreement) => FhirWords.Joined(" ", disagreement.Sides.Select(side =>
        FhirWords.Joined(", ", disagreement.Elements.SelectMany(e => Values(side, e))) is { } values ? $"{_record.Sources.Name(side.Source)}: {values}." : null));

    private IEnumerable<string> Values(EntryKey side, FactElement element) => (_record.Record.Entry(side)?.Facts.Parts ?? [])
        .Where(p => p.Element == element).Select(p => $"{InWords(element)} {(p.Value switch { "true" => "yes", "false" => "no", var value => FhirWords.Date(value) })}");

    private string Says(SummaryItem side) => $"{side.Sources(_record.Sources)}: {SectionRule.Of(side.Type)?.Line(side, _record)}";

    private List<SummaryItem> Sides(Disagreement disagreement) => [.. disagreement.Sides.Select(_record.Showing).OfType<SummaryItem>()];

    private string Names(ImmutableArray<EntryKey> entries) => string.Join(", ", entries.Select(e => e.Source).Distinct().Select(_record.Sources.Name));

    private static string Elements(Disagreement disagreement) => string.Join(", ", disagreement.Elements.Select(InWords));

    private static string InWords(FactElement element) => FhirWords.Spaced(Comparison.NameOf(element));

    private static bool IsOfPatients(Disagreement disagreement) => disagreement.Sides[0].Type == "Patient";
}
