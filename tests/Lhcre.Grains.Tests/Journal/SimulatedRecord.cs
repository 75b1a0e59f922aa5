using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>One patient's part of <see cref="SimulatedTables"/>.</summary>
internal sealed class SimulatedRecord
{
    public RecordHead Head { get; private set; }

    public SortedDictionary<long, LogRow> Rows { get; } = [];

    public SortedDictionary<int, RecordChunk> Live { get; } = [];

    public SortedDictionary<int, RecordChunk> History { get; } = [];

    public void Add(Append append)
    {
        Rows.Add(append.Row.Seq, append.Row with { Body = append.Row.Body.ToArray() });
        Head = Head with { Epoch = append.NewEpoch, Seq = append.Row.Seq };
    }

    public bool Take(Fold fold)
    {
        if (Head.Epoch != fold.Epoch || Head.SnapSeq != fold.OldSnapSeq || Head.Seq < fold.NewSnapSeq)
            return false;
        if (fold.History is [var first, ..] && (Rows.Count == 0 || Rows.Keys.First() != first.FromSeq))
            return false;
        foreach (var number in fold.Dropped)
            Live.Remove(number);
        foreach (var chunk in fold.Live)
            Live.Add(chunk.Number, chunk with { Body = chunk.Body.ToArray() });
        foreach (var chunk in fold.History)
            History.Add(chunk.Number, chunk with { Body = chunk.Body.ToArray() });
        if (fold.History is [.., var last])
        {
            foreach (var seq in Rows.Keys.TakeWhile(seq => seq <= last.ToSeq).ToList())
                Rows.Remove(seq);
        }

        Head = Head with { SnapSeq = fold.NewSnapSeq };
        return true;
    }

    public void Blank(Blanking blanking)
    {
        Live.Clear();
        foreach (var chunk in blanking.Live)
            Live.Add(chunk.Number, chunk with { Body = chunk.Body.ToArray() });
        foreach (var number in History.Keys.Except(blanking.Kept.AsEnumerable()).ToList())
            History.Remove(number);
        foreach (var chunk in blanking.History)
            History.Add(chunk.Number, chunk with { Body = chunk.Body.ToArray() });
        Rows.Clear();
        Head = Head with { SnapSeq = blanking.Append.Row.Seq };
    }
}
