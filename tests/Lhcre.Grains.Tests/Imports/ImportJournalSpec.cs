using Lhcre.Grains.Imports;

namespace Lhcre.Grains.Tests.Imports;

/// <summary>What <see cref="IImportJournal"/> promises. Every one passes it.</summary>
public abstract class ImportJournalSpec : IAsyncLifetime
{
    private const int Most = 3;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Over = TimeSpan.FromSeconds(-1);
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private protected static CancellationToken None => CancellationToken.None;

    /// <summary>Under test; empty at the start of each test.</summary>
    protected IImportJournal Imports { get; private set; } = null!;

    /// <summary>Opens the one of this test: again, what was committed is in it.</summary>
    protected abstract Task<IImportJournal> Open();

    public async Task InitializeAsync() => Imports = await Open();

    public virtual async Task DisposeAsync() => await Imports.DisposeAsync();

    private protected async Task Reopen()
    {
        await Imports.DisposeAsync();
        Imports = await Open();
    }

    private static ImportPiece Piece(int number, bool isFirst = false, int lines = 2) =>
        new(number, isFirst, 1 + 2 * number, lines, new byte[] { 7, (byte)number });

    private async Task<ImportUpload> Begin(string id, string source = "dorset") =>
        Assert.IsType<ImportBegin.Open>(await Imports.Begin(id, source, Noon, Long, Most, None)).Upload;

    private async Task Accepted(string id, int minutes = 0, string source = "dorset", params ImportPiece[] pieces)
    {
        var upload = await Begin(id, source);
        foreach (var piece in pieces)
            Assert.True(await Imports.Store(upload, piece, Long, None));
        Assert.True(await Imports.Accept(upload, 1000, pieces.Sum(p => p.Lines), [], Noon.AddMinutes(minutes), None));
    }

    private async Task<ImportWork> Take(TimeSpan? lease = null)
    {
        var work = await Imports.Take(Noon.AddHours(1), lease ?? Long, None);
        Assert.NotNull(work);
        return work;
    }

    private async Task<Import> Found(string id, string source = "dorset")
    {
        var import = await Imports.Find(source, id, None);
        Assert.NotNull(import);
        return import;
    }

    private Task<bool> Finish(ImportWork work, ImportCounts counts = default, params ImportRefusal[] refused) =>
        Imports.Finish(work, counts, refused, Noon.AddHours(2), None);

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
    public async Task One_without_pieces_is_done_at_once_and_its_lines_that_were_refused_at_the_door_count()
    {
        var upload = await Begin("a");
        Assert.True(await Imports.Accept(upload, 5, 1, [new(1, null, "LHC104", null)], Noon, None));

        var import = await Found("a");
        Assert.Equal((ImportState.Done, 1L, 1L, 1L), (import.State, import.Lines, import.LinesDone, import.Counts.Refused));
        Assert.Equal([new(1, null, "LHC104", null)], await Imports.Refused("a", null, 10, None));
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
    public async Task Refused_lines_are_told_in_their_order_and_page_by_page()
    {
        await Accepted("a", pieces: [Piece(0), Piece(1)]);
        var (one, two) = (await Take(), await Take());
        await Finish(two, default, new ImportRefusal(4, null, "LHC101", null));
        await Finish(one, default, new ImportRefusal(2, 1, "LHC202", "Observation.status"), new ImportRefusal(2, 0, "LHC202", null), new ImportRefusal(2, 0, "LHC203", null));

        ImportRefusal[] all = [new(2, 0, "LHC202", null), new(2, 1, "LHC202", "Observation.status"), new(4, null, "LHC101", null)];
        Assert.Equal(all, await Imports.Refused("a", null, 10, None));
        Assert.Equal(all[..2], await Imports.Refused("a", null, 2, None));
        Assert.Equal(all[2..], await Imports.Refused("a", (2, 1), 2, None));
        Assert.Equal([("LHC101", 1L), ("LHC202", 2L)], await Imports.RefusedCodes("a", None));
        Assert.Empty(await Imports.Refused("b", null, 10, None));
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
    public async Task Imports_are_listed_latest_first_and_page_by_page()
    {
        foreach (var (id, minutes) in new[] { ("a", 1), ("c", 2), ("b", 2), ("d", 3) })
        {
            await Accepted(id, minutes, pieces: Piece(0));
            await Finish(await Take());
        }

        Assert.Equal(["d", "c", "b", "a"], (await Imports.List("dorset", null, 10, None)).Select(i => i.Id));
        Assert.Equal(["d", "c"], (await Imports.List("dorset", null, 2, None)).Select(i => i.Id));
        Assert.Equal(["b", "a"], (await Imports.List("dorset", "c", 2, None)).Select(i => i.Id));
        Assert.Equal(4, (await Imports.List("dorset", "unknown", 10, None)).Count);
        Assert.Empty(await Imports.List("hampshire", null, 10, None));
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
    public async Task What_ended_long_ago_and_what_broke_off_is_forgotten_and_nothing_else()
    {
        var broken = Assert.IsType<ImportBegin.Open>(await Imports.Begin("broken", "hampshire", Noon, Over, Most, None)).Upload;
        var coming = await Begin("coming", "hampshire");
        await Accepted("old", pieces: Piece(0));
        await Finish(await Take(), default, new ImportRefusal(1, null, "LHC101", null));
        await Accepted("waiting", pieces: Piece(0));

        await Imports.Forget(Noon.AddHours(2), None);
        Assert.Equal(["waiting", "old"], (await Imports.List("dorset", null, 10, None)).Select(i => i.Id));
        await Imports.Forget(Noon.AddHours(3), None);

        Assert.Equal(["waiting"], (await Imports.List("dorset", null, 10, None)).Select(i => i.Id));
        Assert.Empty(await Imports.Refused("old", null, 10, None));
        Assert.False(await Imports.Store(broken, Piece(0), Long, None));
        Assert.True(await Imports.Store(coming, Piece(0), Long, None));
        Assert.Equal("waiting", (await Take()).Import);
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

    [Fact]
    public async Task A_piece_of_many_bytes_comes_back_whole()
    {
        var body = new byte[6_000_000];
        new Random(3).NextBytes(body);
        await Accepted("a", pieces: Piece(0) with { Body = body });

        Assert.True((await Take()).Piece.Body.Span.SequenceEqual(body));
    }
}
