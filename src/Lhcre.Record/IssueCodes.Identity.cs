using static Lhcre.Record.IssueSeverity;

namespace Lhcre.Record;

// 710 to 719: people without a verified NHS number.
public static partial class IssueCodes
{
    /// <summary>A number that its sender doubts, and nothing else.</summary>
    public static readonly IssueCode NumberNotVerified = new("LHC710", Warning, "business-rule", 202, "Parked: by its verification status the NHS number may be another person's, and no identifier of the source's own names the person.");

    /// <summary>A number that its sender doubts, beside what names the person.</summary>
    public static readonly IssueCode NumberNotUsed = new("LHC711", Warning, "business-rule", 200, "The NHS number is shown as sent and not used to find the person: by its verification status it may be another person's.");

    /// <summary>A number that is no longer one's own.</summary>
    public static readonly IssueCode NumberSuperseded = new("LHC712", Warning, "business-rule", 202, "Parked: the only NHS number is marked as old, the present one is not stated, and no identifier of the source's own names the person.");

    /// <summary>A key from before there was a number.</summary>
    public static readonly IssueCode RecordSucceeded = new("LHC713", Error, "business-rule", 410, "This id is from before the person's NHS number was known. What was filed under it is in the record of the number now: Content-Location names it.");

    /// <summary>A name that two people have.</summary>
    public static readonly IssueCode SeveralPeople = new("LHC714", Error, "multiple-matches", 409, "Sources call more than one person so. GET /fhir/Patient with the same identifier shows them; name one by id.");
}
