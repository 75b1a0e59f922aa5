using Lhcre.Grains.Imports;

namespace Lhcre.Grains.Tests.Imports;

// Receiving a body, until it is accepted or taken back.
public abstract partial class ImportJournalSpec
{
    [Fact]
    public async Task What_is_not_accepted_is_in_no_list_and_nothing_of_it_is_carried_out()
    {
        var upload = await Begin("a");
        await Imports.Store(upload, Piece(0), Long, None);

        Assert.Null(await Imports.Find("dorset", "a", None));
        Assert.Empty(await Imports.List("dorset", null, 10, None));
        Assert.Null(await Imports.Take(Noon, Long, None));
    }

    [Fact]
    public async Task What_was_accepted_is_there_as_it_was_given_also_when_opened_again()
    {
        await Accepted("a", pieces: [Piece(0), Piece(1, lines: 5)]);
        await Reopen();

        var import = await Found("a");
        Assert.Equal((ImportState.Waiting, Noon, 1000L, 7L, 0L), (import.State, import.At, import.Bytes, import.Lines, import.LinesDone));
        var (one, two) = (await Take(), await Take());
        Assert.Equal(("a", "dorset", 0, 1L, 2), (one.Import, one.Source, one.Piece.Number, one.Piece.FirstLine, one.Piece.Lines));
        Assert.Equal((1, 3L, 5), (two.Piece.Number, two.Piece.FirstLine, two.Piece.Lines));
        Assert.Equal(new byte[] { 7, 1 }, two.Piece.Body.ToArray());
        Assert.Null(await Imports.Take(Noon, Long, None));
        Assert.Null(await Imports.Find("hampshire", "a", None));
    }

    [Fact]
    public async Task One_without_pieces_is_done_at_once_and_its_lines_that_were_refused_at_the_door_count()
    {
        var upload = await Begin("a");
        Assert.True(await Imports.Accept(upload, 5, 1, [new(1, null, "LHC104", null)], Noon, None));

        var import = await Found("a");
        Assert.Equal((ImportState.Done, 1L, 1L, 1L), (import.State, import.Lines, import.LinesDone, import.Counts.Refused));
        Assert.Equal([new(1, null, "LHC104", null)], await Imports.Refused("a", null, 10, None));
    }

    [Fact]
    public async Task What_is_begun_again_is_received_anew_and_the_first_attempt_can_store_nothing_any_more()
    {
        var first = await Begin("a");
        Assert.True(await Imports.Store(first, Piece(0, lines: 1), Long, None));

        var second = await Begin("a");

        Assert.False(await Imports.Store(first, Piece(1), Long, None));
        Assert.False(await Imports.Accept(first, 1, 1, [], Noon, None));
        await Imports.Abandon(first, None);
        Assert.True(await Imports.Store(second, Piece(0, lines: 3), Long, None));
        Assert.True(await Imports.Accept(second, 1, 3, [], Noon, None));
        Assert.Equal(3, (await Take()).Piece.Lines);
        Assert.Null(await Imports.Take(Noon, Long, None));
    }

    [Fact]
    public async Task What_was_accepted_is_not_received_once_more()
    {
        await Accepted("a", pieces: Piece(0));
        Assert.IsType<ImportBegin.Accepted>(await Imports.Begin("a", "dorset", Noon, Long, Most, None));
        await Finish(await Take());
        Assert.IsType<ImportBegin.Accepted>(await Imports.Begin("a", "dorset", Noon, Long, 0, None));
    }

    [Fact]
    public async Task A_source_has_so_many_that_are_not_done_and_no_more()
    {
        for (var i = 0; i < Most - 1; i++)
            await Accepted($"a{i}", minutes: i, pieces: Piece(0));
        var last = await Begin("b");

        Assert.IsType<ImportBegin.TooMany>(await Imports.Begin("c", "dorset", Noon, Long, Most, None));
        Assert.IsType<ImportBegin.Open>(await Imports.Begin("b", "dorset", Noon, Long, Most, None));
        Assert.IsType<ImportBegin.Open>(await Imports.Begin("h", "hampshire", Noon, Long, Most, None));
        await Finish(await Take());
        Assert.IsType<ImportBegin.Open>(await Imports.Begin("c", "dorset", Noon, Long, Most, None));
        Assert.False(await Imports.Accept(last, 1, 1, [], Noon, None));
    }

    [Fact]
    public async Task A_body_that_broke_off_is_taken_back()
    {
        var upload = await Begin("a");
        await Imports.Store(upload, Piece(0), Long, None);
        await Imports.Abandon(upload, None);

        Assert.False(await Imports.Store(upload, Piece(1), Long, None));
        var again = await Begin("a");
        Assert.True(await Imports.Accept(again, 0, 0, [], Noon, None));
        Assert.Equal(ImportState.Done, (await Found("a")).State);
    }

    [Fact]
    public async Task A_piece_of_many_bytes_comes_back_whole()
    {
        var body = new byte[6_000_000];
        new Random(3).NextBytes(body);
        await Accepted("a", pieces: Piece(0) with { Body = body });

        Assert.True((await Take()).Piece.Body.Span.SequenceEqual(body));
    }
}
