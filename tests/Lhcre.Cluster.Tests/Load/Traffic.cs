using System.Diagnostics;
using Lhcre.Processes;

namespace Lhcre.Cluster.Tests.Load;

/// <summary>Pushers and readers of the same people, through one balancer, against one ledger.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopReading = new();
    private readonly CancellationTokenSource _stopPushing = new();
    private Task _reading = Task.CompletedTask;
    private Task _pushing = Task.CompletedTask;

    private Traffic(IEnumerable<SiloProcess> silos, int people, int seed, TimeSpan rest)
    {
        Seed = seed;
        People = Person.Fresh(people);
        Balancer = new Balancer(silos);
        Pushers = new Pushers(Balancer, Ledger, People, seed) { Rest = rest };
        Readers = new Readers(Balancer, Ledger, People);
    }

    public int Seed { get; }

    public IReadOnlyList<Person> People { get; }

    public Balancer Balancer { get; }

    public Ledger Ledger { get; } = new();

    public Pushers Pushers { get; }

    public Readers Readers { get; }

    /// <summary>People who are known to their sources and have been looked up once.</summary>
    public static async Task<Traffic> To(IReadOnlyList<SiloProcess> silos, int people, int seed, TimeSpan rest = default)
    {
        var traffic = new Traffic(silos, people, seed, rest);
        await Task.WhenAll(silos.Select(s => traffic.Balancer.InService(s.Url)));
        await traffic.Pushers.Introduce();
        await traffic.Readers.LookUpAll(Stopwatch.StartNew());
        return traffic;
    }

    /// <summary>Lets them go: the pushers until so many pushes are acknowledged.</summary>
    public void Begin(int writers, int readers, int acknowledged = int.MaxValue)
    {
        _pushing = Pushers.Run(writers, acknowledged, _stopPushing.Token);
        _reading = Readers.Run(readers, Seed, _stopReading.Token);
    }

    /// <summary>Waits until so many pushes are acknowledged.</summary>
    public async Task Reach(int acknowledged)
    {
        while (Ledger.Acknowledged.Count < acknowledged && !_pushing.IsCompleted)
            await Task.Delay(10);
    }

    /// <summary>Waits until the pushers are through.</summary>
    public async Task Finish()
    {
        await _pushing;
        await _stopReading.CancelAsync();
        await _reading;
    }

    /// <summary>Lets everybody end what was begun.</summary>
    public async Task End()
    {
        await _stopPushing.CancelAsync();
        await Finish();
    }

    /// <summary>What failed, by kind and number, for a line of figures.</summary>
    public string FailuresByKind() => Ledger.Failures.Count == 0
        ? "none"
        : string.Join(", ", Ledger.Failures.GroupBy(f => f).OrderByDescending(g => g.Count()).Take(8).Select(g => $"{g.Count()} × {g.Key}"));

    public async ValueTask DisposeAsync()
    {
        await _stopPushing.CancelAsync();
        await _stopReading.CancelAsync();
        // A case that has failed already must not wait for writers that nobody will answer.
        await Task.WhenAny(Task.WhenAll(_pushing, _reading), Task.Delay(TimeSpan.FromSeconds(5)));
        await Balancer.DisposeAsync();
        _stopPushing.Dispose();
        _stopReading.Dispose();
    }
}
