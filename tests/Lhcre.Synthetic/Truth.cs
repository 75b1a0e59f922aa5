namespace Lhcre.Synthetic;

/// <summary>What two entries of different sources are to each other, by what is known of them and not by what can be read in them.</summary>
internal enum Relation
{
    /// <summary>Two facts; or nothing that pairs are made of: one source, deleted, taken back.</summary>
    None,

    /// <summary>One fact, a shared coding or identifier, dates that agree, nothing contested: must match.</summary>
    MustMatch,

    /// <summary>One fact, told so that it cannot be seen for certain: counted in the second recall.</summary>
    Other,

    /// <summary>As <see cref="MustMatch"/>, but for a contested element: both are shown, tied by a conflict.</summary>
    Contested,

    /// <summary>One fact under one identifier, taken back by one of them: a conflict.</summary>
    Withdrawn,
}

/// <summary>The judge: CLINICAL.md's "must match" over true facts, written without the product's own reading of a resource.</summary>
internal static class Truth
{
    private static readonly HashSet<string> MatchedByCode =
    [
        "AllergyIntolerance", "Condition", "MedicationStatement", "MedicationRequest", "Immunization", "Observation", "Procedure", "DiagnosticReport",
    ];

    private static readonly HashSet<string> Dated = [.. MatchedByCode.Where(t => t != "AllergyIntolerance"), "Encounter"];

    /// <summary>Whether both tell one true fact.</summary>
    public static bool IsOneFact(Telling left, Telling right) => left.Person == right.Person && left.Type == right.Type && left.Fact.Number == right.Fact.Number;

    /// <summary>Whether another source deleted what this one still says under the same identifier.</summary>
    public static bool IsDeletedElsewhere(Telling said, Telling deleted) =>
        said.IsLive && !deleted.IsLive && said.Source != deleted.Source && IsOneFact(said, deleted) && ShareAnIdentifier(said, deleted);

    /// <summary>What two entries are to each other.</summary>
    public static Relation Of(Telling left, Telling right)
    {
        if (left.Source == right.Source || !left.IsLive || !right.IsLive || left.IsStranger || right.IsStranger || !IsOneFact(left, right))
            return Relation.None;
        if (left.Type == "Patient")
            return DifferInPerson(left.Says.Person!, right.Says.Person!) ? Relation.Contested : Relation.MustMatch;
        if (left.IsRetracted || right.IsRetracted)
            return left.IsRetracted != right.IsRetracted && ShareAnIdentifier(left, right) ? Relation.Withdrawn : Relation.None;
        if (!CanBeSeen(left, right))
            return Relation.Other;
        return Differ(left, right) ? Relation.Contested : Relation.MustMatch;
    }

    private static bool CanBeSeen(Telling left, Telling right) =>
        (ShareAName(left, right) || ShareAKey(left, right))
        && (!Dated.Contains(left.Type) || left.Date.AgreesWith(right.Date))
        && ResultsAgree(left, right);

    private static bool ShareAName(Telling left, Telling right) =>
        left.Names.Intersect(right.Names).Any(name => !name.StartsWith('|') || IsOneOrganisation(left, right));

    // Rule 0 alone: neither a bare visit number nor the hash of a letter is an identifier of a system.
    private static bool ShareAnIdentifier(Telling left, Telling right) =>
        left.Names.Intersect(right.Names).Any(name => name.StartsWith("http", StringComparison.Ordinal));

    // As far as it can be seen: an organisation is known by its ODS code.
    private static bool IsOneOrganisation(Telling left, Telling right) => left.Says.Organisation is { } organisation && organisation == right.Says.Organisation;

    private static bool ShareAKey(Telling left, Telling right) => left.Type switch
    {
        "Encounter" => left.Says.Class == right.Says.Class && IsOneOrganisation(left, right),
        // CLINICAL.md: no value at all needs an identifier.
        "Observation" when !HasValue(left) || !HasValue(right) => false,
        var type => MatchedByCode.Contains(type) && left.Codings.Intersect(right.Codings).Any(),
    };

    private static bool HasValue(Telling telling) => telling.Says.Found is not null || !telling.Says.Components.IsEmpty;

    // A report says what its results say: two that have no result in common cannot be seen to be one.
    private static bool ResultsAgree(Telling left, Telling right) =>
        left.Results.IsEmpty || right.Results.IsEmpty || left.Results.Any(l => right.Results.Any(r => Of(l, r) == Relation.MustMatch));

    private static bool Differ(Telling left, Telling right)
    {
        var (mine, theirs) = (left.Says, right.Says);
        return Differ(mine.Status, theirs.Status)
            || Differ(mine.Verification, theirs.Verification)
            || Differ(mine.Criticality, theirs.Criticality)
            || Differ(mine.Dose, theirs.Dose)
            || Differ(mine.Found, theirs.Found)
            || mine.Components.Any(c => theirs.Components.Any(o => o.What == c.What && o.Found != c.Found))
            // A report says what its results say: one contested, or taken back under the identifier by which the other states it, is in it too.
            || left.Results.Any(l => right.Results.Any(r => Of(l, r) is Relation.Contested or Relation.Withdrawn));
    }

    private static bool Differ<T>(T? left, T? right)
        where T : class => left is not null && right is not null && !left.Equals(right);

    // Accents are spelling, and no difference.
    private static bool DifferInPerson(Demographics left, Demographics right) =>
        left.BirthDate != right.BirthDate || left.Given != right.Given || left.Family != right.Family
        || (left.Deceased is { } l && right.Deceased is { } r && l != r);
}
