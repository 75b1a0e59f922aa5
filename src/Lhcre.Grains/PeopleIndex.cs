using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Record.People;

namespace Lhcre.Grains;

/// <summary>
/// Describes the people of records that were written before there was an index of people, one record after the other. May be ended at any
/// time and begun again: whoever is in the index is passed over. Records that are pushed to meanwhile describe themselves.
/// </summary>
public sealed class PeopleIndex(IJournal journal, Addresses addresses, TimeProvider clock)
{
    // Records that are looked at in one look.
    private const int Among = 1000;

    /// <summary>Who is to be described among the next records behind a patient, and the last one of these; null where there was none.</summary>
    /// <exception cref="JournalUnavailableException">The journal cannot be read.</exception>
    public Task<(IReadOnlyList<PatientKey> Patients, PatientKey? Last)> Due(PatientKey? after, CancellationToken cancellation) =>
        journal.Unfindable(after, Among, cancellation);

    /// <summary>Describes one; whether there was anything to find anybody by.</summary>
    /// <exception cref="JournalUnavailableException">The journal cannot be read or written.</exception>
    public async Task<bool> Describe(PatientKey patient, CancellationToken cancellation)
    {
        var journalled = await journal.Load(patient, cancellation);
        var person = PersonFacts.Of(await Whole(patient, journalled, cancellation));
        if (person.IsNone)
            return false;
        await journal.Describe([new PersonDescription(patient, journalled.Head.Seq, person)], cancellation);
        return true;
    }

    private async Task<PatientRecord> Whole(PatientKey patient, JournalledRecord journalled, CancellationToken cancellation)
    {
        var since = clock.GetUtcNow() - Limits.PushIdMemory;
        try
        {
            var loaded = await LoadedRecord.Of(patient, addresses, journalled, journal, since, cancellation);
            return loaded.Record ?? loaded.Folded!.Unfold(since);
        }
        catch (InvalidDataException)
        {
            // A chunk is damaged; the log has everything.
            return await LoadedRecord.Replayed(patient, addresses, journal, cancellation);
        }
    }
}
