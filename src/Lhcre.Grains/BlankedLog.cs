using System.Collections.Immutable;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>A record's log without what is erased: every row is there still, and what of it is erased says nothing.</summary>
/// <param name="Kept">The numbers of the history chunks of which nothing is erased.</param>
/// <param name="Rewritten">The other ones, written anew.</param>
/// <param name="Tail">The rows that were in the log.</param>
/// <param name="Rows">All rows, as they are now.</param>
/// <param name="Erased">What is erased, with the push of its row.</param>
internal sealed record BlankedLog(
    ImmutableArray<int> Kept, ImmutableArray<RecordChunk> Rewritten, ImmutableArray<LogRow> Tail, ImmutableArray<RecordRow> Rows, ImmutableArray<(PushId Push, Fragment Fragment)> Erased)
{
    /// <summary>Takes out of a log what is erased.</summary>
    /// <exception cref="InvalidDataException">A chunk or a row is damaged.</exception>
    public static BlankedLog Of(JournalledLog log, Erasure erasure)
    {
        var kept = ImmutableArray.CreateBuilder<int>();
        var rewritten = ImmutableArray.CreateBuilder<RecordChunk>();
        var rows = ImmutableArray.CreateBuilder<RecordRow>();
        foreach (var chunk in log.History)
        {
            var anew = HistoryChunk.Without(chunk.Body, erasure);
            if (anew is { } body)
                rewritten.Add(chunk with { Body = body });
            else
                kept.Add(chunk.Number);
            rows.AddRange(HistoryChunk.Read(anew ?? chunk.Body));
        }

        ImmutableArray<LogRow> tail = [.. log.Rows.Select(row => LogBody.Without(row, erasure) ?? row)];
        rows.AddRange(tail.Select(RecordWords.Row));
        var erased = RecordWords.Rows(log).SelectMany(row => row.Fragments.Where(erasure.Covers).Select(f => (row.Push, f)));
        return new BlankedLog(kept.DrainToImmutable(), rewritten.DrainToImmutable(), tail, rows.DrainToImmutable(), [.. erased]);
    }
}
