using System.Text;
using System.Text.Json;
using CsCheck;
using Lhcre.Contracts;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Microsoft.Extensions.Time.Testing;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>What was served after each row is what is served as of that row later, whatever has happened to the record since.</summary>
public sealed class PastReadingLawTests
{
    private const string Other = "hampshire";

    // Two sources whose entries meet in two identifiers, so that resources join, part, change, go and come back.
    private static readonly Gen<Fragment> Fragments = Gen.Select(
        Gen.OneOf(Source, Other), Gen.OneOf("a", "b"), Gen.OneOf("1", "2"), Gen.Int[1, 3], Gen.Int[0, 9], (source, id, identifier, value, roll) => roll switch
        {
            0 => Patient(source: source),
            1 or 2 => Fragment.Deleted(new EntryKey(source, "Observation", id), null),
            3 => Stated($$"""{"resourceType":"Practitioner","id":"gp","name":[{"family":"{{identifier}}"}]}""", source, Noon.AddDays(value)),
            _ => Stated(
                $$$"""{"resourceType":"Observation","id":"{{{id}}}","identifier":[{"system":"https://example.org/ids","value":"{{{identifier}}}"}],"status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ann"},"performer":[{"reference":"Practitioner/gp"}],"valueInteger":{{{value}}}}""",
                source),
        });

    private static readonly Gen<Fragment[]> Batches = Fragments.Array[1, 3].Select(some => some.DistinctBy(f => f.Key).ToArray());

    // With each push what happens to the record before it, bit by bit: folded, settled, loaded anew, handed over.
    private static readonly Gen<(Fragment[] Batch, int Acts)[]> Histories = Gen.Select(Batches, Gen.Int[0, 15], (batch, acts) => (batch, acts)).Array[1, 12];

    private static readonly ReadRequest[] Requests =
    [
        ReadRequest.Everything, new(null, "Observation"), new(null, "Patient"), ReadRequest.Everything with { Operation = ReadOperation.WithProvenance },
        new(Source), new(Other, "Observation"), new(Source, "Observation", "a"),
    ];

    [Fact]
    public Task As_of_a_row_and_as_of_an_instant_a_record_answers_what_it_answered_then() => Histories.SampleAsync(
        async steps =>
        {
            await using var history = await Played.Of(steps);
            foreach (var then in history.Rows)
            {
                foreach (var (request, answer) in then.Answers)
                {
                    Assert.Equal(answer, await history.Read(request with { AsOf = new RecordMoment(then.Seq, null) }));
                    Assert.Equal(answer, await history.Read(request with { AsOf = new RecordMoment(null, then.At) }));
                    Assert.Equal(answer, await history.Read(request with { AsOf = new RecordMoment(null, Shown(then.At)) }));
                    Assert.Equal(answer, await history.Read(request with { AsOf = new RecordMoment(null, then.At.AddSeconds(59)) }));
                }
            }

            Assert.Equal("NotFound 0   0", await history.Read(ReadRequest.Everything with { AsOf = new RecordMoment(null, Noon.AddTicks(-1)) }));
        },
        iter: 40,
        threads: 2);

    [Fact]
    public Task A_version_of_a_resource_is_what_was_served_when_it_was_made_and_gone_where_it_ended() => Histories.SampleAsync(
        async steps =>
        {
            await using var history = await Played.Of(steps);
            var ids = history.Rows.SelectMany(r => r.Served.Keys).Distinct().ToList();
            var before = new Dictionary<string, (long Version, string Answer)>();
            foreach (var then in history.Rows)
            {
                foreach (var id in ids)
                {
                    var parts = id.Split('/');
                    var answer = await history.Read(new ReadRequest(null, parts[0], parts[1]) { VersionId = then.Seq });
                    if (then.Served.TryGetValue(id, out var served) && served.Version == then.Seq)
                        Assert.Equal(served.Answer, answer);
                    else
                        Assert.Equal(before.ContainsKey(id) && !then.Served.ContainsKey(id) ? "Gone 0   0" : "NotFound 0   0", answer);
                }

                before = then.Served;
            }
        },
        iter: 40,
        threads: 2);

    [Fact]
    public Task A_history_is_exactly_what_changed_in_what_was_served_newest_first() => Histories.SampleAsync(
        async steps =>
        {
            await using var history = await Played.Of(steps);
            var expected = history.Changes();

            Assert.Equal(expected, await history.History(new ReadRequest(), 1000));
            Assert.Equal(expected, await history.History(new ReadRequest(), 3));
            foreach (var type in new[] { "Observation", "Patient", "Basic" })
                Assert.Equal(expected.Where(e => e.Url.StartsWith(type + "/", StringComparison.Ordinal)), await history.History(new ReadRequest(null, type), 1000));
            foreach (var url in expected.Select(e => e.Url).Distinct())
            {
                var parts = url.Split('/');
                Assert.Equal(expected.Where(e => e.Url == url), await history.History(new ReadRequest(null, parts[0], parts[1]), 2));
            }

            var middle = history.Rows[history.Rows.Count / 2];
            Assert.Equal(
                expected.Where(e => e.Seq <= middle.Seq), await history.History(new ReadRequest { AsOf = new RecordMoment(middle.Seq, null) }, 1000));
            foreach (var since in new[] { middle.At, Shown(middle.At) })
                Assert.Equal(expected.Where(e => e.Seq >= middle.Seq), await history.History(new ReadRequest { Bounds = new HistoryBounds(since, null, null) }, 1000));
        },
        iter: 40,
        threads: 2);

    private static DateTimeOffset Shown(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMillisecond));

    private sealed record Change(long Seq, string Method, string Url, string Resource);

    /// <summary>A row, and what was served once it was on disk.</summary>
    private sealed record Row(long Seq, DateTimeOffset At, List<(ReadRequest Request, string Answer)> Answers, Dictionary<string, (long Version, string Answer)> Served);

    /// <summary>A record with a history, and everything that it answered on the way.</summary>
    private sealed class Played : IAsyncDisposable
    {
        private readonly SimulatedJournal _journal = new();
        private readonly FakeTimeProvider _clock = NoonClock();
        private LiveRecord _live;

        private Played() => _live = Activation();

        public List<Row> Rows { get; } = [];

        public static async Task<Played> Of((Fragment[] Batch, int Acts)[] steps)
        {
            var played = new Played();
            await played._live.Load(default);
            await played.Push([Patient()]);
            foreach (var (batch, acts) in steps)
            {
                await played.Act(acts);
                await played.Push(batch);
            }

            return played;
        }

        public ValueTask DisposeAsync() => _journal.DisposeAsync();

        public async Task<string> Read(ReadRequest request) => Text(await _live.Read(request, default));

        public async Task<List<Change>> History(ReadRequest request, int count)
        {
            var entries = new List<Change>();
            for (int? skip = 0; skip is { } from;)
            {
                var answer = await _live.Read(request with { Operation = ReadOperation.History, Skip = from, Count = count }, default);
                if (answer.Status == ReadStatus.NotFound)
                    return [];
                entries.AddRange(answer.Entries.Select(Parsed));
                skip = answer.Next;
                if (skip is null)
                    Assert.Equal(answer.Total, entries.Count);
            }

            // Within a row in any order.
            Assert.Equal(entries.Select(e => e.Seq).OrderDescending(), entries.Select(e => e.Seq));
            return [.. entries.OrderByDescending(e => e.Seq).ThenBy(e => e.Url, StringComparer.Ordinal)];
        }

        public List<Change> Changes()
        {
            var (changes, before) = (new List<Change>(), new Dictionary<string, (long Version, string Answer)>());
            foreach (var row in Rows)
            {
                var ended = before.Keys.Except(row.Served.Keys).Select(id => new Change(row.Seq, "DELETE", id, ""));
                var shown = row.Served.Where(s => s.Value.Version == row.Seq).Select(s => new Change(row.Seq, "PUT", s.Key, Resource(s.Value.Answer)));
                changes.InsertRange(0, ended.Concat(shown).OrderBy(c => c.Url, StringComparer.Ordinal));
                before = row.Served;
            }

            return changes;
        }

        private static string Resource(string answer) => JsonDocument.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..]).RootElement.GetProperty("resource").GetRawText();

        private static Change Parsed(byte[] entry)
        {
            var json = JsonDocument.Parse(entry).RootElement;
            var etag = json.GetProperty("response").GetProperty("etag").GetString()!;
            return new Change(
                long.Parse(etag[3..^1], System.Globalization.CultureInfo.InvariantCulture), json.GetProperty("request").GetProperty("method").GetString()!,
                json.GetProperty("request").GetProperty("url").GetString()!, json.TryGetProperty("resource", out var resource) ? resource.GetRawText() : "");
        }

        private async Task Act(int acts)
        {
            if ((acts & 1) != 0)
                await _live.Fold(TaskScheduler.Default, default);
            if ((acts & 2) != 0)
                _live.Settle();
            if ((acts & 12) == 0)
                return;
            var old = _live;
            _live = Activation();
            if ((acts & 4) != 0)
                await _live.Load(default);
            else
                await _live.Take(old.HandOver(1 << 20)!, default);
        }

        private async Task Push(Fragment[] batch)
        {
            // Not to the millisecond, to which times are shown.
            _clock.Advance(TimeSpan.FromMinutes(1) + TimeSpan.FromTicks(12_345));
            var before = _live.Seq;
            await _live.Push(RecordExamples.Push($"{_clock.GetUtcNow():O}", batch), default);
            if (_live.Seq == before)
                return;
            var record = _live.Snapshot;
            var served = new Dictionary<string, (long Version, string Answer)>();
            var answers = new List<(ReadRequest Request, string Answer)>();
            foreach (var resource in record.All.ToArray())
            {
                var one = new ReadRequest(null, resource.Type, resource.Id.ToString());
                served[$"{resource.Type}/{resource.Id}"] = (resource.Version, await Read(one));
                answers.Add((one with { Operation = ReadOperation.Explain }, await Read(one with { Operation = ReadOperation.Explain })));
            }

            foreach (var request in Requests)
                answers.Add((request, await Read(request)));
            Rows.Add(new Row(record.Seq, record.LastAppended, answers, served));
        }

        private LiveRecord Activation() => new(JournalExamples.Ann, _journal, Here, _clock);

        private static string Text(ReadAnswer answer) =>
            $"{answer.Status} {answer.Version} {answer.LastUpdated:O} {answer.PresentId} {answer.EntryBytes}{string.Concat(answer.Entries.Concat(answer.Beside).Select(e => "\n" + Encoding.UTF8.GetString(e)))}";
    }
}
