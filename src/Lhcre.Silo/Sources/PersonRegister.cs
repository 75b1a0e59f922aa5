using System.Collections.Immutable;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Intake;
using Lhcre.Record;

namespace Lhcre.Silo.Sources;

/// <summary>
/// Finds out whose each entry of a push is: from the NHS number in it, else from what the same source pushed before; of a Patient whom nobody knows,
/// from an identifier that is configured to name one person at this source. Never guesses.
/// </summary>
internal sealed class PersonRegister(IJournal journal, PseudonymKey pseudonym, TimeProvider clock, IReadOnlyList<SourceSystem>? sources = null)
{
    /// <summary>Where each entry's fragment goes, in the order of the entries; null for an entry without a fragment.</summary>
    public async Task<Filing?[]> File(string source, IReadOnlyList<ReceivedEntry> entries, CancellationToken cancellation)
    {
        var known = await Known(entries, cancellation);
        var latest = clock.GetUtcNow() + Limits.ClockAhead;
        var filings = new Filing?[entries.Count];
        // Patients first: by what one of them says that the person is called, the others of the push find their person.
        var called = new Dictionary<LocalIdentifier, SortedSet<PatientKey>>();
        foreach (var i in Enumerable.Range(0, entries.Count).OrderByDescending(i => entries[i].Fragment is { Kind: FragmentKind.Stated, Key.Type: "Patient" }))
        {
            if (entries[i] is not { IsRefused: false, Fragment: { } fragment } entry)
                continue;
            filings[i] = fragment.Version.Time > latest
                ? new Filing.Parked(IssueCodes.FromTheFuture, null)
                : await File(source, entry, known, called, cancellation);
            if (filings[i] is Filing.InRecord { Patient: var patient } && fragment is { Kind: FragmentKind.Stated, Key.Type: "Patient" })
            {
                foreach (var name in Names(fragment.Facts.Identifiers))
                    (called.TryGetValue(name, out var people) ? people : called[name] = []).Add(patient);
            }
        }

        return filings;
    }

    /// <summary>
    /// The records without a number of the person whom a Patient with one is: under what the source calls that person. None as a rule; asked only where
    /// the Patient has an identifier under which there could be one.
    /// </summary>
    public async Task<IReadOnlyList<PatientKey>> Unnumbered(string source, Fragment patient, CancellationToken cancellation)
    {
        var found = new SortedSet<PatientKey>();
        foreach (var identifier in Own(source, patient.Facts.Identifiers))
            found.UnionWith((await journal.FindPatients(source, identifier, cancellation)).Where(p => p.IsLocal));
        return [.. found];
    }

    private async Task<Filing> File(
        string source, ReceivedEntry entry, Dictionary<EntryKey, PatientKey> known, Dictionary<LocalIdentifier, SortedSet<PatientKey>> called, CancellationToken cancellation) =>
        entry.Person switch
        {
            PersonClue.Named named => new Filing.InRecord(pseudonym.For(named.Number)),
            PersonClue.LookUp { Patient: { } patient } when known.TryGetValue(patient, out var found) => new Filing.InRecord(found),
            PersonClue.LookUp lookUp => await ByIdentifier(source, entry.Fragment!, lookUp, called, cancellation),
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
    private async Task<Filing> ByIdentifier(
        string source, Fragment fragment, PersonClue.LookUp lookUp, Dictionary<LocalIdentifier, SortedSet<PatientKey>> called, CancellationToken cancellation)
    {
        LocalIdentifier[] names = [.. Names(lookUp.Identifiers)];
        var found = await Called(source, names, cancellation);
        found.UnionWith(names.SelectMany(name => called.GetValueOrDefault(name, [])));
        // Their record may have been opened since they were looked for.
        if (found.Count == 0 && fragment is { Kind: FragmentKind.Stated, Key.Type: "Patient" } && await Free(source, fragment.Facts, cancellation) is { } free)
            return Settled(await Called(source, names, cancellation), new Filing.InRecord(free));
        return Settled(found, new Filing.Parked(lookUp.IfUnknown, lookUp.Patient));
    }

    private static Filing Settled(HashSet<PatientKey> found, Filing otherwise) => People(found) switch
    {
        [var only] => new Filing.InRecord(only),
        [] => otherwise,
        _ => new Filing.Parked(IssueCodes.AmbiguousPerson, null),
    };

    private async Task<HashSet<PatientKey>> Called(string source, IReadOnlyList<LocalIdentifier> names, CancellationToken cancellation)
    {
        var found = new HashSet<PatientKey>();
        foreach (var name in names)
            found.UnionWith(await journal.FindPatients(source, name, cancellation));
        return found;
    }

    /// <summary>
    /// Who is meant by several keys that one name leads to: what is filed under a name is on its way to the record of the number, where there is one.
    /// </summary>
    public static IReadOnlyList<PatientKey> People(IReadOnlyCollection<PatientKey> found) =>
        found.Count > 1 && found.Count(p => !p.IsLocal) == 1 ? [found.First(p => !p.IsLocal)] : [.. found];

    // A record that nobody has yet, for somebody whom nobody knows; null where nothing names one person. One who had the same name before, and has another one
    // now, keeps the record that was opened under it.
    private async Task<PatientKey?> Free(string source, Facts patient, CancellationToken cancellation)
    {
        var names = Own(source, patient.Identifiers);
        if (names.Count == 0)
            return null;
        var (ordinal, key) = (1, pseudonym.For(source, names[0].System, names[0].Value));
        while ((await journal.Heads([key], cancellation))[0].Seq > 0 && await HasBearer(key, cancellation))
            key = pseudonym.For(source, names[0].System, names[0].Value, ++ordinal);
        return key;
    }

    // Where no word about them counts, as long as it is quarantined, it is their record still: when it counts again there must not be two.
    private async Task<bool> HasBearer(PatientKey local, CancellationToken cancellation)
    {
        RecordRow[] rows = [.. RecordWords.Rows(await journal.LoadLog(local, cancellation))];
        var corrections = Record.Corrections.Of(rows.Select(row => row.Correction).OfType<Correction>());
        return Array.Exists(rows, row => row.Fragments.Any(f => f.Key.Type == "Patient" && !corrections.Exclude(f.Key.Source, row.Receipt)));
    }

    // What names one person at this source: the best first.
    private List<LocalIdentifier> Own(string source, ImmutableArray<Identifier> identifiers)
    {
        var systems = sources?.FirstOrDefault(s => s.Id == source)?.PersonSystems ?? SourceSystem.NationalSystems;
        return [.. Names(identifiers).Where(n => systems.Contains(n.System)).OrderBy(n => systems.IndexOf(n.System)).ThenBy(n => n.Value, StringComparer.Ordinal)];
    }

    // Other than by number.
    private static IEnumerable<LocalIdentifier> Names(ImmutableArray<Identifier> identifiers) =>
        identifiers.Where(i => i.System is not null && !NhsNumber.IsSystem(i.System)).Select(i => new LocalIdentifier(i.System!, i.Value)).Distinct();

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
