using Lhcre.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lhcre.Grains.Feeds;

/// <summary>
/// Tells once a second what this silo heard of the sources, and takes what the others heard. Once before anything is served, so that no source
/// is said to be missing that is not, and once when it stops: what is killed loses the last second.
/// </summary>
internal sealed class SourceFeedRounds(
    SourceFeeds feeds, IGrainFactory grains, ILocalSiloDetails silo, TimeProvider clock, ILogger<SourceFeedRounds> logger) : BackgroundService
{
    /// <summary>Every second.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    // The storage may be slow when a whole cluster starts. Who serves before it has answered says that it does not know.
    private const int FirstTries = 3;

    private bool _isInterrupted;

    /// <summary>Behind the silo, and before the first request is taken.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < FirstTries && !feeds.IsKnown; i++)
            await Exchange(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Behind the last request, and before the silo stops.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Exchange(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await Exchange(stoppingToken);
    }

    // An edge: there is nobody to answer, and what was not told is told in the next round.
    private async Task Exchange(CancellationToken cancellation)
    {
        var untold = feeds.Untold();
        try
        {
            feeds.Told(untold, await grains.GetGrain<ISourceFeedsGrain>(ISourceFeedsGrain.Key).Exchange(untold).AsTask().WaitAsync(cancellation));
            var counts = feeds.Counts();
            // An address is given once: it has a number for each start.
            var name = silo.SiloAddress.ToParsableString();
            feeds.Totalled(counts, await grains.GetGrain<ISourceCountsGrain>(ISourceCountsGrain.Key).Count(name, counts).AsTask().WaitAsync(cancellation));
            if (_isInterrupted)
                FeedsLog.Resumed(logger);
            _isInterrupted = false;
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            feeds.Judge();
            if (!_isInterrupted)
                FeedsLog.Interrupted(logger, failure.GetType().Name);
            _isInterrupted = true;
        }
    }
}

/// <summary>What a host that answers for the sources' feeds needs.</summary>
public static class Listening
{
    /// <summary>
    /// Adds <see cref="SourceFeeds"/>, kept current; behind Orleans, so that it stops before it. <see cref="Record.SourceSystems"/>,
    /// <see cref="TimeProvider"/> and the grain storage <see cref="SideState.Name"/> are the host's.
    /// </summary>
    public static IServiceCollection AddSourceFeeds(this IServiceCollection services) =>
        services.AddSingleton<SourceFeeds>().AddHostedService<SourceFeedRounds>();
}

internal static partial class FeedsLog
{
    [LoggerMessage(1, LogLevel.Warning, "What the sources' feeds do could not be exchanged with the other silos ({Failure}); tried again every second")]
    public static partial void Interrupted(ILogger logger, string failure);

    [LoggerMessage(2, LogLevel.Information, "What the sources' feeds do is exchanged again")]
    public static partial void Resumed(ILogger logger);
}
