using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>What the sources said in rows that have left memory: fetched from the journal, since it is rarely asked for.</summary>
public static class RecordWords
{
    /// <summary>The fragments of these rows, by row.</summary>
    /// <exception cref="JournalUnavailableException">
    /// The journal cannot be read; or another activation has erased one of them since: whoever asks is behind, and is to read the record anew.
    /// </exception>
    public static async Task<IReadOnlyDictionary<long, IReadOnlyList<Fragment>>> Fetch(
        IJournal journal, PatientKey patient, IReadOnlyCollection<long> seqs, CancellationToken cancellation)
    {
        var words = new Dictionary<long, IReadOnlyList<Fragment>>();
        if (seqs.Count == 0)
            return words;
        long[] wanted = [.. seqs];
        var log = await journal.LoadLog(patient, wanted, cancellation);
        foreach (var row in Rows(log).Where(r => wanted.Contains(r.Seq)))
        {
            // Nobody who knows of it asks for what says nothing any more.
            if (row is { IsErased: true, Fragments.Count: 0 })
                throw new JournalUnavailableException("A row was erased meanwhile.", outcomeUnknown: false);
            words[row.Seq] = row.Fragments;
        }

        return words;
    }

    /// <summary>The rows of a log, history first.</summary>
    public static IEnumerable<RecordRow> Rows(JournalledLog log) =>
        log.History.SelectMany(chunk => HistoryChunk.Read(chunk.Body)).Concat(log.Rows.Select(Row));

    /// <summary>A row as the record takes it in.</summary>
    public static RecordRow Row(LogRow row) => LogBody.ReadRow(row);
}
