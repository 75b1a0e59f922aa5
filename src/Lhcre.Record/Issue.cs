namespace Lhcre.Record;

/// <summary>How bad an issue is, in FHIR's words (<c>OperationOutcome.issue.severity</c>).</summary>
public enum IssueSeverity
{
    /// <summary>Said for completeness.</summary>
    Information,

    /// <summary>Accepted; the sender should mend it.</summary>
    Warning,

    /// <summary>Refused.</summary>
    Error,
}

/// <summary>One kind of issue: the stable code that software acts on, and what everybody needs to know about it.</summary>
/// <param name="Code"><c>LHC</c> and three digits; never reused.</param>
/// <param name="Severity">Whether it refuses.</param>
/// <param name="FhirType">The closest code of FHIR's issue-type value set.</param>
/// <param name="Status">The HTTP status of an answer that says only this.</param>
/// <param name="Meaning">What is wrong and what to do, in one sentence without the sender's data.</param>
public sealed record IssueCode(string Code, IssueSeverity Severity, string FhirType, int Status, string Meaning);

/// <summary>One issue of one push or request.</summary>
/// <param name="Code">Its kind.</param>
/// <param name="Diagnostics">Details for the sender, which may repeat what was sent: for answers, never for logs. Null where the meaning says all.</param>
/// <param name="Expression">FHIRPath of the element, such as <c>Bundle.entry[3].resource.status</c>; null where none is known.</param>
/// <param name="Source">The source that it is about; null where it is about none.</param>
public sealed record Issue(IssueCode Code, string? Diagnostics = null, string? Expression = null, string? Source = null);
