using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Lhcre.Adapters.Tests.Sending;

/// <summary>What the sender makes of an answer that is not yes.</summary>
public sealed class SentAgainTests : SenderSpec
{
    [Theory]
    [InlineData(429, "7", 7)]
    [InlineData(503, "7", 7)]
    [InlineData(503, "9999999", 9_999_999)]
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

    [Theory]
    [InlineData("500")]
    [InlineData("503")]
    [InlineData("an entry")]
    public async Task Pushes_that_fail_again_and_again_hold_up_nobody_else_however_many_they_are(string failure)
    {
        Record.Answer = (request, _) => !request.Body.Contains("sick", StringComparison.Ordinal) ? null
            : failure == "an entry" ? RecordDouble.Entries("503") : RecordDouble.Status(int.Parse(failure, CultureInfo.InvariantCulture));
        await Outbox.Append([.. Enumerable.Range(1, 5).Select(n => Outgoing.Bundle($"sick-{n}", Bundle($"sick {n}"))), .. Enumerable.Range(1, 9).Select(n => Outgoing.Bundle($"well-{n}", Bundle("well")))], null);
        Start();
        await Until(() =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(100));
            return Outbox.Unsettled == 5;
        });

        // They are not given up, and nothing of theirs goes meanwhile.
        await Outbox.Append(Outgoing.Bundle("sick-1", Bundle("well again")));
        await Until(() =>
        {
            Time.Advance(TimeSpan.FromSeconds(3));
            return Troubles.Count(t => t.Wait >= Options.LongestWait / 2) > 5;
        });
        Assert.Equal(6, Outbox.Unsettled);
        Record.Answer = (_, _) => null;
        await Until(() =>
        {
            Time.Advance(TimeSpan.FromSeconds(3));
            return Outbox.Unsettled == 0;
        });
        Assert.Equal(15, Record.Requests.Select(r => r.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_batch_that_fails_again_and_again_is_sent_one_by_one_so_that_the_others_arrive()
    {
        Record.Answer = (request, _) => request.Body.Contains("\"id\":\"o2\"", StringComparison.Ordinal) ? RecordDouble.Status(500) : null;
        await Outbox.Append([.. Enumerable.Range(1, 3).Select(n => Texts.Observation($"person-{n}", n))], null);
        Start();
        await Until(() =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(50));
            return Outbox.Unsettled == 1;
        });

        Assert.False(Outbox.IsSettled(2));
        Assert.Empty(Refused);
        // Not at once: what failed may be taken when it comes again as it was.
        Assert.True(Record.Requests.Count(r => r.Entries.Count == 3) >= 4);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_record_that_takes_nothing_is_not_run_down_however_much_there_is_to_send(int status)
    {
        Record.Answer = (_, _) => RecordDouble.Status(status);
        await Outbox.Append([.. Enumerable.Range(1, 500).Select(n => Outgoing.Bundle($"person-{n}", Bundle("any")))], null);
        Start();
        var end = Time.GetUtcNow() + TimeSpan.FromMinutes(30);
        await Until(() =>
        {
            Time.Advance(TimeSpan.FromSeconds(3));
            return Time.GetUtcNow() > end;
        });

        Assert.InRange(Record.Requests.Count, 30, 4_000);
        Assert.True(Record.Requests.Select(r => r.Id).Distinct().Count() < 100);
    }

    [Theory]
    [InlineData("ERR||MSH^1^9|201^Unsupported event code^HL70357|E|LHC610^Not taken here.^L|||Not taken here.", "Not taken here.")]
    [InlineData("ERR|MSH^^9^201&Unsupported event code&HL70357&LHC610&Not taken here.&L", "Not taken here.")]
    [InlineData("ERR|||||LHC610", "LHC610")]
    public async Task A_message_that_is_refused_is_kept_with_the_reasons_of_its_acknowledgement(string err, string text)
    {
        Record.Answer = (_, _) => new HttpResponseMessage(System.Net.HttpStatusCode.BadRequest) { Content = new StringContent($"MSH|^~\\&|\rMSA|AR|1|Not taken here.\r{err}\r") };
        await Outbox.Append([Outgoing.Hl7V2("b", "MSH|^~\\&|\r"u8.ToArray())], null);
        await SendAll();

        Assert.Equal(new AnswerIssue("LHC610", text), Assert.Single(Assert.Single(Refused).Issues));
    }

    private static byte[] Bundle(string words) => Encoding.UTF8.GetBytes($$"""{"resourceType":"Bundle","type":"message","id":"{{words}}"}""");
}
