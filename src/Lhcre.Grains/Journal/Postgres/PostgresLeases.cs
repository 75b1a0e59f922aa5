using Lhcre.Record;
using Npgsql;

namespace Lhcre.Grains.Journal;

/// <summary>What is read of leases. Safe from any thread.</summary>
internal sealed class PostgresLeases(PostgresReader reader)
{
    public async Task<IReadOnlyList<Lease>> Of(PatientKey patient, CancellationToken cancellation) =>
        await reader.All(LeaseSelect.Of, Lease, cancellation, PostgresArguments.Text(patient.Value));

    public async Task<IReadOnlyList<Lease>> Due(DateTimeOffset by, int limit, CancellationToken cancellation) =>
        await reader.All(LeaseSelect.Due, Lease, cancellation, PostgresArguments.Number(by.UtcTicks), PostgresArguments.Number((long)limit));

    public async Task<LeaseCount> Count(string source, DateTimeOffset by, CancellationToken cancellation) => (await reader.All(
        "SELECT count(*), count(*) FILTER (WHERE until_at <= $1), min(until_at) FILTER (WHERE until_at <= $1) FROM lease WHERE source = $2",
        row => new LeaseCount((int)row.GetInt64(0), (int)row.GetInt64(1), row.IsDBNull(2) ? null : Time(row, 2)),
        cancellation,
        PostgresArguments.Number(by.UtcTicks),
        PostgresArguments.Text(source)))[0];

    /// <summary>The mark of what is to be overwritten; null for nothing.</summary>
    public async Task<string?> Mark(CancellationToken cancellation) =>
        (await reader.All($"SELECT value FROM lhcre_meta WHERE name = '{LeaseSelect.Mark}'", row => row.GetString(0), cancellation)).FirstOrDefault();

    private static Lease Lease(NpgsqlDataReader row) =>
        new(PatientKey.Parse(row.GetString(0)), row.GetString(1), Time(row, 2), Time(row, 3)) { IsDischarged = row.GetInt16(4) == 1 };

    private static DateTimeOffset Time(NpgsqlDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);
}
