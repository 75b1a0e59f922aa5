using Lhcre.Grains.Journal;
using Lhcre.Processes;
using Npgsql;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>One server for all tests of the PostgreSQL journal that leave it alone.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private string _template = "";

    internal PostgresServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await PostgresServer.Start();
        var migrated = await Server.CreateDatabase();
        await PostgresSchema.Migrate(migrated, "fingerprint", default);
        _template = new NpgsqlConnectionStringBuilder(migrated).Database!;
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>A new database with the schema and nothing in it.</summary>
    internal Task<string> Migrated() => Server.CreateDatabase(_template);

    /// <summary>Takes everything out of a database. A TRUNCATE of its sixty tables and indexes would take longer than most tests.</summary>
    internal static Task Clear(string database) => PostgresServer.Execute(database, """
        DELETE FROM record_head; DELETE FROM record_log; DELETE FROM record_chunk; DELETE FROM source_index; DELETE FROM local_identifier; DELETE FROM person_index;
        DELETE FROM supporting; DELETE FROM supporting_use; UPDATE parked SET discarded_at = NULL; DELETE FROM parked; DELETE FROM refused; DELETE FROM answer; DELETE FROM follow_up;
        DELETE FROM lease; DELETE FROM lhcre_meta WHERE name = 'erased'
        """);

    /// <summary>A new database with nothing in it.</summary>
    internal Task<string> Empty() => Server.CreateDatabase();

    [CollectionDefinition(Name)]
    public sealed class Collection : ICollectionFixture<PostgresFixture>
    {
        public const string Name = "PostgreSQL";
    }
}
