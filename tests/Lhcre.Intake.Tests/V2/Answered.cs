using System.Collections.Immutable;
using Lhcre.Intake.V2;
using Lhcre.Intake.V2.Mapping;
using Lhcre.Record;
using static Lhcre.Intake.Tests.Push;

namespace Lhcre.Intake.Tests.V2;

/// <summary>What becomes of bytes that are sent as an HL7 v2 message, from the first byte to the acknowledgement: read, mapped, and read as FHIR.</summary>
/// <param name="Type">MSH-9.1 and 9.2 as far as they can be shown in a table; a dash where there is no message.</param>
/// <param name="Code">AA, AE or AR.</param>
/// <param name="Issues">All that there is to say, errors first.</param>
/// <param name="Entries">What is filed or parked.</param>
/// <param name="Ack">The acknowledgement.</param>
internal sealed record Answered(string Type, string Code, ImmutableArray<Issue> Issues, ImmutableArray<ReceivedEntry> Entries, byte[] Ack)
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 4, 5, 6, TimeSpan.Zero);

    /// <summary>Does all that a push does before anything is stored.</summary>
    public static Answered To(ReadOnlyMemory<byte> bytes)
    {
        if (Hl7Message.Parse(bytes, out var fault) is not { } message)
            return Of("-", "AR", [Assert.IsType<Issue>(fault)], null, Hl7Message.HeaderOf(bytes));
        Assert.Null(fault);
        var mapped = Hl7Mapping.Map(message, Source);
        var received = mapped.Bundle is { } bundle ? FhirIntake.Read(bundle, new Interaction("POST", null, null), Source, Base) : null;
        ImmutableArray<Issue> issues = [.. mapped.Issues, .. received?.Issues ?? [], .. received?.Entries.SelectMany(e => e.Issues) ?? []];
        var isRefused = issues.Any(i => i.Code.Severity == IssueSeverity.Error);
        Assert.Equal(mapped.Bundle is null, mapped.Issues.Any(i => i.Code.Severity == IssueSeverity.Error));
        return Of($"{message.Code}^{message.Event}", mapped.IsRejected ? "AR" : isRefused ? "AE" : "AA", issues, received, message);
    }

    /// <summary>The codes, each once.</summary>
    public IEnumerable<string> Codes => Issues.Select(i => i.Code.Code).Distinct();

    private static Answered Of(string type, string code, ImmutableArray<Issue> issues, Received? received, Hl7Message? to)
    {
        var ack = Hl7Ack.Write(to, code, "L1", At, issues);
        CheckAck(ack, to, code);
        return new Answered(Shown(type), code, [.. issues.OrderByDescending(i => i.Code.Severity)], received?.Entries ?? [], ack);
    }

    // An answer that its receiver cannot read, or takes for something else, makes it send the message for ever.
    private static void CheckAck(byte[] ack, Hl7Message? to, string code)
    {
        var answer = Er7.Read(ack);
        Assert.Equal(("ACK", code), (answer.Code, answer.First("MSA")![1].Value));
        // Compared as its sender does, in its own charset; a control character in it would end the segment, and is answered as a blank.
        var syntax = to?.Syntax ?? Hl7Syntax.Recommended;
        var asked = string.Concat((to?.Header[10].Raw ?? "").Select(c => char.IsControl(c) ? ' ' : c));
        Assert.Equal(asked, syntax.Charset.GetString(ack).Split('\r')[1].Split((char)syntax.Field).ElementAtOrDefault(2) ?? "");
        Assert.All(answer.Segments.Skip(2), s => Assert.Equal("ERR", s.Name));
    }

    private static string Shown(string type) => type.Length <= 7 && type.All(c => char.IsAsciiLetterOrDigit(c) || c is '^' or '-') ? type : "other";
}
