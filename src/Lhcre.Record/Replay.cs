namespace Lhcre.Record;

/// <summary>A record being made anew of its log, one row after the other: by the rules of this release, so that its stamps are those of the journal.</summary>
/// <param name="key">Whose.</param>
/// <param name="addresses">Where it is served.</param>
public sealed class Replay(PatientKey key, Addresses addresses)
{
    // Looking through what is kept costs a lookup a row: not at each.
    private const int ForgetEvery = 64;

    private readonly Dictionary<long, IReadOnlyList<Fragment>> _words = [];

    /// <summary>The record as of the last row taken.</summary>
    public PatientRecord Record { get; private set; } = PatientRecord.Empty(key, addresses);

    /// <summary>The record as of the row before that one; an empty one where there is none.</summary>
    public PatientRecord Before { get; private set; } = PatientRecord.Empty(key, addresses);

    /// <summary>Whether some row was appended under other merge rules than this release's.</summary>
    public bool IsOfOtherRules { get; private set; }

    /// <summary>Takes the next row. Its words are kept as long as something that is shown may be rendered of them.</summary>
    /// <exception cref="ArgumentException">It is not the next one.</exception>
    /// <exception cref="InvalidOperationException">It takes words of a row that was never given.</exception>
    public void Take(RecordRow row)
    {
        _words[row.Seq] = row.Fragments;
        (Before, Record) = (Record, Merge.TryApply(Record, row, _words, out _)
            ?? throw new InvalidOperationException("A row that a record is made of is not in the journal."));
        IsOfOtherRules |= row.Rules != PatientRecord.MergeRules;
        if (row.Seq % ForgetEvery == 0)
            Forget();
    }

    private void Forget()
    {
        foreach (var seq in _words.Keys.Where(seq => !Record.Rows.TryFind(new RetainedRow.By(seq), out _)).ToList())
            _words.Remove(seq);
    }
}
