namespace Lhcre.Silo.Corrections;

/// <summary>What is logged of corrections. Their ids are without meaning; failures by type.</summary>
internal static partial class CorrectionLog
{
    [LoggerMessage(621, LogLevel.Information, "Correction {Correction} of {Source} was ordered")]
    public static partial void Ordered(ILogger logger, string correction, string source);

    [LoggerMessage(622, LogLevel.Information, "Correction {Correction} of {Source} is done: {Told} records told, {Changed} changed, {Failed} could not be read")]
    public static partial void Done(ILogger logger, string correction, string source, long told, long changed, long failed);

    [LoggerMessage(623, LogLevel.Warning, "Corrections were interrupted by {Failure}; they are taken up again in {Seconds} s")]
    public static partial void Interrupted(ILogger logger, string failure, double seconds);

    [LoggerMessage(624, LogLevel.Error, "A record could not be told of correction {Correction}: {Failure}")]
    public static partial void RecordFailed(ILogger logger, string correction, string failure);
}
