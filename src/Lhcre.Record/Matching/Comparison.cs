using System.Collections.Immutable;

namespace Lhcre.Record.Matching;

/// <summary>
/// How two statements of one type relate. An element that one of them does not state is no difference; one that both state in forms that
/// cannot be compared is none in the key, and one where it is contested: that they agree cannot be told, and nothing contested is settled
/// silently (CLINICAL.md).
/// </summary>
internal static class Comparison
{
    private static readonly ImmutableArray<FactElement> Contested =
    [
        FactElement.ClinicalStatus, FactElement.VerificationStatus, FactElement.Criticality, FactElement.Status, FactElement.Dose, FactElement.Value,
        FactElement.Component,
    ];

    private static readonly ImmutableArray<FactElement> OfKey = [FactElement.BodySite, FactElement.Class, FactElement.DoseNumber, FactElement.Onset, FactElement.Organization, FactElement.Result];

    // Contested where they differ; stated in forms that cannot be compared, they say too little to be.
    private static readonly ImmutableArray<FactElement> ContestedWhereDifferent = [FactElement.Route, FactElement.ContestedResult];

    /// <summary>What keeps two statements apart for good: two things of one identifier system, or a part of the key in which they differ; null for nothing.</summary>
    public static string? Difference(Statement left, Statement right)
    {
        if (BusinessIdentifiers.Differ(left.Entry, right.Entry))
            return "identifier";
        if (CodesDiffer(left.Codes, right.Codes))
            return "code";
        if (!left.HasClinicalKey)
            return null;
        if (!left.When.AgreesWith(right.When))
            return "date";
        foreach (var element in OfKey)
        {
            // Reports whose results are the two sides of a disagreement are of one examination.
            if (Compare(left.Parts, right.Parts, element) == Likeness.Different
                && (element != FactElement.Result || Compare(left.Parts, right.Parts, FactElement.ContestedResult) != Likeness.Different))
                return NameOf(element);
        }

        return VisitsDiffer(left, right) ? "identifier" : null;
    }

    // An organisation's visit numbers are its own, and name one visit each; unless an identifier of a system says that it is the same.
    private static bool VisitsDiffer(Statement left, Statement right) =>
        Compare(left.Parts, right.Parts, FactElement.Visit) == Likeness.Different
        && Compare(left.Parts, right.Parts, FactElement.Organization) == Likeness.Same
        && BusinessIdentifiers.Shared(left.Entry, right.Entry) is null;

    /// <summary>The contested elements in which two statements differ, or cannot be told to agree.</summary>
    public static IEnumerable<FactElement> Disagreements(Statement left, Statement right)
    {
        if (left.Entry.Facts.IsEnteredInError != right.Entry.Facts.IsEnteredInError)
        {
            yield return FactElement.Status;
            yield break;
        }

        foreach (var element in Contested)
        {
            if (Compare(left.Parts, right.Parts, element) is Likeness.Different or Likeness.Incomparable)
                yield return element;
        }

        // Of reports: those of one examination whose results contradict each other do so too.
        foreach (var element in ContestedWhereDifferent)
        {
            if (Compare(left.Parts, right.Parts, element) == Likeness.Different)
                yield return element;
        }
    }

    /// <summary>Whether two statements contradict each other in no contested element.</summary>
    public static bool Agree(Statement left, Statement right) => !Disagreements(left, right).Any();

    /// <summary>
    /// A term that both have, where two statements of different sources may be of one fact under rule 2; null where they may not. The class
    /// of an Encounter needs its organisation, which may be left out by both only where both are dated to the minute.
    /// </summary>
    public static Term? SharedTerm(Statement left, Statement right)
    {
        if (left.Entry.Key.Source == right.Entry.Key.Source)
            return null;
        foreach (var term in left.Terms)
        {
            if (!right.Terms.Contains(term))
                continue;
            if (term.Kind != TermKind.Class || AreOfOneProvider(left, right))
                return term;
        }

        return null;
    }

    private static bool AreOfOneProvider(Statement left, Statement right)
    {
        var isExact = left.When.Precision == Precision.Minute && right.When.Precision == Precision.Minute;
        var isUnstated = Of(left.Parts, FactElement.Organization).IsEmpty && Of(right.Parts, FactElement.Organization).IsEmpty;
        return Compare(left.Parts, right.Parts, FactElement.Organization) == Likeness.Same || (isExact && isUnstated);
    }

    /// <summary>How many codings two statements have in common.</summary>
    public static int SharedCodes(Statement left, Statement right)
    {
        var shared = 0;
        foreach (var coding in left.Codes)
            shared += right.Codes.Contains(coding) ? 1 : 0;
        return shared;
    }

    /// <summary>An element as FHIR names it.</summary>
    public static string NameOf(FactElement element) => element switch
    {
        FactElement.Organization => "serviceProvider",
        FactElement.Dose => "dosage",
        FactElement.ContestedResult => "result",
        _ => JsonNameOf(element.ToString()),
    };

    /// <summary>A term's kind as FHIR names it.</summary>
    public static string NameOf(TermKind kind) => kind switch
    {
        TermKind.Code => "code",
        TermKind.Words => "text",
        TermKind.Visit => "identifier",
        _ => JsonNameOf(kind.ToString()),
    };

    // Two codes of one system say two things, whatever a third system says: a coarser one may not know left from right.
    private static bool CodesDiffer(ImmutableArray<Coding> left, ImmutableArray<Coding> right)
    {
        if (left.IsEmpty || right.IsEmpty)
            return false;
        foreach (var coding in left)
        {
            var isComparable = false;
            var isShared = false;
            foreach (var other in right)
            {
                isComparable |= other.System == coding.System;
                isShared |= other.System == coding.System && left.Contains(other);
            }

            if (isComparable && !isShared)
                return true;
        }

        return false;
    }

    private enum Likeness
    {
        NotStated,
        Same,
        Different,
        Incomparable,
    }

    // In each form that both have, they must have a value in common. A dose in words counts only where amount and timing are structured in one of them at most.
    private static Likeness Compare(ImmutableArray<FactPart> left, ImmutableArray<FactPart> right, FactElement element)
    {
        var one = Of(left, element);
        var other = Of(right, element);
        if (one.IsEmpty || other.IsEmpty)
            return Likeness.NotStated;
        var likeness = Likeness.Incomparable;
        var isStructured = false;
        foreach (var part in one)
        {
            if (element == FactElement.Dose && part.Form == FactPart.Text && isStructured)
                continue;
            var isComparable = false;
            var isShared = false;
            foreach (var candidate in other)
            {
                isComparable |= candidate.Form == part.Form;
                isShared |= candidate.Form == part.Form && one.Contains(candidate);
            }

            if (isComparable && !isShared)
                return Likeness.Different;
            likeness = isComparable ? Likeness.Same : likeness;
            isStructured |= isComparable && part.Form == "structured";
        }

        return likeness;
    }

    // The parts are in order, so those of one element stand together.
    private static ReadOnlySpan<FactPart> Of(ImmutableArray<FactPart> parts, FactElement element)
    {
        var from = 0;
        while (from < parts.Length && parts[from].Element < element)
            from++;
        var to = from;
        while (to < parts.Length && parts[to].Element == element)
            to++;
        return parts.AsSpan()[from..to];
    }

    private static string JsonNameOf(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
