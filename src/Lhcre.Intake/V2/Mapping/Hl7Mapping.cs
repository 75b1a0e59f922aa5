using System.Collections.Frozen;
using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// HL7 v2 → FHIR R4 by the official tables of the v2-to-FHIR project (<c>v2-to-fhir-mappings</c>: messages, segments, datatypes, codesystems), with the rules of
/// the United Kingdom where those leave it open. Pure: the same message gives the same bytes. Decision 0015.
/// </summary>
public static class Hl7Mapping
{
    // Message code and event; the person is mapped before.
    private static readonly FrozenDictionary<(string Code, string Event), Action<MessageContext>> Maps =
        new Dictionary<(string, string), Action<MessageContext>>(AdtMap.Events)
        {
            [("ORU", "R01")] = ResultMap.Map,
            [("MDM", "T02")] = DocumentMap.Map,
            [("VXU", "V04")] = ImmunizationMap.Map,
            [("RDE", "O11")] = PrescriptionMap.Map,
        }.ToFrozenDictionary();

    /// <summary>Which messages are taken, such as <c>ADT^A01</c>, in alphabetical order.</summary>
    public static ImmutableArray<string> Taken { get; } = [.. Maps.Keys.Select(m => $"{m.Code}^{m.Event}").Order(StringComparer.Ordinal)];

    /// <summary>Maps one message.</summary>
    /// <param name="message">As parsed.</param>
    /// <param name="source">The id of the source that sent it.</param>
    public static MappedMessage Map(Hl7Message message, string source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentException.ThrowIfNullOrEmpty(source);
        // Before 2.3 the event stood in the EVN alone.
        var trigger = message.Event.Length > 0 ? message.Event : message.First("EVN")?[1].Value ?? "";
        if (message.Code == "ADT" && trigger is "A34" or "A40")
            return Refused(IssueCodes.MergingNotTaken, "MSH-9.2");
        // Which of the two is unknown tells the sender what to change (table 0357: 200 unsupported message type, 201 unsupported event code).
        if (!Maps.TryGetValue((message.Code, trigger), out var map))
            return Refused(IssueCodes.MessageNotTaken, Maps.Keys.Any(m => m.Code == message.Code) ? "MSH-9.2" : "MSH-9.1");
        // Results of two persons may stand in one ORU; whose a segment is, is then a matter of where it stands, and never guessed.
        if (message.Named("PID").Skip(1).Any())
            return Refused(IssueCodes.SeveralPersonsInMessage, "PID[2]");
        var context = new MessageContext(message, source);
        context.Takes("EVN", 1, 2, 6);
        if (message.First("EVN") is { } evn)
        {
            // For what there is to say about them: they are a part of every version.
            context.DateTime(evn, 2);
            context.DateTime(evn, 6);
        }

        PatientMap.Map(context);
        if (!context.IsRefused)
        {
            context.Encounter = VisitIdentity.Of(context) is { } visit ? $"Encounter/{visit}" : null;
            context.Takes("PV1", 1, 19, 50);
            map(context);
            context.NameWhatHasNoMap();
        }

        return new MappedMessage(context.IsRefused ? null : context.Draft.ToBytes(), [.. context.Issues]);
    }

    private static MappedMessage Refused(IssueCode code, string place) => new(null, [new Issue(code, null, place)]);
}
