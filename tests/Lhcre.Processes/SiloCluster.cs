using Lhcre.Record;

namespace Lhcre.Processes;

/// <summary>Silo processes that share one database, one pseudonym key, and the URL under which all are reached by their clients.</summary>
public sealed class SiloCluster : IAsyncDisposable
{
    /// <summary>What clients are told that the server is called. Nothing listens there: a load balancer would.</summary>
    public const string BaseUrl = "http://record.example:8080";

    private readonly SiloProcess[] _silos;
    private readonly List<string> _ended = [];

    private SiloCluster(SiloProcess[] silos) => _silos = silos;

    /// <summary>The key under which the tests' data are kept.</summary>
    public static PseudonymKey Pseudonym { get; } = new(KeyBytes);

    /// <summary>The silos by number; a restarted one is a new process.</summary>
    public IReadOnlyList<SiloProcess> Silos => _silos;

    private static byte[] KeyBytes => [.. Enumerable.Range(1, PseudonymKey.Length).Select(n => (byte)n)];

    /// <summary>The environment that every process of a cluster needs.</summary>
    public static IReadOnlyList<(string Name, string Value)> Environment => [("LHCRE_PSEUDONYM_KEY", Convert.ToBase64String(KeyBytes))];

    /// <summary>How one silo of a cluster on this database is started, on ports of its own.</summary>
    public static SiloPlan Plan(string connectionString) =>
        SiloPlan.On(["--postgres", connectionString], [.. Environment]) with { More = ["--base-url", BaseUrl] };

    /// <summary>Applies the schema.</summary>
    public static Task<(int ExitCode, string Output)> Migrate(string connectionString) =>
        SiloProcess.Run(["migrate", "--postgres", connectionString], Environment);

    /// <summary>Applies the schema and starts the silos, together; returns when all are ready.</summary>
    public static Task<SiloCluster> Start(string connectionString, int silos = 3) =>
        Start(connectionString, [.. Enumerable.Range(0, silos).Select(_ => Plan(connectionString))]);

    /// <summary>The same with silos as they are planned.</summary>
    public static async Task<SiloCluster> Start(string connectionString, params SiloPlan[] plans)
    {
        var (exitCode, output) = await Migrate(connectionString);
        if (exitCode != 0)
            throw new InvalidOperationException($"migrate ended with {exitCode}: {output}");
        return new SiloCluster(await Task.WhenAll(plans.Select(SiloProcess.Serve)));
    }

    /// <summary>What every silo of this cluster has written, those that have ended too.</summary>
    public IEnumerable<string> Output => _ended.Concat(_silos.Select(s => s.Output)).SelectMany(o => o.Split('\n'));

    /// <summary>Starts a silo again that has ended, on its ports, and waits until it is ready.</summary>
    public async Task Restart(int silo)
    {
        var ended = _silos[silo];
        await ended.DisposeAsync();
        _ended.Add(ended.Output);
        _silos[silo] = await SiloProcess.Serve(ended.Plan);
    }

    /// <summary>Starts every silo again that has ended; returns when all are ready.</summary>
    public async Task MakeWhole()
    {
        for (var i = 0; i < _silos.Length; i++)
        {
            if (_silos[i].HasExited)
                await Restart(i);
            else
                await _silos[i].Ready();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
            await silo.DisposeAsync();
    }
}
