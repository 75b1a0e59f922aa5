using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>
/// Whose words a cluster is shown in. Of Patients first those whose NHS number is present and verified (status 01, CLINICAL.md
/// "demographics: PDS-verified first"); of other types first those that state most of what is contested (status, criticality, dose, value), which
/// a later word that leaves it out must not hide; then those that date the fact most finely; then the latest recorded, by the source's own word;
/// then the smallest key. Arrival does not count.
/// </summary>
internal static class Precedence
{
    /// <summary>The member that is shown.</summary>
    public static Entry Shown(ImmutableArray<Entry> members) => members.Length == 1 ? members[0] : Order(members).First();

    /// <summary>The members, whose word goes first at the front.</summary>
    public static IOrderedEnumerable<Entry> Order(IEnumerable<Entry> members) => members
        .OrderByDescending(m => m.Facts.NhsNumberStatus == VerificationStatus.PresentAndVerified)
        .ThenByDescending(m => Contested(m.Facts).Distinct().Count())
        .ThenByDescending(m => Contested(m.Facts).Count(e => e == FactElement.Component))
        .ThenByDescending(m => m.Facts.When.Precision)
        .ThenByDescending(m => m.Recorded ?? DateTimeOffset.MinValue)
        .ThenBy(m => m.Key);

    private static IEnumerable<FactElement> Contested(Facts facts) =>
        facts.Parts.Select(p => p.Element).Where(e => e is >= FactElement.ClinicalStatus and <= FactElement.Component);
}
