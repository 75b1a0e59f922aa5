using Lhcre.Grains.Journal;
using Lhcre.Record;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>Faults that no caller can cause, made at the writing connection itself.</summary>
public sealed class SqliteFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteConnection _connection;
    private readonly SqliteWriter _writer;

    public SqliteFaultTests()
    {
        File.WriteAllBytes(_folder["journal.db"], []);
        _connection = SqliteConnections.OpenWriter(_folder["journal.db"]);
        SqliteSchema.Upgrade(_connection, "fingerprint");
        _writer = new SqliteWriter(_connection);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _folder.Remove();
    }

    [Fact]
    public void A_full_disk_writes_nothing_says_so_and_goes_on_when_there_is_room()
    {
        SqliteConnections.Execute(_connection, "PRAGMA max_page_count = 40");

        var failure = Assert.Throws<JournalUnavailableException>(() => Commit(Large(Ann), Large(Bob)));
        Assert.False(failure.OutcomeUnknown);
        Assert.Contains("full", failure.Message, StringComparison.Ordinal);
        Assert.Equal("(0, 0): ", Loaded(Ann));

        SqliteConnections.Execute(_connection, "PRAGMA max_page_count = 100000");
        Assert.Equal([AppendOutcome.Committed, AppendOutcome.Committed], Commit(Large(Ann), Large(Bob)));
    }

    [Fact]
    public void A_commit_that_fails_leaves_its_outcome_unknown_and_the_next_one_goes_through()
    {
        var fails = true;
        raw.sqlite3_commit_hook(_connection.Handle!, _ => fails ? 1 : 0, null!);

        var failure = Assert.Throws<JournalUnavailableException>(() => Commit(Append(Ann, 1)));
        fails = false;

        Assert.True(failure.OutcomeUnknown);
        Assert.Equal("(0, 0): ", Loaded(Ann));
        Assert.Equal([AppendOutcome.Committed], Commit(Append(Ann, 1)));
    }

    [Fact]
    public void A_database_that_somebody_else_holds_writes_nothing_says_so_and_goes_on_when_it_is_free()
    {
        SqliteConnections.Execute(_connection, "PRAGMA busy_timeout = 10");
        using var other = SqliteConnections.OpenWriter(_folder["journal.db"]);
        SqliteConnections.Execute(other, "BEGIN IMMEDIATE");

        var failure = Assert.Throws<JournalUnavailableException>(() => Commit(Append(Ann, 1)));
        SqliteConnections.Execute(other, "ROLLBACK");

        Assert.False(failure.OutcomeUnknown);
        Assert.Equal([AppendOutcome.Committed], Commit(Append(Ann, 1)));
    }

    [Fact]
    public void A_write_that_the_database_will_not_take_is_told_apart_from_a_fault_of_the_database()
    {
        SqliteConnections.Execute(_connection, $"""
            CREATE TRIGGER refuse BEFORE INSERT ON record_log WHEN new.patient = '{Bob}'
            BEGIN SELECT RAISE (ABORT, 'refused'); END
            """);

        Assert.Throws<SqliteException>(() => Commit(Append(Ann, 1), Append(Bob, 1)));

        Assert.Equal("(0, 0): ", Loaded(Ann));
        Assert.Equal([AppendOutcome.Committed], Commit(Append(Ann, 1)));
    }

    [Fact]
    public void Damage_is_a_fault_of_the_database_and_its_message_names_nobody()
    {
        Commit(Large(Ann));
        _writer.Checkpoint();
        using (var file = File.OpenWrite(_folder["journal.db"]))
        {
            file.Position = 4096;
            file.Write(new byte[file.Length - 4096]);
        }

        using var reader = new SqliteConnection($"Data Source={_folder["journal.db"]};Pooling=False");
        reader.Open();
        using var command = new SqliteCommand("SELECT count(*) FROM record_head", reader);
        var failure = Assert.Throws<SqliteException>(() => command.ExecuteScalar());

        Assert.True(SqliteFault.IsOfTheDatabase(failure));
        Assert.DoesNotContain(Ann.Value, SqliteFault.ToCaller(failure, outcomeUnknown: false).Message, StringComparison.Ordinal);
    }

    private static Append Large(PatientKey patient) => Append(patient, 1) with { Row = Row(1) with { Body = new byte[200_000] } };

    private IReadOnlyList<AppendOutcome> Commit(params Append[] appends) =>
        _writer.Commit([.. appends.Select(append => new JournalWrite.OfRow(append))]);

    private string Loaded(PatientKey patient)
    {
        using var reader = new SqliteReader(SqliteConnections.OpenReader(_folder["journal.db"]));
        return Text(reader.Load(patient));
    }
}
