using Lhcre.Grains.Journal;
using Lhcre.Processes;

namespace Lhcre.Silo.Tests.Cluster;

/// <summary>A PostgreSQL server for the tests of this folder, and databases on it that hold what Orleans keeps.</summary>
public sealed class Database : IAsyncLifetime
{
    private PostgresServer _server = null!;

    public async Task InitializeAsync() => _server = await PostgresServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    /// <summary>A new one; its connection string.</summary>
    public async Task<string> Create()
    {
        var connection = await _server.CreateDatabase();
        await PostgresSchema.Migrate(connection, Http.TestSilo.Pseudonym.Fingerprint, CancellationToken.None);
        return connection;
    }
}

[CollectionDefinition(nameof(Database))]
public sealed class DatabaseCollection : ICollectionFixture<Database>;
