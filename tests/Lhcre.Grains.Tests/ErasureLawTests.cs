using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Microsoft.Extensions.Time.Testing;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>
/// Pushes of two sources, pulls of a third, quarantines, folds, restarts, lost replies and ends of leases in any order: the record is always as if what was erased had never come,
/// but for our own stamps, which never fall; and not one of its values is on disk.
/// </summary>
public sealed partial class ErasureLawTests
{
    private const string Pulled = "wales";

    private static readonly string[] Sources = [Source, "hampshire", Pulled];

    private static readonly Gen<Step> Steps = Gen.Select(Gen.Int[0, 21], Gen.OneOf(Sources), Gen.Int[0, 30], Gen.Int[0, 30], (roll, source, one, other) => new Step(roll, source, one, other));

    [Fact]
    public Task A_record_is_as_if_what_was_erased_had_never_come_and_nothing_of_it_is_left() => Steps.Array[1, 30].SampleAsync(
        async steps =>
        {
            await using var story = await Played.Of(steps);
            await story.AssertSound();
            Assert.Equal(await story.Oracle(), Masked(story.Live.Snapshot));
            await story.End(Pulled);
            await story.AssertSound();
            Assert.Equal(await story.Oracle(), Masked(story.Live.Snapshot));
            await story.End(null);
            await story.AssertSound();
            Assert.Empty(story.Live.Snapshot.All.ToArray());
        },
        iter: 200,
        threads: 2,
        print: steps => string.Join('\n', steps.AsEnumerable()));

    // All that a record serves, without its own stamps.
    private static string Masked(PatientRecord record) =>
        Stamps().Replace(string.Join('\n', record.All.ToArray().Select(r => Encoding.UTF8.GetString(r.BundleEntryBytes))), "");

    [GeneratedRegex("\"versionId\":\"[0-9]+\",\"lastUpdated\":\"[^\"]+\"|\"identifiedDateTime\":\"[^\"]+\"")]
    private static partial Regex Stamps();

    private sealed record Step(int Roll, string Who, int One, int Other);

    private sealed class Played : IAsyncDisposable
    {
        private readonly SimulatedJournal _journal = new();
        private readonly FakeTimeProvider _clock = NoonClock();
        private readonly List<(PushRequest Push, DateTimeOffset At)> _pushes = [];
        private readonly List<(PushRequest Push, DateTimeOffset At)> _erased = [];
        private readonly List<Quarantine> _quarantines = [];
        private readonly Dictionary<string, long> _versions = [];
        private long _version;
        private int _orders;

        private Played() => Live = new LiveRecord(JournalExamples.Ann, _journal, Here, _clock);

        public LiveRecord Live { get; private set; }

        public ValueTask DisposeAsync() => _journal.DisposeAsync();

        public static async Task<Played> Of(Step[] steps)
        {
            var story = new Played();
            // A record that knows nobody is not told of what is to come: somebody has spoken already.
            await story.Send(Push("0", Patient(source: "isle-of-wight")) with { Source = "isle-of-wight" });
            for (var i = 0; i < steps.Length; i++)
            {
                await story.Take(steps[i], i + 1);
                story.AssertRises();
            }

            return story;
        }

        private async Task Take(Step step, int number)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            switch (step.Roll)
            {
                case < 11:
                    await Send(Of(step, number));
                    break;
                case < 13:
                    await End(Pulled);
                    break;
                case 13:
                    _quarantines.Add(new Quarantine(PushId.Of("q", $"{++_orders}"), step.Who, "why", Noon.AddMinutes(Math.Min(step.One, step.Other)), Noon.AddMinutes(Math.Max(step.One, step.Other))));
                    if (_quarantines[^1].To > _clock.GetUtcNow())
                        _quarantines[^1] = _quarantines[^1] with { To = _clock.GetUtcNow() };
                    await Order(_quarantines[^1]);
                    break;
                case 14 when _quarantines.Count > 0:
                    await End(_quarantines[step.One % _quarantines.Count]);
                    break;
                case < 17:
                    await Live.Fold(TaskScheduler.Default, default);
                    break;
                case 17:
                    await Restart();
                    break;
                case 18:
                    Live.Settle();
                    break;
                case 19:
                    _journal.Fail(JournalFault.LostReply, verb: nameof(IJournal.Blank));
                    break;
                default:
                    _journal.Fail(JournalFault.LostReply, verb: nameof(IJournal.Append));
                    break;
            }
        }

        private async Task Restart()
        {
            Live = new LiveRecord(JournalExamples.Ann, _journal, Here, _clock);
            await Live.Load(default);
        }

        public async Task<string> Oracle()
        {
            await using var journal = new SimulatedJournal();
            var clock = NoonClock();
            var never = new LiveRecord(JournalExamples.Ann, journal, Here, clock);
            foreach (var (push, at) in _pushes.Where(p => !_quarantines.Exists(q => q.Covers(p.Push.Source, p.At))))
            {
                clock.SetUtcNow(at);
                await never.Push(push, default);
            }

            return Masked(never.Snapshot);
        }

        /// <summary>Ends what is held of a source, or (null) all that there is.</summary>
        public async Task End(string? source)
        {
            var request = new EraseRequest { Id = PushId.Of("e", $"{++_orders}"), Source = source, Due = source is null ? null : _clock.GetUtcNow().AddDays(1) };
            Assert.Contains((await Live.Erase(request, default)).Status, new[] { PushStatus.Applied, PushStatus.Unchanged });
            _erased.AddRange(_pushes.Where(p => source is null || p.Push.Source == source));
            _pushes.RemoveAll(p => source is null || p.Push.Source == source);
            Assert.Empty(await _journal.Leases(JournalExamples.Ann, default));
            Assert.Equal(PushStatus.Unchanged, (await Live.Erase(request, default)).Status);
        }

        public async Task AssertSound()
        {
            Assert.Equal(Served(Live.Snapshot), Served(await Replayed(_journal)));
            var replay = new Replay(JournalExamples.Ann, Here, RecordWords.Rows(await _journal.LoadLog(JournalExamples.Ann, default)));
            foreach (var row in RecordWords.Rows(await _journal.LoadLog(JournalExamples.Ann, default)))
                replay.Take(row);
            Assert.Equal(Served(Live.Snapshot), Served(replay.Record));
            await AssertErased();
        }

        private async Task AssertErased()
        {
            var (record, log) = (await _journal.Load(JournalExamples.Ann, default), await _journal.LoadLog(JournalExamples.Ann, default));
            var disk = string.Concat(record.Live.Concat(log.History).Select(c => c.Body).Concat(record.Rows.Concat(log.Rows).Select(r => r.Body)).Select(b => Encoding.UTF8.GetString(DecodedBody.Of(b.Span))));
            Assert.All(_erased, p => Assert.DoesNotContain(Word(p.Push), disk, StringComparison.Ordinal));
            var keys = _erased.SelectMany(p => p.Push.Fragments.Fragments.Select(f => f.Key)).Except(_pushes.SelectMany(p => p.Push.Fragments.Fragments.Select(f => f.Key))).Distinct().ToList();
            Assert.All(await _journal.FindPatients(keys, default), Assert.Null);
        }

        // No version falls, of the record or of a resource in it: an entity tag stands for one content.
        private void AssertRises()
        {
            var record = Live.Snapshot;
            Assert.True(record.Version >= _version);
            _version = record.Version;
            foreach (var resource in record.All)
            {
                var id = $"{resource.Id}";
                Assert.True(resource.Version >= _versions.GetValueOrDefault(id), id);
                _versions[id] = resource.Version;
            }
        }

        private static string Word(PushRequest push) => $"word-{push.Source}-{push.Push.Hash.Bits:x}";

        private async Task Send(PushRequest push)
        {
            _pushes.Add((push, _clock.GetUtcNow()));
            Assert.Contains((await Live.Push(push, default)).Status, new[] { PushStatus.Applied, PushStatus.Unchanged });
        }

        private async Task Order(Correction correction) =>
            Assert.Contains((await Live.Correct(CorrectionRequest.Of(correction), default)).Status, new[] { PushStatus.Applied, PushStatus.Unchanged });

        private async Task End(Quarantine quarantine)
        {
            _quarantines.Remove(quarantine);
            await Order(new QuarantineEnd(PushId.Of("q", $"end {++_orders}"), quarantine.Source, "mended", quarantine.Id));
        }

        // Words of its own, at a time of its own, which is not the order of arrival.
        private static PushRequest Of(Step step, int number)
        {
            var time = Noon.AddHours((step.One * 37 % 29) - 20).AddSeconds(number);
            var id = PushId.Of(step.Who, $"{number}");
            var empty = new PushRequest { Source = step.Who, Push = id, Fragments = new FragmentBatch([]), HeldFor = step.Who == Pulled ? TimeSpan.FromHours(1) : null };
            var word = Word(empty);
            Fragment[] fragments = step.Roll switch
            {
                0 => [Stated($$"""{"resourceType":"Patient","id":"ann-{{step.Who}}","name":[{"family":"Example","given":["{{word}}"]}],"identifier":[{"system":"urn:{{step.Who}}","value":"{{word}}"}]}""", step.Who, time)],
                1 => [Fragment.Deleted(new EntryKey(step.Who, "Observation", Id(step.Other)), time)],
                2 => [Observed(step, step.Other, word, time), Observed(step, step.Other + 1, word, time)],
                _ => [Observed(step, step.Other, word, time)],
            };
            var push = empty with { Fragments = new FragmentBatch([.. fragments]) };
            // Extents come in their order: an older one that comes late repeats what a newer one has said, and a repetition is not journalled (decision 0019).
            return step.Roll is 3 or 4 ? push with { Extent = new SourceExtent(step.Who, Noon.AddHours(number - 20), []) } : push;
        }

        private static Fragment Observed(Step step, int id, string word, DateTimeOffset time) => Stated(
            $$$"""{"resourceType":"Observation","id":"{{{Id(id)}}}","identifier":[{"system":"https://example.org/ids","value":"{{{id % 3}}}"}],"status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ann-{{{step.Who}}}"},"valueString":"{{{word}}}"}""",
            step.Who, time);

        private static string Id(int number) => $"{number % 4}";
    }
}
