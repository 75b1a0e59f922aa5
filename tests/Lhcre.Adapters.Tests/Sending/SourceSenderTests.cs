using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Lhcre.Adapters.Tests.Sending;

/// <summary>What the sender makes of what the record answers, on a clock of its own.</summary>
public sealed class SourceSenderTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 6, 0, 0, TimeSpan.Zero));
    private readonly RecordDouble _record = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<RefusedMessage> _refused = [];
    private readonly List<SendTrouble> _troubles = [];
    private readonly HttpClient _http;
    private Outbox _outbox;
    private SenderOptions _options;
    private SourceSender? _sender;
    private Task _run = Task.CompletedTask;

    public SourceSenderTests()
    {
        _outbox = Open();
        _http = new HttpClient(_record);
        _options = new SenderOptions(new Uri("http://record.example/"), "dorset") { InFlight = 2, Refused = _refused.Add, Trouble = _troubles.Add };
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await _outbox.DisposeAsync();
        _folder.Dispose();
        _http.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Resources_go_together_as_a_batch_in_their_order_byte_for_byte()
    {
        await _outbox.Append([Texts.Observation("a", 1, padding: 3), Outgoing.Delete("b", "Condition", "c"), Outgoing.Post("a", "Observation", "{ \"resourceType\" : \"Observation\" }"u8.ToArray())], null);
        await SendAll();

        var request = Assert.Single(_record.Requests);
        Assert.Equal(("/sources/dorset/fhir", "application/fhir+json"), (request.Path, request.ContentType));
        Assert.Equal(["PUT Observation/o1", "DELETE Condition/c", "POST Observation"], request.Entries);
        Assert.Contains("{ \"resourceType\" : \"Observation\" }", request.Body, StringComparison.Ordinal);
        Assert.Equal(new SendCounts(3, 0, 0, 1, 1), _sender!.Counts);
    }

    [Fact]
    public async Task Bundles_and_HL7_v2_go_alone_and_as_they_are_each_by_its_door()
    {
        await _outbox.Append([Outgoing.Bundle("a", "{\"resourceType\":\"Bundle\",\"type\":\"message\"}"u8.ToArray()), Outgoing.Hl7V2("b", "MSH|^~\\&|\r"u8.ToArray()), Texts.Observation("c", 1)], null);
        await SendAll();

        Assert.Equal(
            ["/sources/dorset/fhir application/fhir+json", "/sources/dorset/fhir application/fhir+json", "/sources/dorset/hl7v2 x-application/hl7-v2+er7"],
            _record.Requests.Select(r => $"{r.Path} {r.ContentType}").Order());
        Assert.Contains(_record.Requests, r => r.Body == "MSH|^~\\&|\r");
        Assert.Equal(3, _record.Requests.Select(r => r.Id).Distinct().Count());
    }

    [Fact]
    public async Task Batches_are_cut_by_count_and_by_bytes_and_hold_a_resource_once()
    {
        _options = _options with { BatchMessages = 3, BatchBytes = 1_000, InFlight = 1 };
        await _outbox.Append(
            [
                Texts.Observation("a", 1), Texts.Observation("a", 2), Texts.Observation("a", 3), Texts.Observation("a", 4, padding: 2_000),
                Texts.Observation("a", 5, padding: 500), Texts.Observation("a", 6, padding: 500), Texts.Observation("a", 7, value: 1), Texts.Observation("a", 7, value: 2),
            ],
            null);
        await SendAll();

        Assert.Equal(["o1 o2 o3", "o4", "o5", "o6 o7", "o7"], _record.Requests.Select(r => string.Join(' ', r.Entries.Select(e => e.Split('/')[1]))));
    }

    [Theory]
    [InlineData(429, "7", 7)]
    [InlineData(503, "7", 7)]
    [InlineData(503, "Mon, 23 Nov 2026 06:00:07 GMT", 7)]
    [InlineData(503, null, 0.2)]
    [InlineData(500, null, 0.2)]
    [InlineData(502, null, 0.2)]
    [InlineData(408, null, 0.2)]
    [InlineData(401, null, 0.2)]
    [InlineData(404, null, 0.2)]
    public async Task What_is_not_taken_now_waits_as_it_is_told_and_goes_again_under_its_name(int status, string? retryAfter, double seconds)
    {
        _record.Answer = (_, number) => number == 1 ? RecordDouble.Status(status, retryAfter) : null;
        await _outbox.Append(Texts.Observation("a", 1));
        Start();
        await Until(() => _troubles.Count == 1);
        Assert.InRange(_troubles[0].Wait, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds + 0.2));
        Assert.Equal(status is 401 or 404, _troubles[0].NeedsSomebody);
        _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(10));
        await Task.Delay(50);
        Assert.Single(_record.Requests);

        await Emptied();

        Assert.Equal(2, _record.Requests.Count);
        Assert.Equal(_record.Requests[0], _record.Requests[1]);
        Assert.Empty(_refused);
    }

    [Fact]
    public async Task Waits_double_up_to_the_longest_one_and_are_spread()
    {
        _options = _options with { InFlight = 1, LongestWait = TimeSpan.FromSeconds(3) };
        _record.Answer = (_, number) => number <= 6 ? throw new HttpRequestException("nobody there") : null;
        await _outbox.Append(Texts.Observation("a", 1));
        Start(jitter: 0.5);
        await Emptied();

        Assert.Equal([0.15, 0.3, 0.6, 1.2, 2.25, 2.25], _troubles.Select(t => Math.Round(t.Wait.TotalSeconds, 3)));
    }

    [Fact]
    public async Task Entries_that_are_refused_are_kept_and_told_and_those_of_later_go_again()
    {
        _record.Answer = (_, number) => number == 1 ? RecordDouble.Entries("201 Created", "422", "503", "202 Accepted", "200 OK") : null;
        await _outbox.Append([.. Enumerable.Range(1, 5).Select(n => Texts.Observation($"person-{n}", n))], null);
        await SendAll();

        Assert.Equal([5, 1], _record.Requests.Select(r => r.Entries.Count));
        Assert.Equal("PUT Observation/o3", _record.Requests[1].Entries.Single());
        Assert.NotEqual(_record.Requests[0].Id, _record.Requests[1].Id);
        var refused = Assert.Single(_refused);
        Assert.Equal((2, 422, "LHC202"), (refused.Queued.Sequence, refused.Status, refused.Issues.Single().Code));
        Assert.DoesNotContain("o2", refused.ToString(), StringComparison.Ordinal);
        using var line = JsonDocument.Parse(Assert.Single(await Refused()));
        Assert.Equal("Observation/o2", line.RootElement.GetProperty("path").GetString());
        Assert.Equal(new SendCounts(4, 1, 1, 2, 2), _sender!.Counts);
    }

    [Fact]
    public async Task A_batch_that_is_refused_whole_is_sent_one_by_one_so_that_the_good_ones_arrive()
    {
        _record.Answer = (request, _) => request.Body.Contains("\"id\":\"o2\"", StringComparison.Ordinal) ? RecordDouble.Status(400) : null;
        await _outbox.Append([.. Enumerable.Range(1, 3).Select(n => Texts.Observation("a", n))], null);
        await SendAll();

        Assert.Equal([3, 1, 1, 1], _record.Requests.Select(r => r.Entries.Count));
        Assert.Equal(2, Assert.Single(_refused).Queued.Sequence);
        Assert.Equal((2, 1), (_sender!.Counts.Accepted, _sender.Counts.Refused));
    }

    [Fact]
    public async Task What_can_stand_in_no_Bundle_is_refused_here_and_harms_nobody()
    {
        byte[][] bodies = [[], "[]"u8.ToArray(), "{}{}"u8.ToArray(), "{\"a\":1}},{\"b\":{"u8.ToArray(), [.. "{\"a\":\""u8, 0xFF, .. "\"}"u8], "{\"a\":"u8.ToArray()];
        await _outbox.Append([.. bodies.Select((b, n) => Outgoing.Put("a", "Observation", $"o{n}", b)), Outgoing.Delete("a", "Observation", "a/b"), Outgoing.Delete("a", "Obs\"", "a"), Outgoing.Put("a", "Observation", "", "{}"u8.ToArray())], null);
        await _outbox.Append(Texts.Observation("a", 10));
        await SendAll();

        Assert.Equal("PUT Observation/o10", Assert.Single(_record.Requests).Entries.Single());
        Assert.Equal(bodies.Length + 3, _refused.Count);
        Assert.All(_refused, r => Assert.Equal(0, r.Status));
    }

    [Fact]
    public async Task While_a_person_waits_nothing_of_that_person_goes_and_others_do()
    {
        var held = new TaskCompletionSource();
        _record.Hold = r => r.Body.Contains("\"o1\"", StringComparison.Ordinal) ? held.Task : Task.CompletedTask;
        await _outbox.Append(Texts.Observation("a", 1));
        Start();
        await Until(() => _record.Requests.Count == 1);
        await _outbox.Append([Texts.Observation("a", 2), Texts.Observation("b", 3), Texts.Observation("a", 4)], null);
        await Until(() => _record.Requests.Count == 2 && _outbox.IsSettled(3));
        await Task.Delay(50);
        Assert.Equal(["PUT Observation/o3"], _record.Requests[1].Entries);
        Assert.Equal(2, _record.Requests.Count);

        held.SetResult();
        await Emptied();

        Assert.Equal(["PUT Observation/o2", "PUT Observation/o4"], _record.Requests.Skip(2).SelectMany(r => r.Entries));
    }

    [Fact]
    public async Task After_a_crash_the_very_same_push_goes_again_whatever_has_come_since()
    {
        var held = new TaskCompletionSource();
        _record.Hold = _ => held.Task;
        _options = _options with { Grace = TimeSpan.Zero };
        await _outbox.Append([Texts.Observation("a", 1), Texts.Observation("b", 2)], null);
        Start();
        await Until(() => _record.Requests.Count == 1);
        await Stop();
        await _outbox.Append([Texts.Observation("c", 3), Texts.Observation("a", 4)], null);
        await _outbox.DisposeAsync();
        _outbox = Open();
        _record.Hold = _ => Task.CompletedTask;
        await SendAll();

        // What is of other people may go beside it.
        var (again, others) = (_record.Requests.Skip(1).Where(r => r.Id == _record.Requests[0].Id), _record.Requests.Where(r => r.Id != _record.Requests[0].Id));
        Assert.Equal(_record.Requests[0], Assert.Single(again));
        Assert.Equal(["PUT Observation/o3", "PUT Observation/o4"], others.SelectMany(r => r.Entries).Order());
    }

    [Fact]
    public async Task A_stop_waits_for_what_is_under_way_and_begins_nothing_more()
    {
        var held = new TaskCompletionSource();
        _record.Hold = _ => held.Task;
        _options = _options with { BatchMessages = 1 };
        await _outbox.Append([.. Enumerable.Range(1, 9).Select(n => Texts.Observation($"person-{n}", n))], null);
        Start();
        await Until(() => _record.Requests.Count == 2);
        await _stop.CancelAsync();
        await Task.Delay(50);
        Assert.False(_run.IsCompleted);

        held.SetResult();
        await _run.WaitAsync(Patience);

        Assert.Equal(2, _record.Requests.Count);
        Assert.Equal(7, _outbox.Unsettled);
    }

    [Fact]
    public async Task A_heartbeat_tells_the_watermark_only_when_nothing_waits()
    {
        var at = new DateTimeOffset(2026, 11, 23, 5, 59, 0, TimeSpan.FromHours(1));
        Start();
        Assert.Equal(new HeartbeatResult(200, true), await _sender!.Heartbeat(at, default));
        Assert.Equal("/sources/dorset/$heartbeat", _record.Requests[0].Path);
        using (var told = JsonDocument.Parse(_record.Requests[0].Body))
            Assert.Equal(at, told.RootElement.GetProperty("parameter")[0].GetProperty("valueInstant").GetDateTimeOffset());
        var held = new TaskCompletionSource();
        _record.Hold = r => r.Path.EndsWith("/fhir", StringComparison.Ordinal) ? held.Task : Task.CompletedTask;
        await _outbox.Append(Texts.Observation("a", 1));

        Assert.Equal(new HeartbeatResult(200, false), await _sender.Heartbeat(at, default));

        Assert.DoesNotContain("watermark", _record.Requests[^1].Body, StringComparison.Ordinal);
        held.SetResult();
    }

    [Fact]
    public void A_backfill_says_that_nobody_waits_for_it()
    {
        var push = new Lhcre.Adapters.Sending.Push([new QueuedMessage(1, Texts.Observation("a", 1))], Guid.Empty);
        using var backfill = push.Request(_options with { IsBackfill = true });
        using var live = push.Request(_options);
        Assert.Equal("u=6", backfill.Headers.GetValues("Priority").Single());
        Assert.False(live.Headers.Contains("Priority"));
    }

    private Outbox Open() => Outbox.Open(_folder.At("outbox"), Texts.Identity);

    private void Start(double jitter = 1)
    {
        _sender = new SourceSender(_outbox, _http, _options, _time, () => jitter);
        _run = _sender.Run(_stop.Token);
    }

    private async Task Stop()
    {
        await _stop.CancelAsync();
        while (!_run.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }

        await _run;
    }

    private async Task SendAll()
    {
        using var stop = new CancellationTokenSource();
        _sender = new SourceSender(_outbox, _http, _options, _time, () => 1);
        var run = _sender.Run(stop.Token);
        await Emptied();
        await stop.CancelAsync();
        await run.WaitAsync(Patience);
    }

    private async Task Emptied()
    {
        var emptied = _outbox.Emptied();
        await Until(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            return emptied.IsCompleted;
        });
    }

    private async Task<string[]> Refused()
    {
        await using var file = new FileStream(_folder.At("outbox/refused.ndjson"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var text = new StreamReader(file);
        return (await text.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task Until(Func<bool> isSo)
    {
        var end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!isSo())
        {
            Assert.True(Environment.TickCount64 < end, "It did not come to that in time.");
            await Task.Delay(2);
        }
    }
}
