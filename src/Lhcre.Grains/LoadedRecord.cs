using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>A record as it was made of what the journal holds of it, folded as long as that will do.</summary>
/// <param name="Folded">The folded form; null where rows stand behind the chunks, or the chunks could not be used.</param>
/// <param name="Record">The whole form; null where there is the folded one.</param>
/// <param name="IsReplayed">Whether there are chunks that could not be used.</param>
internal sealed record LoadedRecord(FoldedRecord? Folded, PatientRecord? Record, bool IsReplayed = false)
{
    /// <summary>Makes a record of its chunks and rows; of its whole log where the chunks cannot be used.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="addresses">Where it is served.</param>
    /// <param name="journalled">What was loaded.</param>
    /// <param name="journal">Where older rows are.</param>
    /// <param name="since">Push ids from before this need not be known.</param>
    /// <param name="cancellation">Ends the reading of more.</param>
    /// <exception cref="JournalUnavailableException">The journal cannot be read.</exception>
    public static async Task<LoadedRecord> Of(
        PatientKey key, Addresses addresses, JournalledRecord journalled, IJournal journal, DateTimeOffset since, CancellationToken cancellation)
    {
        if (journalled.Live.Count == 0)
            return new LoadedRecord(null, Replayed(key, addresses, [.. journalled.Rows.Select(RecordWords.Row)]));
        if (Folding(key, addresses, journalled, since) is not { } loaded)
            return new LoadedRecord(null, await Replayed(key, addresses, journal, cancellation), IsReplayed: true);
        if (loaded.Record is not { } record)
            return loaded;
        foreach (var row in journalled.Rows)
            record = await With(record, RecordWords.Row(row), journal, cancellation);
        return new LoadedRecord(null, record);
    }

    /// <summary>A record made anew of its whole log.</summary>
    /// <exception cref="JournalUnavailableException">The journal cannot be read.</exception>
    public static async Task<PatientRecord> Replayed(PatientKey key, Addresses addresses, IJournal journal, CancellationToken cancellation) =>
        Replayed(key, addresses, [.. RecordWords.Rows(await journal.LoadLog(key, cancellation))]);

    /// <summary>Whether the journal's head is of this epoch and row still.</summary>
    /// <exception cref="JournalUnavailableException">The journal cannot be read.</exception>
    public static async Task<bool> IsLast(RecordHead head, PatientKey key, IJournal journal, CancellationToken cancellation) =>
        (await journal.Heads([key], cancellation))[0] is var last && (last.Epoch, last.Seq) == (head.Epoch, head.Seq);

    /// <summary>A record with one more row; words that it takes and that are not in memory are fetched, and the whole log for one that corrects it.</summary>
    /// <exception cref="JournalUnavailableException">The journal cannot be read.</exception>
    public static async ValueTask<PatientRecord> With(PatientRecord record, RecordRow row, IJournal journal, CancellationToken cancellation)
    {
        if (Merge.IsNews(record, row))
            return Corrected(record, row, [.. RecordWords.Rows(await journal.LoadLog(record.Key, cancellation)).TakeWhile(r => r.Seq < row.Seq)]);
        if (Merge.TryApply(record, row, NoWords, out var toFetch) is { } after)
            return after;
        var words = await RecordWords.Fetch(journal, record.Key, toFetch, cancellation);
        return Merge.TryApply(record, row, words, out _) ?? throw new InvalidOperationException("A row that a record is made of is not in the journal.");
    }

    /// <summary>A record with one more row that corrects it.</summary>
    /// <param name="record">The record.</param>
    /// <param name="row">The row.</param>
    /// <param name="rows">All rows before it.</param>
    public static PatientRecord Corrected(PatientRecord record, RecordRow row, IReadOnlyList<RecordRow> rows) => Bodied(Restatement.Of(record, row, rows), rows);

    /// <summary>The record that a log makes under these corrections.</summary>
    public static PatientRecord Under(Corrections corrections, PatientKey key, Addresses addresses, IReadOnlyList<RecordRow> rows) =>
        Bodied(Restatement.Of(key, addresses, corrections, rows), rows);

    private static readonly IReadOnlyDictionary<long, IReadOnlyList<Fragment>> NoWords = new Dictionary<long, IReadOnlyList<Fragment>>();

    // Null where the chunks cannot be used: made by another release, for other addresses, or damaged. The log has everything.
    private static LoadedRecord? Folding(PatientKey key, Addresses addresses, JournalledRecord journalled, DateTimeOffset since)
    {
        try
        {
            if (FoldedRecord.Read(key, addresses, journalled.Live) is not { } folded || folded.Seq != journalled.Head.SnapSeq)
                return null;
            return journalled.Rows.Count == 0 ? new LoadedRecord(folded, null) : new LoadedRecord(null, folded.Unfold(since));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The record that these rows make.</summary>
    public static PatientRecord Replayed(PatientKey key, Addresses addresses, IReadOnlyList<RecordRow> rows)
    {
        var replay = new Replay(key, addresses, rows);
        foreach (var row in rows)
            replay.Take(row);
        return Bodied(replay.Record, rows);
    }

    // What came from history has no body of its own to be retained.
    private static PatientRecord Bodied(PatientRecord record, IReadOnlyList<RecordRow> rows) =>
        rows.LastOrDefault(r => r.Body.IsEmpty) is { } folded ? record.WithoutRows(folded.Seq) : record;
}
