using System.Collections.ObjectModel;

namespace Lhcre.Record.Tests;

/// <summary>A record that is folded now and then, and what a journal would hold of it: chunks, history, and the rows behind them.</summary>
internal sealed class FoldedDiary
{
    private static readonly DateTimeOffset LongAgo = Diary.At(-1_000_000);

    private int _pushes;

    public PatientRecord Record { get; private set; } = PatientRecord.Empty(Said.Person, Said.Home);

    public List<RecordChunk> Live { get; } = [];

    public List<RecordChunk> History { get; } = [];

    public List<LogRow> Tail { get; } = [];

    public void Push(params Fragment[] fragments) => Push(null, fragments);

    public void Push(SourceExtent? extent, params Fragment[] fragments)
    {
        var seq = Record.Seq + 1;
        var acceptance = Merge.Accept(Record, fragments, Diary.At(seq), extent);
        if (acceptance.Fragments.IsEmpty)
            return;
        var row = new LogRow(seq, PushId.Of("test", $"{++_pushes}"), Diary.At(seq), LogBody.WriteRow(acceptance.Fragments));
        Record = With(Record, Row(row));
        Tail.Add(row);
    }

    /// <summary>A row that says which rows count.</summary>
    public void Correct(Correction correction)
    {
        var seq = Record.Seq + 1;
        var row = new LogRow(seq, correction.Id, Diary.At(seq), LogBody.WriteRow([], null, correction));
        Record = With(Record, Row(row));
        Tail.Add(row);
    }

    /// <summary>A row of what was received at another time than it is appended.</summary>
    public void File(DateTimeOffset received, params Fragment[] fragments)
    {
        var seq = Record.Seq + 1;
        var row = new LogRow(seq, PushId.Of("test", $"{++_pushes}"), Diary.At(seq), LogBody.WriteRow(fragments, received));
        Record = With(Record, Row(row));
        Tail.Add(row);
    }

    /// <summary>Folds, as the journal would have it in one commit.</summary>
    public RecordFold Fold(DateTimeOffset? since = null)
    {
        var fold = RecordFold.Of(Record, Live, Tail, since ?? LongAgo);
        Live.RemoveAll(c => fold.Dropped.Contains(c.Number));
        Live.AddRange(fold.Live);
        History.AddRange(fold.History);
        Tail.RemoveAll(r => r.Seq <= fold.Seq);
        fold.Done();
        Record = Record.WithoutRows(fold.Seq);
        Assert.Equal(fold.Chunks.Select(c => c.Number).Order(), Live.Select(c => c.Number).Order());
        return fold;
    }

    /// <summary>The record as a cold start makes it of chunks and rows.</summary>
    public PatientRecord Loaded()
    {
        var record = FoldedRecord.Read(Said.Person, Said.Home, Live)?.Unfold(LongAgo) ?? PatientRecord.Empty(Said.Person, Said.Home);
        return Tail.Aggregate(record, (before, row) => With(before, Row(row)));
    }

    /// <summary>From here on the record is the one that a cold start makes.</summary>
    public void Restart() => Record = Loaded();

    /// <summary>Every row that was ever appended.</summary>
    public IEnumerable<RecordRow> Log() => History.SelectMany(c => HistoryChunk.Read(c.Body)).Concat(Tail.Select(Row));

    /// <summary>The record from its whole log.</summary>
    public PatientRecord Replayed()
    {
        var rows = Log().ToList();
        var words = rows.ToDictionary(r => r.Seq, r => r.Fragments);
        return rows.Aggregate(PatientRecord.Empty(Said.Person, Said.Home), (record, row) => Merge.TryApply(record, row, words, out _)!);
    }

    private PatientRecord With(PatientRecord record, RecordRow row)
    {
        if (Merge.IsNews(record, row))
            return Restatement.Of(record, row, Log().TakeWhile(r => r.Seq < row.Seq)).WithoutRows(History.Select(c => c.ToSeq).DefaultIfEmpty().Max());
        if (Merge.TryApply(record, row, ReadOnlyDictionary<long, IReadOnlyList<Fragment>>.Empty, out var toFetch) is { } after)
            return after;
        var words = Log().Where(r => toFetch.Contains(r.Seq)).ToDictionary(r => r.Seq, r => r.Fragments);
        return Merge.TryApply(record, row, words, out _) ?? throw new InvalidOperationException("All words are at hand, and more are asked for.");
    }

    private static RecordRow Row(LogRow row) => LogBody.ReadRow(row);
}
