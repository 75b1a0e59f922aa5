using System.Collections.Concurrent;
using System.Diagnostics;
using Lhcre.Grains.Journal;
using Lhcre.Processes;
using Lhcre.Record;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>A server that goes away and comes back, under a journal that stays open.</summary>
public sealed class PostgresFaultTests : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private PostgresJournal _journal = null!;

    private static CancellationToken None => CancellationToken.None;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartOwn();
        var database = await _server.CreateDatabase();
        await PostgresSchema.Migrate(database, "fingerprint", None);
        _journal = await PostgresJournal.Open(database, "fingerprint", None);
    }

    public async Task DisposeAsync()
    {
        await _journal.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_is_stopped_or_killed_in_the_middle_loses_nothing_acknowledged_and_applies_nothing_twice(bool kills)
    {
        const int writers = 8;
        var acknowledged = new ConcurrentDictionary<PatientKey, long>();
        var failed = 0;
        using var end = new CancellationTokenSource();
        var pushers = Enumerable.Range(1, writers).Select(number => Task.Run(async () =>
        {
            var (patient, seq) = (Patient(number), 0L);
            while (!end.IsCancellationRequested)
            {
                try
                {
                    var outcome = await _journal.Append(Append(patient, seq + 1), None);
                    Assert.Equal(AppendOutcome.Committed, outcome);
                    acknowledged[patient] = ++seq;
                }
                catch (JournalUnavailableException failure)
                {
                    Interlocked.Increment(ref failed);
                    // Never assume: where the outcome is unknown, the head tells; where it is known, it was not written.
                    var head = await Until(() => _journal.Load(patient, None));
                    Assert.True(head.Head.Seq == seq || failure.OutcomeUnknown, "written, and said not to be");
                    seq = head.Head.Seq;
                }
            }
        })).ToList();

        await Task.Delay(300);
        await (kills ? _server.Kill() : _server.Stop());
        await _server.StartAgain();
        var before = acknowledged.Values.Sum();
        await Until(() => Task.FromResult(acknowledged.Values.Sum() > before + 50 ? "" : throw new JournalUnavailableException("", false)));
        await end.CancelAsync();
        await Task.WhenAll(pushers);

        foreach (var (patient, seq) in acknowledged)
        {
            var record = await _journal.Load(patient, None);
            Assert.True(record.Head.Seq >= seq, $"{seq} acknowledged, {record.Head.Seq} there");
            Assert.Equal(Enumerable.Range(1, (int)record.Head.Seq).Select(n => (long)n), record.Rows.Select(row => row.Seq));
        }

        Assert.True(failed > 0 || !kills, "nobody noticed the kill");
    }

    [Fact]
    public async Task A_server_that_is_away_is_said_to_be_and_used_again_when_it_is_back()
    {
        await _journal.Append(Append(Ann, 1), None);
        await _server.Stop();

        var write = await Assert.ThrowsAsync<JournalUnavailableException>(() => _journal.Append(Append(Ann, 2), None));
        var read = await Assert.ThrowsAsync<JournalUnavailableException>(() => _journal.Load(Ann, None));

        Assert.False(write.OutcomeUnknown);
        Assert.All([write, read], failure => Assert.DoesNotContain("127.0.0.1", failure.Message, StringComparison.Ordinal));
        await _server.StartAgain();
        Assert.Equal(1, (await _journal.Load(Ann, None)).Head.Seq);
        Assert.Equal(AppendOutcome.Committed, await _journal.Append(Append(Ann, 2), None));
    }

    [Fact]
    public async Task A_read_only_server_refuses_writes_answers_reads_and_is_written_again_when_it_may_be()
    {
        await _journal.Append(Append(Ann, 1), None);
        await _server.Execute("ALTER SYSTEM SET default_transaction_read_only = on");
        await _server.Execute("SELECT pg_reload_conf()");

        await Until(async () =>
        {
            try
            {
                await _journal.Park([Parked("x")], None);
            }
            catch (JournalUnavailableException failure) when (failure.Message.Contains("read-only", StringComparison.Ordinal))
            {
                return failure;
            }

            throw new JournalUnavailableException("Not read-only yet.", outcomeUnknown: false);
        });
        Assert.Equal(1, (await _journal.Load(Ann, None)).Head.Seq);

        await PostgresServer.Execute(
            _server.ConnectionString() + ";Options=-c default_transaction_read_only=off", "ALTER SYSTEM RESET default_transaction_read_only");
        await _server.Execute("SELECT pg_reload_conf()");
        Assert.Equal(AppendOutcome.Committed, await Until(() => _journal.Append(Append(Ann, 2), None)));
    }

    [Fact]
    public async Task A_server_that_hangs_is_not_waited_for()
    {
        var seq = 0L;
        var writing = Task.Run(async () =>
        {
            while (true)
                Assert.Equal(AppendOutcome.Committed, await _journal.Append(Append(Ann, ++seq), None));
        });
        await Task.Delay(200);
        await _server.Pause();
        var watch = Stopwatch.StartNew();

        var failure = await Assert.ThrowsAsync<JournalUnavailableException>(() => writing);
        var waited = watch.Elapsed;
        await _server.Resume();

        Assert.True(waited < PostgresConnections.Longest * 2, $"{waited}");
        // What had been sent may be carried out now; what had not been sent never is.
        await Task.Delay(200);
        var head = (await Until(() => _journal.Load(Ann, None))).Head.Seq;
        Assert.InRange(head, seq - 1, failure.OutcomeUnknown ? seq : seq - 1);
        Assert.Equal(AppendOutcome.Committed, await Until(() => _journal.Append(Append(Ann, head + 1), None)));
    }

    private static async Task<T> Until<T>(Func<Task<T>> succeeds)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await succeeds();
            }
            catch (JournalUnavailableException) when (watch.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(50);
            }
        }
    }
}
