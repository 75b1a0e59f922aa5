using System.Text.Json;

namespace Lhcre.Adapters.Tests.Sending;

/// <summary>What the sender makes of an answer that is not yes.</summary>
public sealed class SentAgainTests : SenderSpec
{
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
        Record.Answer = (_, number) => number == 1 ? RecordDouble.Status(status, retryAfter) : null;
        await Outbox.Append(Texts.Observation("a", 1));
        Start();
        await Until(() => Troubles.Count == 1);
        Assert.InRange(Troubles[0].Wait, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds + 0.2));
        Assert.Equal(status is 401 or 404, Troubles[0].NeedsSomebody);
        Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(10));
        await Task.Delay(50);
        Assert.Single(Record.Requests);

        await Emptied();

        Assert.Equal(2, Record.Requests.Count);
        Assert.Equal(Record.Requests[0], Record.Requests[1]);
        Assert.Empty(Refused);
    }

    [Fact]
    public async Task Waits_double_up_to_the_longest_one_and_are_spread()
    {
        Options = Options with { InFlight = 1, LongestWait = TimeSpan.FromSeconds(3) };
        Record.Answer = (_, number) => number <= 6 ? throw new HttpRequestException("nobody there") : null;
        await Outbox.Append(Texts.Observation("a", 1));
        Start(jitter: 0.5);
        await Emptied();

        Assert.Equal([0.15, 0.3, 0.6, 1.2, 2.25, 2.25], Troubles.Select(t => Math.Round(t.Wait.TotalSeconds, 3)));
    }

    [Fact]
    public async Task Entries_that_are_refused_are_kept_and_told_and_those_of_later_go_again()
    {
        Record.Answer = (_, number) => number == 1 ? RecordDouble.Entries("201 Created", "422", "503", "202 Accepted", "200 OK") : null;
        await Outbox.Append([.. Enumerable.Range(1, 5).Select(n => Texts.Observation($"person-{n}", n))], null);
        await SendAll();

        Assert.Equal([5, 1], Record.Requests.Select(r => r.Entries.Count));
        Assert.Equal("PUT Observation/o3", Record.Requests[1].Entries.Single());
        Assert.NotEqual(Record.Requests[0].Id, Record.Requests[1].Id);
        var refused = Assert.Single(Refused);
        Assert.Equal((2, 422, "LHC202"), (refused.Queued.Sequence, refused.Status, refused.Issues.Single().Code));
        Assert.DoesNotContain("o2", refused.ToString(), StringComparison.Ordinal);
        using var line = JsonDocument.Parse(Assert.Single(await RefusedFile()));
        Assert.Equal("Observation/o2", line.RootElement.GetProperty("path").GetString());
        Assert.Equal(new SendCounts(4, 1, 1, 2, 2), Sender!.Counts);
    }

    [Fact]
    public async Task A_batch_that_is_refused_whole_is_sent_one_by_one_so_that_the_good_ones_arrive()
    {
        Record.Answer = (request, _) => request.Body.Contains("\"id\":\"o2\"", StringComparison.Ordinal) ? RecordDouble.Status(400) : null;
        await Outbox.Append([.. Enumerable.Range(1, 3).Select(n => Texts.Observation("a", n))], null);
        await SendAll();

        Assert.Equal([3, 1, 1, 1], Record.Requests.Select(r => r.Entries.Count));
        Assert.Equal(2, Assert.Single(Refused).Queued.Sequence);
        Assert.Equal((2, 1), (Sender!.Counts.Accepted, Sender.Counts.Refused));
    }

    [Fact]
    public async Task What_can_stand_in_no_Bundle_is_refused_here_and_harms_nobody()
    {
        byte[][] bodies = [[], "[]"u8.ToArray(), "{}{}"u8.ToArray(), "{\"a\":1}},{\"b\":{"u8.ToArray(), [.. "{\"a\":\""u8, 0xFF, .. "\"}"u8], "{\"a\":"u8.ToArray()];
        await Outbox.Append([.. bodies.Select((b, n) => Outgoing.Put("a", "Observation", $"o{n}", b)), Outgoing.Delete("a", "Observation", "a/b"), Outgoing.Delete("a", "Obs\"", "a"), Outgoing.Put("a", "Observation", "", "{}"u8.ToArray())], null);
        await Outbox.Append(Texts.Observation("a", 10));
        await SendAll();

        Assert.Equal("PUT Observation/o10", Assert.Single(Record.Requests).Entries.Single());
        Assert.Equal(bodies.Length + 3, Refused.Count);
        Assert.All(Refused, r => Assert.Equal(0, r.Status));
    }
}
