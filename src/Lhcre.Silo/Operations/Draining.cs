namespace Lhcre.Silo.Operations;

/// <summary>
/// A silo that was told to stop says so (<see cref="Readiness"/>) and goes on serving for a while, until nobody is sent to it any more: only
/// then it takes no more requests, finishes those that it has, hands its records over and leaves the cluster.
/// </summary>
internal sealed class Draining(ServeOptions options, TimeProvider clock) : IHostedLifecycleService
{
    /// <summary>Waits, before anything else stops.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) =>
        options.Postgres is null ? Task.CompletedTask : Task.Delay(options.Drain, clock, cancellationToken);

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
