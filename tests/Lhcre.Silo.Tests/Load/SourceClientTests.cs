using System.Net.Http.Headers;
using System.Text;
using Lhcre.Silo.Load;

namespace Lhcre.Silo.Tests.Load;

public class SourceClientTests
{
    private static readonly InputText Person = InputText.Read(Encoding.UTF8.GetBytes(TempFolder.Person("Hardy")), out _)!;
    private static readonly DateTimeOffset Now = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, null, 0.5)]
    [InlineData(2, null, 1)]
    [InlineData(5, null, 8)]
    [InlineData(100, null, 60)]
    [InlineData(1, "7", 7)]
    [InlineData(9, "1", 1)]
    [InlineData(1, "0", 0.1)]
    [InlineData(1, "3600", 60)]
    [InlineData(1, "Wed, 01 Jan 2025 00:00:05 GMT", 5)]
    [InlineData(1, "Tue, 31 Dec 2024 00:00:00 GMT", 0.1)]
    public void It_waits_as_long_as_the_server_says_else_twice_as_long_each_time(int attempt, string? retryAfter, double seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            SourceClient.Wait(attempt, retryAfter is null ? null : RetryConditionHeaderValue.Parse(retryAfter), Now));

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Not_now_is_tried_again_with_the_same_push_id(int status)
    {
        var tries = 0;
        await using var server = await SourceServer.Start(p => ++tries < 4 ? new Reply(status, RetryAfter: "3") : Reply.AllCreated(p));
        var (client, time) = Client(server.Url);
        var end = Assert.IsType<PushEnd.Answered>(await client.Push(Person, default, default));
        Assert.Equal(1, end.Answer.Created);
        Assert.Equal(3, client.Retries);
        Assert.Equal(TimeSpan.FromSeconds(9), time.Waited);
        Assert.Single(server.Pushes.Select(p => p.RequestId).Distinct());
        Assert.All(server.Pushes, p => Assert.Equal("u=6", p.Priority));
    }

    [Fact]
    public async Task A_push_of_which_an_entry_could_not_be_taken_in_just_now_is_sent_again_whole()
    {
        var tries = 0;
        await using var server = await SourceServer.Start(p => ++tries < 3
            ? Reply.Entries(("503", Reply.Outcome("LHC902", "the journal is away"))) with { RetryAfter = "5" }
            : Reply.AllCreated(p));
        var (client, time) = Client(server.Url);
        var end = Assert.IsType<PushEnd.Answered>(await client.Push(Person, default, default));
        Assert.Equal((1, 0), (end.Answer.Created, end.Answer.Refused));
        Assert.Equal(TimeSpan.FromSeconds(10), time.Waited);
        Assert.Single(server.Pushes.Select(p => p.RequestId).Distinct());
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(422)]
    [InlineData(500)]
    public async Task No_is_not_tried_again(int status)
    {
        await using var server = await SourceServer.Start(_ => Reply.Refused(status, "LHC202", "no"));
        var (client, _) = Client(server.Url);
        var end = Assert.IsType<PushEnd.Answered>(await client.Push(Person, default, default));
        Assert.Equal("LHC202", Assert.Single(end.Answer.Issues).Code);
        Assert.Single(server.Pushes);
    }

    [Theory]
    [InlineData(401, null)]
    [InlineData(403, "LHC202")]
    [InlineData(302, null)]
    [InlineData(404, null)]
    [InlineData(404, "LHC107")]
    [InlineData(404, "LHC108")]
    [InlineData(405, null)]
    public async Task What_is_no_base_of_the_source_is_told_apart_from_a_refusal(int status, string? code)
    {
        await using var server = await SourceServer.Start(_ => code is null ? new Reply(status) : Reply.Refused(status, code, "no"));
        var (client, _) = Client(server.Url);
        var end = Assert.IsType<PushEnd.NoBase>(await client.Push(Person, default, default));
        Assert.Contains(code ?? $"HTTP {status}", end.Reason, StringComparison.Ordinal);
        Assert.Single(server.Pushes);
    }

    [Fact]
    public async Task A_path_that_is_not_served_may_be_the_fault_of_the_id_in_it()
    {
        await using var server = await SourceServer.Start(_ => Reply.Refused(404, "LHC108", "no"));
        var (client, _) = Client(server.Url);
        Assert.IsType<PushEnd.Answered>(await client.Push(InputText.Read(System.Text.Encoding.UTF8.GetBytes("""{"resourceType":"Patient","id":"a"}"""), out var _)!, default, default));
    }

    [Fact]
    public async Task Patience_ends_after_two_minutes_and_the_last_word_counts()
    {
        await using var server = await SourceServer.Start(_ => Reply.Refused(429, "LHC903", "busy") with { RetryAfter = "10" });
        var (client, time) = Client(server.Url);
        var end = Assert.IsType<PushEnd.Answered>(await client.Push(Person, default, default));
        Assert.Equal("LHC903", Assert.Single(end.Answer.Issues).Code);
        Assert.Equal(SourceClient.Patience, time.Waited);
        Assert.Equal(13, server.Pushes.Count);
    }

    [Fact]
    public async Task A_server_that_was_never_there_is_not_waited_for()
    {
        var server = await SourceServer.Start();
        await server.DisposeAsync();
        var (client, time) = Client(server.Url);
        Assert.IsType<PushEnd.Unreachable>(await client.Push(Person, default, default));
        Assert.Equal(TimeSpan.Zero, time.Waited);
    }

    [Fact]
    public async Task A_server_that_went_away_is_waited_for_with_patience()
    {
        var server = await SourceServer.Start();
        var (client, time) = Client(server.Url);
        Assert.IsType<PushEnd.Answered>(await client.Push(Person, default, default));
        await server.DisposeAsync();
        Assert.IsType<PushEnd.Unreachable>(await client.Push(Person, default, default));
        Assert.InRange(time.Waited, TimeSpan.FromMinutes(1), SourceClient.Patience);
    }

    [Fact]
    public async Task Once_stopped_nothing_is_sent()
    {
        await using var server = await SourceServer.Start();
        var (client, _) = Client(server.Url);
        Assert.IsType<PushEnd.Stopped>(await client.Push(Person, new CancellationToken(true), default));
        Assert.Empty(server.Pushes);
    }

    [Fact]
    public async Task Stopped_while_it_waits_it_does_not_try_again()
    {
        using var stop = new CancellationTokenSource();
        await using var server = await SourceServer.Start(_ =>
        {
            stop.CancelAfter(TimeSpan.FromMilliseconds(50));
            return new Reply(503, RetryAfter: "60");
        });
        using var http = SourceClient.Connect(server.Url, 1);
        var client = new SourceClient(http, server.Url, "dorset", TimeProvider.System);
        Assert.IsType<PushEnd.Stopped>(await client.Push(Person, stop.Token, default));
        Assert.Single(server.Pushes);
    }

    [Fact]
    public async Task An_answer_that_nobody_waits_for_any_longer_is_given_up()
    {
        using var abort = new CancellationTokenSource();
        await using var server = await SourceServer.Start(async (_, gone) =>
        {
            await abort.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new Reply(200);
        });
        var (client, _) = Client(server.Url);
        Assert.IsType<PushEnd.Stopped>(await client.Push(Person, default, abort.Token));
    }

    [Theory]
    [InlineData("", "/sources/dorset/fhir")]
    [InlineData("/", "/sources/dorset/fhir")]
    [InlineData("/behind/a/gateway/", "/behind/a/gateway/sources/dorset/fhir")]
    public async Task Pushes_go_to_the_base_of_the_source_as_fhir(string path, string expected)
    {
        await using var server = await SourceServer.Start();
        var (client, _) = Client(new Uri(server.Url, path));
        await client.Push(Person, default, default);
        var push = Assert.Single(server.Pushes);
        Assert.Equal(("POST", expected, "application/fhir+json"), (push.Method, push.Path, push.ContentType));
        Assert.Equal(Person.Bytes, push.Body);
    }

    private static (SourceClient Client, SwiftTime Time) Client(Uri url)
    {
        var time = new SwiftTime();
        return (new SourceClient(SourceClient.Connect(url, 2), url, "dorset", time), time);
    }
}
