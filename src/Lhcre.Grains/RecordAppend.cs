using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Record.People;

namespace Lhcre.Grains;

/// <summary>What changes in the journal with a row: by what the person is found, what is kept for others, what the record now refers to.</summary>
public static partial class RecordAppend
{
    /// <summary>The append of a row.</summary>
    public static Append Of(PatientRecord before, PatientRecord after, RecordRow row, PushRequest push, long oldEpoch, long newEpoch)
    {
        var isFollowUp = !push.Settles.IsEmpty;
        EntryKey[] patients = [.. row.Fragments.Select(f => f.Key).Where(k => k.Type == "Patient").Distinct()];
        var (named, former) = (Names(after, patients), Former(after, row.Fragments));
        return new Append
        {
            Patient = before.Key,
            OldEpoch = oldEpoch,
            NewEpoch = newEpoch,
            Row = new LogRow(row.Seq, row.Push, row.At, row.Body),
            Source = push.Source,
            Lane = push.Lane,
            Index = [.. row.Fragments.Where(f => IsIndexed(before, after, f)).Select(f => new VersionedKey(f.Key, f.Version.SortKey()))],
            LocalIdentifiers = [.. named, .. former],
            Person = Person(before, after, isTold: patients.Length > 0, isFirst: oldEpoch != newEpoch),
            FormerIdentifiers = Dropped(after, push.Source, [.. Names(before, patients).Except(named), .. Numbers(before, patients).Except(Numbers(after, patients))]),
            Supporting = isFollowUp ? [] : [.. row.Fragments.Where(f => IsKept(before, f)).Select(Supporting)],
            Uses = Uses(after, row.Fragments),
            Settles = push.Settles,
            Unparks = push.Unparks,
            Lease = push.HeldFor is { } held ? new Lease(before.Key, push.Source, row.At, row.At + held) : null,
        };
    }

    /// <summary>A fragment as the journal keeps it for all who refer to it.</summary>
    public static SupportingResource Supporting(Fragment fragment) => new(fragment.Key, fragment.Version.SortKey(), LogBody.Write([fragment]));

    // By what the person is found is all Patients' word, and changes with one of them. An activation's first append says it in any case: of a
    // record that was written before there was an index, or whose Patients new merge rules tell apart in another way.
    internal static PersonFacts? Person(PatientRecord before, PatientRecord after, bool isTold, bool isFirst)
    {
        if (!isTold && !isFirst)
            return null;
        var now = PersonFacts.Of(after);
        return isFirst && before.Seq > 0 || now != PersonFacts.Of(before) ? now : null;
    }

    // By what else than the NHS number a source may name the person: the identifiers of its live Patients.
    private static ImmutableArray<LocalIdentifier> Names(PatientRecord record, IEnumerable<EntryKey> patients) =>
    [
        .. patients.Select(record.Entry).Where(e => e is { IsLive: true })
            .SelectMany(e => e!.Facts.Identifiers)
            .Where(i => i.System is not null && !NhsNumber.IsSystem(i.System))
            .Select(i => new LocalIdentifier(i.System!, i.Value))
            .Distinct(),
    ];

    // The numbers that the person had before, as far as this row says so: by them too they are looked for.
    private static IEnumerable<LocalIdentifier> Former(PatientRecord after, IReadOnlyList<Fragment> fragments) =>
        fragments.Where(f => f.Key.Type == "Patient" && after.Entry(f.Key) is { IsLive: true } entry && entry.Version == f.Version)
            .SelectMany(FormerNumbers.Of).Distinct().Select(digits => new LocalIdentifier(NhsNumber.System, digits));

    // The NHS numbers of live Patients that have several, whatever they are to the person: one of one was never looked for by this register.
    private static IEnumerable<LocalIdentifier> Numbers(PatientRecord record, IEnumerable<EntryKey> patients)
    {
        foreach (var patient in patients.Select(record.Entry).Where(e => e is { IsLive: true }))
        {
            Identifier[] numbers = [.. patient!.Facts.Identifiers.Where(i => NhsNumber.IsSystem(i.System))];
            foreach (var identifier in numbers.Length > 1 ? numbers : [])
            {
                if (NhsNumber.TryParse(identifier.Value, out var number))
                    yield return new LocalIdentifier(NhsNumber.System, number.Digits());
            }
        }
    }

    // A source may have several Patients of one person: a name stays as long as one of them bears it.
    private static ImmutableArray<LocalIdentifier> Dropped(PatientRecord after, string source, ImmutableArray<LocalIdentifier> dropped)
    {
        if (dropped.IsEmpty)
            return dropped;
        EntryKey[] patients = [.. after.LiveEntriesOf(source).Where(e => e.Key.Type == "Patient").Select(e => e.Key)];
        return [.. dropped.Except(Names(after, patients)).Except(Numbers(after, patients))];
    }

    // What has moved to another person by then is that person's in the index: claimed in the very version that moved, it could be lost to both. And
    // what an extent does not state it says nothing of, such as whose it is.
    private static bool IsIndexed(PatientRecord before, PatientRecord after, Fragment fragment) =>
        !fragment.Version.IsAbsence && fragment.Kind != FragmentKind.Moved && after.Entry(fragment.Key) is not { Kind: FragmentKind.Moved } && !IsKept(before, fragment);

    // A withdrawal says nothing of its subject: whether it was the person's or a supporting one is known from what it withdraws. What the
    // record never held cannot have been the person's, since it is by the record's rows that a withdrawal finds its person.
    private static bool IsKept(PatientRecord before, Fragment fragment) => fragment.Kind switch
    {
        FragmentKind.Stated => fragment.IsSupporting,
        FragmentKind.Deleted => !fragment.Version.IsAbsence && PatientCompartment.MaySupport(fragment.Key.Type)
            && (before.Entry(fragment.Key)?.Facts ?? Facts.None) is { SubjectId: null, SubjectIdentifier: null },
        _ => false,
    };

    private static ImmutableArray<SupportingUse> Uses(PatientRecord after, IReadOnlyList<Fragment> fragments) =>
        Uses(after, fragments.SelectMany(f => f.References.Select(r => r.Target)), fragments.Where(f => f.IsSupporting).Select(f => f.Key));

    private static ImmutableArray<SupportingUse> Uses(PatientRecord after, IEnumerable<EntryKey> targets, params IEnumerable<EntryKey> delivered)
    {
        var used = targets.Where(t => PatientCompartment.MaySupport(t.Type));
        return [.. used.Concat(delivered).Distinct().Select(k => new SupportingUse(k, after.Entry(k) is { } entry ? Version(entry) : null))];

        static ReadOnlyMemory<byte>? Version(Entry entry) => entry.Version.SortKey();
    }
}
