using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>
/// That sources disagree in a contested element, or that what one has withdrawn another goes on to state: shown as a <c>DetectedIssue</c>, since
/// such a thing is never settled silently (CLINICAL.md, "What is never settled silently").
/// </summary>
/// <param name="Sides">The clusters that disagree, by their smallest members, in order; of demographics the Patients themselves.</param>
/// <param name="Withdrawn">The entries that their sources have withdrawn and a side still states, in order; of demographics the Patients that are withheld.</param>
/// <param name="Elements">In what they disagree, in order.</param>
/// <param name="Since">When it came up: the row by which it was first shown under this address, without a break.</param>
public sealed record Disagreement(
    ImmutableArray<EntryKey> Sides, ImmutableArray<EntryKey> Withdrawn, ImmutableArray<FactElement> Elements, DateTimeOffset Since)
{
    /// <summary>The key that stands for what nobody states: no source has an empty id.</summary>
    internal static EntryKey AddressOf(EntryKey smallestSide) => new("", "DetectedIssue", smallestSide.Hash().ToString());

    // All Patients of a record are one, whoever is the smallest.
    private static readonly EntryKey AnyPatient = new("", "Patient", "");

    /// <summary>Under which key it stands in the record: the smallest side's.</summary>
    internal EntryKey Address { get; init; } = AddressOf(Sides[0].Type == "Patient" ? AnyPatient : Sides[0]);
}

/// <summary>What ties a merged resource to others that it was not joined with.</summary>
/// <param name="PossibleDuplicates">The smallest members of clusters that may be of the same fact, in order.</param>
/// <param name="Disagreement">Where the disagreement stands that it is a side of; null for none.</param>
internal sealed record Ties(ImmutableArray<EntryKey> PossibleDuplicates, EntryKey? Disagreement)
{
    /// <summary>Nothing.</summary>
    public static readonly Ties None = new([], null);

    /// <summary>These.</summary>
    public static Ties Of(ImmutableArray<EntryKey> duplicates, EntryKey? disagreement) =>
        duplicates.IsEmpty && disagreement is null ? None : new Ties(duplicates, disagreement);
}
