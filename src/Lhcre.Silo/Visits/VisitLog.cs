namespace Lhcre.Silo.Visits;

/// <summary>What is logged of pulls: by source, never by person.</summary>
internal static partial class VisitLog
{
    [LoggerMessage(1, LogLevel.Debug, "Pulled from {Source} for a visit in {Milliseconds} ms")]
    public static partial void Pulled(ILogger logger, string source, long milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "Pulling from {Source} for a visit ended with {Code} after {Milliseconds} ms")]
    public static partial void NotWhole(ILogger logger, string source, string code, long milliseconds);

    [LoggerMessage(3, LogLevel.Error, "Pulling from {Source} for a visit failed with {Failure} at {Place}")]
    public static partial void Failed(ILogger logger, string source, string failure, string place);

    [LoggerMessage(4, LogLevel.Warning, "More than {Most} people have come whose records are not warm yet; those of others are pulled when they are opened")]
    public static partial void TooManyArrivals(ILogger logger, int most);

    [LoggerMessage(5, LogLevel.Warning, "The record of somebody who has come could not be warmed: {Failure}; it is pulled when it is opened")]
    public static partial void NotWarmed(ILogger logger, string failure);
}
