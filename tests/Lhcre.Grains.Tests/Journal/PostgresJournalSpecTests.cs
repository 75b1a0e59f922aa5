using Lhcre.Grains.Journal;

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
            await PostgresFixture.Clear(_database);
            _isEmpty = true;
        }

        return await PostgresJournal.Open(_database, "fingerprint", None);
    }
}
