namespace Lhcre.Record.Tests;

/// <summary>What a fold writes, and what it writes anew.</summary>
public class RecordFoldTests
{
    private const int Small = 20;

    [Fact]
    public void A_first_fold_makes_one_live_chunk_and_one_of_history()
    {
        var diary = Folded(pushes: 5);

        var live = Assert.Single(diary.Live);
        var history = Assert.Single(diary.History);
        Assert.Equal((1, 1, 5), (live.Number, live.FromSeq, live.ToSeq));
        Assert.Equal((1, 1, 5), (history.Number, history.FromSeq, history.ToSeq));
        Assert.Empty(diary.Tail);
    }

    [Fact]
    public void A_later_fold_writes_only_what_changed()
    {
        var diary = Folded(pushes: 200);
        diary.Push(Observation(7, "changed"));
        var fold = diary.Fold();

        Assert.Equal([1, 2], diary.Live.Select(c => c.Number));
        Assert.Equal(1, LiveChunk.Items(fold.Live[0].Body));
        Assert.True(fold.Live[0].Body.Length < diary.Live[0].Body.Length / 10);
        Assert.Equal((201, 201), (fold.History[0].FromSeq, fold.History[0].ToSeq));
    }

    [Fact]
    public void A_chunk_of_which_more_than_half_is_superseded_is_written_anew()
    {
        var diary = Folded(pushes: 10);
        foreach (var id in Enumerable.Range(0, 5))
            diary.Push(Observation(id, "changed"));
        Assert.Empty(diary.Fold().Dropped);
        Assert.Equal([1, 2], diary.Live.Select(c => c.Number));

        diary.Push(Observation(5, "changed"));
        var fold = diary.Fold();

        Assert.Equal(1, Assert.Single(fold.Dropped));
        Assert.Equal([2, 3], diary.Live.Select(c => c.Number));
        Assert.Equal(5, LiveChunk.Items(fold.Live[0].Body));
        Assert.Equal(1, fold.Live[0].FromSeq);
        Assert.Equal(FoldLawsTests.State(diary.Replayed()), FoldLawsTests.State(diary.Loaded()));
    }

    [Fact]
    public void Many_small_chunks_are_put_together()
    {
        var diary = new FoldedDiary();
        var most = 0;
        for (var i = 0; i < Small; i++)
        {
            diary.Push(Observation(i, "first"));
            diary.Fold();
            most = Math.Max(most, diary.Live.Count);
        }

        Assert.InRange(most, 2, 8);
        Assert.Equal(Small, diary.Live.Sum(c => LiveChunk.Items(c.Body)));
        Assert.Equal(Small, diary.History.Count);
        Assert.Equal(FoldLawsTests.State(diary.Replayed()), FoldLawsTests.State(diary.Loaded()));
    }

    [Fact]
    public void A_large_record_is_cut_into_chunks_of_bounded_size()
    {
        var random = new Random(1);
        var diary = new FoldedDiary();
        diary.Push([.. Enumerable.Range(0, 12).Select(i => Observation(i, Convert.ToHexString(Bytes(random, 300 * 1024))))]);
        var fold = diary.Fold();

        Assert.True(fold.Live.Length > 3);
        Assert.Equal(Enumerable.Range(1, fold.Live.Length), fold.Live.Select(c => c.Number));
        Assert.Equal(FoldLawsTests.State(diary.Record), FoldLawsTests.State(diary.Loaded()));
    }

    [Fact]
    public void Push_ids_are_known_as_long_as_they_count_and_then_forgotten()
    {
        var diary = Folded(pushes: 10);
        Assert.All(diary.Log(), row => Assert.True(diary.Loaded().HasApplied(row.Push, Diary.At(0))));

        // The seventh row on: a fold that writes the chunk anew forgets what came before.
        foreach (var id in Enumerable.Range(0, 6))
            diary.Push(Observation(id, "changed"));
        diary.Fold(since: Diary.At(7));

        var known = diary.Log().Where(row => diary.Loaded().HasApplied(row.Push, Diary.At(0))).Select(r => r.Seq);
        Assert.Equal(Enumerable.Range(7, 10).Select(n => (long)n), known);
    }

    [Fact]
    public void Chunks_and_their_rows_take_no_more_than_three_times_what_was_pushed()
    {
        var diary = new FoldedDiary();
        long pushed = 0, written = 0;
        for (var i = 0; i < 1000; i++)
        {
            diary.Push(Observation(i % 700, $"value {i}"));
            pushed += diary.Tail[^1].Body.Length;
            if (diary.Tail.Count < 64)
                continue;
            var fold = diary.Fold();
            written += fold.Live.Concat(fold.History).Sum(c => (long)c.Body.Length);
        }

        Assert.InRange((written + pushed) / (double)pushed, 1, 3);
    }

    private static FoldedDiary Folded(int pushes)
    {
        var diary = new FoldedDiary();
        for (var i = 0; i < pushes; i++)
            diary.Push(Observation(i, "first"));
        diary.Fold();
        return diary;
    }

    private static Fragment Observation(int id, string value) => Said.Of(Said.Dorset, "Observation", $"o{id}", more: $"'valueString':'{value}'");

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
