using Lhcre.Cluster.Tests.Load;
using Lhcre.Grains.Journal;
using Lhcre.Processes;

namespace Lhcre.Cluster.Tests;

/// <summary>
/// Three silos on a PostgreSQL of their own, for all cases: starting them takes longer than most of what is done to them. Each case has people
/// of its own, and gets the cluster whole.
/// </summary>
public sealed class SharedCluster : IAsyncLifetime
{
    private SiloCluster? _cluster;
    private string _database = "";

    /// <summary>The server, which cases stop and kill: never one that somebody else may need.</summary>
    public PostgresServer Server { get; private set; } = null!;

    /// <summary>The connection string of the cluster's database.</summary>
    public string Database => _database;

    /// <summary>All three silos, ready.</summary>
    public async Task<SiloCluster> Whole()
    {
        if (_cluster is null)
            _cluster = await SiloCluster.Start(_database);
        else
            await _cluster.MakeWhole();
        return _cluster;
    }

    public async Task InitializeAsync()
    {
        Server = await PostgresServer.StartOwn();
        _database = await Server.CreateDatabase();
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        await Server.DisposeAsync();
    }

    /// <summary>The journal's rows held against a ledger.</summary>
    internal Task<Rows> Rows(Ledger ledger) => Rows(_database, ledger);

    /// <summary>The same of another database.</summary>
    internal static async Task<Rows> Rows(string database, Ledger ledger)
    {
        await using var journal = await PostgresJournal.Open(database, SiloCluster.Pseudonym.Fingerprint, CancellationToken.None);
        return await Load.Rows.Of(journal, ledger);
    }
}

[CollectionDefinition(nameof(SharedCluster))]
public sealed class SharedClusterCollection : ICollectionFixture<SharedCluster>;
