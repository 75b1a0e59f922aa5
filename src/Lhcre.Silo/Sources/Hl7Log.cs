namespace Lhcre.Silo.Sources;

/// <summary>What is logged of HL7 v2 messages, however they came: never a control id or anything else of one.</summary>
internal static partial class Hl7Log
{
    [LoggerMessage(30, LogLevel.Error, "{Source}: taking in a message of HL7 v2 failed with {Failure} at {Place}; it is kept as a refused letter")]
    public static partial void Failed(ILogger logger, string source, string failure, string place);

    [LoggerMessage(31, LogLevel.Warning, "{Source}: a message from {Sender} over HTTP was answered {Acknowledgement}: {Codes}")]
    public static partial void Refused(ILogger logger, string source, string sender, string acknowledgement, string codes);
}
