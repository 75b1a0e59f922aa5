using Lhcre.Grains.Journal;
using Lhcre.Processes;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>The contract, on PostgreSQL: one database, emptied before each test.</summary>
[Collection(PostgresFixture.Collection.Name)]
public sealed class PostgresJournalSpecTests(PostgresFixture fixture) : JournalSpec
{
    private static string? _database;
    private bool _isEmpty;

    protected override async Task<IJournal> Open()
    {
        _database ??= await fixture.Migrated();
        if (!_isEmpty)
        {
            // A TRUNCATE of some sixty tables and indexes takes longer than the tests do.
            await PostgresServer.Execute(_database, """
                DELETE FROM record_head; DELETE FROM record_log; DELETE FROM record_chunk; DELETE FROM source_index; DELETE FROM local_identifier;
                DELETE FROM supporting; DELETE FROM supporting_use; DELETE FROM parked; DELETE FROM answer; DELETE FROM follow_up
                """);
            _isEmpty = true;
        }

        return await PostgresJournal.Open(_database, "fingerprint", None);
    }
}
