using Lhcre.Contracts;

namespace Lhcre.Silo.Sources;

/// <summary>
/// How many live pushes this process is carrying out: what nobody waits for lets them go first. Lanes do so at the journal; this does where the
/// processors are what is short.
/// </summary>
internal sealed class LivePushes(TimeProvider clock) : IDisposable
{
    // A backfill goes on in the end, however busy the feeds are: with a ninth of the time.
    private const int Times = 8;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    // Live pushes come in their seconds, or not at all, as in the night when backfills run.
    private static readonly TimeSpan Lull = TimeSpan.FromSeconds(1);

    // One processor stays free for whoever comes meanwhile: reading a large Bundle cannot be interrupted.
    private readonly SemaphoreSlim _readers = new(Math.Max(1, Environment.ProcessorCount - 1));

    private int _underWay;
    private long _lastRead;
    private long _lastBegun = clock.GetTimestamp() - (clock.TimestampFrequency * (long)Lull.TotalSeconds);

    /// <summary>A live push begins; it ends with what is returned.</summary>
    public IDisposable Begin()
    {
        Interlocked.Exchange(ref _lastBegun, clock.GetTimestamp());
        Interlocked.Increment(ref _underWay);
        return new Push(this);
    }

    /// <summary>Returns when no live push is under way; at the latest after 100 ms.</summary>
    public ValueTask GiveWay(CancellationToken cancellation) => GiveWay(Longest, cancellation);

    /// <summary>
    /// Reads what was sent, which is most of what a push costs. In the backfill lane, unless no live push has come for a second, this is done by
    /// one processor fewer than there are, and after giving way: at most eight times as long as was read before, but 4 to 100 ms.
    /// </summary>
    /// <param name="lane">Whether somebody waits for it.</param>
    /// <param name="read">Reads; on the caller's thread.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async ValueTask<T> Read<T>(Lane lane, Func<T> read, CancellationToken cancellation)
    {
        if (lane == Lane.Live || clock.GetElapsedTime(Interlocked.Read(ref _lastBegun)) >= Lull)
            return read();
        await _readers.WaitAsync(cancellation);
        try
        {
            await GiveWay(TimeSpan.FromTicks(Interlocked.Read(ref _lastRead)) * Times, cancellation);
            var began = clock.GetTimestamp();
            var done = read();
            Interlocked.Exchange(ref _lastRead, clock.GetElapsedTime(began).Ticks);
            return done;
        }
        finally
        {
            _readers.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _readers.Dispose();

    private async ValueTask GiveWay(TimeSpan most, CancellationToken cancellation)
    {
        var began = 0L;
        while (Volatile.Read(ref _underWay) > 0)
        {
            began = began == 0 ? clock.GetTimestamp() : began;
            if (clock.GetElapsedTime(began) > (most < Shortest ? Shortest : most > Longest ? Longest : most))
                return;
            await Task.Delay(Moment, clock, cancellation);
        }
    }

    private sealed class Push(LivePushes pushes) : IDisposable
    {
        private LivePushes? _pushes = pushes;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _pushes, null) is { } pushes)
                Interlocked.Decrement(ref pushes._underWay);
        }
    }
}
