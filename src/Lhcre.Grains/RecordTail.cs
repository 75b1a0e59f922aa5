using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>What the journal holds of a record, as far as it is kept in memory: the live chunks, and the rows behind them.</summary>
internal sealed class RecordTail
{
    // A fold costs a commit and some compression; not folding costs the next cold lookup a merge a row.
    private const int LongRows = 64;
    private const int LongBytes = 64 * 1024;

    /// <summary>The live chunks.</summary>
    public IReadOnlyList<RecordChunk> Chunks { get; private set; } = [];

    /// <summary>The rows behind them; a new list at each change.</summary>
    public IReadOnlyList<LogRow> Rows { get; private set; } = [];

    /// <summary>The last row in the chunks.</summary>
    public long SnapSeq { get; private set; }

    /// <summary>Whether the chunks cannot be used: they are written anew with the next fold.</summary>
    public bool IsStale { get; private set; }

    /// <summary>Counts what was loaded: whoever began with an earlier one must not go on.</summary>
    public int Loads { get; private set; }

    /// <summary>The bytes of chunks and rows.</summary>
    public long Bytes => Chunks.Sum(c => (long)c.Body.Length) + RowBytes;

    /// <summary>Whether folding is worth its price while the record is in use.</summary>
    public bool IsLong => IsStale || Rows.Count >= LongRows || RowBytes >= LongBytes;

    /// <summary>Whether it is worth its price when the record is left alone for a while.</summary>
    public bool IsWorthFolding => IsStale || Rows.Count >= LongRows / 4 || RowBytes >= LongBytes / 8;

    private long RowBytes => Rows.Sum(r => (long)r.Body.Length);

    /// <summary>Takes over what was loaded.</summary>
    public void Take(JournalledRecord journalled, bool isStale)
    {
        (Chunks, Rows, SnapSeq) = (journalled.Live, journalled.Rows, journalled.Head.SnapSeq);
        (IsStale, Loads) = (isStale, Loads + 1);
    }

    /// <summary>The chunks turned out to be damaged: the next fold writes them anew.</summary>
    public void Distrust() => IsStale = true;

    /// <summary>The same as it would be loaded.</summary>
    public JournalledRecord Journalled(long epoch, long seq) => new(new RecordHead(epoch, seq, SnapSeq), Chunks, Rows);

    /// <summary>One more row.</summary>
    public void Add(LogRow row) => Rows = [.. Rows, row];

    /// <summary>Rows that became chunks.</summary>
    public void Folded(RecordFold fold) =>
        (Chunks, Rows, SnapSeq, IsStale) = (fold.Chunks, [.. Rows.Where(r => r.Seq > fold.Seq)], fold.Seq, false);
}
