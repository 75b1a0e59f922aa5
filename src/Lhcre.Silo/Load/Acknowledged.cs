using Lhcre.Intake.V2;

namespace Lhcre.Silo.Load;

/// <summary>Reads the acknowledgement of an HL7 v2 message as the answer to a push of one: how many resources a message became it does not say.</summary>
internal static class Acknowledged
{
    /// <summary>Reads it; null where the answer is no acknowledgement.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body.</param>
    public static PushAnswer? Read(int status, ReadOnlyMemory<byte> body)
    {
        if (Hl7Message.Parse(body, out _) is not { } ack || ack.First("MSA") is not { } msa)
            return null;
        var issues = ack.Named("ERR").SelectMany(Said).ToList();
        if (msa[1].Value != "AA")
        {
            var why = issues.Count > 0 ? issues : [(null, $"The message was answered {msa[1].Value}, and no reason is given.")];
            return new PushAnswer(0, 0, 0, 1, [.. why.Select(i => new PushIssue(true, null, i.Code, i.Reason))]) { IsNotNow = status is 429 or 503 };
        }

        var parked = issues.Where(i => PushAnswer.ParkingCodes.Contains(i.Code ?? "")).Select(i => new PushIssue(false, null, i.Code, i.Reason)).ToList();
        return new PushAnswer(0, parked.Count > 0 ? 0 : 1, parked.Count > 0 ? 1 : 0, 0, parked);
    }

    // ERR-5 and ERR-8; before version 2.5 the subcomponents of ERR-1.4.
    private static IEnumerable<(string? Code, string Reason)> Said(Hl7Segment error) => error[5].Value is { } code
        ? [(code, error[8].Value ?? error[5].Component(2) ?? "No reason is given.")]
        : error[1].Repetitions.Select(r => (r.Sub(4, 4), r.Sub(4, 5) ?? "No reason is given."));
}
