using Lhcre.Grains.Imports;

namespace Lhcre.Grains.Tests.Imports;

// Taking pieces up and finishing them; cancelling.
public abstract partial class ImportJournalSpec
{
    [Fact]
    public async Task An_import_is_done_with_its_last_piece_and_counts_what_became_of_each()
    {
        await Accepted("a", pieces: [Piece(0), Piece(1)]);

        Assert.True(await Finish(await Take(), new ImportCounts(1, 2, 3, 4)));
        var running = await Found("a");
        Assert.True(await Finish(await Take(), new ImportCounts(10, 20, 30, 40)));
        var done = await Found("a");

        Assert.Equal((ImportState.Running, 2L, Noon.AddHours(1), null), (running.State, running.LinesDone, running.Began, running.Ended));
        Assert.Equal((ImportState.Done, 4L, Noon.AddHours(2)), (done.State, done.LinesDone, done.Ended));
        Assert.Equal(new ImportCounts(11, 22, 33, 44), done.Counts);
        Assert.Equal((0, 110L), (done.Resumed, done.Counts.Resources));
    }

    [Fact]
    public async Task A_piece_is_one_holders_until_the_lease_is_over_and_then_the_first_can_finish_nothing()
    {
        await Accepted("a", pieces: Piece(0));

        var first = await Take(Over);
        var second = await Take();
        Assert.Null(await Imports.Take(Noon, Long, None));

        Assert.False(await Imports.Renew(first, Long, None));
        Assert.False(await Finish(first, new ImportCounts(9, 9, 9, 9)));
        await Imports.GiveBack(first, None);
        Assert.Null(await Imports.Take(Noon, Long, None));
        Assert.True(await Imports.Renew(second, Long, None));
        Assert.True(await Finish(second, new ImportCounts(1, 0, 0, 0)));
        Assert.False(await Finish(second, new ImportCounts(1, 0, 0, 0)));
        Assert.Equal((new ImportCounts(1, 0, 0, 0), 1), ((await Found("a")).Counts, (await Found("a")).Resumed));
    }

    [Fact]
    public async Task A_renewed_piece_stays_its_holders()
    {
        await Accepted("a", pieces: Piece(0));
        var work = await Take(Over);

        Assert.True(await Imports.Renew(work, Long, None));

        Assert.Null(await Imports.Take(Noon, Long, None));
        Assert.True(await Finish(work));
    }

    [Fact]
    public async Task What_is_given_back_may_be_taken_up_at_once()
    {
        await Accepted("a", pieces: Piece(0));
        var first = await Take();
        await Imports.GiveBack(first, None);

        var second = await Take();

        Assert.Equal(first.Piece.Number, second.Piece.Number);
        Assert.False(await Finish(first));
        Assert.True(await Finish(second));
    }

    [Fact]
    public async Task Pieces_that_are_first_are_all_finished_before_any_other_is_begun()
    {
        await Accepted("a", pieces: [Piece(0), Piece(1, isFirst: true), Piece(2), Piece(3, isFirst: true)]);

        var (one, two) = (await Take(), await Take());
        Assert.Equal((1, 3), (one.Piece.Number, two.Piece.Number));
        Assert.True(one.Piece.IsFirst);
        Assert.Null(await Imports.Take(Noon, Long, None));
        Assert.True(await Finish(one));
        Assert.Null(await Imports.Take(Noon, Long, None));
        Assert.True(await Finish(two));

        Assert.Equal((0, 2), ((await Take()).Piece.Number, (await Take()).Piece.Number));
    }

    [Fact]
    public async Task Imports_of_a_source_come_one_after_the_other_and_sources_beside_each_other()
    {
        await Accepted("d2", minutes: 2, pieces: Piece(0));
        await Accepted("d1", minutes: 1, pieces: [Piece(0), Piece(1)]);
        await Accepted("h1", minutes: 3, source: "hampshire", pieces: [Piece(0), Piece(1)]);

        var works = new List<ImportWork>();
        while (await Imports.Take(Noon, Long, None) is { } work)
            works.Add(work);
        // The source of whom fewer are taken up comes first.
        Assert.Equal(["d1", "h1", "d1", "h1"], works.Select(w => w.Import));
        foreach (var work in works)
            Assert.True(await Finish(work));
        Assert.Equal("d2", (await Take()).Import);
    }

    [Fact]
    public async Task A_cancelled_import_is_not_gone_on_with_and_whoever_holds_a_piece_learns_it()
    {
        await Accepted("a", pieces: [Piece(0), Piece(1)]);
        await Finish(await Take(), new ImportCounts(5, 0, 0, 0));
        var held = await Take();

        await Imports.Cancel("hampshire", "a", Noon, None);
        Assert.Equal(ImportState.Running, (await Found("a")).State);
        await Imports.Cancel("dorset", "a", Noon.AddHours(3), None);
        await Imports.Cancel("dorset", "a", Noon.AddHours(4), None);

        Assert.False(await Imports.Renew(held, Long, None));
        Assert.False(await Finish(held));
        Assert.Null(await Imports.Take(Noon, Long, None));
        var import = await Found("a");
        Assert.Equal((ImportState.Cancelled, Noon.AddHours(3), 5L), (import.State, import.Ended, import.Counts.Applied));
    }

    [Fact]
    public async Task What_is_done_cannot_be_cancelled()
    {
        await Accepted("a", pieces: Piece(0));
        await Finish(await Take());

        await Imports.Cancel("dorset", "a", Noon, None);

        Assert.Equal((ImportState.Done, Noon.AddHours(2)), ((await Found("a")).State, (await Found("a")).Ended));
    }

    [Fact]
    public async Task Of_many_who_take_up_and_finish_at_once_each_piece_is_one_holders_and_the_last_one_ends_it()
    {
        await Accepted("a", pieces: [.. Enumerable.Range(0, 40).Select(n => Piece(n, isFirst: n < 10))]);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var mine = new List<int>();
            while ((await Found("a")).State != ImportState.Done)
            {
                if (await Imports.Take(Noon, Long, None) is not { } work)
                    continue;
                Assert.True(await Finish(work, new ImportCounts(1, 0, 0, 0)));
                mine.Add(work.Piece.Number);
            }

            return mine;
        })));

        Assert.Equal(Enumerable.Range(0, 40), taken.SelectMany(t => t).Order());
        Assert.Equal((40L, 80L), ((await Found("a")).Counts.Applied, (await Found("a")).LinesDone));
    }
}
