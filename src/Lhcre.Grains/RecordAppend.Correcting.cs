using System.Collections.Immutable;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>A record before and after a correction.</summary>
/// <param name="Before">Before.</param>
/// <param name="After">After.</param>
internal readonly record struct Corrected(PatientRecord Before, PatientRecord After);

/// <content>What changes in the journal with a row that corrects the record.</content>
public static partial class RecordAppend
{
    /// <summary>The append of a correction.</summary>
    /// <param name="shown">The record.</param>
    /// <param name="told">
    /// The record as what the source sends now is held against: while all of that is quarantined, the entries and names by which it is found stay as they are, so
    /// that it is all there when it counts again.
    /// </param>
    /// <param name="row">The row.</param>
    /// <param name="log">All rows before it.</param>
    /// <param name="source">Of whose words it is.</param>
    /// <param name="oldEpoch">As of <see cref="Append"/>.</param>
    /// <param name="newEpoch">As of <see cref="Append"/>.</param>
    internal static Append OfCorrection(Corrected shown, Corrected told, RecordRow row, IReadOnlyList<RecordRow> log, string source, long oldEpoch, long newEpoch)
    {
        var (was, now) = (Claims(told.Before, source).ToDictionary(c => c.Key), Claims(told.After, source).ToDictionary(c => c.Key));
        var (wasNamed, named) = (Names(told.Before, Patients(told.Before, source)), Names(told.After, Patients(told.After, source)));
        var former = Former(told.After, [.. log.SelectMany(r => r.Fragments).Where(f => f.Key.Source == source)]);
        var (wereNumbers, numbers) = (Numbers(told.Before, Patients(told.Before, source)), Numbers(told.After, Patients(told.After, source)));
        return new Append
        {
            Patient = shown.After.Key,
            OldEpoch = oldEpoch,
            NewEpoch = newEpoch,
            Row = new LogRow(row.Seq, row.Push, row.At, row.Body),
            Source = source,
            Index = [.. now.Values.Where(c => !IsSame(c, was.GetValueOrDefault(c.Key)))],
            Unindexed = [.. was.Values.Where(c => !IsSame(c, now.GetValueOrDefault(c.Key))).Select(c => c.Key)],
            LocalIdentifiers = [.. named, .. former],
            FormerIdentifiers = [.. wasNamed.Except(named), .. wereNumbers.Except(numbers)],
            Person = Person(shown.Before, shown.After, isTold: true, isFirst: oldEpoch != newEpoch),
            Unused = [.. told.Before.EntriesOf(source).Where(e => PatientCompartment.MaySupport(e.Key.Type) && told.After.Entry(e.Key)?.Version != e.Version).Select(e => e.Key)],
            // What is here by a move refers to it too, and is not what its source says here.
            Uses = [.. Uses(told.After, Targets(told.After)), .. ReferenceEquals(told.After, shown.After) ? [] : Uses(shown.After, Targets(shown.After).Except(Targets(told.After)))],
        };

        IEnumerable<EntryKey> Targets(PatientRecord record) => record.LiveEntriesOf(source).SelectMany(e => e.Targets);

        static bool IsSame(VersionedKey one, VersionedKey? other) => other is not null && one.Version.Span.SequenceEqual(other.Version.Span);
    }

    /// <summary>The append of a row that says nothing, and claims entries by which nobody is found.</summary>
    internal static Append OfClaims(PatientKey patient, RecordRow row, string source, ImmutableArray<VersionedKey> claims, long oldEpoch, long newEpoch) => new()
    {
        Patient = patient,
        OldEpoch = oldEpoch,
        NewEpoch = newEpoch,
        Row = new LogRow(row.Seq, row.Push, row.At, row.Body),
        Source = source,
        Index = claims,
    };

    /// <summary>The entries of a source by which a record's person is found, each in the version in which it was said to be hers.</summary>
    internal static IEnumerable<VersionedKey> Claims(PatientRecord record, string source)
    {
        foreach (var entry in record.EntriesOf(source).Where(e => e.Kind != FragmentKind.Moved && !IsSupporting(e)))
        {
            if (entry.Versions.LastOrDefault(v => !v.IsAbsence) is { } version)
                yield return new VersionedKey(entry.Key, version.SortKey());
        }
    }

    private static bool IsSupporting(Entry entry) =>
        PatientCompartment.MaySupport(entry.Key.Type) && entry.LastFacts is { SubjectId: null, SubjectIdentifier: null };

    private static IEnumerable<EntryKey> Patients(PatientRecord record, string source) =>
        record.LiveEntriesOf(source).Where(e => e.Key.Type == "Patient").Select(e => e.Key);
}
