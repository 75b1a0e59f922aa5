using System.Collections.Frozen;
using System.Collections.Immutable;
using Lhcre.Record.Reading;

namespace Lhcre.Record.Matching;

/// <summary>
/// What an entry says, ready to be compared: its facts, in which what it refers to (a Medication, an Organization, results) stands as the
/// cluster that its target is in (rule 2 of CLINICAL.md, "a key through a reference is worked out on the target's cluster").
/// </summary>
internal sealed class Statement
{
    // The types with clinical keys. Every other one is matched by rules 0 and 1 only.
    private static readonly FrozenSet<string> WithKeys = FrozenSet.Create(
        "AllergyIntolerance", "Condition", "MedicationStatement", "MedicationRequest", "Immunization", "Observation", "Procedure", "DiagnosticReport",
        "Encounter", "DocumentReference");

    private Statement(Entry entry, ImmutableArray<Coding> codes, ImmutableArray<FactPart> parts)
    {
        (Entry, Codes, Parts) = (entry, codes, parts);
        HasClinicalKey = WithKeys.Contains(entry.Key.Type);
        Terms = HasClinicalKey && !entry.Facts.IsEnteredInError ? [.. TermsOf(entry, codes, parts)] : [];
    }

    /// <summary>Whose statement.</summary>
    public Entry Entry { get; }

    /// <summary>The codings of the concept; of a medicine, those of the Medication's cluster.</summary>
    public ImmutableArray<Coding> Codes { get; }

    /// <summary>What else it states.</summary>
    public ImmutableArray<FactPart> Parts { get; }

    /// <summary>Whether its type has a clinical key.</summary>
    public bool HasClinicalKey { get; }

    /// <summary>By what it may match under rule 2: nothing where its source takes it back, or where it says too little.</summary>
    public ImmutableArray<Term> Terms { get; }

    /// <summary>When it was so.</summary>
    public ClinicalDate When => Entry.Facts.When;

    /// <summary>The date at which a term is compared: some things are the same whenever they are said to be.</summary>
    public ClinicalDate DateOf(Term term) => term.Kind is TermKind.Visit or TermKind.Result or TermKind.Attachment ? default : When;

    /// <summary>An entry's statement, as a record knows its references' targets.</summary>
    public static Statement Of(Entry entry, RecordView view)
    {
        var facts = entry.Facts;
        var codes = facts.Codes;
        var parts = facts.Parts;
        if (parts.Any(p => p.Element is FactElement.Medication or FactElement.Organization or FactElement.Result))
        {
            if (codes.IsEmpty && parts.FirstOrDefault(p => p.Element == FactElement.Medication) is { Element: not 0 } medication)
                codes = [.. Cluster(entry, medication, view).SelectMany(m => m.Facts.Codes).Distinct()];
            parts = [.. parts.SelectMany(p => Resolved(entry, p, view)).Order().Distinct()];
        }

        if (Implied(entry, parts) is { } implied)
            parts = [.. parts.Append(implied).Order()];
        return new Statement(entry, codes, parts);
    }

    // What a source says by not saying otherwise, where the opposite must not be hidden by it: that the thing is so, was done, is to be given.
    private static FactPart? Implied(Entry entry, ImmutableArray<FactPart> parts) => entry.Key.Type switch
    {
        "AllergyIntolerance" or "Condition" => new FactPart(
            FactElement.Status, "", parts.Contains(new FactPart(FactElement.VerificationStatus, "", "refuted")) ? "refuted" : "asserted"),
        "Observation" or "DiagnosticReport" or "Encounter" when !parts.Any(p => p.Element == FactElement.Status) => new FactPart(FactElement.Status, "", "given"),
        "MedicationRequest" when !parts.Any(p => p is { Element: FactElement.Status, Form: ComparedElements.ProhibitionForm }) =>
            new FactPart(FactElement.Status, ComparedElements.ProhibitionForm, "false"),
        _ => null,
    };

    /// <summary>The types whose keys depend on the clusters of another type's, and that type.</summary>
    public static string? KeyTarget(string type) => type switch
    {
        "MedicationStatement" or "MedicationRequest" => "Medication",
        "Encounter" => "Organization",
        "DiagnosticReport" => "Observation",
        _ => null,
    };

    /// <summary>What a cluster lends to the keys of those who refer to it: where this is the same as before, their keys are.</summary>
    public static bool LendsTheSame(string type, MergedResource.Statement? before, MergedResource.Statement? after)
    {
        if (before is null || after is null)
            return before is null && after is null;
        var (was, now) = (before.Members, after.Members);
        return type switch
        {
            "Medication" => was.SelectMany(m => m.Facts.Codes).ToHashSet().SetEquals(now.SelectMany(m => m.Facts.Codes)),
            "Organization" => was[0].Key == now[0].Key && Named(was).ToHashSet().SetEquals(Named(now)),
            _ => was[0].Key == now[0].Key && before.Ties.Disagreement == after.Ties.Disagreement,
        };
    }

    // A target that is not known says nothing that could differ. Two organisations that no identifier tells apart may still be one.
    private static IEnumerable<FactPart> Resolved(Entry entry, FactPart part, RecordView view)
    {
        if (part.Element is not (FactElement.Organization or FactElement.Result))
            return [part];
        if (view.Clusters(new EntryKey(entry.Key.Source, part.Form, part.Value)) is not { Members: var cluster } target)
            return [];
        var address = $"{cluster[0].Key.Source}/{cluster[0].Key.Id}";
        FactPart[] result = [part with { Form = "", Value = address }];
        if (part.Element == FactElement.Result)
            return target.Ties.Disagreement is { } contested ? result.Append(new FactPart(FactElement.ContestedResult, contested.Id, address)) : result;
        return Named(cluster).Select(i => part with { Form = i.System ?? "", Value = i.Value }).Append(part with { Form = address, Value = "" });
    }

    private static IEnumerable<Identifier> Named(ImmutableArray<Entry> cluster) => cluster.SelectMany(m => BusinessIdentifiers.Of(m.Key, m.Facts));

    private static ImmutableArray<Entry> Cluster(Entry entry, FactPart part, RecordView view) =>
        view.Members(new EntryKey(entry.Key.Source, part.Form, part.Value));

    private static IEnumerable<Term> TermsOf(Entry entry, ImmutableArray<Coding> codes, ImmutableArray<FactPart> parts) => entry.Key.Type switch
    {
        "DocumentReference" => parts.Where(p => p.Element == FactElement.Attachment).Select(p => new Term(TermKind.Attachment, p.Form, p.Value)),
        "Encounter" => VisitTerms(parts),
        // "No value at all needs an identifier."
        "Observation" when !parts.Any(p => p.Element is FactElement.Value or FactElement.Component) => [],
        "DiagnosticReport" => ConceptTerms(entry, codes).Concat(
            parts.Where(p => p.Element == FactElement.Result).Select(p => new Term(TermKind.Result, null, p.Value))),
        _ => ConceptTerms(entry, codes),
    };

    // "Text compares only where neither side is coded."
    private static IEnumerable<Term> ConceptTerms(Entry entry, ImmutableArray<Coding> codes) =>
        !codes.IsEmpty ? codes.Select(c => new Term(TermKind.Code, c.System, c.Code))
        : entry.Facts.Words is { Length: > 0 } words ? [new Term(TermKind.Words, null, words)]
        : [];

    // "Provider organisation + its visit id, else organisation, class and start."
    private static IEnumerable<Term> VisitTerms(ImmutableArray<FactPart> parts)
    {
        var visits = parts.Where(p => p.Element == FactElement.Visit)
            .SelectMany(visit => parts.Where(p => p.Element == FactElement.Organization).Select(o => new Term(TermKind.Visit, $"{o.Form}|{o.Value}", visit.Value)));
        return parts.Where(p => p.Element == FactElement.Class).Select(p => new Term(TermKind.Class, p.Form, p.Value)).Concat(visits);
    }
}
