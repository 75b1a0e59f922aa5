namespace Lhcre.Silo.Sources;

/// <summary>What is logged of HL7 v2 messages, however they came: never a control id or anything else of one.</summary>
internal static partial class Hl7Log
{
    [LoggerMessage(30, LogLevel.Error, "{Source}: taking in a message of HL7 v2 failed with {Failure} at {Place}; it is kept as a refused letter")]
    public static partial void Failed(ILogger logger, string source, string failure, string place);
}
