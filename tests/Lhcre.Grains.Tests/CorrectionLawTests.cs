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
/// What quarantines leave is what a record says that never received the rest, and what they leave when they have ended is what one says that never knew of them:
/// from any order of pushes, whole pushes, quarantines, ends, folds, cold starts and lost replies. Each push has versions and words of its own (decision 0022 says
/// what becomes of words that are sent again).
/// </summary>
public sealed partial class CorrectionLawTests
{
    private static readonly string[] Sources = [Source, "hampshire"];

    private static readonly Gen<Step> Steps = Gen.Select(Gen.Int[0, 19], Gen.OneOf(Sources), Gen.Int[0, 30], Gen.Int[0, 30], (roll, source, one, other) => new Step(roll, source, one, other));

    [Fact]
    public Task A_record_is_as_if_it_had_never_received_what_is_quarantined() => Steps.Array[1, 24].SampleAsync(
        async steps =>
        {
            await using var story = await Played.Of(steps);
            await story.AssertSound();
            Assert.Equal(await story.Oracle(story.Stands), Masked(story.Live.Snapshot));
        },
        iter: 150,
        threads: 2,
        print: steps => string.Join('\n', steps.AsEnumerable()));

    [Fact]
    public Task When_all_have_ended_a_record_is_as_if_there_had_been_none() => Steps.Array[1, 24].SampleAsync(
        async steps =>
        {
            await using var story = await Played.Of(steps);
            await story.EndAll();
            await story.AssertSound();
            Assert.Equal(await story.Oracle(_ => true), Masked(story.Live.Snapshot));
            await story.AssertFound();
        },
        iter: 150,
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
        private readonly List<Quarantine> _quarantines = [];
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
                await story.Take(steps[i], i + 1);
            return story;
        }

        private async Task Take(Step step, int number)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            switch (step.Roll)
            {
                case < 10:
                    await Send(Of(step, number));
                    break;
                case < 13:
                    var to = step.Roll == 12 ? (DateTimeOffset?)null : Noon.AddMinutes(Math.Max(step.One, step.Other));
                    _quarantines.Add(new Quarantine(PushId.Of("q", $"{++_orders}"), step.Who, "why", Noon.AddMinutes(Math.Min(step.One, step.Other)), to < _clock.GetUtcNow() || to is null ? to : _clock.GetUtcNow()));
                    await Order(_quarantines[^1]);
                    break;
                case < 15 when _quarantines.Count > 0:
                    await End(_quarantines[step.One % _quarantines.Count]);
                    break;
                case < 17:
                    await Live.Fold(TaskScheduler.Default, default);
                    break;
                case 17:
                    Live = new LiveRecord(JournalExamples.Ann, _journal, Here, _clock);
                    await Live.Load(default);
                    break;
                case 18:
                    Live.Settle();
                    break;
                default:
                    _journal.Fail(JournalFault.LostReply, verb: nameof(IJournal.Append));
                    break;
            }
        }

        public async Task EndAll()
        {
            foreach (var quarantine in _quarantines.ToList())
                await End(quarantine);
        }

        public bool Stands((PushRequest Push, DateTimeOffset At) push) => !_quarantines.Exists(q => q.Covers(push.Push.Source, push.At));

        public async Task<string> Oracle(Func<(PushRequest Push, DateTimeOffset At), bool> stands)
        {
            await using var journal = new SimulatedJournal();
            var clock = NoonClock();
            var never = new LiveRecord(JournalExamples.Ann, journal, Here, clock);
            foreach (var (push, at) in _pushes.Where(stands))
            {
                clock.SetUtcNow(at);
                await never.Push(push, default);
            }

            return Masked(never.Snapshot);
        }

        public async Task AssertSound()
        {
            Assert.Equal(Served(Live.Snapshot), Served(await Replayed(_journal)));
            var replay = new Replay(JournalExamples.Ann, Here, RecordWords.Rows(await _journal.LoadLog(JournalExamples.Ann, default)));
            foreach (var row in RecordWords.Rows(await _journal.LoadLog(JournalExamples.Ann, default)))
                replay.Take(row);
            Assert.Equal(Served(Live.Snapshot), Served(replay.Record));
        }

        public async Task AssertFound()
        {
            EntryKey[] keys = [.. Sources.SelectMany(Live.Snapshot.LiveEntriesOf).Where(e => e.Key.Type != "Practitioner").Select(e => e.Key)];
            Assert.All(await _journal.FindPatients(keys, default), holder => Assert.Equal(JournalExamples.Ann, holder));
        }

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
            Fragment[] fragments = step.Roll switch
            {
                0 => [Stated($$"""{"resourceType":"Patient","id":"ann","name":[{"family":"Example","given":["{{number}}"]}]}""", step.Who, time)],
                1 => [Fragment.Deleted(new EntryKey(step.Who, "Observation", Id(step.Other)), time)],
                2 => [Observed(step, step.Other, number, time), Observed(step, step.Other + 1, number, time)],
                _ => [Observed(step, step.Other, number, time)],
            };
            var push = Push($"{number}", fragments) with { Source = step.Who, Push = PushId.Of(step.Who, $"{number}") };
            // Extents come in their order: an older one that comes late repeats what a newer one has said, and a repetition is not journalled (decision 0019).
            return step.Roll is 3 or 4 ? push with { Extent = new SourceExtent(step.Who, Noon.AddHours(number - 20), []) } : push;
        }

        private static Fragment Observed(Step step, int id, int number, DateTimeOffset time) => Stated(
            $$$"""{"resourceType":"Observation","id":"{{{Id(id)}}}","identifier":[{"system":"https://example.org/ids","value":"{{{id % 3}}}"}],"status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ann"},"valueString":"{{{number}}}"}""",
            step.Who, time);

        private static string Id(int number) => $"{number % 4}";
    }
}
