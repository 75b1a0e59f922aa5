namespace Lhcre.Silo.Tests.Load;

/// <summary>A clock that is set forward instead of waiting: a delay ends at once, and its length has passed.</summary>
internal sealed class SwiftTime : TimeProvider
{
    private readonly Lock _lock = new();
    private DateTimeOffset _now = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>All that was waited.</summary>
    public TimeSpan Waited => GetUtcNow() - new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan)
            return base.CreateTimer(callback, state, dueTime, period);
        lock (_lock)
            _now += dueTime;
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
