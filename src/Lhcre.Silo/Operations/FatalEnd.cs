using System.Diagnostics;

namespace Lhcre.Silo.Operations;

/// <summary>
/// The end of a silo that must not go on, most of all of one that the others have declared dead: at once, without a farewell (its records are
/// others' by now), and without a core dump, which would hold patients' data. Whoever keeps it running starts it again.
/// </summary>
internal sealed class FatalEnd(ILogger<FatalEnd> logger) : IFatalErrorHandler
{
    /// <inheritdoc/>
    public bool IsUnexpected(Exception exception) => exception is not (ThreadAbortException or OperationCanceledException);

    /// <inheritdoc/>
    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        EdgeLog.FatalEnd(logger, context ?? "no reason was given", exception?.GetType().Name ?? "no exception");
        // The logger writes behind our back, and this process ends before it does.
        Console.Error.WriteLine($"This silo ends at once: {context}");
        Console.Error.Flush();
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
