namespace Lhcre.Intake.V2;

/// <summary>What one HL7 v2 message may ask of us, beside the bytes that a body or frame may have.</summary>
public static class Hl7Limits
{
    /// <summary>Segments in a message: 20,000. Long reports come as some thousands of OBX at most.</summary>
    public const int Segments = 20_000;

    /// <summary>Fields in a segment: 1,000. The standard's longest has about a hundred.</summary>
    public const int Fields = 1_000;

    /// <summary>Repetitions in a segment, all fields together: 10,000.</summary>
    public const int Repetitions = 10_000;

    /// <summary>Bytes of an MSH: 16 KiB.</summary>
    public const int HeaderBytes = 16 * 1024;
}
