using static Lhcre.Record.IssueSeverity;

namespace Lhcre.Record;

// 760 to 769: what a source files under another person than it is about.
public static partial class IssueCodes
{
    /// <summary>On disk, and shown elsewhere.</summary>
    public static readonly IssueCode Moved = new("LHC760", Warning, "business-rule", 200, "Kept, and shown in another person's record: an operator, or you, moved it there. File it under the right person, and it is so without.");

    /// <summary>Parameters of a move that cannot be read.</summary>
    public static readonly IssueCode MoveUnclear = new("LHC761", Error, "invalid", 400, "It is not clear what is to be moved from whom to whom. Nothing was changed.");

    /// <summary>No two people.</summary>
    public static readonly IssueCode MoveOfPeople = new("LHC762", Error, "invalid", 400, "A move is from one person to another, both with a verified NHS number and a record here, named by the ids of their merged Patients. Nothing was changed.");

    /// <summary>Nothing there.</summary>
    public static readonly IssueCode NothingToMove = new("LHC763", Error, "not-found", 404, "This source has filed something named here under nobody, or under somebody else. Nothing was changed.");

    /// <summary>Moved before.</summary>
    public static readonly IssueCode MovedAlready = new("LHC764", Error, "conflict", 409, "Something named here has been moved already: end that move first. Nothing was changed.");
}
