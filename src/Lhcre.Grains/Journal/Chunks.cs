using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Grains.Journal;

/// <summary>A patient's head; <c>default</c> for a patient without rows.</summary>
/// <param name="Epoch">The epoch of the activation that appended last; 0 for none.</param>
/// <param name="Seq">The number of the last row; rows count from 1 without gaps.</param>
/// <param name="SnapSeq">The last row that the live chunks hold; 0 for none.</param>
public readonly record struct RecordHead(long Epoch, long Seq, long SnapSeq);

/// <summary>What a record is loaded from, as of one moment.</summary>
/// <param name="Head">The head.</param>
/// <param name="Live">The live chunks, in the order of their numbers.</param>
/// <param name="Rows">The rows behind <see cref="RecordHead.SnapSeq"/>, in the order of seq.</param>
public sealed record JournalledRecord(RecordHead Head, IReadOnlyList<RecordChunk> Live, IReadOnlyList<LogRow> Rows);

/// <summary>A patient's log, whole or in part: every row that was appended is in it exactly once.</summary>
/// <param name="History">The history chunks, which hold the rows that were moved out of the log, in the order of their numbers.</param>
/// <param name="Rows">The rows that are still in the log, in the order of seq.</param>
public sealed record JournalledLog(IReadOnlyList<RecordChunk> History, IReadOnlyList<LogRow> Rows);

/// <summary>What a chunk is of, as it is stored.</summary>
internal enum ChunkKind : byte
{
    /// <summary>The record as of snap_seq.</summary>
    Live = 1,

    /// <summary>Rows that were moved out of the log.</summary>
    History = 2,
}

/// <summary>Rows that become chunks: what a record is loaded from gets shorter, and nothing of its history is lost.</summary>
public sealed record Fold
{
    /// <summary>Whose.</summary>
    public required PatientKey Patient { get; init; }

    /// <summary>The epoch that the head must still have.</summary>
    public required long Epoch { get; init; }

    /// <summary>The <see cref="RecordHead.SnapSeq"/> that the head must still have.</summary>
    public required long OldSnapSeq { get; init; }

    /// <summary>The one that it gets: at least the old one, and at most the head's seq.</summary>
    public required long NewSnapSeq { get; init; }

    /// <summary>New live chunks.</summary>
    public ImmutableArray<RecordChunk> Live { get; init; } = [];

    /// <summary>The numbers of the live chunks that these take the place of.</summary>
    public ImmutableArray<int> Dropped { get; init; } = [];

    /// <summary>
    /// New history chunks, in the order of seq and without gaps, from the first row that is still in the log: the rows that they hold leave
    /// the log.
    /// </summary>
    public ImmutableArray<RecordChunk> History { get; init; } = [];

    /// <summary>Refuses what would lose rows.</summary>
    /// <exception cref="ArgumentException">
    /// The snapshot runs backwards, a chunk is of no rows or of rows behind it, or history chunks leave a gap.
    /// </exception>
    public void Check()
    {
        if (OldSnapSeq < 0 || NewSnapSeq < OldSnapSeq)
            throw new ArgumentException($"A fold goes from snap_seq {OldSnapSeq} to {NewSnapSeq}: it counts from 0 and never falls.");
        foreach (var chunk in Live.Concat(History))
        {
            if (chunk.FromSeq < 1 || chunk.ToSeq < chunk.FromSeq || chunk.ToSeq > NewSnapSeq)
                throw new ArgumentException($"A chunk is of the rows {chunk.FromSeq} to {chunk.ToSeq} in a fold up to {NewSnapSeq}.");
        }

        for (var i = 1; i < History.Length; i++)
        {
            if (History[i].FromSeq != History[i - 1].ToSeq + 1)
                throw new ArgumentException($"A history chunk begins at row {History[i].FromSeq} behind one that ends at {History[i - 1].ToSeq}.");
        }
    }
}
