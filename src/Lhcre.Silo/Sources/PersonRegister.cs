using Lhcre.Grains.Journal;
using Lhcre.Intake;
using Lhcre.Record;

namespace Lhcre.Silo.Sources;

/// <summary>
/// Finds out whose each entry of a push is: from the NHS number in it, else from what the same source pushed before. Never guesses.
/// </summary>
internal sealed class PersonRegister(IJournal journal, PseudonymKey pseudonym, TimeProvider clock)
{
    /// <summary>Where each entry's fragment goes, in the order of the entries; null for an entry without a fragment.</summary>
    public async Task<Filing?[]> File(string source, IReadOnlyList<ReceivedEntry> entries, CancellationToken cancellation)
    {
        var known = await Known(entries, cancellation);
        var latest = clock.GetUtcNow() + Limits.ClockAhead;
        var filings = new Filing?[entries.Count];
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i] is not { IsRefused: false, Fragment: { } fragment } entry)
                continue;
            filings[i] = fragment.Version.Time > latest
                ? new Filing.Parked(IssueCodes.FromTheFuture, null)
                : await File(source, entry, fragment, known, cancellation);
        }

        return filings;
    }

    private async Task<Filing> File(
        string source, ReceivedEntry entry, Fragment fragment, Dictionary<EntryKey, PatientKey> known, CancellationToken cancellation) => entry.Person switch
        {
            PersonClue.Named named => new Filing.InRecord(pseudonym.For(named.Number)),
            PersonClue.LookUp { Patient: { } patient } when known.TryGetValue(patient, out var found) => new Filing.InRecord(found),
            PersonClue.LookUp lookUp => await ByIdentifier(source, lookUp, cancellation),
            PersonClue.OwnKey own when known.TryGetValue(own.Key, out var found) => new Filing.InRecord(found),
            PersonClue.OwnKey own => await Withdrawal(own.Key, cancellation),
            PersonClue.Nobody => new Filing.AsSupporting(),
            PersonClue.Unknowable unknowable => new Filing.Parked(unknowable.Code, unknowable.WaitsFor),
            _ => throw new InvalidOperationException("A person clue that this release does not know."),
        };

    private async Task<Dictionary<EntryKey, PatientKey>> Known(IReadOnlyList<ReceivedEntry> entries, CancellationToken cancellation)
    {
        EntryKey[] keys = [.. entries.Select(LookUpKey).OfType<EntryKey>().Distinct()];
        var known = new Dictionary<EntryKey, PatientKey>();
        if (keys.Length == 0)
            return known;
        var found = await journal.FindPatients(keys, cancellation);
        for (var i = 0; i < keys.Length; i++)
        {
            if (found[i] is { } patient)
                known[keys[i]] = patient;
        }

        return known;
    }

    private static EntryKey? LookUpKey(ReceivedEntry entry) => entry.Person switch
    {
        PersonClue.LookUp lookUp => lookUp.Patient,
        PersonClue.OwnKey own => own.Key,
        _ => null,
    };

    // Several identifiers may lead to several persons: then it is nobody's, until an operator has looked.
    private async Task<Filing> ByIdentifier(string source, PersonClue.LookUp lookUp, CancellationToken cancellation)
    {
        var found = new HashSet<PatientKey>();
        foreach (var identifier in lookUp.Identifiers)
        {
            if (NhsNumber.IsSystem(identifier.System) || identifier.System is null)
                continue;
            found.UnionWith(await journal.FindPatients(source, new LocalIdentifier(identifier.System, identifier.Value), cancellation));
        }

        return found.Count switch
        {
            1 => new Filing.InRecord(found.First()),
            0 => new Filing.Parked(lookUp.IfUnknown, lookUp.Patient),
            _ => new Filing.Parked(IssueCodes.AmbiguousPerson, null),
        };
    }

    // A withdrawal of what is not known waits for it: it may have overtaken it, or be of something that is parked itself. Of a type that is
    // never about anybody there is no person to wait for: it is kept, and outranks what it has overtaken.
    private async Task<Filing> Withdrawal(EntryKey key, CancellationToken cancellation)
    {
        if (PatientCompartment.MaySupport(key.Type)
            && (PatientCompartment.SubjectElement(key.Type) is null || (await journal.FindSupporting([key], cancellation))[0] is not null))
            return new Filing.AsSupporting();
        return new Filing.Parked(IssueCodes.UnknownPerson, key);
    }
}
