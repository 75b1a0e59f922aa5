namespace Lhcre.Simulation;

/// <summary>The time of the simulated world, which passes with its turns and may be moved.</summary>
internal sealed class WorldTime(Turns turns)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(7);

    private TimeSpan _passed;

    /// <summary>Now, by a clock that is right.</summary>
    public DateTimeOffset Now => Start + _passed + turns.Taken * Turn;

    /// <summary>Lets time pass.</summary>
    public void Pass(TimeSpan time) => _passed += time;

    /// <summary>Starts a timer, which waits for its time as everything else does: turn by turn.</summary>
    public ITimer Timer(TimerCallback callback, object? state, TimeSpan due, TimeSpan period) => new TurnTimer(this, callback, state, due, period);

    private sealed class TurnTimer : ITimer
    {
        private readonly WorldTime _time;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private int _changes;

        public TurnTimer(WorldTime time, TimerCallback callback, object? state, TimeSpan due, TimeSpan period)
        {
            (_time, _callback, _state) = (time, callback, state);
            Change(due, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period.Ticks > 0)
                throw new NotSupportedException("Nothing here is due again and again.");
            _ = Wait(++_changes, dueTime);
            return true;
        }

        public void Dispose() => _changes++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task Wait(int change, TimeSpan due)
        {
            if (due == Timeout.InfiniteTimeSpan)
                return;
            var at = _time.Now + due;
            while (_time.Now < at && change == _changes)
                await Turns.Yield();
            if (change == _changes)
                _callback(_state);
        }
    }
}

/// <summary>A silo's clock: off by as much as <see cref="Skew"/>, which may change at any time, so that it steps forth and back.</summary>
internal sealed class SimulatedClock(WorldTime time) : TimeProvider
{
    /// <summary>How far ahead of the world it is; negative for behind.</summary>
    public TimeSpan Skew { get; set; }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => time.Now + Skew;

    /// <inheritdoc/>
    public override long GetTimestamp() => time.Now.UtcTicks;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.Timer(callback, state, dueTime, period);
}
