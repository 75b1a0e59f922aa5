using System.IO.Pipelines;
using System.Text;
using CsCheck;
using Lhcre.Silo.Mllp;
using Microsoft.Extensions.Time.Testing;

namespace Lhcre.Silo.Tests.Mllp;

/// <summary>What stands between VT and FS CR is a message, however it is cut into packets; everything else is not.</summary>
public sealed class MllpReaderTests
{
    private static readonly MllpLimits Small = new() { MessageBytes = 100, FreeBytes = 40, HeldBytes = 100, StrayBytes = 10, BytesPerSecond = 10 };

    private readonly FakeTimeProvider _clock = new();
    private readonly HeldBytes _held = new(Small.HeldBytes);

    [Theory]
    [InlineData("[one]", "one")]
    [InlineData("[one][two]", "one", "two")]
    [InlineData("[one]\r\n [two]\n", "one", "two")]
    [InlineData("[]", "")]
    [InlineData("noise[one]noise[two]", "one", "two")]
    [InlineData("[a<b>c]", "a<b>c")]
    [InlineData("[a<]", "a<")]
    [InlineData("[a<<]", "a<<")]
    public async Task Messages_are_what_stands_in_frames(string wire, params string[] messages)
    {
        var (blocks, end) = await Read(wire);

        Assert.Equal(messages, blocks.Select(b => Shown(b.Bytes)));
        Assert.Equal(MllpEnd.Closed, end);
    }

    [Theory]
    [InlineData("", nameof(MllpEnd.Closed))]
    [InlineData("\r\n", nameof(MllpEnd.Closed))]
    [InlineData("GET / ", nameof(MllpEnd.Closed))]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n", nameof(MllpEnd.Stray))]
    [InlineData("[", nameof(MllpEnd.Broken))]
    [InlineData("[MSH|half", nameof(MllpEnd.Broken))]
    [InlineData("[MSH|half<", nameof(MllpEnd.Broken))]
    [InlineData("[one][MSH|half", nameof(MllpEnd.Broken))]
    [InlineData("MSH|no frame\r", nameof(MllpEnd.Stray))]
    public async Task A_connection_ends_with_why(string wire, string end) => Assert.Equal(end, (await Read(wire)).End.ToString());

    [Theory]
    [InlineData("", nameof(MllpEnd.Closed))]
    [InlineData("[MSH|half", nameof(MllpEnd.Broken))]
    public async Task A_connection_that_is_reset_while_nobody_reads_has_ended_like_any_other(string wire, string end)
    {
        var pipe = new Pipe();
        using var reader = new MllpReader(pipe.Reader, Small, _held, _clock);
        await pipe.Writer.WriteAsync(Wire("[one]" + wire));
        Assert.Equal(MllpEnd.Whole, (await reader.Next(CancellationToken.None)).End);
        var next = wire.Length == 0 ? null : reader.Next(CancellationToken.None).AsTask();
        await pipe.Writer.CompleteAsync(new IOException("Connection reset by peer"));

        Assert.Equal(end, (await (next ?? reader.Next(CancellationToken.None).AsTask())).End.ToString());
    }

    [Fact]
    public async Task What_is_too_long_is_passed_over_to_its_end_and_the_next_is_read()
    {
        var (blocks, end) = await Read($"[MSH|{new string('x', 200)}][next]");

        Assert.Equal([MllpEnd.TooLong, MllpEnd.Whole], blocks.Select(b => b.End));
        Assert.StartsWith("MSH|", Shown(blocks[0].Bytes), StringComparison.Ordinal);
        Assert.Equal(("next", MllpEnd.Closed), (Shown(blocks[1].Bytes), end));
        Assert.Equal(0, _held.Now);
    }

    [Fact]
    public async Task What_never_comes_to_an_end_is_cut() => Assert.Equal(MllpEnd.Stray, (await Read("[" + new string('x', 500))).End);

    [Fact]
    public async Task Beyond_what_is_free_a_message_needs_room_and_without_it_only_its_head_is_kept()
    {
        Assert.True(_held.TryTake(90));
        var (blocks, _) = await Read($"[{new string('x', 30)}][MSH|{new string('y', 60)}]");
        Assert.Equal([MllpEnd.Whole, MllpEnd.NoRoom], blocks.Select(b => b.End));
        Assert.Equal(90, _held.Now);

        _held.Give(90);
        Assert.Equal(MllpEnd.Whole, (await Read($"[MSH|{new string('y', 60)}]")).Blocks[0].End);
        Assert.Equal(0, _held.Now);
    }

    [Fact]
    public async Task A_message_that_is_begun_anew_within_itself_is_the_second_one()
    {
        var (blocks, _) = await Read("[MSH|half[MSH|whole]");

        Assert.Equal(("MSH|whole", true), (Shown(Assert.Single(blocks).Bytes), blocks[0].IsSecondStart));
        Assert.Equal("MSH|text\vtab", Shown((await Read("[MSH|text[tab]")).Blocks[0].Bytes));
    }

    [Fact]
    public async Task A_message_that_does_not_end_in_its_time_is_cut_and_what_has_come_buys_time()
    {
        var pipe = new Pipe();
        using var reader = new MllpReader(pipe.Reader, Small, _held, _clock);
        await pipe.Writer.WriteAsync(Wire("[MSH|" + new string('x', 16)));
        var next = reader.Next(CancellationToken.None).AsTask();

        // 20 bytes at 10 a second are two more.
        _clock.Advance(Small.MessageTime + TimeSpan.FromSeconds(1));
        await pipe.Writer.WriteAsync(Wire("y"));
        Assert.False(next.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(MllpEnd.TooSlow, (await next.WaitAsync(TimeSpan.FromSeconds(10))).End);
    }

    [Fact]
    public async Task Between_two_messages_there_is_all_the_time_in_the_world()
    {
        var pipe = new Pipe();
        using var reader = new MllpReader(pipe.Reader, Small, _held, _clock);
        var next = reader.Next(CancellationToken.None).AsTask();
        _clock.Advance(TimeSpan.FromDays(3));
        Assert.False(next.IsCompleted);

        await pipe.Writer.WriteAsync(Wire("[one]"));

        Assert.Equal("one", Shown((await next.WaitAsync(TimeSpan.FromSeconds(10))).Bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[MSH|half")]
    public async Task Who_is_asked_to_stop_waits_no_longer(string wire)
    {
        using var stop = new CancellationTokenSource();
        var pipe = new Pipe();
        using var reader = new MllpReader(pipe.Reader, Small, _held, _clock);
        await pipe.Writer.WriteAsync(Wire(wire));
        var next = reader.Next(stop.Token).AsTask();
        await stop.CancelAsync();

        Assert.Equal(MllpEnd.Stopped, (await next.WaitAsync(TimeSpan.FromSeconds(10))).End);
    }

    [Fact]
    public Task However_a_wire_is_cut_into_packets_it_says_the_same() => Gen.Select(Gen.Int[0, 6].Select(n => "[]<>\nMx"[n]).Array[0, 60], Gen.Int[1, 7])
        .SampleAsync(async wire =>
        {
            var text = new string(wire.Item1);
            var (blocks, end) = await Read(text);
            var (cut, cutEnd) = await Read(text, wire.Item2);

            Assert.Equal(blocks.Select(b => (b.End, Shown(b.Bytes))), cut.Select(b => (b.End, Shown(b.Bytes))));
            Assert.Equal(end, cutEnd);
            Assert.Equal(0, _held.Now);
        }, iter: 300, threads: 1);

    // In a test's text [ is VT, ] is FS CR, < is FS alone and > is CR alone.
    private static byte[] Wire(string text) => Encoding.Latin1.GetBytes(
        text.Replace("]", "\u001c\r", StringComparison.Ordinal).Replace('[', '\v').Replace('<', '\u001c').Replace('>', '\r'));

    private static string Shown(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span).Replace('\u001c', '<').Replace('\r', '>');

    private async Task<(List<MllpBlock> Blocks, MllpEnd End)> Read(string wire, int packet = int.MaxValue)
    {
        var pipe = new Pipe();
        var writing = Write(pipe.Writer, Wire(wire), packet);
        using var reader = new MllpReader(pipe.Reader, Small, _held, _clock);
        var blocks = new List<MllpBlock>();
        while (true)
        {
            var block = await reader.Next(CancellationToken.None);
            if (block.End is not (MllpEnd.Whole or MllpEnd.TooLong or MllpEnd.NoRoom))
            {
                await pipe.Reader.CompleteAsync();
                await writing;
                return (blocks, block.End);
            }

            blocks.Add(block with { Bytes = block.Bytes.ToArray() });
        }
    }

    private static async Task Write(PipeWriter writer, byte[] wire, int packet)
    {
        foreach (var piece in wire.Chunk(packet))
        {
            await writer.WriteAsync(piece);
            await Task.Yield();
        }

        await writer.CompleteAsync();
    }
}
