namespace Lhcre.Silo.Operations;

/// <summary>What the edge logs. Routes by template, failures by type: never a path, a query, an id or a value.</summary>
internal static partial class EdgeLog
{
    [LoggerMessage(1, LogLevel.Error, "Request {RequestId} to {Route} failed with {Failure} at {Place}")]
    public static partial void RequestFailed(ILogger logger, string requestId, string route, string failure, string place);

    [LoggerMessage(2, LogLevel.Warning, "The journal is unavailable: {Reason}")]
    public static partial void JournalUnavailable(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Follow-ups were interrupted by {Failure}; they are taken up again in {Seconds} s")]
    public static partial void FollowUpsInterrupted(ILogger logger, string failure, double seconds);

    [LoggerMessage(6, LogLevel.Information, "{Described} people of earlier records can be searched for from now on; {Failed} records could not be read")]
    public static partial void PeopleDescribed(ILogger logger, int described, int failed);

    [LoggerMessage(5, LogLevel.Critical, "This silo ends at once: {Context} ({Failure})")]
    public static partial void FatalEnd(ILogger logger, string context, string failure);

    [LoggerMessage(4, LogLevel.Error, "A follow-up failed with {Failure}; it is tried again, and those behind it go on")]
    public static partial void FollowUpFailed(ILogger logger, string failure);

    [LoggerMessage(7, LogLevel.Error, "What a record withholds could not be reviewed: {Failure}; the others are")]
    public static partial void ReviewFailed(ILogger logger, string failure);
}
