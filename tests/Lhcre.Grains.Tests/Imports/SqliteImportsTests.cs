using Lhcre.Grains.Imports;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Microsoft.Data.Sqlite;

namespace Lhcre.Grains.Tests.Imports;

public sealed class SqliteImportsTests : ImportJournalSpec
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();

    protected override Task<IImportJournal> Open() => Task.FromResult<IImportJournal>(SqliteImports.Open(_folder.Path, TimeProvider.System));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Remove();
    }

    [Fact]
    public async Task What_a_killed_process_held_is_free_at_the_next_start()
    {
        var upload = ((ImportBegin.Open)await Imports.Begin("a", "dorset", DateTimeOffset.UnixEpoch, Long, 9, None)).Upload;
        await Imports.Store(upload, new ImportPiece(0, false, 1, 1, new byte[1]), Long, None);
        await Imports.Accept(upload, 1, 1, [], DateTimeOffset.UnixEpoch, None);
        Assert.NotNull(await Imports.Take(DateTimeOffset.UnixEpoch, Long, None));

        // What a killed process leaves: the two files as they are.
        var crashed = Directory.CreateDirectory(_folder["crashed"]).FullName;
        foreach (var file in new[] { "imports.db", "imports.db-wal" })
            File.Copy(_folder[file], Path.Combine(crashed, file));
        await using var after = SqliteImports.Open(crashed, TimeProvider.System);

        Assert.NotNull(await after.Take(DateTimeOffset.UnixEpoch, Long, None));
        Assert.Equal(1, (await after.Find("dorset", "a", None))!.Resumed);
    }

    [Fact]
    public void Only_its_owner_may_read_the_file()
    {
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["imports.db"]));
    }

    [Fact]
    public async Task A_file_of_a_newer_release_is_refused()
    {
        await Imports.DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={_folder["imports.db"]};Pooling=False"))
        {
            connection.Open();
            using var command = new SqliteCommand("PRAGMA user_version = 99", connection);
            command.ExecuteNonQuery();
        }

        Assert.Throws<JournalSchemaException>(() => SqliteImports.Open(_folder.Path, TimeProvider.System));
    }

    [Fact]
    public async Task What_is_closed_is_unavailable()
    {
        await Imports.DisposeAsync();

        await Assert.ThrowsAsync<JournalUnavailableException>(() => Imports.Find("dorset", "a", None));
    }
}
