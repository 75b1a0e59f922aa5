namespace Lhcre.Silo.Imports;

/// <summary>What is logged of imports. Their ids are without meaning; failures by type: never a line's text or an id of a source's own.</summary>
internal static partial class ImportLog
{
    [LoggerMessage(601, LogLevel.Information, "Import {Import} of {Source} was accepted: {Lines} lines, {Bytes} bytes")]
    public static partial void Accepted(ILogger logger, string import, string source, long lines, long bytes);

    [LoggerMessage(602, LogLevel.Information, "Import {Import} of {Source} is done: {Applied} applied, {Unchanged} unchanged, {Parked} parked, {Refused} refused")]
    public static partial void Done(ILogger logger, string import, string source, long applied, long unchanged, long parked, long refused);

    [LoggerMessage(603, LogLevel.Error, "Lines of import {Import} failed with {Failure}; they are tried one by one, and one that fails alone is refused")]
    public static partial void LineFailed(ILogger logger, string import, string failure);

    [LoggerMessage(604, LogLevel.Warning, "Imports were interrupted by {Failure}; they are taken up again in {Seconds} s")]
    public static partial void Interrupted(ILogger logger, string failure, double seconds);

    [LoggerMessage(605, LogLevel.Information, "A piece of import {Import} is another silo's by now, or the import was cancelled")]
    public static partial void Lost(ILogger logger, string import);
}
