using Lhcre.Record;

namespace Lhcre.Grains.Journal;

/// <summary>What the writing connection does with leases.</summary>
internal sealed class SqliteLeases(Func<string, SqliteStatement> prepare)
{
    private readonly SqliteStatement _hold = prepare(LeaseSelect.Hold("VALUES (?, ?, ?, ?)", "lease"));
    private readonly SqliteStatement _discharge = prepare(LeaseSelect.Discharge);
    private readonly SqliteStatement _adopt = prepare(LeaseSelect.Adopt);
    private readonly SqliteStatement _end = prepare("DELETE FROM lease WHERE patient = ? AND source = ?");
    private readonly SqliteStatement _endAll = prepare("DELETE FROM lease WHERE patient = ?");
    private readonly SqliteStatement _mark = prepare($"INSERT OR REPLACE INTO meta (name, value) VALUES ('{LeaseSelect.Mark}', ?)");
    private readonly SqliteStatement _unmark = prepare($"DELETE FROM meta WHERE name = '{LeaseSelect.Mark}' AND value = ?");

    public void Write(JournalWrite write)
    {
        switch (write)
        {
            case JournalWrite.OfLease(var lease):
                Hold(lease);
                break;
            case JournalWrite.OfDischarge(var patient, var until):
                _discharge.Number(until.UtcTicks).Text(patient.Value).Run();
                break;
            case JournalWrite.OfAdopted(var source, var from, var until):
                _adopt.Number(from.UtcTicks).Number(until.UtcTicks).Text(source).Run();
                break;
            case JournalWrite.OfScrubbed(var mark):
                _unmark.Text(LeaseSelect.Text(mark)).Run();
                break;
        }
    }

    public void Hold(Lease lease) => _hold.Text(lease.Patient.Value).Text(lease.Source).Number(lease.From.UtcTicks).Number(lease.Until.UtcTicks).Run();

    /// <summary>Those of a source, or of all, are over.</summary>
    public void End(PatientKey patient, string? source)
    {
        if (source is null)
            _endAll.Text(patient.Value).Run();
        else
            _end.Text(patient.Value).Text(source).Run();
    }

    /// <summary>Something is to be overwritten.</summary>
    public void Mark(DateTimeOffset at) => _mark.Text(LeaseSelect.Text(at.UtcTicks)).Run();
}

/// <summary>What a reading connection reads of leases.</summary>
internal sealed class SqliteLeaseReader(Func<string, SqliteStatement> prepare)
{
    private readonly SqliteStatement _of = prepare(LeaseSelect.Of);
    private readonly SqliteStatement _due = prepare(LeaseSelect.Due);
    private readonly SqliteStatement _count = prepare("SELECT count(*), sum(until_at <= ?), min(CASE WHEN until_at <= ? THEN until_at END) FROM lease WHERE source = ?");
    private readonly SqliteStatement _mark = prepare($"SELECT value FROM meta WHERE name = '{LeaseSelect.Mark}'");

    public IReadOnlyList<Lease> Of(PatientKey patient) => _of.Text(patient.Value).All(Lease);

    public IReadOnlyList<Lease> Due(DateTimeOffset by, int limit) => _due.Number(by.UtcTicks).Number(limit).All(Lease);

    public LeaseCount Count(string source, DateTimeOffset by) => _count.Number(by.UtcTicks).Number(by.UtcTicks).Text(source).First(row =>
        new LeaseCount((int)row.NumberAt(0), row.IsNull(1) ? 0 : (int)row.NumberAt(1), row.IsNull(2) ? null : Time(row.NumberAt(2))))!;

    /// <summary>The mark of what is to be overwritten; null for nothing.</summary>
    public long? Mark() => _mark.First(row => row.TextAt(0)) is { } mark ? LeaseSelect.Number(mark) : null;

    private static Lease Lease(SqliteStatement row) =>
        new(PatientKey.Parse(row.TextAt(0)), row.TextAt(1), Time(row.NumberAt(2)), Time(row.NumberAt(3))) { IsDischarged = row.NumberAt(4) == 1 };

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
