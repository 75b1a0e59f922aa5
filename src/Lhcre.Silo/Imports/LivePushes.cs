namespace Lhcre.Silo.Imports;

/// <summary>
/// How many live pushes this process is carrying out: what nobody waits for lets them go first. Lanes do so at the journal; this does where the
/// processors are what is short.
/// </summary>
internal sealed class LivePushes(TimeProvider clock)
{
    // An import goes on in the end, however busy the feeds are: with a ninth of the time.
    private const int Times = 8;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private int _underWay;

    /// <summary>A live push begins; it ends with what is returned.</summary>
    public IDisposable Begin() => new Push(this);

    /// <summary>
    /// Returns when no live push is under way; at the latest after eight times as long as was worked before, but 4 to 100 ms.
    /// </summary>
    public async ValueTask GiveWay(TimeSpan worked, CancellationToken cancellation)
    {
        var began = 0L;
        var most = worked * Times < Shortest ? Shortest : worked * Times > Longest ? Longest : worked * Times;
        while (Volatile.Read(ref _underWay) > 0)
        {
            began = began == 0 ? clock.GetTimestamp() : began;
            if (clock.GetElapsedTime(began) > most)
                return;
            await Task.Delay(Moment, clock, cancellation);
        }
    }

    private sealed class Push : IDisposable
    {
        private LivePushes? _pushes;

        public Push(LivePushes pushes)
        {
            _pushes = pushes;
            Interlocked.Increment(ref pushes._underWay);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _pushes, null) is { } pushes)
                Interlocked.Decrement(ref pushes._underWay);
        }
    }
}
