using System.Collections.Concurrent;
using System.Text;
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
        (3, Gen.Select(Gen.Enum<JournalFault>(), Gen.OneOf(nameof(IJournal.Append), nameof(IJournal.Load), nameof(IJournal.Fold)))
            .Select(fault => (Step)(history => history.Fail(fault.Item1, fault.Item2)))),
        (2, Gen.Const((Step)(history => history.Crash()))),
        (3, Gen.Const((Step)(history => history.Fold()))),
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
        Assert.Equal([PushStatus.Applied, PushStatus.Unchanged, PushStatus.Fenced, PushStatus.Unavailable], statuses.Keys.Order());
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

        public async Task Fold()
        {
            try
            {
                await _live.Fold(TaskScheduler.Default, default);
                _live.Settle();
            }
            catch (JournalUnavailableException)
            {
                // As it was made to.
            }
        }

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
            var rows = RecordWords.Rows(await _journal.LoadLog(JournalExamples.Ann, default)).ToList();
            Assert.Equal(Enumerable.Range(1, rows.Count).Select(n => (long)n), rows.Select(r => r.Seq));
            Assert.Equal(rows.Select(r => r.At).Order(), rows.Select(r => r.At));
            Assert.Equal(rows.Count, rows.Select(r => r.Push).Distinct().Count());

            _live = Activation();
            await _live.Load(default);
            Assert.Equal(Served(_live.Snapshot), string.Join('\n', await Whole(_live)));
            foreach (var (push, status) in _acknowledged)
            {
                Assert.True(status == PushStatus.Unchanged || rows.Any(r => r.Push == push.Push), "An applied push has its row.");
                Assert.All(push.Fragments.Fragments.Where(f => f.Kind == FragmentKind.Stated), f => Assert.Contains(
                    _live.Snapshot.Entry(f.Key)!.Versions, v => v.Content == f.Version.Content));
            }

            Assert.Equal(Served(Replayed(rows)), Served(_live.Snapshot));
            Assert.Equal(Served(Replayed([.. rows.Take((int)shown.Seq)])), Served(shown));
        }

        private LiveRecord Activation() => new(JournalExamples.Ann, _journal, Here, _clock);

        // What a lookup of the whole record answers, with the stamps of the record that it is of.
        private static async Task<IEnumerable<string>> Whole(LiveRecord live)
        {
            var answer = await live.Read(ReadRequest.Everything, default);
            return [Served(live.Snapshot).Split('\n')[0], .. answer.Entries.Select(Encoding.UTF8.GetString)];
        }

        private static PatientRecord Replayed(IReadOnlyCollection<RecordRow> rows) => rows.Aggregate(
            PatientRecord.Empty(JournalExamples.Ann, Here),
            (record, row) => Merge.TryApply(record, row, rows.ToDictionary(r => r.Seq, r => r.Fragments), out _)!);

        private Task Send(Fragment[] batch, LiveRecord activation)
        {
            var push = RecordExamples.Push($"push {_sent.Count}", batch);
            _sent.Add(push);
            return Send(push, activation);
        }

        private async Task Send(PushRequest push, LiveRecord activation)
        {
            var answer = await activation.Push(push, default);
            // A fenced activation leaves, and the next call reaches a new one.
            if (_live.IsFenced)
                _live = Activation();
            _statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
            if (answer.Status is PushStatus.Applied or PushStatus.Unchanged)
            {
                Assert.Equal(push.Fragments.Fragments.Length, answer.Outcomes.Length);
                _acknowledged.Add((push, answer.Status));
            }
        }
    }
}
