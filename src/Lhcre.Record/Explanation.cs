using System.Collections.Immutable;
using Lhcre.Record.Matching;

namespace Lhcre.Record;

/// <summary>Why a merged resource is what it is: who stands behind it, what joined them, what was added, and what was not joined.</summary>
/// <param name="Members">The entries behind it, by key.</param>
/// <param name="Shown">Whose words are shown; null of a <see cref="Disagreement"/>.</param>
/// <param name="Joins">What joined the members, in the order in which it was taken.</param>
/// <param name="Additions">What other members add to the words shown.</param>
/// <param name="Aparts">What it was not joined with, and why.</param>
/// <param name="Former">Entries that were members and have been withdrawn by their sources, by key.</param>
public sealed record Explanation(
    ImmutableArray<Entry> Members, Entry? Shown, ImmutableArray<Join> Joins, ImmutableArray<Addition> Additions, ImmutableArray<Apart> Aparts,
    ImmutableArray<EntryKey> Former)
{
    /// <summary>Explains a resource of a record. Forms its component again, so it costs what one push to it costs.</summary>
    internal static Explanation Of(PatientRecord record, MergedResource resource)
    {
        var view = record.View;
        var members = resource.Members;
        var (joins, aparts) = (ImmutableArray.CreateBuilder<Join>(), ImmutableArray.CreateBuilder<Apart>());
        if (resource.Shown is not null && resource.Type != "Patient")
        {
            var component = Candidates.Component(members.Select(m => m.Key), view, view).Select(view.Shown).OfType<Entry>();
            var clusters = Clusters.Form(component, view);
            joins.AddRange(clusters.Joins.Where(e => members.Contains(e.Left.Entry) && members.Contains(e.Right.Entry))
                .Select(e => new Join(e.Smaller, e.Larger, e.Rule, Through(e))));
            aparts.AddRange(Apart.Of(record, resource, clusters));
        }

        if (resource.Ties?.Disagreement is { } address && record.ResourceOf(address) is { Disagreement: { } disagreement } issue)
            aparts.AddRange(disagreement.Withdrawn.Select(w => new Apart(issue, "withdrawn", $"withdrawn by {w.Source}")));
        var heirs = members.Select(m => m.Key).ToHashSet();
        ImmutableArray<EntryKey> former = [.. record.Redirects.ToArray().Where(r => heirs.Contains(r.To)).Select(r => r.From).Order()];
        return new Explanation(members, resource.Shown, joins.DrainToImmutable(), Addition.Of(resource), aparts.DrainToImmutable(), former);
    }

    private static string Through(Edge edge)
    {
        if (edge.Rule == 0 && BusinessIdentifiers.Shared(edge.Left.Entry, edge.Right.Entry) is { } identifier)
            return $"identifier {identifier.System}|{identifier.Value}";
        var term = Comparison.SharedTerm(edge.Left, edge.Right) ?? default;
        var date = edge.Coarser.When.Precision == Precision.None ? "" : $", {edge.Coarser.When}";
        return $"{Comparison.NameOf(term.Kind)} {(term.System is { } system ? $"{system}|" : "")}{term.Value}{date}";
    }
}

/// <summary>What joined two entries.</summary>
/// <param name="Left">The one with the smaller key.</param>
/// <param name="Right">The other.</param>
/// <param name="Rule">0: a business identifier; 2: a clinical key (CLINICAL.md, "What makes two entries the same fact").</param>
/// <param name="Through">What they share, such as <c>identifier https://…|A1</c> or <c>code http://snomed.info/sct|195967001, 2024-05-12</c>.</param>
public sealed record Join(EntryKey Left, EntryKey Right, int Rule, string Through);

/// <summary>What another member adds to the words shown.</summary>
/// <param name="Element"><c>identifier</c>, <c>code.coding</c> (the concept by its name in the type), <c>meta.security</c>, or a whole element of a Patient, such as <c>address</c>.</param>
/// <param name="Value">System and value or code, a bar between them; null of a whole element.</param>
/// <param name="Source">Whose it is.</param>
public sealed record Addition(string Element, string? Value, string Source)
{
    internal static ImmutableArray<Addition> Of(MergedResource resource)
    {
        if (resource.Shown is not { } shown || resource.Members.Length == 1)
            return [];
        var concept = $"{AddedWords.ConceptOf(resource.Type)}.coding";
        var labels = shown.Facts.Security.ToHashSet();
        return
        [
            .. AddedWords.Identifiers(shown.Facts, resource.Members).Select(i => new Addition("identifier", $"{i.Identifier.System}|{i.Identifier.Value}", i.Source)),
            .. AddedWords.Codings(shown.Facts, resource.Members).Select(c => new Addition(concept, $"{c.Coding.System}|{c.Coding.Code}", c.Source)),
            .. resource.Members.SelectMany(m => m.Facts.Security.Where(labels.Add).Select(c => new Addition("meta.security", $"{c.System}|{c.Code}", m.Key.Source))),
            .. resource.Type == "Patient" ? PatientElements.AddedTo(resource.Resource).Select(e => new Addition(e.Element, null, e.Source)) : [],
        ];
    }
}

/// <summary>Something that a resource was not joined with although a rule brought them together.</summary>
/// <param name="Other">The other merged resource; of something withdrawn the <c>DetectedIssue</c> that tells of it.</param>
/// <param name="Kind"><c>possible-duplicate</c>, <c>conflict</c>, <c>withdrawn</c>, or <c>apart</c> where the key differs.</param>
/// <param name="Why">The elements in which they differ, or what else kept them apart.</param>
public sealed record Apart(MergedResource Other, string Kind, string Why)
{
    internal static IEnumerable<Apart> Of(PatientRecord record, MergedResource resource, Clusters clusters)
    {
        if (clusters.Of(resource.Smallest) is not { } own)
            yield break;
        var duplicates = resource.Ties?.PossibleDuplicates ?? [];
        var contested = resource.Ties?.Disagreement is { } address ? record.ResourceOf(address)?.Disagreement?.Sides ?? [] : [];
        foreach (var cluster in clusters.Skipped.Select(e => (Left: clusters.Of(e.Left), Right: clusters.Of(e.Right)))
            .Where(p => p.Left == own || p.Right == own).Select(p => p.Left == own ? p.Right : p.Left).Distinct().OrderBy(c => c.Smallest))
        {
            if (record.ResourceOf(cluster.Smallest) is not { } other)
                continue;
            var elements = cluster.Disagreements(own);
            if (elements.Length > 0)
                yield return new Apart(other, contested.Contains(cluster.Smallest) ? "conflict" : "apart", $"{string.Join(", ", elements.Select(Comparison.NameOf))} differs");
            else if (own.Difference(cluster) is { } difference)
                yield return new Apart(other, "apart", $"{difference} differs");
            else if (duplicates.Contains(cluster.Smallest))
                yield return new Apart(other, "possible-duplicate", own.SharesASourceWith(cluster) ? "a source states both" : "the date fits several");
        }
    }
}
