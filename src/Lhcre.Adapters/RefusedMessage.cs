namespace Lhcre.Adapters;

/// <summary>A reason why something was refused or parked, in the record's words.</summary>
/// <param name="Code">The <c>LHC###</c> code; null where the answer has none.</param>
/// <param name="Text">In words. It may quote what was sent: patient data.</param>
public sealed record AnswerIssue(string? Code, string Text)
{
    /// <summary>The code alone.</summary>
    public override string ToString() => Code ?? "without a code";
}

/// <summary>A message that the record refused for good. It is kept in <c>refused.ndjson</c> of the outbox's folder and not sent again.</summary>
/// <param name="Queued">The message.</param>
/// <param name="Status">The HTTP status of the push or of its entry; 0 where it was refused here, since it can be sent in no Bundle.</param>
/// <param name="Issues">Why.</param>
/// <param name="Entries">Which entries of a <see cref="OutgoingKind.Bundle"/> were refused, from 0, where the others were taken; else empty.</param>
public sealed record RefusedMessage(QueuedMessage Queued, int Status, IReadOnlyList<AnswerIssue> Issues, IReadOnlyList<int> Entries)
{
    /// <summary>Without a word of the content.</summary>
    public override string ToString() => $"{Queued}, {Status}: {string.Join(' ', Issues.Select(i => i.ToString()))}";
}
