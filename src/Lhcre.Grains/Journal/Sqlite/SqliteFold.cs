using Lhcre.Record;

namespace Lhcre.Grains.Journal;

/// <summary>Writes folds, within the transaction of the connection that writes.</summary>
internal sealed class SqliteFold(Func<string, SqliteStatement> prepare)
{
    private readonly SqliteStatement _move =
        prepare("UPDATE record_head SET snap_seq = ? WHERE patient = ? AND epoch = ? AND snap_seq = ? AND seq >= ?");

    private readonly SqliteStatement _add =
        prepare("INSERT INTO record_chunk (patient, kind, chunk_no, from_seq, to_seq, body) VALUES (?, ?, ?, ?, ?, ?)");

    private readonly SqliteStatement _first = prepare("SELECT seq FROM record_log WHERE patient = ? ORDER BY seq LIMIT 1");
    private readonly SqliteStatement _drop = prepare("DELETE FROM record_chunk WHERE patient = ? AND kind = ? AND chunk_no = ?");
    private readonly SqliteStatement _cut = prepare("DELETE FROM record_log WHERE patient = ? AND seq <= ?");

    public AppendOutcome Write(Fold fold)
    {
        var patient = fold.Patient.Value;
        // Before anything is written, since what else is in the transaction stays.
        if (!fold.History.IsEmpty && _first.Text(patient).First(row => row.NumberAt(0)) != fold.History[0].FromSeq)
            return AppendOutcome.Fenced;
        if (_move.Number(fold.NewSnapSeq).Text(patient).Number(fold.Epoch).Number(fold.OldSnapSeq).Number(fold.NewSnapSeq).Run() == 0)
            return AppendOutcome.Fenced;
        foreach (var number in fold.Dropped)
            _drop.Text(patient).Number((int)ChunkKind.Live).Number(number).Run();
        foreach (var chunk in fold.Live)
            Add(fold.Patient, ChunkKind.Live, chunk);
        foreach (var chunk in fold.History)
            Add(fold.Patient, ChunkKind.History, chunk);
        if (!fold.History.IsEmpty)
            _cut.Text(patient).Number(fold.History[^1].ToSeq).Run();
        return AppendOutcome.Committed;
    }

    /// <summary>One more chunk.</summary>
    public void Add(PatientKey patient, ChunkKind kind, RecordChunk chunk) =>
        _add.Text(patient.Value).Number((int)kind).Number(chunk.Number).Number(chunk.FromSeq).Number(chunk.ToSeq).Blob(chunk.Body.Span).Run();
}
