using Lhcre.Grains.Journal;
using Microsoft.Data.Sqlite;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

public sealed class SqliteJournalTests : JournalSpec
{
    private readonly TemporaryFolder _folder = new();

    private string Data => _folder["data"];

    private string Database => Path.Combine(Data, "journal.db");

    protected override async Task<IJournal> Open() => await SqliteJournal.Open(Data, "fingerprint", None);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Remove();
    }

    [Fact]
    public async Task Everything_acknowledged_is_there_after_a_crash()
    {
        await Task.WhenAll(Enumerable.Range(1, 50).Select(seq => Journal.Append(Append(Ann, seq) with { Index = [At($"o{seq}", 1)] }, None)));
        await Journal.Park([Parked("x")], None);
        var record = await Loaded(Ann);

        // What a killed process leaves: the two files as they are, no checkpoint, no index of the WAL.
        Directory.CreateDirectory(_folder["crashed"]);
        foreach (var file in new[] { "journal.db", "journal.db-wal" })
            File.Copy(Path.Combine(Data, file), Path.Combine(_folder["crashed"], file));
        await using var after = await SqliteJournal.Open(_folder["crashed"], "fingerprint", None);

        Assert.Equal(record, Text(await after.Load(Ann, None)));
        Assert.Equal([Ann, Ann], await after.FindPatients([Key("o1"), Key("o50")], None));
        Assert.Equal(1, (await after.Parked(Source, null, 10, None)).Total);
        Assert.Equal(AppendOutcome.Committed, await after.Append(Append(Ann, 51), None));
    }

    [Fact]
    public async Task A_torn_end_of_the_WAL_loses_what_was_not_acknowledged_and_nothing_else()
    {
        await Commit(Append(Ann, 1));
        var whole = new FileInfo(Database + "-wal").Length;
        await Commit(Append(Ann, 2));

        Directory.CreateDirectory(_folder["torn"]);
        foreach (var file in new[] { "journal.db", "journal.db-wal" })
            File.Copy(Path.Combine(Data, file), Path.Combine(_folder["torn"], file));
        await using (var wal = File.OpenWrite(Path.Combine(_folder["torn"], "journal.db-wal")))
            wal.SetLength(whole + 1000);
        await using var after = await SqliteJournal.Open(_folder["torn"], "fingerprint", None);

        Assert.Equal(1, (await after.Load(Ann, None)).Head.Seq);
        Assert.Equal(AppendOutcome.Committed, await after.Append(Append(Ann, 2), None));
    }

    [Fact]
    public async Task Closing_moves_the_WAL_into_the_database()
    {
        await Commit(Append(Ann, 1));
        Assert.True(new FileInfo(Database + "-wal").Length > 0);

        await Journal.DisposeAsync();

        Assert.False(File.Exists(Database + "-wal"));
    }

    [Fact]
    public async Task A_row_that_the_database_will_not_take_harms_none_of_those_committed_with_it()
    {
        Execute($"""
            CREATE TRIGGER refuse BEFORE INSERT ON record_log WHEN new.patient = '{Bob}'
            BEGIN SELECT RAISE (ABORT, 'refused'); END
            """);

        var bad = Journal.Append(Append(Bob, 1) with { Index = [At("o1", 9)] }, None);
        var good = await Task.WhenAll(Enumerable.Range(1, 20).Select(seq => Journal.Append(Append(Ann, seq), None)));

        var failure = await Assert.ThrowsAsync<JournalUnavailableException>(() => bad);
        Assert.False(failure.OutcomeUnknown);
        Assert.All(good, outcome => Assert.Equal(AppendOutcome.Committed, outcome));
        Assert.Equal("(0, 0): ", await Loaded(Bob));
        Assert.Null(await Holder("o1"));
    }

    [Fact]
    public async Task Readers_do_not_wait_for_a_writer_and_see_only_what_is_committed()
    {
        await Commit(Append(Ann, 1));
        using var other = Connect();
        Execute("BEGIN IMMEDIATE; UPDATE record_head SET epoch = 77", other);

        Assert.StartsWith("(1, 1)", await Loaded(Ann), StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_and_files_are_their_owners_only()
    {
        if (OperatingSystem.IsWindows())
            return; // which has no such modes
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Data));
        var files = Directory.GetFiles(Data);
        Assert.Equal(
            ["journal.db", "journal.db-shm", "journal.db-wal", "journal.lock"], files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var file in files)
            Assert.Equal(owner, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_second_opening_of_the_folder_is_refused_until_the_first_is_closed()
    {
        var refusal = await Assert.ThrowsAsync<JournalInUseException>(() => SqliteJournal.Open(Data, "fingerprint", None));
        Assert.Contains(Data, refusal.Message, StringComparison.Ordinal);
        await Commit(Append(Ann, 1));

        await Reopen();

        Assert.Equal(1, (await Journal.Load(Ann, None)).Head.Seq);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_is_refused()
    {
        await File.WriteAllTextAsync(_folder["file"], "");

        var refusal = await Assert.ThrowsAsync<JournalFolderException>(() => SqliteJournal.Open(_folder["file"], "fingerprint", None));

        Assert.Contains(_folder["file"], refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_pseudonym_key_is_refused_and_leaves_the_folder_free()
    {
        await Commit(Append(Ann, 1));
        await Journal.DisposeAsync();

        var refusal = await Assert.ThrowsAsync<JournalKeyException>(() => SqliteJournal.Open(Data, "another", None));

        Assert.Contains("fingerprint", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("another", refusal.Message, StringComparison.Ordinal);
        await Reopen();
        Assert.Equal(1, (await Journal.Load(Ann, None)).Head.Seq);
    }

    [Fact]
    public async Task A_schema_from_the_future_is_refused_and_left_as_it_is()
    {
        Execute("UPDATE meta SET value = '999' WHERE name = 'schema'");
        await Journal.DisposeAsync();

        var refusal = await Assert.ThrowsAsync<JournalSchemaException>(() => SqliteJournal.Open(Data, "fingerprint", None));

        Assert.Contains("999", refusal.Message, StringComparison.Ordinal);
        using var connection = Connect();
        using var command = new SqliteCommand("SELECT value FROM meta WHERE name = 'schema'", connection);
        Assert.Equal("999", command.ExecuteScalar());
    }

    [Fact]
    public async Task A_database_of_something_else_is_refused()
    {
        await Journal.DisposeAsync();
        File.Delete(Database);
        Execute("CREATE TABLE cats (name TEXT)");

        await Assert.ThrowsAsync<JournalSchemaException>(() => SqliteJournal.Open(Data, "fingerprint", None));
    }

    [Fact]
    public void A_commit_is_synced_to_the_disk_through_a_WAL()
    {
        using var connection = SqliteConnections.OpenWriter(Database);
        Assert.Equal("wal", Ask("PRAGMA journal_mode"));
        Assert.Equal(2L, Ask("PRAGMA synchronous")); // FULL
        Assert.Equal(0L, Ask("PRAGMA foreign_keys"));

        object? Ask(string pragma)
        {
            using var command = new SqliteCommand(pragma, connection);
            return command.ExecuteScalar();
        }
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Execute(string sql)
    {
        using var connection = Connect();
        Execute(sql, connection);
    }

    private static void Execute(string sql, SqliteConnection connection)
    {
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
