using Lhcre.Grains.Journal;
using Lhcre.Intake.V2;
using Lhcre.Record;

namespace Lhcre.Silo.Sources;

/// <summary>A message of HL7 v2 as it came.</summary>
/// <param name="Source">Whose it is.</param>
/// <param name="Bytes">The message.</param>
/// <param name="At">When it came.</param>
/// <param name="Message">What was read of it; null where it cannot be read.</param>
/// <param name="Fault">Why it cannot; null where it can.</param>
internal sealed record Hl7Arrival(SourceSystem Source, ReadOnlyMemory<byte> Bytes, DateTimeOffset At, Hl7Message? Message, Issue? Fault)
{
    // MSH-10 had 20 characters until version 2.6.
    private const int AckIdLength = 20;

    /// <summary>Reads it.</summary>
    public static Hl7Arrival Read(SourceSystem source, ReadOnlyMemory<byte> bytes, DateTimeOffset at)
    {
        var message = Hl7Message.Parse(bytes, out var fault);
        return new Hl7Arrival(source, bytes, at, message, fault);
    }

    /// <summary>What its acknowledgement is made out to; null where not even its MSH can be read.</summary>
    public Hl7Message? Header { get; } = Message ?? Hl7Message.HeaderOf(Bytes);

    /// <summary>
    /// Names it: by who sends it (MSH-3, MSH-4), what he calls it (MSH-10), and what it says. The last, since senders count from the start again
    /// after a restart: another message must never pass for one that was answered before.
    /// </summary>
    public PushId Push { get; } = Name(Source, Message, Bytes);

    /// <summary>MSH-10 of its acknowledgement: the same each time that it is sent.</summary>
    public string AckId => Push.Hash.Bits.ToString("x32", null)[..AckIdLength];

    /// <summary>What is kept of it where it is refused.</summary>
    public RefusedLetter Letter(IssueCode why) =>
        RefusedLetter.Of(Source.Id, At, why, LetterForm.Hl7V2, Header is { Code.Length: > 0 } to ? $"{to.Code}^{to.Event}" : "", Header?.ControlId ?? "", Bytes);

    /// <summary>Without anything of the message.</summary>
    public override string ToString() => $"{nameof(Hl7Arrival)} of {Source.Id}";

    private static PushId Name(SourceSystem source, Hl7Message? message, ReadOnlyMemory<byte> bytes) => PushId.Of(
        source.Id, $"hl7v2 {message?.Header[3].Raw}|{message?.Header[4].Raw}|{message?.ControlId} {ContentHash.Of(bytes.Span).Bits:x32}");
}
