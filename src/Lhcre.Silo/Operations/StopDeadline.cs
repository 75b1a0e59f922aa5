using System.Diagnostics;

namespace Lhcre.Silo.Operations;

/// <summary>
/// The end of a stop that does not end by itself, such as one that waits for a database that is away: 29 s after it began the process is gone.
/// What was acknowledged is on disk, and the others miss this silo as they would one that was killed.
/// </summary>
internal sealed class StopDeadline(TimeProvider clock, TextWriter error) : IAsyncDisposable
{
    /// <summary>How long a stop may take: 29 s, within the 30 s that are promised to whoever sends SIGTERM.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(29);

    private ITimer? _timer;

    /// <summary>The stop begins.</summary>
    public void Begin() => _timer ??= clock.CreateTimer(End, null, Within, Timeout.InfiniteTimeSpan);

    /// <summary>It has ended in time.</summary>
    public ValueTask DisposeAsync() => _timer?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void End(object? state)
    {
        error.WriteLine($"The stop did not end within {Within.TotalSeconds:0} s: this process ends now. What was acknowledged is on disk.");
        error.Flush();
        using var self = Process.GetCurrentProcess();
        // Not Environment.Exit, which waits for the very stop that does not end.
        self.Kill();
    }
}
