using Lhcre.Grains.Journal;
using Lhcre.Processes;
using Npgsql;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>What an operator meets: migrate, and what serve refuses to open.</summary>
[Collection(PostgresFixture.Collection.Name)]
public sealed class PostgresSchemaTests(PostgresFixture fixture)
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Migrating_says_what_it_applied_and_again_there_is_nothing_to_do()
    {
        var database = await fixture.Empty();

        var first = await PostgresSchema.Migrate(database, "fingerprint", None);
        var second = await PostgresSchema.Migrate(database, "fingerprint", None);

        Assert.Equal("0001-journal.sql", first[0]);
        Assert.Equal(first.Order(StringComparer.Ordinal), first);
        Assert.Empty(second);
    }

    [Fact]
    public async Task Several_who_migrate_at_once_apply_each_script_once()
    {
        var database = await fixture.Empty();

        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => PostgresSchema.Migrate(database, "fingerprint", None))));

        Assert.Single(applied, scripts => scripts.Count > 0);
        await using var journal = await PostgresJournal.Open(database, "fingerprint", None);
        Assert.Equal(AppendOutcome.Committed, await journal.Append(Append(Ann, 1), None));
    }

    [Fact]
    public async Task Scripts_that_came_later_are_applied_to_a_database_with_data()
    {
        var database = await fixture.Migrated();
        await using (var journal = await PostgresJournal.Open(database, "fingerprint", None))
        {
            await journal.Append(Append(Ann, 1), None);
            await journal.Park([Parked("x", waitsFor: "o1")], None);
        }

        // As an earlier release left it: with its first script only.
        await PostgresServer.Execute(database, """
            DO $$ DECLARE name text; BEGIN
                FOR name IN SELECT tablename FROM pg_tables WHERE tablename LIKE 'orleans%' LOOP EXECUTE 'DROP TABLE ' || name || ' CASCADE'; END LOOP;
                FOR name IN SELECT oid::regprocedure FROM pg_proc WHERE proname = 'journal_append' AND pronargs > 38 LOOP EXECUTE 'DROP FUNCTION ' || name; END LOOP;
                DROP FUNCTION journal_people, journal_describe; DROP TABLE person_index;
                DROP FUNCTION parked_is_discarded CASCADE; DROP TABLE refused; DROP INDEX parked_by_code;
                ALTER TABLE parked DROP COLUMN discarded_at, DROP COLUMN discarded_by, DROP COLUMN discarded_for;
                DROP TABLE import, import_piece, import_refused;
                DROP FUNCTION journal_blank; DROP TABLE lease;
            END $$;
            DELETE FROM lhcre_schema WHERE script <> '0001-journal.sql'
            """);

        var refusal = await Assert.ThrowsAsync<JournalSchemaException>(() => PostgresJournal.Open(database, "fingerprint", None));
        Assert.Contains("migrate --postgres", refusal.Message, StringComparison.Ordinal);
        await PostgresSchema.Migrate(database, "fingerprint", None);

        await using var after = await PostgresJournal.Open(database, "fingerprint", None);
        Assert.Equal(1, (await after.Load(Ann, None)).Head.Seq);
        Assert.Equal(AppendOutcome.Committed, await after.Append(Append(Ann, 2) with { Person = Person("Smith", "Ann", "1980-05-12") }, None));
        Assert.Equal([Ann], await after.FindPeople(Who("family=smith&birthdate=1980-05-12"), 1, None));
        await after.Refuse([Letter("l1", minute: 1)], None);
        Assert.Equal([Text(Parked("x", waitsFor: "o1")), Text(Letter("l1", minute: 1) with { Body = default })], (await after.Asides(new AsideQuery(Source), None)).Items.Select(Text));
        await after.Discard(Source, "x", Discarded("not ours"), None);
        Assert.Empty(await after.ParkedFor([Key("o1")], None));
    }

    [Fact]
    public async Task A_silo_of_the_release_before_does_not_file_what_was_discarded()
    {
        var database = await fixture.Migrated();
        await using var journal = await PostgresJournal.Open(database, "fingerprint", None);
        await journal.Park([Parked("x", waitsFor: "o1")], None);
        await journal.Discard(Source, "x", Discarded("not ours"), None);

        // As it takes out the row of what it files, within the function that writes the record's row.
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => PostgresServer.Execute(database, "DELETE FROM parked p WHERE p.parked_id = 'x'"));

        Assert.Equal("23514", refusal.SqlState);
    }

    [Fact]
    public async Task A_schema_from_the_future_is_refused_by_both_and_left_as_it_is()
    {
        var database = await fixture.Migrated();
        await PostgresServer.Execute(database, "INSERT INTO lhcre_schema (script) VALUES ('9999-wings.sql')");

        var opening = await Assert.ThrowsAsync<JournalSchemaException>(() => PostgresJournal.Open(database, "fingerprint", None));
        var migrating = await Assert.ThrowsAsync<JournalSchemaException>(() => PostgresSchema.Migrate(database, "fingerprint", None));

        Assert.Contains("9999-wings.sql", opening.Message, StringComparison.Ordinal);
        Assert.Equal(opening.Message, migrating.Message);
    }

    [Fact]
    public async Task An_empty_database_is_not_served_and_one_of_something_else_not_migrated_either()
    {
        var database = await fixture.Empty();
        var refusal = await Assert.ThrowsAsync<JournalSchemaException>(() => PostgresJournal.Open(database, "fingerprint", None));
        Assert.Contains("migrate --postgres", refusal.Message, StringComparison.Ordinal);

        await PostgresServer.Execute(database, "CREATE TABLE cats (name text)");

        await Assert.ThrowsAsync<JournalSchemaException>(() => PostgresSchema.Migrate(database, "fingerprint", None));
        await Assert.ThrowsAsync<JournalSchemaException>(() => PostgresJournal.Open(database, "fingerprint", None));
    }

    [Fact]
    public async Task Another_pseudonym_key_is_refused_by_both()
    {
        var database = await fixture.Migrated();

        var refusal = await Assert.ThrowsAsync<JournalKeyException>(() => PostgresJournal.Open(database, "another", None));
        await Assert.ThrowsAsync<JournalKeyException>(() => PostgresSchema.Migrate(database, "another", None));

        Assert.Contains("fingerprint", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("another", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Port=1", "cannot be reached")]
    [InlineData("Host=nowhere.invalid", "cannot be reached")]
    [InlineData("Database=nosuch", "no such database")]
    [InlineData("Password=Sesame", "does not let this user in")]
    public async Task What_cannot_be_reached_is_unavailable_in_one_line_without_a_secret(string setting, string meaning)
    {
        var database = new NpgsqlConnectionStringBuilder(fixture.Server.ConnectionString() + ";" + setting).ConnectionString;

        var opening = await Assert.ThrowsAsync<JournalUnavailableException>(() => PostgresJournal.Open(database, "fingerprint", None));
        var migrating = await Assert.ThrowsAsync<JournalUnavailableException>(() => PostgresSchema.Migrate(database, "fingerprint", None));

        Assert.False(opening.OutcomeUnknown);
        Assert.Contains(meaning, opening.Message, StringComparison.Ordinal);
        Assert.Equal(opening.Message, migrating.Message);
        Assert.DoesNotContain("\n", opening.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Sesame", opening.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Sesame")]
    [InlineData("Host=db;Pasword=Sesame")]
    [InlineData("Host=db;Port=Sesame")]
    [InlineData("Database=lhcre;Password=Sesame")]
    public async Task What_is_no_connection_string_is_refused_without_quoting_it(string text)
    {
        var refusal = await Assert.ThrowsAsync<JournalAddressException>(() => PostgresJournal.Open(text, "fingerprint", None));

        Assert.DoesNotContain("Sesame", refusal.ToString(), StringComparison.Ordinal);
    }
}
