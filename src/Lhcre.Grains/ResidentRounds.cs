using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lhcre.Grains;

/// <summary>Looks after the warm records every five seconds, and says at the stop what became of them.</summary>
internal sealed class ResidentRounds(Residents residents, TimeProvider clock) : BackgroundService, IHostedLifecycleService
{
    /// <summary>Every 5 s: a third of the time for which a check stands.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RestAfter = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>After the silo has stopped.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        residents.Part();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await residents.Check(stoppingToken);
            residents.Rest(RestAfter);
            residents.Shed();
        }
    }
}

/// <summary>What a host of patient grains needs.</summary>
public static class Residency
{
    /// <summary>Adds the register of warm records. <see cref="Journal.IJournal"/>, <see cref="Record.Addresses"/> and <see cref="TimeProvider"/> are the host's.</summary>
    public static IServiceCollection AddResidents(this IServiceCollection services, ResidentLimits limits) => services
        .AddSingleton(limits)
        .AddSingleton(s =>
        {
            var residents = ActivatorUtilities.CreateInstance<Residents>(s);
            if (s.GetService<IMeterFactory>() is { } meters)
                residents.Show(meters);
            return residents;
        })
        .AddHostedService<ResidentRounds>();
}
