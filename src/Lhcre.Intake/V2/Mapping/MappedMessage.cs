using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>What one HL7 v2 message says in FHIR, and what there is to say about it to its sender.</summary>
/// <param name="Bundle">A FHIR <c>collection</c> as UTF-8 JSON, for <see cref="FhirIntake"/>; null where the message is refused.</param>
/// <param name="Issues">
/// Errors refuse it. <see cref="IssueCodes.MessageNotTaken"/> and <see cref="IssueCodes.MergingNotTaken"/> are for an AR, other errors for an AE; warnings go
/// along with an AA. They name segments and fields and never what these hold.
/// </param>
public sealed record MappedMessage(byte[]? Bundle, ImmutableArray<Issue> Issues)
{
    /// <summary>Whether it is of a kind that is not taken from anybody: an AR, and no use in sending it again.</summary>
    public bool IsRejected => Issues.Any(i => i.Code == IssueCodes.MessageNotTaken || i.Code == IssueCodes.MergingNotTaken);
}
