using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>What the sources do not say (<see cref="Absence"/>), read off a record's bytes once a version and type.</summary>
internal static class Absences
{
    private static readonly ConditionalWeakTable<PatientRecord, ConcurrentDictionary<(string? Type, int Sources), byte[]>> Kept = [];

    /// <summary>The entry that says it; null where there is nothing to be said.</summary>
    /// <param name="record">The record.</param>
    /// <param name="type">The type that is asked for; null for the whole record.</param>
    /// <param name="sources">The sources that are configured.</param>
    public static byte[]? Of(PatientRecord record, string? type, SourceSystems sources)
    {
        var entry = Kept.GetOrCreateValue(record).GetOrAdd((type, sources.Stamp), static (key, of) => Make(of.record, key.Type, of.sources) ?? [], (record, sources));
        return entry.Length > 0 ? entry : null;
    }

    private static byte[]? Make(PatientRecord record, string? type, SourceSystems sources)
    {
        var entries = Array.ConvertAll((type is null ? record.All : record.OfType(type)).ToArray(), r => r.BundleEntryBytes);
        return type is null ? Absence.OfEverything(entries, sources, record.Addresses) : Absence.OfType(type, entries, sources, record.Addresses);
    }
}
