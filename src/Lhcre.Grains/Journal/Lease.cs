using Lhcre.Record;

namespace Lhcre.Grains.Journal;

/// <summary>That what was pulled from a source is held for a visit, and until when: it is erased then.</summary>
/// <param name="Patient">Whose record.</param>
/// <param name="Source">From where it was pulled.</param>
/// <param name="From">Since when something of it is held.</param>
/// <param name="Until">From when on it is due to be erased.</param>
public sealed record Lease(PatientKey Patient, string Source, DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>Whether the end of the stay is known: a pull within it makes it no longer.</summary>
    public bool IsDischarged { get; init; }
}

/// <summary>How many leases of a source there are.</summary>
/// <param name="Held">All that are held.</param>
/// <param name="Due">Those of them that are to be erased by now.</param>
/// <param name="Oldest">When the first of these became due; null for none.</param>
public sealed record LeaseCount(int Held, int Due, DateTimeOffset? Oldest);
