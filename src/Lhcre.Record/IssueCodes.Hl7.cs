using static Lhcre.Record.IssueSeverity;

namespace Lhcre.Record;

// 601 to 639: HL7 v2 messages, what they say, and how they come in.
public static partial class IssueCodes
{
    /// <summary>No HL7 v2.</summary>
    public static readonly IssueCode NotHl7 = new("LHC601", Error, "structure", 400, "This is no HL7 v2 message: it does not begin with MSH and a field separator.");

    /// <summary>MSH-1 or MSH-2 cannot be used.</summary>
    public static readonly IssueCode Hl7Separators = new("LHC602", Error, "structure", 400, "MSH-1 and MSH-2 do not name separators that can be told apart; the recommended ones always do.");

    /// <summary>A charset that we do not know.</summary>
    public static readonly IssueCode UnknownHl7Charset = new("LHC603", Error, "not-supported", 400, "MSH-18 names a character set that is not known here, and the message is not valid UTF-8; send UNICODE UTF-8.");

    /// <summary>Other bytes than announced.</summary>
    public static readonly IssueCode WrongHl7Charset = new("LHC604", Error, "value", 400, "The message is not in the character set that its MSH-18 or its byte order mark says.");

    /// <summary>Two messages where one belongs.</summary>
    public static readonly IssueCode SeveralHl7Messages = new("LHC605", Error, "structure", 400, "There is more than one MSH; send one message at a time.");

    /// <summary>Too much of it.</summary>
    public static readonly IssueCode Hl7TooLarge = new("LHC606", Error, "too-costly", 413, "The message has more segments, or one of its segments more fields or repetitions, than are read here; send it in parts.");

    /// <summary>A kind of message that nobody takes here.</summary>
    public static readonly IssueCode MessageNotTaken = new("LHC610", Error, "not-supported", 400, "Messages of this type and event are not taken here.");

    /// <summary>A merge.</summary>
    public static readonly IssueCode MergingNotTaken = new("LHC611", Error, "not-supported", 400, "Messages that merge or move persons (A34, A40) are not taken yet.");

    /// <summary>Nobody named.</summary>
    public static readonly IssueCode NoPersonInMessage = new("LHC612", Error, "required", 422, "The message names no person: there is no PID, or no identifier in its PID-3, PID-2, PID-4 or PID-19.");

    /// <summary>Whose is what?</summary>
    public static readonly IssueCode SeveralPersonsInMessage = new("LHC613", Error, "business-rule", 422, "The message has more than one PID; send a message for each person.");

    /// <summary>What the mapping leaves out.</summary>
    public static readonly IssueCode NotMapped = new("LHC614", Warning, "not-supported", 200, "Taken in; these segments and fields have no map to FHIR here and were left out.");

    /// <summary>A value that is none.</summary>
    public static readonly IssueCode ValueLeftOut = new("LHC615", Warning, "value", 200, "Taken in; the value of this field does not fit its data type and was left out.");

    /// <summary>A code outside its table.</summary>
    public static readonly IssueCode CodeNotMapped = new("LHC616", Warning, "code-invalid", 200, "Taken in; the code of this field is not one of its table and was left out.");

    /// <summary>A visit that the next message could not name.</summary>
    public static readonly IssueCode VisitNotNamed = new("LHC617", Warning, "required", 200, "Taken in; the visit has no number (PV1-19, PV1-50) and no admission time (PV1-44), so no Encounter was made of it.");

    /// <summary>The same twice in a message.</summary>
    public static readonly IssueCode StatedTwice = new("LHC618", Warning, "duplicate", 200, "Taken in; this segment states again what an earlier one of this message states, which counts.");

    /// <summary>No order.</summary>
    public static readonly IssueCode MessageTimeUnreadable = new("LHC619", Warning, "value", 200, "Taken in; MSH-7 is no date and time, so the order of arrival decides which message is the later one.");

    /// <summary>A document that is none.</summary>
    public static readonly IssueCode UnreadableAttachment = new("LHC620", Warning, "value", 200, "Taken in; the document in this field cannot be decoded as it says it is encoded, and is shown as missing.");

    /// <summary>A document message without a document.</summary>
    public static readonly IssueCode NoReadableDocument = new("LHC621", Error, "value", 422, "Nothing of the document that this message is about can be decoded; send it again.");

    /// <summary>The segment that a message is about is missing.</summary>
    public static readonly IssueCode NothingStated = new("LHC622", Error, "required", 422, "The message has none of the segments that it should be about (OBR or OBX; TXA; RXE or RXO).");

    /// <summary>A result that is final now, without its value.</summary>
    public static readonly IssueCode ResultNotRepeated = new("LHC623", Warning, "incomplete", 200, "Taken in but for this result: OBX-11 is U without a value, and the result is kept as it was sent before; send results whole.");

    /// <summary>A value that is not what it is said to be.</summary>
    public static readonly IssueCode ValueInWords = new("LHC624", Warning, "value", 200, "Taken in; the value of this field has not the form of its data type, or FHIR has no such type, and is kept in words.");

    /// <summary>Half a message.</summary>
    public static readonly IssueCode MllpBroken = new("LHC630", Error, "incomplete", 400, "The connection ended within a message; nothing of that message was taken in.");

    /// <summary>A sender that is too slow, or does not read.</summary>
    public static readonly IssueCode MllpTooSlow = new("LHC631", Error, "timeout", 408, "A message did not come to its end, or its answer was not taken, in time; nothing of an unfinished message was taken in.");

    /// <summary>No MLLP.</summary>
    public static readonly IssueCode MllpStray = new("LHC632", Error, "structure", 400, "This is no MLLP: a message stands between VT and FS CR.");

    /// <summary>Too many connections.</summary>
    public static readonly IssueCode MllpFull = new("LHC633", Error, "throttled", 429, "The source has as many connections open as are taken; for a new one the quietest is closed.");

    /// <summary>On the wrong port.</summary>
    public static readonly IssueCode OtherFacility = new("LHC634", Error, "business-rule", 400, "The sending facility (MSH-4) is none of this source's own; is the message meant for another source?");

    /// <summary>For training.</summary>
    public static readonly IssueCode Hl7ProcessingId = new("LHC635", Error, "not-supported", 400, "Only messages for production (MSH-11 P) are taken into records.");

    /// <summary>Another version.</summary>
    public static readonly IssueCode Hl7Version = new("LHC636", Error, "not-supported", 400, "The version (MSH-12) is none of HL7 v2.");

    /// <summary>Not HL7 v2 by its own word.</summary>
    public static readonly IssueCode WrongHl7ContentType = new("LHC637", Error, "not-supported", 415, "Send one HL7 v2 message as x-application/hl7-v2+er7, application/hl7-v2 or text/plain, not compressed.");
}
