using System.Collections.Concurrent;
using CsCheck;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Microsoft.Extensions.Time.Testing;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>Whatever happens to a person's record: pushes, deletes, resends, faults of the journal, crashes, a clock that steps.</summary>
public sealed class LiveRecordHistoryTests
{
    private delegate Task Step(History history);

    private static readonly Gen<string> Ids = Gen.OneOf("a", "b", "c");
    private static readonly Gen<string> Values = Gen.OneOf("1", "2", "3");
    private static readonly Gen<DateTimeOffset?> Times = Gen.Int[0, 5].Select(n => n < 3 ? Noon.AddDays(n - 3) : (DateTimeOffset?)null);

    private static readonly Gen<Fragment> Fragments = Gen.Frequency(
        (6, Gen.Select(Ids, Values, Times, (id, value, time) => Observation(id, value, time: time))),
        (2, Gen.Select(Ids, Values, (id, value) => Observation(id, value, performer: "gp"))),
        (2, Gen.Select(Values, Times, (family, time) => Practitioner("gp", family, time))),
        (2, Values.Select(mrn => Patient(mrn: mrn))),
        (3, Gen.Select(Ids, Times, (id, time) => Fragment.Deleted(Key("Observation", id), time))));

    private static readonly Gen<Fragment[]> Batches = Fragments.Array[1, 3].Select(some => some.DistinctBy(f => f.Key).ToArray());

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (10, Batches.Select(batch => (Step)(history => history.Push(batch)))),
        (3, Gen.Int[0, 20].Select(nth => (Step)(history => history.Resend(nth)))),
        (3, Gen.Select(Gen.Enum<JournalFault>(), Gen.OneOf(nameof(IJournal.Append), nameof(IJournal.Load)))
            .Select(fault => (Step)(history => history.Fail(fault.Item1, fault.Item2)))),
        (2, Gen.Const((Step)(history => history.Crash()))),
        (1, Gen.Const((Step)(history => history.PushBesides()))),
        (2, Gen.Int[-60, 600].Select(seconds => (Step)(history => history.Tick(seconds)))));

    [Fact]
    public async Task Acknowledged_is_present_after_recovery_nothing_counts_twice_versions_have_no_gaps_and_what_is_served_is_the_journal_replayed()
    {
        var statuses = new ConcurrentDictionary<PushStatus, int>();
        await Steps.Array[1, 30].SampleAsync(
            async steps =>
            {
                await using var history = new History(statuses);
                foreach (var step in steps)
                    await step(history);
                await history.Crash();
            },
            iter: 200,
            threads: 2);

        // The steps do lead everywhere.
        Assert.Equal(Enum.GetValues<PushStatus>(), statuses.Keys.Order());
    }

    private sealed class History : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<PushStatus, int> _statuses;
        private readonly FakeTimeProvider _clock = NoonClock();
        private readonly List<PushRequest> _sent = [];
        private readonly List<(PushRequest Push, PushStatus Status)> _acknowledged = [];
        private SimulatedJournal _journal = new();
        private LiveRecord _live;

        public History(ConcurrentDictionary<PushStatus, int> statuses)
        {
            _statuses = statuses;
            _live = Activation();
        }

        public ValueTask DisposeAsync() => _journal.DisposeAsync();

        public Task Push(Fragment[] batch) => Send(batch, _live);

        public Task Resend(int nth) => nth < _sent.Count ? Send(_sent[nth], _live) : Task.CompletedTask;

        // Another activation of the same person, such as after a partition.
        public Task PushBesides() => Send([Observation("besides", $"{_sent.Count}")], Activation());

        public Task Fail(JournalFault fault, string verb)
        {
            _journal.Fail(fault, verb: verb);
            return Task.CompletedTask;
        }

        public Task Tick(int seconds)
        {
            _clock.AdjustTime(_clock.GetUtcNow().AddSeconds(seconds));
            return Task.CompletedTask;
        }

        /// <summary>Ends the activation and its journal, and holds what is on disk against what was acknowledged and shown.</summary>
        public async Task Crash()
        {
            var shown = _live.Snapshot;
            _journal = _journal.Crash();
            var rows = (await _journal.Load(JournalExamples.Ann, default)).Rows;
            Assert.Equal(Enumerable.Range(1, rows.Count).Select(n => (long)n), rows.Select(r => r.Seq));
            Assert.Equal(rows.Select(r => r.At).Order(), rows.Select(r => r.At));
            Assert.Equal(rows.Count, rows.Select(r => r.Push).Distinct().Count());

            _live = Activation();
            await _live.Load(default);
            foreach (var (push, status) in _acknowledged)
            {
                Assert.True(status == PushStatus.Unchanged || rows.Any(r => r.Push == push.Push), "An applied push has its row.");
                Assert.All(push.Fragments.Fragments.Where(f => f.Kind == FragmentKind.Stated), f => Assert.Contains(
                    _live.Snapshot.Entry(f.Key)!.Versions, v => v.Content == f.Version.Content));
            }

            Assert.Equal(Served(Folded(rows)), Served(_live.Snapshot));
            Assert.Equal(Served(Folded(rows.Take((int)shown.Seq))), Served(shown));
        }

        private LiveRecord Activation() => new(JournalExamples.Ann, _journal, Here, _clock);

        private static PatientRecord Folded(IEnumerable<LogRow> rows) => rows.Aggregate(
            PatientRecord.Empty(JournalExamples.Ann, Here),
            (record, row) => Merge.Apply(record, new RecordRow(row.Seq, row.Push, row.At, row.Body, LogBody.Read(row.Body))));

        private Task Send(Fragment[] batch, LiveRecord activation)
        {
            var push = RecordExamples.Push($"push {_sent.Count}", batch);
            _sent.Add(push);
            return Send(push, activation);
        }

        private async Task Send(PushRequest push, LiveRecord activation)
        {
            var answer = await activation.Push(push, default);
            _statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
            if (answer.Status is PushStatus.Applied or PushStatus.Unchanged)
            {
                Assert.Equal(push.Fragments.Fragments.Length, answer.Outcomes.Length);
                _acknowledged.Add((push, answer.Status));
            }
        }
    }
}
