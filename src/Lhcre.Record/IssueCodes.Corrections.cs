using static Lhcre.Record.IssueSeverity;

namespace Lhcre.Record;

// 700 to 709: corrections.
public static partial class IssueCodes
{
    /// <summary>On disk, and does not count for now.</summary>
    public static readonly IssueCode Quarantined = new("LHC700", Warning, "business-rule", 202, "Kept, and not shown: what this source sends is quarantined at present. It counts when the quarantine ends.");
}
