using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>
/// Whose words a cluster is shown in. Of Patients first those whose NHS number is present and verified (status 01, CLINICAL.md
/// "demographics: PDS-verified first"); of other types first those that date the fact most finely, since they say most; then the latest
/// recorded, by the source's own word; then the smallest key. Arrival does not count.
/// </summary>
internal static class Precedence
{
    /// <summary>The member that is shown.</summary>
    public static Entry Shown(ImmutableArray<Entry> members) =>
        members.Length == 1
            ? members[0]
            : members
                .OrderByDescending(m => m.Facts.NhsNumberStatus == VerificationStatus.PresentAndVerified)
                .ThenByDescending(m => m.Facts.When.Precision)
                .ThenByDescending(m => m.Recorded ?? DateTimeOffset.MinValue)
                .ThenBy(m => m.Key)
                .First();
}
