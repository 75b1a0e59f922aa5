using static Lhcre.Record.IssueSeverity;

namespace Lhcre.Record;

// 320 to 329: of what a push is whole, and how its feed stands.
public static partial class IssueCodes
{
    /// <summary>An extent that cannot be read.</summary>
    public static readonly IssueCode MalformedExtent = new("LHC320", Error, "invalid", 400, "X-Lhcre-Extent is whole, with ; types= and resource types with commas between behind it or without.");

    /// <summary>An extent of what is never missing.</summary>
    public static readonly IssueCode ExtentType = new("LHC321", Error, "business-rule", 422, "An extent is of types that are always about a person: not of the Patient, nor of what may be about nobody.");

    /// <summary>An extent of several.</summary>
    public static readonly IssueCode ExtentOfOnePerson = new("LHC322", Error, "business-rule", 422, "A push with X-Lhcre-Extent is one Bundle about one person.");

    /// <summary>What an extent did.</summary>
    public static readonly IssueCode ExtentTaken = new("LHC323", Information, "informational", 200, "Taken as whole: what this source had said of this person and these types, and does not say here, is withdrawn.");

    /// <summary>What an extent did not do.</summary>
    public static readonly IssueCode ExtentHeld = new("LHC324", Warning, "business-rule", 200, "Not taken as whole, so that nothing is withdrawn: something of this push is not in the record. Mend it and push it as whole again.");

    /// <summary>An extent that orders itself by its arrival.</summary>
    public static readonly IssueCode ExtentUndated = new("LHC325", Warning, "required", 200, "Taken as whole as of its arrival: with a Bundle.timestamp, what comes late or in another order is told apart.");

    /// <summary>Content that the configuration does not expect.</summary>
    public static readonly IssueCode UnexpectedType = new("LHC326", Warning, "business-rule", 200, "Taken in; by the configuration this source never supplies resources of this type, and readers are told so.");

    /// <summary>A feed that is behind by its own word.</summary>
    public static readonly IssueCode SourceLate = new("LHC327", Warning, "incomplete", 200, "This source is in contact and has not sent everything yet: what has changed there since may be missing here.");
}
