using static Lhcre.Record.IssueSeverity;

namespace Lhcre.Record;

// 720 to 729: of whom less is shown.
public static partial class IssueCodes
{
    /// <summary>A filtered answer.</summary>
    public static readonly IssueCode Restricted = new("LHC720", Information, "suppressed", 200, "This person is restricted (PDS R or V): nothing is shown here that tells where they are, and no source is named. What there is of that, each source's own base answers.");
}
