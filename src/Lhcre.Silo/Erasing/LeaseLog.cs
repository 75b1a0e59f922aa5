namespace Lhcre.Silo.Erasing;

/// <summary>What is logged of what is erased: by source, never by person.</summary>
internal static partial class LeaseLog
{
    [LoggerMessage(1, LogLevel.Information, "What was pulled from {Source} for a visit that is over was erased")]
    public static partial void Ended(ILogger logger, string source);

    [LoggerMessage(2, LogLevel.Error, "What was pulled from {Source} for a visit that is over could not be erased: {Failure}; it is tried again")]
    public static partial void Failed(ILogger logger, string source, string failure);

    [LoggerMessage(3, LogLevel.Warning, "{Count} visits are over whose records could not be erased; they are tried again in {Seconds} s")]
    public static partial void Left(ILogger logger, int count, double seconds);

    [LoggerMessage(4, LogLevel.Error, "Erasing what is due was interrupted by {Failure}; it goes on in {Seconds} s")]
    public static partial void Interrupted(ILogger logger, string failure, double seconds);
}
