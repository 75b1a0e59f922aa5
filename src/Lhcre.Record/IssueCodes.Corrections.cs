using static Lhcre.Record.IssueSeverity;

namespace Lhcre.Record;

// 700 to 709: corrections.
public static partial class IssueCodes
{
    /// <summary>On disk, and does not count for now.</summary>
    public static readonly IssueCode Quarantined = new("LHC700", Warning, "business-rule", 202, "Kept, and not shown: what this source sends is quarantined at present. It counts when the quarantine ends.");

    /// <summary>Parameters of a correction that cannot be read.</summary>
    public static readonly IssueCode CorrectionUnclear = new("LHC701", Error, "invalid", 400, "It is not clear what is to be taken back, or brought back. Nothing was changed.");

    /// <summary>No stretch.</summary>
    public static readonly IssueCode StretchEmpty = new("LHC702", Error, "invalid", 400, "A quarantine is from an instant to a later one. Nothing was changed.");

    /// <summary>A stretch that is not over.</summary>
    public static readonly IssueCode StretchAhead = new("LHC703", Error, "invalid", 400, "A quarantine is of what has come: it ends now at the latest. Nothing was changed.");

    /// <summary>No such quarantine.</summary>
    public static readonly IssueCode UnknownQuarantine = new("LHC704", Error, "not-found", 404, "This source has no quarantine, or no correction, of this id.");
}
