using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Grains.Journal;

/// <summary>
/// A row that erases, with the whole record written anew as of it: what was said is gone from the disk in the very commit that says so. What is left stands in
/// chunks alone.
/// </summary>
public sealed record Blanking
{
    /// <summary>The row, and what changes with it: <see cref="Journal.Append.Unindexed"/> and <see cref="Journal.Append.Unused"/> too.</summary>
    public required Append Append { get; init; }

    /// <summary>Whose follow-ups and lease are gone with it: a source, or null for everybody's.</summary>
    public string? Source { get; init; }

    /// <summary>All live chunks as of the row, in place of those that there are.</summary>
    public required ImmutableArray<RecordChunk> Live { get; init; }

    /// <summary>The numbers of the history chunks that stay as they are: those of which nothing is erased.</summary>
    public ImmutableArray<int> Kept { get; init; } = [];

    /// <summary>All other rows up to this one, in place of the other history chunks and of the log.</summary>
    public required ImmutableArray<RecordChunk> History { get; init; }

    /// <summary>By what the person is named no longer, each with the source that did so.</summary>
    public ImmutableArray<(string Source, LocalIdentifier Identifier)> Names { get; init; } = [];

    /// <summary>What of that which is set aside is gone, by id: also what was discarded.</summary>
    public ImmutableArray<string> Asides { get; init; } = [];

    /// <summary>The pushes whose answers are gone.</summary>
    public ImmutableArray<PushId> Answers { get; init; } = [];

    /// <summary>Refuses what no head could ever admit, and what would lose rows.</summary>
    /// <exception cref="ArgumentException">As of <see cref="Journal.Append.Check"/>; or the chunks do not end with the row.</exception>
    public void Check()
    {
        Append.Check();
        if (Live.IsEmpty || History.IsEmpty || Live.Any(c => c.ToSeq != Append.Row.Seq) || History[^1].ToSeq != Append.Row.Seq)
            throw new ArgumentException($"A blanking with row {Append.Row.Seq} writes chunks that end elsewhere.");
        for (var i = 1; i < History.Length; i++)
        {
            if (History[i].FromSeq <= History[i - 1].ToSeq)
                throw new ArgumentException($"A history chunk begins at row {History[i].FromSeq} behind one that ends at {History[i - 1].ToSeq}.");
        }
    }
}
