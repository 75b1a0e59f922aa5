namespace Lhcre.Record.Summaries;

/// <summary>
/// What the silence of each source means for a section: it says that there is none, it holds nothing, or it never supplies this (CLINICAL.md,
/// "Absence has three faces: keep them apart").
/// </summary>
internal static class Silence
{
    /// <summary>A sentence for each configured source of which nothing is listed, or that states that there is none.</summary>
    public static List<string> Of(SectionRule rule, Selection selection, SummaryRecord record)
    {
        var listed = selection.Items.Where(i => !i.IsNoneKnown).SelectMany(i => i.Contributors).Select(c => c.Source).ToHashSet();
        var noneKnown = selection.Items.Where(i => i.IsNoneKnown).SelectMany(i => i.Contributors).Select(c => c.Source).ToHashSet();
        var held = record.Items(rule.Types).Where(rule.Covers).SelectMany(i => i.Contributors).Select(c => c.Source).ToHashSet();
        return [.. record.Sources.All.Where(s => noneKnown.Contains(s.Id) || !listed.Contains(s.Id)).Select(Sentence)];

        string Sentence(SourceSystem source) =>
            noneKnown.Contains(source.Id) ? $"{source.Name} states that no {rule.Plural} are known."
            : held.Contains(source.Id) ? $"{source.Name} holds {rule.Plural}, none of which are listed here."
            : source.Supplies is { } types && !rule.Types.Any(types.Contains) ? $"{source.Name} never supplies {rule.Plural}, for anybody."
            : record.Heard.Contains(source.Id) ? $"{source.Name} holds nothing about {rule.Plural}, and does not state that there are none."
            : $"{source.Name} holds nothing of this person.";
    }
}
