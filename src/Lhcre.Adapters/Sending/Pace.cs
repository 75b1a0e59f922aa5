namespace Lhcre.Adapters.Sending;

/// <summary>
/// How long to wait: as long as the record says, and doubled from failure to failure, spread so that many adapters do not come back in step. What
/// the record says of itself holds for everything that goes there.
/// </summary>
internal sealed class Pace(SenderOptions options, TimeProvider time, Func<double> jitter)
{
    // A timer takes no more than 49 days, and a Retry-After may say anything.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private DateTimeOffset _notBefore;

    /// <summary>Waits until the record may be asked again; ends early where it is stopped.</summary>
    public async Task Wait(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && Remaining() is { } wait && wait > TimeSpan.Zero)
            await Delay(wait, stop);
    }

    /// <summary>Nothing goes there for so long.</summary>
    public void Hold(TimeSpan wait)
    {
        var until = time.GetUtcNow() + wait;
        lock (_gate)
            _notBefore = until > _notBefore ? until : _notBefore;
    }

    /// <summary>How long a push waits behind its n-th try, from 1; never less than it was told.</summary>
    /// <param name="tries">How often it was sent.</param>
    /// <param name="told">Retry-After; null where there was none.</param>
    public TimeSpan After(int tries, TimeSpan? told)
    {
        double random;
        lock (_gate)
            random = jitter();
        // Half of it is sure, half is chance ("equal jitter"): never at once, and never all together.
        var doubled = options.FirstWait * Math.Pow(2, Math.Min(tries - 1, 20));
        var wait = (doubled < options.LongestWait ? doubled : options.LongestWait) * (0.5 + (0.5 * random));
        return told is { } least && least >= wait ? least + (options.FirstWait * random) : wait;
    }

    /// <summary>Waits; ends early where it is stopped.</summary>
    public async Task Delay(TimeSpan wait, CancellationToken stop)
    {
        var until = time.GetUtcNow() + wait;
        for (var left = wait; left > TimeSpan.Zero && !stop.IsCancellationRequested; left = until - time.GetUtcNow())
            await DelayQuietly(Task.Delay(left < LongestTimer ? left : LongestTimer, time, stop));
    }

    private static async Task DelayQuietly(Task delay) => await delay.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private TimeSpan? Remaining()
    {
        lock (_gate)
            return _notBefore - time.GetUtcNow();
    }
}
