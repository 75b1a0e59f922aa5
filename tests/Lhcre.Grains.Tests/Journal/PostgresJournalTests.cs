using Lhcre.Grains.Journal;
using Lhcre.Processes;
using Npgsql;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>What only a database that several silos share can go wrong in.</summary>
[Collection(PostgresFixture.Collection.Name)]
public sealed class PostgresJournalTests(PostgresFixture fixture) : IAsyncLifetime
{
    private string _database = "";
    private PostgresJournal _one = null!, _other = null!;

    private static CancellationToken None => CancellationToken.None;

    public async Task InitializeAsync()
    {
        _database = await fixture.Migrated();
        _one = await PostgresJournal.Open(_database, "fingerprint", None);
        _other = await PostgresJournal.Open(_database, "fingerprint", None);
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task Of_two_silos_that_append_to_the_same_patients_one_wins_each_row_and_the_log_has_no_gap()
    {
        const int patients = 12, rowsEach = 12;
        var won = await Task.WhenAll(new[] { _one, _other }.SelectMany((journal, silo) => Enumerable.Range(1, patients).Select(number => Task.Run(async () =>
        {
            var committed = 0;
            for (var tries = 0; tries < rowsEach; tries++)
            {
                var head = (await journal.Load(Patient(number), None)).Head;
                var append = Append(Patient(number), 1) with
                {
                    OldEpoch = head.Epoch,
                    NewEpoch = head.Epoch + 1,
                    Row = Row(head.Seq + 1, $"{silo}"),
                    // The same keys in another order, so that the silos meet on them too.
                    Index = [.. Enumerable.Range(0, 8).Select(key => At($"k{(silo == 0 ? key : 7 - key)}", (byte)(tries * 2 + silo)))],
                };
                if (await journal.Append(append, None) == AppendOutcome.Committed)
                    committed++;
            }

            return (number, committed);
        }))));

        foreach (var patient in won.GroupBy(result => result.number))
        {
            var record = await _one.Load(Patient(patient.Key), None);
            var committed = patient.Sum(result => result.committed);
            Assert.InRange(committed, rowsEach, 2 * rowsEach);
            Assert.Equal(Enumerable.Range(1, committed).Select(seq => (long)seq), record.Rows.Select(row => row.Seq));
        }
    }

    [Fact]
    public async Task Of_one_entry_at_two_silos_the_higher_version_holds_and_the_other_is_withdrawn()
    {
        for (var round = 1; round <= 30; round++)
        {
            var (ann, bob) = (Patient(100 + round), Patient(200 + round));
            await Task.WhenAll(
                _one.Append(Append(ann, 1) with { Index = [At($"o{round}", 1)] }, None),
                _other.Append(Append(bob, 1) with { Index = [At($"o{round}", 2)] }, None));

            Assert.Equal(bob, (await _one.FindPatients([Key($"o{round}")], None)).Single());
            Assert.Contains(Withdraw(ann, $"o{round}", 2), (await _one.FollowUps(0, 1000, None)).Select(Text));
        }
    }

    [Fact]
    public async Task A_use_at_one_silo_and_a_new_version_at_another_never_miss_each_other()
    {
        for (var round = 1; round <= 60; round++)
        {
            await Task.WhenAll(
                _one.Append(Append(Patient(round), 1) with { Uses = [Use($"dr{round}")] }, None),
                _other.KeepSupporting([Supporting($"dr{round}", 1)], None));

            Assert.Contains(Deliver(Patient(round), $"dr{round}", 1), (await _one.FollowUps(0, 1000, None)).Select(Text));
        }
    }

    [Fact]
    public async Task A_row_that_the_database_will_not_take_harms_none_of_those_committed_with_it_and_is_not_quoted()
    {
        await PostgresServer.Execute(_database, $"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF new.patient = '{Bob}' THEN RAISE EXCEPTION 'refused %', new.patient; END IF;
                RETURN new;
            END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON record_log FOR EACH ROW EXECUTE FUNCTION refuse()
            """);

        var bad = _one.Append(Append(Bob, 1) with { Index = [At("o1", 9)] }, None);
        var good = await Task.WhenAll(Enumerable.Range(1, 20).Select(number => _one.Append(Append(Patient(10 + number), 1), None)));

        var failure = await Assert.ThrowsAsync<JournalUnavailableException>(() => bad);
        Assert.Equal((false, false), (failure.OutcomeUnknown, failure.IsBusy));
        Assert.DoesNotContain(Bob.Value, failure.Message, StringComparison.Ordinal);
        Assert.All(good, outcome => Assert.Equal(AppendOutcome.Committed, outcome));
        Assert.Null((await _one.FindPatients([Key("o1")], None)).Single());
    }

    [Theory]
    [InlineData("53100", "disk is full")]
    [InlineData("25006", "read-only")]
    [InlineData("53300", "too many connections")]
    [InlineData("XX001", "damaged")]
    public async Task A_fault_of_the_database_writes_nothing_says_so_and_goes_on_when_it_is_over(string state, string meaning)
    {
        await PostgresServer.Execute(_database, $"""
            CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'fault' USING ERRCODE = '{state}'; END $$;
            CREATE TRIGGER fault BEFORE INSERT ON record_log FOR EACH ROW EXECUTE FUNCTION fault()
            """);

        var all = await Task.WhenAll(Enumerable.Range(1, 5).Select(number =>
            Assert.ThrowsAsync<JournalUnavailableException>(() => _one.Append(Append(Patient(number), 1), None))));

        Assert.All(all, failure => Assert.False(failure.OutcomeUnknown));
        Assert.All(all, failure => Assert.Contains(meaning, failure.Message, StringComparison.Ordinal));
        await PostgresServer.Execute(_database, "DROP TRIGGER fault ON record_log");
        Assert.Equal(AppendOutcome.Committed, await _one.Append(Append(Ann, 1), None));
    }

    [Fact]
    public async Task A_deadlock_with_somebody_else_is_tried_again()
    {
        // The first two rows are told that they were in a deadlock, once each.
        await PostgresServer.Execute(_database, """
            CREATE SEQUENCE tries;
            CREATE FUNCTION deadlock() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('tries') <= 2 THEN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END IF;
                RETURN new;
            END $$;
            CREATE TRIGGER deadlock BEFORE INSERT ON record_log FOR EACH ROW EXECUTE FUNCTION deadlock()
            """);

        Assert.Equal(AppendOutcome.Committed, await _one.Append(Append(Ann, 1), None));
    }

    [Fact]
    public async Task What_is_acknowledged_was_synced_even_where_the_database_is_set_not_to()
    {
        var name = new NpgsqlConnectionStringBuilder(_database).Database;
        await PostgresServer.Execute(_database, $"""
            ALTER DATABASE {name} SET synchronous_commit = off;
            CREATE TABLE seen (setting text);
            CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN new; END $$;
            CREATE TRIGGER look BEFORE INSERT ON record_log FOR EACH ROW EXECUTE FUNCTION look()
            """);

        await using var journal = await PostgresJournal.Open(_database, "fingerprint", None);
        await journal.Append(Append(Ann, 1), None);

        await using var source = NpgsqlDataSource.Create(_database);
        await using var command = source.CreateCommand("SELECT setting FROM seen");
        Assert.Equal("on", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Sessions_that_an_operator_ends_are_opened_again_and_no_call_fails()
    {
        await _one.Append(Append(Ann, 1), None);
        await _one.Load(Ann, None);

        await PostgresServer.Execute(_database, """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            """);

        Assert.Equal(1, (await _one.Load(Ann, None)).Head.Seq);
        Assert.Equal(AppendOutcome.Committed, await _one.Append(Append(Ann, 2), None));
    }

    [Theory]
    [InlineData('\0')]
    [InlineData('\uD800')] // half of a pair
    public async Task A_text_that_the_server_cannot_hold_harms_nobody(char text)
    {
        await _one.Park([Parked("x") with { Reason = $"because{text}" }], None);

        Assert.Equal([null], await _one.FindPatients([Key($"o{text}")], None));
        Assert.Equal("because\uFFFD", (await _one.Parked(Source, null, 10, None)).Page.Single().Reason);
        Assert.Equal(AppendOutcome.Committed, await _one.Append(Append(Ann, 1), None));
    }
}
