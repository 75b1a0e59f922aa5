using System.Collections.Immutable;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Record.People;

namespace Lhcre.Grains;

/// <content>What changes in the journal with a row that erases.</content>
public static partial class RecordAppend
{
    /// <summary>The blanking of a record, without its chunks: everything by which what is erased could be found.</summary>
    /// <param name="after">The record as of the row.</param>
    /// <param name="row">The row.</param>
    /// <param name="erased">All that is erased.</param>
    /// <param name="oldEpoch">As of <see cref="Append"/>.</param>
    /// <param name="newEpoch">As of <see cref="Append"/>.</param>
    internal static Blanking OfErasure(PatientRecord after, RecordRow row, ImmutableArray<(PushId Push, Fragment Fragment)> erased, long oldEpoch, long newEpoch)
    {
        var erasure = (Erasure)row.Correction!;
        Fragment[] fragments = [.. erased.Select(e => e.Fragment)];
        var used = fragments.SelectMany(f => f.References.Select(r => r.Target)).Concat(fragments.Select(f => f.Key)).Where(k => PatientCompartment.MaySupport(k.Type));
        return new Blanking
        {
            Append = new Append
            {
                Patient = after.Key,
                OldEpoch = oldEpoch,
                NewEpoch = newEpoch,
                Row = new LogRow(row.Seq, row.Push, row.At, row.Body),
                Source = erasure.Source,
                Unindexed = [.. fragments.Select(f => f.Key).Distinct()],
                Unused = [.. used.Distinct()],
                Person = PersonFacts.Of(after),
            },
            Source = erasure.Source == Erasure.OfAll ? null : erasure.Source,
            Live = [],
            History = [],
            Names = [.. fragments.Where(f => f is { Key.Type: "Patient", Kind: FragmentKind.Stated }).SelectMany(f => NamesIn(f).Select(name => (f.Key.Source, name))).Distinct()],
        };
    }

    // By whatever the register may have a Patient: also by what it was called in a version that was never shown.
    private static IEnumerable<LocalIdentifier> NamesIn(Fragment patient)
    {
        foreach (var identifier in patient.Facts.Identifiers.Where(i => i.System is not null))
        {
            if (!NhsNumber.IsSystem(identifier.System))
                yield return new LocalIdentifier(identifier.System!, identifier.Value);
            else if (NhsNumber.TryParse(identifier.Value, out var number))
                yield return new LocalIdentifier(NhsNumber.System, number.Digits());
        }

        foreach (var digits in FormerNumbers.Of(patient))
            yield return new LocalIdentifier(NhsNumber.System, digits);
    }
}
