using System.Globalization;

namespace Lhcre.Grains.Journal;

/// <summary>Writes what goes with a row that erases, within the transaction of the connection that writes, and behind the row.</summary>
internal sealed class SqliteBlanking(Func<string, SqliteStatement> prepare, SqliteFold chunks, SqliteAsides asides, SqliteLeases leases)
{
    private const string Key = "source = ? AND type = ? AND id = ?";

    private readonly SqliteStatement _move = prepare("UPDATE record_head SET snap_seq = ? WHERE patient = ?");
    private readonly SqliteStatement _drop = prepare($"""
        DELETE FROM record_chunk WHERE patient = ? AND (kind = {(int)ChunkKind.Live} OR chunk_no NOT IN (SELECT value FROM json_each(?)))
        """);

    private readonly SqliteStatement _cut = prepare("DELETE FROM record_log WHERE patient = ?");
    private readonly SqliteStatement _unname = prepare("DELETE FROM local_identifier WHERE source = ? AND system = ? AND value = ? AND patient = ?");
    private readonly SqliteStatement _forget = prepare($"""
        DELETE FROM supporting WHERE {Key} AND NOT EXISTS (
            SELECT 1 FROM supporting_use u WHERE u.source = supporting.source AND u.type = supporting.type AND u.id = supporting.id)
        """);

    private readonly SqliteStatement _settle = prepare("DELETE FROM follow_up WHERE patient = ? AND (?2 IS NULL OR source = ?2)");
    private readonly SqliteStatement _answer = prepare("DELETE FROM answer WHERE push_id = ?");

    public void Write(Blanking blanking)
    {
        var (patient, row) = (blanking.Append.Patient, blanking.Append.Row);
        _move.Number(row.Seq).Text(patient.Value).Run();
        _drop.Text(patient.Value).Text($"[{string.Join(',', blanking.Kept.Select(n => n.ToString(CultureInfo.InvariantCulture)))}]").Run();
        foreach (var chunk in blanking.Live)
            chunks.Add(patient, ChunkKind.Live, chunk);
        foreach (var chunk in blanking.History)
            chunks.Add(patient, ChunkKind.History, chunk);
        _cut.Text(patient.Value).Run();
        foreach (var (source, identifier) in blanking.Names)
            _unname.Text(source).Text(identifier.System).Text(identifier.Value).Text(patient.Value).Run();
        foreach (var key in blanking.Append.Unused)
            _forget.Text(key.Source).Text(key.Type).Text(key.Id).Run();
        _settle.Text(patient.Value).Text(blanking.Source).Run();
        foreach (var id in blanking.Asides)
            asides.Erase(id);
        foreach (var push in blanking.Answers)
            _answer.Blob(SqliteWriter.Bytes(push)).Run();
        leases.End(patient, blanking.Source);
        leases.Mark(row.At);
    }
}
