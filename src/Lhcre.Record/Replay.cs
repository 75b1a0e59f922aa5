namespace Lhcre.Record;

/// <summary>A record being made anew of its log, one row after the other: by the rules of this release, so that its stamps are those of the journal.</summary>
public sealed class Replay
{
    // Looking through what is kept costs a lookup a row: not at each.
    private const int ForgetEvery = 64;

    private readonly Dictionary<long, IReadOnlyList<Fragment>> _words = [];
    private readonly IEnumerable<RecordRow> _log;

    /// <summary>Begins one.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="addresses">Where it is served.</param>
    /// <param name="log">The rows that will be given, or more of them: where one of them corrects the record, all before it are read again.</param>
    public Replay(PatientKey key, Addresses addresses, IEnumerable<RecordRow> log)
        : this(PatientRecord.Empty(key, addresses)) => _log = log;

    /// <summary>Begins one that knows all corrections from the start.</summary>
    internal Replay(PatientRecord start) => (Record, Before, _log) = (start, start, []);

    /// <summary>The record as of the last row taken.</summary>
    public PatientRecord Record { get; private set; }

    /// <summary>The record as of the row before that one; an empty one where there is none.</summary>
    public PatientRecord Before { get; private set; }

    /// <summary>Whether some row was appended under other merge rules than this release's.</summary>
    public bool IsOfOtherRules { get; private set; }

    /// <summary>Takes the next row. Its words are kept as long as something that is shown may be rendered of them.</summary>
    /// <exception cref="ArgumentException">It is not the next one.</exception>
    /// <exception cref="InvalidOperationException">It takes words of a row that was never given.</exception>
    public void Take(RecordRow row)
    {
        _words[row.Seq] = row.Fragments;
        (Before, Record) = (Record, After(row));
        IsOfOtherRules |= row.Rules != PatientRecord.MergeRules;
        if (row.Seq % ForgetEvery == 0)
            Forget();
    }

    private PatientRecord After(RecordRow row)
    {
        if (!Merge.IsNews(Record, row))
        {
            return Merge.TryApply(Record, row, _words, out _)
                ?? throw new InvalidOperationException("A row that a record is made of is not in the journal.");
        }

        var before = _log.TakeWhile(r => r.Seq < row.Seq);
        // What had ceased to count may be shown again, in words that were forgotten.
        foreach (var earlier in before)
            _words[earlier.Seq] = earlier.Fragments;
        return Restatement.Of(Record, row, before);
    }

    private void Forget()
    {
        foreach (var seq in _words.Keys.Where(seq => !Record.Rows.TryFind(new RetainedRow.By(seq), out _)).ToList())
            _words.Remove(seq);
    }
}
