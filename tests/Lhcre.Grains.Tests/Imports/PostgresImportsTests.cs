using Lhcre.Grains.Imports;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Processes;

namespace Lhcre.Grains.Tests.Imports;

[Collection(PostgresFixture.Collection.Name)]
public sealed class PostgresImportsTests(PostgresFixture fixture) : ImportJournalSpec
{
    private static string? _database;
    private bool _isEmpty;

    protected override async Task<IImportJournal> Open()
    {
        _database ??= await fixture.Migrated();
        if (!_isEmpty)
        {
            await PostgresServer.Execute(_database, "DELETE FROM import; DELETE FROM import_piece; DELETE FROM import_refused");
            _isEmpty = true;
        }

        return PostgresImports.Open(_database);
    }

    [Fact]
    public async Task What_is_closed_or_out_of_reach_is_unavailable()
    {
        await Imports.DisposeAsync();
        await using var nowhere = PostgresImports.Open("Host=127.0.0.1;Port=1;Username=nobody;Timeout=1");

        await Assert.ThrowsAsync<JournalUnavailableException>(() => Imports.Find("dorset", "a", None));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => nowhere.Find("dorset", "a", None));
    }
}
