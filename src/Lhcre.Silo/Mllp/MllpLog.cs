namespace Lhcre.Silo.Mllp;

/// <summary>What operators are told of MLLP: sources, addresses of machines and codes. Never a control id or anything else of a message.</summary>
internal static partial class MllpLog
{
    [LoggerMessage(20, LogLevel.Information, "{Source} is listened to over MLLP on port {Port}{Tls}")]
    public static partial void Listening(ILogger logger, string source, int port, string tls);

    [LoggerMessage(21, LogLevel.Debug, "{Source}: {Sender} has connected")]
    public static partial void Opened(ILogger logger, string source, string sender);

    [LoggerMessage(22, LogLevel.Debug, "{Source}: {Sender} has left after {Messages} messages")]
    public static partial void Closed(ILogger logger, string source, string sender, long messages);

    [LoggerMessage(23, LogLevel.Warning, "{Source}: {Sender} was cut: {Code} {Meaning}")]
    public static partial void Cut(ILogger logger, string source, string sender, string code, string meaning);

    [LoggerMessage(24, LogLevel.Warning, "{Source}: a message from {Sender} was answered {Acknowledgement}: {Codes}")]
    public static partial void Refused(ILogger logger, string source, string sender, string acknowledgement, string codes);

    [LoggerMessage(25, LogLevel.Warning, "{Source}: a message from {Sender} began before the one ahead of it had ended; that one was not taken in")]
    public static partial void BegunAnew(ILogger logger, string source, string sender);

    [LoggerMessage(26, LogLevel.Error, "{Source}: the connection of {Sender} failed with {Failure} at {Place}")]
    public static partial void Failed(ILogger logger, string source, string sender, string failure, string place);
}
