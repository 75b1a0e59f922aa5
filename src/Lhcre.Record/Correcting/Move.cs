using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>
/// Some entries of a source are about another person than the one in whose record it files them (decision 0029). In the record that they leave none of their
/// versions counts, whenever it came or comes; in the one where they belong a copy of each does, in rows that name the move (<see cref="RecordRow.Move"/>).
/// </summary>
/// <param name="Id">Names it, or this addition to it.</param>
/// <param name="Source">Which source's entries.</param>
/// <param name="Reason">Why.</param>
/// <param name="Of">The move as a whole, which may be told of further entries later: its first correction's id.</param>
/// <param name="IsHere">Whether they come to this record; else they leave it.</param>
/// <param name="Other">Whose the other record is.</param>
/// <param name="Entries">Which entries.</param>
/// <param name="Unit">
/// Of what leaves: the id of the source's Patient who moves with all that is filed under them, also what is still to come; null where nothing but the entries moves.
/// </param>
public sealed record Move(PushId Id, string Source, string Reason, PushId Of, bool IsHere, PatientKey Other, ImmutableArray<EntryKey> Entries, string? Unit)
    : Correction(Id, Source, Reason)
{
    // No FHIR type has it.
    private const string MarkType = "*";

    /// <summary>
    /// Stands for the move among what is kept for others: by it the record where the entries belong is told that there is more in the one that they leave.
    /// </summary>
    public EntryKey Mark => MarkOf(Source, Of);

    /// <summary>The same of the move of a source that has this id.</summary>
    public static EntryKey MarkOf(string source, PushId move) => new(source, MarkType, move.Hash.Bits.ToString("x32", null));

    /// <summary>Whether a key is one of these.</summary>
    public static bool IsMark(EntryKey key) => key.Type == MarkType;

    /// <summary>A source's Patient in a record, and what it says, or said last, of them: by the Patient's id, or by what it calls them.</summary>
    public static IEnumerable<Entry> Filed(PatientRecord record, string source, string patient)
    {
        var names = Names(record, source, patient);
        return record.EntriesOf(source).Where(e => e.Key is { Type: "Patient" } key ? key.Id == patient : IsOf(e.LastFacts, patient, names));
    }

    /// <summary>Whether a source's Patient in a record is the subject of what it says.</summary>
    public static bool IsOf(PatientRecord record, Fragment fragment, string patient) =>
        fragment.Kind == FragmentKind.Stated && IsOf(fragment.Facts, patient, Names(record, fragment.Key.Source, patient));

    private static bool IsOf(Facts facts, string patient, HashSet<(string?, string)> names) =>
        facts.SubjectId == patient || (facts is { SubjectId: null, SubjectIdentifier: { } identifier } && names.Contains((identifier.System, identifier.Value)));

    // An NHS number names whoever has it, and not the source's Patient.
    private static HashSet<(string?, string)> Names(PatientRecord record, string source, string patient) =>
        [.. (record.Entry(new EntryKey(source, "Patient", patient))?.LastFacts.Identifiers ?? []).Where(i => i.System is not null && !NhsNumber.IsSystem(i.System)).Select(i => ((string?)i.System, i.Value))];

    /// <summary>Whether it is the same: each is told once.</summary>
    public bool Equals(Move? other) => other is not null && (Id, IsHere) == (other.Id, other.IsHere);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();
}
