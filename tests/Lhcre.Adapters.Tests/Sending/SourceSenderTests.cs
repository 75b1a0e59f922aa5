using System.Text.Json;

namespace Lhcre.Adapters.Tests.Sending;

/// <summary>In which order messages go, also across a crash, and what a stop and a heartbeat do.</summary>
public sealed class SourceSenderTests : SenderSpec
{
    [Fact]
    public async Task While_a_person_waits_nothing_of_that_person_goes_and_others_do()
    {
        var held = new TaskCompletionSource();
        Record.Hold = r => r.Body.Contains("\"o1\"", StringComparison.Ordinal) ? held.Task : Task.CompletedTask;
        await Outbox.Append(Texts.Observation("a", 1));
        Start();
        await Until(() => Record.Requests.Count == 1);
        await Outbox.Append([Texts.Observation("a", 2), Texts.Observation("b", 3), Texts.Observation("a", 4)], null);
        await Until(() => Record.Requests.Count == 2 && Outbox.IsSettled(3));
        await Task.Delay(50);
        Assert.Equal(["PUT Observation/o3"], Record.Requests[1].Entries);
        Assert.Equal(2, Record.Requests.Count);

        held.SetResult();
        await Emptied();

        Assert.Equal(["PUT Observation/o2", "PUT Observation/o4"], Record.Requests.Skip(2).SelectMany(r => r.Entries));
    }

    [Fact]
    public async Task After_a_crash_the_very_same_push_goes_again_whatever_has_come_since()
    {
        var held = new TaskCompletionSource();
        Record.Hold = _ => held.Task;
        Options = Options with { Grace = TimeSpan.Zero };
        await Outbox.Append([Texts.Observation("a", 1), Texts.Observation("b", 2)], null);
        Start();
        await Until(() => Record.Requests.Count == 1);
        await Stop();
        await Outbox.Append([Texts.Observation("c", 3), Texts.Observation("a", 4)], null);
        await Outbox.DisposeAsync();
        Outbox = Open();
        Record.Hold = _ => Task.CompletedTask;
        await SendAll();

        // What is of other people may go beside it.
        var (again, others) = (Record.Requests.Skip(1).Where(r => r.Id == Record.Requests[0].Id), Record.Requests.Where(r => r.Id != Record.Requests[0].Id));
        Assert.Equal(Record.Requests[0], Assert.Single(again));
        Assert.Equal(["PUT Observation/o3", "PUT Observation/o4"], others.SelectMany(r => r.Entries).Order());
    }

    [Fact]
    public async Task A_stop_waits_for_what_is_under_way_and_begins_nothing_more()
    {
        var held = new TaskCompletionSource();
        Record.Hold = _ => held.Task;
        Options = Options with { BatchMessages = 1 };
        await Outbox.Append([.. Enumerable.Range(1, 9).Select(n => Texts.Observation($"person-{n}", n))], null);
        Start();
        await Until(() => Record.Requests.Count == 2);
        await Stopping.CancelAsync();
        await Task.Delay(50);
        Assert.False(Running.IsCompleted);

        held.SetResult();
        await Running.WaitAsync(Patience);

        Assert.Equal(2, Record.Requests.Count);
        Assert.Equal(7, Outbox.Unsettled);
    }

    [Fact]
    public async Task A_heartbeat_tells_the_watermark_only_when_nothing_waits()
    {
        var at = new DateTimeOffset(2026, 11, 23, 5, 59, 0, TimeSpan.FromHours(1));
        Start();
        Assert.Equal(new HeartbeatResult(200, true), await Sender!.Heartbeat(at, default));
        Assert.Equal("/sources/dorset/$heartbeat", Record.Requests[0].Path);
        using (var told = JsonDocument.Parse(Record.Requests[0].Body))
            Assert.Equal(at, told.RootElement.GetProperty("parameter")[0].GetProperty("valueInstant").GetDateTimeOffset());
        var held = new TaskCompletionSource();
        Record.Hold = r => r.Path.EndsWith("/fhir", StringComparison.Ordinal) ? held.Task : Task.CompletedTask;
        await Outbox.Append(Texts.Observation("a", 1));

        Assert.Equal(new HeartbeatResult(200, false), await Sender.Heartbeat(at, default));

        Assert.DoesNotContain("watermark", Record.Requests[^1].Body, StringComparison.Ordinal);
        held.SetResult();
    }
}
