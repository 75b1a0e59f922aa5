using Lhcre.Silo.Imports;

namespace Lhcre.Silo.Tests.Imports;

public sealed class LivePushesTests
{
    [Fact]
    public async Task Where_no_push_is_under_way_nobody_waits()
    {
        var live = new LivePushes(TimeProvider.System);
        live.Begin().Dispose();

        var wait = live.GiveWay(TimeSpan.FromSeconds(1), default).AsTask();
        Assert.True(wait.IsCompletedSuccessfully);
        await wait;
    }

    [Fact]
    public async Task A_push_that_is_under_way_goes_first_and_its_end_counts_once()
    {
        var live = new LivePushes(TimeProvider.System);
        var (push, other) = (live.Begin(), live.Begin());
        push.Dispose();
        push.Dispose();

        Assert.False(live.GiveWay(TimeSpan.FromSeconds(1), default).AsTask().IsCompleted);
        other.Dispose();
        var wait = live.GiveWay(TimeSpan.FromSeconds(1), default).AsTask();
        Assert.True(wait.IsCompletedSuccessfully);
        await wait;
    }

    [Fact]
    public async Task An_import_goes_on_in_the_end_however_busy_the_feeds_are()
    {
        var live = new LivePushes(TimeProvider.System);
        using var push = live.Begin();

        await live.GiveWay(TimeSpan.FromSeconds(1), default).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Whoever_is_stopped_waits_no_longer()
    {
        var live = new LivePushes(TimeProvider.System);
        using var push = live.Begin();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => live.GiveWay(TimeSpan.FromSeconds(1), stop.Token).AsTask());
    }
}
