using System.Text;
using System.Text.Json;

namespace Lhcre.Adapters.Tests;

/// <summary>What an adapter may rely on: an append that returned is kept, in order, until it is settled.</summary>
public sealed class OutboxTests : IDisposable
{
    private static readonly OutboxOptions Small = new() { SegmentBytes = 2_000 };
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_appended_is_there_after_a_restart_in_its_order_with_how_far_the_source_was_read()
    {
        Outgoing[] messages =
        [
            Texts.Observation("a", 1), Outgoing.Post("b", "Observation", "{}"u8.ToArray()), Outgoing.Delete("a", "Condition", "c-1.2"),
            Outgoing.Bundle("ä", "{\"resourceType\":\"Bundle\"}"u8.ToArray()), Outgoing.Hl7V2("", Encoding.Latin1.GetBytes("MSH|^~\\&|é")),
        ];
        await using (var outbox = Open(Small))
        {
            await outbox.Append(messages[..2], "line 2");
            await outbox.Append(messages[2]);
            await outbox.Append(messages[3..], "line 5");
            await outbox.Append([], "line 6: nothing for the record");
        }

        await using var again = Open(Small);
        Assert.Equal(messages.Select((m, n) => $"{n + 1} {Texts.Of(m)}"), Texts.All(again));
        Assert.Equal("line 6: nothing for the record", again.Cursor);
        Assert.Equal((5, 5), (again.Unsettled, again.LastSequence));
    }

    [Fact]
    public async Task Files_go_when_their_messages_are_settled_and_the_cursor_and_the_numbers_stay()
    {
        await using (var outbox = Open(Small))
        {
            for (var n = 1; n <= 60; n++)
                await outbox.Append([Texts.Observation("a", n)], $"line {n}");
            Assert.True(Files() > 3);
            Settle(outbox, 1, 60);
            Assert.Equal(1, Files());
        }

        await using var again = Open(Small);
        Assert.Empty(Texts.Unsettled(again));
        Assert.Equal((0, 60, "line 60"), (again.Unsettled, again.LastSequence, again.Cursor));
        await again.Append(Texts.Observation("a", 61));
        Assert.Equal(61, again.LastSequence);
    }

    [Fact]
    public async Task Files_go_also_behind_a_message_that_nobody_takes_and_what_is_left_is_found_again()
    {
        await using (var outbox = Open(Small))
        {
            for (var n = 1; n <= 60; n++)
                await outbox.Append([Texts.Observation("a", n)], $"line {n}");
            using var behind = outbox.Reader();
            Assert.Equal(1, behind.Next()!.First);
            Settle(outbox, 2, 29);
            Settle(outbox, 31, 60);
            // That of the first, that of the thirtieth, and the last.
            Assert.Equal(3, Files());
            var left = new List<long>();
            while (behind.Next() is { } frame)
                left.AddRange(frame.Messages.Select(m => m.Sequence).Where(s => !outbox.IsSettled(s)));
            Assert.Equal([30], left);
        }

        await using (var again = Open(Small))
        {
            Assert.Equal(["1", "30"], Texts.Unsettled(again).Select(t => t.Split(' ')[0]));
            Assert.Equal((2, 60, "line 60"), (again.Unsettled, again.LastSequence, again.Cursor));
            await again.Append(Texts.Observation("a", 61));
            Settle(again, 1, 1);
            Assert.Equal(2, Files());
        }

        File.Delete(_folder.At("outbox/settled.marks"));
        Assert.Throws<OutboxDamagedException>(() => Open(Small));
    }

    [Fact]
    public async Task Cursors_alone_fill_files_too_and_are_found_again()
    {
        await using (var outbox = Open(new OutboxOptions { SegmentBytes = 200 }))
        {
            for (var n = 1; n <= 50; n++)
                await outbox.Append([], $"line {n}");
            await outbox.Append(Texts.Observation("a", 1));
            Assert.Single(Texts.All(outbox));
        }

        await using var again = Open(Small);
        Assert.Single(Texts.All(again));
        Assert.Equal("line 50", again.Cursor);
    }

    [Fact]
    public async Task A_message_that_is_settled_before_an_older_one_stays_settled()
    {
        await using (var outbox = Open(Small))
        {
            await outbox.Append([Texts.Observation("a", 1), Texts.Observation("b", 2), Texts.Observation("c", 3)], null);
            Settle(outbox, 2, 2);
        }

        await using var again = Open(Small);
        Assert.Equal(["1", "3"], Texts.Unsettled(again).Select(t => t.Split(' ')[0]));
        Assert.Equal(2, again.Unsettled);
    }

    [Fact]
    public async Task A_full_outbox_makes_the_producer_wait_and_lets_it_go_on_when_something_is_settled()
    {
        await using var outbox = Open(Small with { MostBytes = 1_000 });
        await outbox.Append(Texts.Observation("a", 1, padding: 700));
        using var impatient = new CancellationTokenSource();
        var given = outbox.Append(Texts.Observation("a", 2, padding: 700), impatient.Token);
        var waiting = outbox.Append(Texts.Observation("a", 3, padding: 700));
        await Task.Delay(100);
        Assert.False(given.IsCompleted || waiting.IsCompleted);
        await impatient.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => given);

        Settle(outbox, 1, 1, padding: 700);

        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((1, 2), (outbox.Unsettled, outbox.LastSequence));
    }

    [Fact]
    public async Task One_message_that_is_larger_than_the_bound_goes_when_nothing_else_is_there()
    {
        await using var outbox = Open(Small with { MostBytes = 100 });

        await outbox.Append(Texts.Observation("a", 1, padding: 5_000)).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, outbox.Unsettled);
    }

    [Fact]
    public async Task Many_producers_at_once_lose_nothing_and_keep_each_his_order()
    {
        await using var outbox = Open(Small);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(producer => Task.Run(async () =>
        {
            for (var n = 0; n < 50; n++)
                await outbox.Append(Texts.Observation($"person-{producer}", n));
        })));

        var all = Texts.All(outbox);
        Assert.Equal(400, all.Count);
        for (var producer = 0; producer < 8; producer++)
            Assert.Equal(Enumerable.Range(0, 50).Select(n => $"Observation/o{n}"), all.Select(t => t.Split(' ')).Where(t => t[2] == $"person-{producer}").Select(t => t[3]));
    }

    [Fact]
    public async Task A_second_process_is_refused()
    {
        await using (Open(Small))
            Assert.Throws<OutboxInUseException>(() => Open(Small));
        await Open(Small).DisposeAsync();
    }

    [Fact]
    public async Task Its_files_are_for_its_own_account_alone()
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("The tests of processes need a POSIX system anyway.");
        await using var outbox = Open(Small);
        await outbox.Append(Texts.Observation("a", 1));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.At("outbox")));
        foreach (var file in Directory.EnumerateFiles(_folder.At("outbox")))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Once_the_disk_has_failed_nothing_more_is_taken()
    {
        await using var outbox = Open(new OutboxOptions { SegmentBytes = 1 });
        await outbox.Append(Texts.Observation("a", 1));
        // The next file cannot be begun.
        Directory.Delete(_folder.At("outbox"), recursive: true);

        await Assert.ThrowsAsync<OutboxFailedException>(() => outbox.Append(Texts.Observation("a", 2)));
        await Assert.ThrowsAsync<OutboxFailedException>(() => outbox.Append(Texts.Observation("a", 3)));
    }

    [Fact]
    public async Task Once_something_could_not_be_settled_nothing_is_noted_behind_it()
    {
        await using var outbox = Open(Small);
        await outbox.Append([Texts.Observation("a", 1), Texts.Observation("b", 2)], null);
        var refused = new RefusedMessage(new QueuedMessage(1, Texts.Observation("a", 1)), 422, [], []);
        var emptied = outbox.Emptied();
        // What is refused cannot be kept.
        Directory.Delete(_folder.At("outbox"), recursive: true);

        Assert.Throws<OutboxFailedException>(() => outbox.Settle([refused.Queued], [refused], DateTimeOffset.UnixEpoch));

        Assert.False(outbox.IsSettled(1));
        Assert.Throws<OutboxFailedException>(() => Settle(outbox, 2, 2));
        await Assert.ThrowsAsync<OutboxFailedException>(() => outbox.Append(Texts.Observation("a", 3)));
        await Assert.ThrowsAsync<OutboxFailedException>(() => emptied.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Who_waits_for_room_or_for_the_end_is_told_that_it_was_closed()
    {
        var outbox = Open(Small with { MostBytes = 1_000 });
        await outbox.Append(Texts.Observation("a", 1, padding: 900));
        var (waiting, emptied) = (outbox.Append(Texts.Observation("a", 2, padding: 900)), outbox.Emptied());

        await outbox.DisposeAsync();

        await Assert.ThrowsAsync<OutboxFailedException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30)));
        await Assert.ThrowsAsync<OutboxFailedException>(() => emptied.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_cursor_is_as_long_as_the_head_of_a_file_can_hold()
    {
        await using (var outbox = Open(new OutboxOptions { SegmentBytes = 1 }))
        {
            await outbox.Append([Texts.Observation("a", 1)], new string('é', 32_000));
            await outbox.Append(Texts.Observation("a", 2));
            await Assert.ThrowsAsync<ArgumentException>(() => outbox.Append([], new string('é', 33_000)));
        }

        await using var again = Open(Small);
        Assert.Equal((2, 32_000), (again.Unsettled, again.Cursor!.Length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"sequence\":9,\"kept\":true}\n")]
    [InlineData("{\"sequence\":9,\"by\":\"an editor, without the last line's end\"}")]
    public async Task Lines_may_be_taken_out_of_what_was_refused_while_it_goes_on(string left)
    {
        await using var outbox = Open(Small);
        await outbox.Append([Texts.Observation("a", 1), Texts.Observation("b", 2)], null);
        Refuse(1);
        // As an editor does it: the file is another one then.
        var file = _folder.At("outbox/refused.ndjson");
        File.Delete(file);
        if (left.Length > 0)
            await File.WriteAllTextAsync(file, left);

        Refuse(2);

        var lines = (await File.ReadAllTextAsync(file)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(left.Length > 0 ? ["9", "2"] : ["2"], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("sequence").ToString()));

        void Refuse(int sequence)
        {
            var message = new QueuedMessage(sequence, Texts.Observation("a", sequence));
            outbox.Settle([message], [new RefusedMessage(message, 422, [], [])], DateTimeOffset.UnixEpoch);
        }
    }

    private Outbox Open(OutboxOptions options) => Outbox.Open(_folder.At("outbox"), Texts.Identity, options);

    private int Files() => Directory.EnumerateFiles(_folder.At("outbox"), "*.outbox").Count();

    private static void Settle(Outbox outbox, int first, int last, int padding = 0) => outbox.Settle(
        [.. Enumerable.Range(first, last - first + 1).Select(n => new QueuedMessage(n, Texts.Observation("a", n, padding: padding)))], [], DateTimeOffset.UnixEpoch);
}
