using Lhcre.Grains.Journal;
using Lhcre.Record;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

public abstract partial class JournalSpec
{
    private protected async Task CommitRows(PatientKey patient, int from, int to)
    {
        for (var seq = from; seq <= to; seq++)
            await Commit(Append(patient, seq));
    }

    private async Task Commit(Fold fold) => Assert.Equal(AppendOutcome.Committed, await Journal.Fold(fold, None));

    private static Fold FoldOf(PatientKey patient, long oldSnapSeq, long newSnapSeq, long epoch = 1) =>
        new() { Patient = patient, Epoch = epoch, OldSnapSeq = oldSnapSeq, NewSnapSeq = newSnapSeq };

    private static string Rows(PatientKey patient, params long[] seqs) => string.Join("; ", seqs.Select(seq => Text(Row(seq, patient.Value))));

    [Fact]
    public async Task A_record_is_loaded_from_its_live_chunks_and_the_rows_behind_them()
    {
        await CommitRows(Ann, 1, 5);
        await CommitRows(Bob, 1, 3);

        await Commit(FoldOf(Ann, 0, 4) with { Live = [Chunk(1, 1, 4), Chunk(2, 2, 3)] });

        Assert.Equal($"(1, 5 of 4): {Text(Chunk(1, 1, 4))}; {Text(Chunk(2, 2, 3))}; {Rows(Ann, 5)}", await Loaded(Ann));
        Assert.Equal($"(1, 3): {Rows(Bob, 1, 2, 3)}", await Loaded(Bob));
    }

    [Fact]
    public async Task A_fold_without_history_leaves_every_row_in_the_log()
    {
        await CommitRows(Ann, 1, 3);
        await Commit(FoldOf(Ann, 0, 3) with { Live = [Chunk(1, 1, 3)] });

        Assert.Equal(Rows(Ann, 1, 2, 3), Text(await Journal.LoadLog(Ann, None)));
    }

    [Fact]
    public async Task Rows_that_are_folded_into_history_leave_the_log_and_the_whole_log_has_each_row_once()
    {
        await CommitRows(Ann, 1, 6);

        await Commit(FoldOf(Ann, 0, 5) with { Live = [Chunk(1, 1, 5)], History = [Chunk(1, 1, 2), Chunk(2, 3, 4)] });

        Assert.Equal($"(1, 6 of 5): {Text(Chunk(1, 1, 5))}; {Rows(Ann, 6)}", await Loaded(Ann));
        Assert.Equal($"{Text(Chunk(1, 1, 2))}; {Text(Chunk(2, 3, 4))}; {Rows(Ann, 5, 6)}", Text(await Journal.LoadLog(Ann, None)));
    }

    [Fact]
    public async Task Folds_follow_one_another_and_what_was_dropped_is_gone()
    {
        await CommitRows(Ann, 1, 3);
        await Commit(FoldOf(Ann, 0, 3) with { Live = [Chunk(1, 1, 2), Chunk(2, 3, 3)], History = [Chunk(1, 1, 2)] });
        await CommitRows(Ann, 4, 6);
        await Commit(FoldOf(Ann, 3, 5) with { Live = [Chunk(3, 1, 5)], Dropped = [1], History = [Chunk(2, 3, 5)] });
        // And one that only puts live chunks together.
        await Commit(FoldOf(Ann, 5, 5) with { Live = [Chunk(4, 1, 5)], Dropped = [2, 3, 99] });

        Assert.Equal($"(1, 6 of 5): {Text(Chunk(4, 1, 5))}; {Rows(Ann, 6)}", await Loaded(Ann));
        Assert.Equal($"{Text(Chunk(1, 1, 2))}; {Text(Chunk(2, 3, 5))}; {Rows(Ann, 6)}", Text(await Journal.LoadLog(Ann, None)));
        await Commit(Append(Ann, 7));
    }

    [Theory]
    [InlineData(2, 2, 4, 1, "another epoch")]
    [InlineData(1, 0, 4, 1, "the snapshot before the last")]
    [InlineData(1, 3, 4, 1, "a snapshot that nobody made")]
    [InlineData(1, 2, 6, 1, "a snapshot of rows that are not there")]
    [InlineData(1, 2, 4, 3, "history that begins behind the first row of the log")]
    public async Task A_fold_that_does_not_fit_the_head_or_the_log_is_fenced_and_changes_nothing(
        long epoch, long oldSnapSeq, long newSnapSeq, int historyFrom, string because)
    {
        await CommitRows(Ann, 1, 5);
        await Commit(FoldOf(Ann, 0, 2) with { Live = [Chunk(1, 1, 2)] });
        var (before, log) = (await Loaded(Ann), Text(await Journal.LoadLog(Ann, None)));

        var outcome = await Journal.Fold(
            FoldOf(Ann, oldSnapSeq, newSnapSeq, epoch) with { Live = [Chunk(2, 1, 4)], Dropped = [1], History = [Chunk(1, historyFrom, 4)] },
            None);

        Assert.True(outcome == AppendOutcome.Fenced, because);
        Assert.Equal(before, await Loaded(Ann));
        Assert.Equal(log, Text(await Journal.LoadLog(Ann, None)));
    }

    [Fact]
    public async Task A_fold_of_an_unknown_patient_is_fenced() =>
        Assert.Equal(AppendOutcome.Fenced, await Journal.Fold(FoldOf(Ann, 0, 0, epoch: 0) with { Dropped = [1] }, None));

    [Theory]
    [InlineData(3, 2, 1, 2, 3, 3)] // the snapshot runs backwards
    [InlineData(0, 5, 1, 2, 4, 5)] // a gap in the history
    [InlineData(0, 5, 1, 2, 2, 5)] // rows twice in the history
    [InlineData(0, 2, 1, 2, 3, 3)] // history of rows behind the snapshot
    [InlineData(0, 5, 2, 1, 2, 5)] // a chunk of no rows
    public async Task A_fold_that_would_lose_rows_is_a_fault_of_its_caller(
        long oldSnapSeq, long newSnapSeq, long firstFrom, long firstTo, long secondFrom, long secondTo)
    {
        await CommitRows(Ann, 1, 5);

        await Assert.ThrowsAsync<ArgumentException>(async () => await Journal.Fold(
            FoldOf(Ann, oldSnapSeq, newSnapSeq) with { History = [Chunk(1, firstFrom, firstTo), Chunk(2, secondFrom, secondTo)] }, None));
    }

    [Theory]
    [InlineData(new long[] { 6 }, "6")]
    [InlineData(new long[] { 2 }, "chunk 1")]
    [InlineData(new long[] { 5, 4, 1, 4 }, "chunk 1; chunk 2; 5")]
    [InlineData(new long[] { 3, 99, 0 }, "chunk 2")]
    [InlineData(new long[] { }, "")]
    public async Task A_part_of_the_log_is_what_holds_the_rows_that_are_asked_for(long[] seqs, string expected)
    {
        await CommitRows(Ann, 1, 6);
        await Commit(FoldOf(Ann, 0, 4) with { Live = [Chunk(1, 1, 4)], History = [Chunk(1, 1, 2), Chunk(2, 3, 4)] });

        var log = await Journal.LoadLog(Ann, seqs, None);

        Assert.Equal(
            expected, string.Join("; ", log.History.Select(chunk => $"chunk {chunk.Number}").Concat(log.Rows.Select(row => $"{row.Seq}"))));
        Assert.All(log.History, chunk => Assert.Equal(Text(Chunk(chunk.Number, chunk.FromSeq, chunk.ToSeq)), Text(chunk)));
    }

    [Fact]
    public async Task Heads_are_told_in_the_order_in_which_they_are_asked_for()
    {
        await CommitRows(Ann, 1, 3);
        await Commit(Append(Cyd, 1, oldEpoch: 0, newEpoch: 7));
        await Commit(FoldOf(Ann, 0, 2) with { Live = [Chunk(1, 1, 2)] });

        Assert.Equal(
            [new(7, 1, 0), default, new(1, 3, 2), new(7, 1, 0)], await Journal.Heads([Cyd, Bob, Ann, Cyd], None));
        Assert.Empty(await Journal.Heads([], None));
    }

    [Fact]
    public async Task A_fold_is_there_when_the_journal_is_opened_again()
    {
        await CommitRows(Ann, 1, 4);
        await Commit(FoldOf(Ann, 0, 4) with { Live = [Chunk(1, 1, 4)], History = [Chunk(1, 1, 3)] });
        var (before, log) = (await Loaded(Ann), Text(await Journal.LoadLog(Ann, None)));

        await Reopen();

        Assert.Equal(before, await Loaded(Ann));
        Assert.Equal(log, Text(await Journal.LoadLog(Ann, None)));
        await Commit(Append(Ann, 5));
    }

    [Fact]
    public async Task A_chunk_of_many_bytes_comes_back_whole()
    {
        var body = new byte[300_000];
        new Random(2).NextBytes(body);
        await CommitRows(Ann, 1, 1);
        await Commit(FoldOf(Ann, 0, 1) with { Live = [Chunk(1, 1, 1) with { Body = body }] });

        Assert.True((await Journal.Load(Ann, None)).Live.Single().Body.Span.SequenceEqual(body));
    }

    [Fact]
    public async Task Folds_and_appends_of_one_patient_that_wait_together_are_all_taken()
    {
        await CommitRows(Ann, 1, 4);

        var outcomes = await Task.WhenAll(
            Journal.Fold(FoldOf(Ann, 0, 4) with { Live = [Chunk(1, 1, 4)], History = [Chunk(1, 1, 4)] }, None),
            Journal.Append(Append(Ann, 5), None),
            Journal.Append(Append(Ann, 6), None));

        Assert.All(outcomes, outcome => Assert.Equal(AppendOutcome.Committed, outcome));
        Assert.Equal($"(1, 6 of 4): {Text(Chunk(1, 1, 4))}; {Rows(Ann, 5, 6)}", await Loaded(Ann));
    }
}
