using Microsoft.Extensions.Logging;

namespace Lhcre.Grains;

/// <summary>What is logged of warm records: numbers of them, never whose.</summary>
internal static partial class ResidentsLog
{
    [LoggerMessage(1, LogLevel.Warning, "The warm records cannot be held against the journal: {Reason} Lookups go on, and are marked as unconfirmed after 15 s")]
    public static partial void Unchecked(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Information, "The warm records are held against the journal again")]
    public static partial void CheckedAgain(ILogger logger);

    [LoggerMessage(3, LogLevel.Information, "{Count} warm records of {Bytes} bytes go, for a budget of {Budget} bytes")]
    public static partial void Shed(ILogger logger, int count, long bytes, long budget);

    [LoggerMessage(4, LogLevel.Information, "Warm records at the stop: {HandedOver} handed over, {LeftBehind} left to be read from the journal, {Remaining} still here")]
    public static partial void Parted(ILogger logger, int handedOver, int leftBehind, int remaining);

    [LoggerMessage(5, LogLevel.Warning, "A record could not be folded: {Reason} It is tried again")]
    public static partial void Unfolded(ILogger logger, string reason);
}
