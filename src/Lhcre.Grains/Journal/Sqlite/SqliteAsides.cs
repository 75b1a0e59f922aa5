namespace Lhcre.Grains.Journal;

/// <summary>What the writing connection does with what is set aside.</summary>
internal sealed class SqliteAsides(Func<string, SqliteStatement> prepare)
{
    private readonly SqliteStatement _park = prepare("""
        INSERT INTO parked (parked_id, source, at, push_id, code, reason, type, waits_source, waits_type, waits_id, body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (parked_id) DO NOTHING
        """);

    private readonly SqliteStatement _refuse = prepare("""
        INSERT INTO refused (refused_id, source, at, form, type, name, code, reason, body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (refused_id) DO NOTHING
        """);

    private readonly SqliteStatement _file = prepare("DELETE FROM parked WHERE parked_id = ?");
    private readonly SqliteStatement _takeOutParked = prepare("DELETE FROM parked WHERE parked_id = ? AND discarded_at IS NULL");
    private readonly SqliteStatement _takeOutRefused = prepare("DELETE FROM refused WHERE refused_id = ? AND discarded_at IS NULL");
    private readonly SqliteStatement _restoreParked = prepare("UPDATE parked SET discarded_at = NULL WHERE parked_id = ?");
    private readonly SqliteStatement _eraseRefused = prepare("DELETE FROM refused WHERE refused_id = ?");
    private readonly SqliteStatement _discardParked = prepare(AsideSelect.DiscardParked);
    private readonly SqliteStatement _discardRefused = prepare(AsideSelect.DiscardRefused);

    public void Park(ParkedResource parked)
    {
        var waits = parked.WaitsFor;
        _park.Text(parked.Id).Text(parked.Source).Number(parked.At.UtcTicks).Blob(SqliteWriter.Bytes(parked.Push)).Text(parked.Code).Text(parked.Reason)
            .Text(parked.Type).Text(waits?.Source).Text(waits?.Type).Text(waits?.Id).Blob(parked.Body.Span).Run();
    }

    public void Refuse(RefusedLetter letter) => _refuse
        .Text(letter.Id).Text(letter.Source).Number(letter.At.UtcTicks).Text(AsideSelect.Form(letter.Form)).Text(letter.Type).Text(letter.Name)
        .Text(letter.Code).Text(letter.Reason).Blob(letter.Body.Span).Run();

    /// <summary>Takes out what the row of a record takes in: a trigger refuses that of what was discarded, and with it the row.</summary>
    public void File(string id) => _file.Text(id).Run();

    public void TakeOut(string id)
    {
        _takeOutParked.Text(id).Run();
        _takeOutRefused.Text(id).Run();
    }

    /// <summary>Takes out what is erased, discarded or not.</summary>
    public void Erase(string id)
    {
        _restoreParked.Text(id).Run();
        File(id);
        _eraseRefused.Text(id).Run();
    }

    public void Discard(string source, string id, Discarding why)
    {
        foreach (var statement in new[] { _discardParked, _discardRefused })
            statement.Number(why.At.UtcTicks).Text(why.By).Text(why.Reason).Text(source).Text(id).Run();
    }
}
