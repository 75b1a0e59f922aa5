using Lhcre.Record;

namespace Lhcre.Silo.Sources;

/// <summary>What the sender of an HL7 v2 message gets back.</summary>
/// <param name="Code">MSA-1: <c>AA</c>, <c>AE</c> or <c>AR</c>.</param>
/// <param name="Bytes">The acknowledgement, without the bytes of a frame.</param>
/// <param name="Codes">The codes of what it was refused for; empty where it was not.</param>
/// <param name="Again">Why it could not be written now and is to be sent again; null where it was, or never will be.</param>
internal sealed record Hl7Answer(string Code, byte[] Bytes, IReadOnlyList<string> Codes, IssueCode? Again = null)
{
    /// <summary>MSA-1 of what was taken in.</summary>
    public const string Accepted = "AA";

    /// <summary>MSA-1 of what was refused for what it says, or could not be written now.</summary>
    public const string Failed = "AE";

    /// <summary>MSA-1 of what is no message for us.</summary>
    public const string Rejected = "AR";

    /// <summary>Without the acknowledgement, which quotes the message.</summary>
    public override string ToString() => $"{Code} {string.Join(' ', Codes)}";
}
