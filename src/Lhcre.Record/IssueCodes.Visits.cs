using static Lhcre.Record.IssueSeverity;

namespace Lhcre.Record;

// 730 to 743: people whose home is elsewhere, what is pulled from there for their visit, and what is erased.
public static partial class IssueCodes
{
    /// <summary>A source that was asked and has not answered yet.</summary>
    public static readonly IssueCode PullPending = new("LHC730", Warning, "incomplete", 200, "This source was asked for what it holds of this person and has not answered yet: that is missing here, and is added when it comes.");

    /// <summary>Nobody at the other end.</summary>
    public static readonly IssueCode PullUnreachable = new("LHC731", Warning, "incomplete", 200, "This source cannot be reached: what it holds of this person is missing here. It is asked again.");

    /// <summary>Too slow.</summary>
    public static readonly IssueCode PullTimedOut = new("LHC732", Warning, "incomplete", 200, "This source was asked and did not answer in time: what it holds of this person is missing here. It is asked again.");

    /// <summary>Not let in.</summary>
    public static readonly IssueCode PullRefused = new("LHC733", Warning, "incomplete", 200, "This source does not let us in (401, 403): what it holds of this person is missing here. Its operator and ours must look at it.");

    /// <summary>An error at the other end, or here.</summary>
    public static readonly IssueCode PullFailed = new("LHC734", Warning, "incomplete", 200, "This source answered with an error, or its answer could not be written here: what it holds of this person is missing here. It is asked again.");

    /// <summary>No FHIR.</summary>
    public static readonly IssueCode PullUnreadable = new("LHC735", Warning, "incomplete", 200, "What this source answered is no FHIR R4 Bundle in JSON whose pages are at its own base: what it holds of this person is missing here.");

    /// <summary>Too much.</summary>
    public static readonly IssueCode PullTooLarge = new("LHC736", Warning, "incomplete", 200, $"This source's answer is larger than the {Limits.BodyBytes / 1024 / 1024} MiB, {Limits.BundleEntries} resources or {Limits.PulledPages} pages that are pulled of a person: what it holds of them is missing here.");

    /// <summary>Somebody else's.</summary>
    public static readonly IssueCode PullOfSomebodyElse = new("LHC737", Warning, "incomplete", 200, "What this source answered is about another NHS number than was asked for: nothing of it was taken in, and what it holds of this person is missing here.");

    /// <summary>Absence, by its own word.</summary>
    public static readonly IssueCode PullKnowsNobody = new("LHC738", Information, "informational", 200, "This source was asked for this visit and knows nobody by this NHS number.");

    /// <summary>Some of it is missing.</summary>
    public static readonly IssueCode PullInPart = new("LHC739", Warning, "incomplete", 200, "Some of what this source answered could not be taken in, since it is no valid FHIR R4, dated in the future or not said to be about this person: that is missing here.");

    /// <summary>A push where nobody pushes.</summary>
    public static readonly IssueCode PulledNotPushed = new("LHC740", Error, "not-supported", 405, "This source is pulled from for visits: nothing is pushed here.");

    /// <summary>Parameters of an erasure that are missing or wrong.</summary>
    public static readonly IssueCode EraseUnclear = new("LHC741", Error, "required", 400, "An erasure is ordered by somebody, for a reason, and repeats the person's id as a confirmation. Nothing was erased.");

    /// <summary>Gone.</summary>
    public static readonly IssueCode Erased = new("LHC742", Information, "informational", 200, "Everything that was held of this person is erased. What a source pushes from now on is taken in; backups, replicas and write-ahead logs keep what was there for as long as the operator states.");

    /// <summary>Nothing there.</summary>
    public static readonly IssueCode NothingToErase = new("LHC743", Information, "informational", 200, "Nothing is held of this person: nothing was erased.");
}
