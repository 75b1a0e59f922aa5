using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>The leases of <see cref="SimulatedTables"/>.</summary>
internal sealed class SimulatedLeases
{
    private readonly Dictionary<(PatientKey, string), Lease> _leases = [];

    public void Hold(Lease lease)
    {
        if (!_leases.TryGetValue((lease.Patient, lease.Source), out var held))
            _leases[(lease.Patient, lease.Source)] = lease;
        else if (!held.IsDischarged || held.Until < lease.From)
            _leases[(lease.Patient, lease.Source)] = held with { Until = held.Until > lease.Until ? held.Until : lease.Until, IsDischarged = false };
    }

    public void Discharge(PatientKey patient, DateTimeOffset until)
    {
        foreach (var (key, held) in _leases.Where(lease => lease.Value.Patient == patient).ToList())
            _leases[key] = held with { Until = held.IsDischarged && held.Until < until ? held.Until : until, IsDischarged = true };
    }

    public void End(PatientKey patient, string? source)
    {
        foreach (var key in _leases.Where(lease => lease.Value.Patient == patient && (source is null || lease.Value.Source == source)).Select(lease => lease.Key).ToList())
            _leases.Remove(key);
    }

    public IReadOnlyList<Lease> Of(PatientKey patient) =>
        [.. _leases.Values.Where(lease => lease.Patient == patient).OrderBy(lease => lease.Source, StringComparer.Ordinal)];

    public IReadOnlyList<Lease> Due(DateTimeOffset by, int limit) =>
        [.. _leases.Values.Where(lease => lease.Until <= by).OrderBy(lease => lease.Until).ThenBy(lease => lease.Patient).ThenBy(lease => lease.Source, StringComparer.Ordinal).Take(limit)];

    public LeaseCount Count(string source, DateTimeOffset by)
    {
        var held = _leases.Values.Where(lease => lease.Source == source).ToList();
        var due = held.Where(lease => lease.Until <= by).ToList();
        return new LeaseCount(held.Count, due.Count, due.Count == 0 ? null : due.Min(lease => lease.Until));
    }
}
