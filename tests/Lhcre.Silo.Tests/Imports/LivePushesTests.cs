using Lhcre.Contracts;
using Lhcre.Silo.Sources;

namespace Lhcre.Silo.Tests.Imports;

public sealed class LivePushesTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly LivePushes _live = new(TimeProvider.System);

    public void Dispose() => _live.Dispose();

    [Fact]
    public async Task Where_no_push_is_under_way_nobody_waits()
    {
        _live.Begin().Dispose();

        var wait = _live.GiveWay(default).AsTask();
        Assert.True(wait.IsCompletedSuccessfully);
        await wait;
    }

    [Fact]
    public async Task A_push_that_is_under_way_goes_first_and_its_end_counts_once()
    {
        var (push, other) = (_live.Begin(), _live.Begin());
        push.Dispose();
        push.Dispose();

        Assert.False(_live.GiveWay(default).AsTask().IsCompleted);
        other.Dispose();
        var wait = _live.GiveWay(default).AsTask();
        Assert.True(wait.IsCompletedSuccessfully);
        await wait;
    }

    [Fact]
    public async Task A_backfill_goes_on_in_the_end_however_busy_the_feeds_are()
    {
        using var push = _live.Begin();

        await _live.GiveWay(default).AsTask().WaitAsync(Soon);
        Assert.Equal(3, await Backfill(() => 3).WaitAsync(Soon));
    }

    [Fact]
    public async Task Whoever_is_stopped_waits_no_longer()
    {
        using var push = _live.Begin();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _live.GiveWay(stop.Token).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _live.Read(Lane.Backfill, () => 3, stop.Token).AsTask());
    }

    [Fact]
    public async Task What_is_live_is_read_at_once_and_so_is_a_backfill_that_is_alone()
    {
        Assert.True(Backfill(() => 1).IsCompletedSuccessfully);
        using var push = _live.Begin();
        Assert.True(_live.Read(Lane.Live, () => 1, default).AsTask().IsCompletedSuccessfully);
        var beside = Backfill(() => 1);
        Assert.False(beside.IsCompleted);
        Assert.Equal(1, await beside.WaitAsync(Soon));
    }

    [Fact]
    public async Task Beside_live_pushes_a_backfill_leaves_a_processor_to_them()
    {
        _live.Begin().Dispose();
        var (reading, most) = (0, 0);
        var gate = new Lock();

        await Task.WhenAll(Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(_ => Task.Run(() => Backfill(Busy)))).WaitAsync(Soon);

        Assert.InRange(most, 1, Math.Max(1, Environment.ProcessorCount - 1));

        int Busy()
        {
            lock (gate)
                most = Math.Max(most, ++reading);
            SpinWait.SpinUntil(() => false, TimeSpan.FromMilliseconds(5));
            lock (gate)
                return --reading;
        }
    }

    [Fact]
    public async Task What_cannot_be_read_leaves_its_place_to_the_next()
    {
        _live.Begin().Dispose();
        for (var i = 0; i <= Environment.ProcessorCount; i++)
            await Assert.ThrowsAsync<FormatException>(() => Backfill(() => throw new FormatException()));

        Assert.Equal(2, await Backfill(() => 2).WaitAsync(Soon));
    }

    private Task<int> Backfill(Func<int> read) => _live.Read(Lane.Backfill, read, default).AsTask();
}
