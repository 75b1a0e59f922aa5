using System.Collections.Immutable;
using System.Text;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>
/// What a record withholds by the wrong-patient guard, in the register of what is parked: an operator sees it there with its reason, and it
/// leaves by the row that ends its being withheld, never by hand. It stands in the log like everything else; the register only shows it.
/// </summary>
public static class Withholding
{
    /// <summary>The append of a row with what it changes of that register.</summary>
    /// <param name="append">The append.</param>
    /// <param name="before">The record before the row.</param>
    /// <param name="after">The record after it.</param>
    /// <param name="isFirst">
    /// Whether it is the activation's first append: then all that is withheld is parked, which changes nothing of what is parked already. So
    /// what has come to be withheld without a row, by new merge rules, is not out of sight for good.
    /// </param>
    /// <param name="journal">Where words are that have left memory.</param>
    /// <param name="cancellation">Ends the reading of them.</param>
    /// <exception cref="JournalUnavailableException">The journal cannot be read.</exception>
    public static async ValueTask<Append> With(
        Append append, PatientRecord before, PatientRecord after, bool isFirst, IJournal journal, CancellationToken cancellation)
    {
        var (was, now) = (before.Withheld.ToDictionary(e => e.Key), after.Withheld.ToDictionary(e => e.Key));
        if (was.Count + now.Count == 0)
            return append;
        Entry[] over = [.. was.Values.Where(e => !IsSame(e, now.GetValueOrDefault(e.Key)))];
        Entry[] come = [.. now.Values.Where(e => isFirst || !IsSame(e, was.GetValueOrDefault(e.Key)))];
        var words = await RecordWords.Fetch(journal, after.Key, after.RowsToFetch(come), cancellation);
        return append with
        {
            Unparks = [.. append.Unparks, .. over.Select(e => IdOf(after.Key, e.Key))],
            Withholds = [.. after.Fragments(come, words).Select(f => Parked(append, f))],
        };
    }

    /// <summary>The outcomes of a push as its source is told: of what the record withholds, that it does, as long as it does.</summary>
    public static ImmutableArray<FragmentOutcome> Told(PatientRecord after, IReadOnlyList<Fragment> fragments, ImmutableArray<FragmentOutcome> outcomes)
    {
        var withheld = after.Withheld.Select(e => e.Key).ToHashSet();
        return withheld.Count == 0 ? outcomes : [.. outcomes.Select((o, i) => IsShown(o) && withheld.Contains(fragments[i].Key) ? FragmentOutcome.Withheld : o)];

        static bool IsShown(FragmentOutcome outcome) => outcome is FragmentOutcome.Created or FragmentOutcome.Updated or FragmentOutcome.Unchanged;
    }

    /// <summary>The id under which an entry of a record is parked. It tells nothing of either.</summary>
    public static string IdOf(PatientKey patient, EntryKey entry) =>
        ContentHash.Of(Encoding.UTF8.GetBytes($"withheld {patient} {entry.Source}/{entry.Reference}")).Bits.ToString("x32", null);

    /// <summary>Whether a row of that register was written under other merge rules than these: the record may show it by now.</summary>
    public static bool IsOfOtherRules(ParkedResource withheld) => LogBody.Rules(withheld.Body) != PatientRecord.MergeRules;

    private static bool IsSame(Entry one, Entry? other) => (one.Seq, one.Index) == (other?.Seq, other?.Index);

    // With the merge rules by which it is withheld: under others, whoever looks at it knows that it may not be.
    private static ParkedResource Parked(Append append, Fragment fragment) => new(
        IdOf(append.Patient, fragment.Key), fragment.Key.Source, append.Row.At, append.Row.Push, IssueCodes.Withheld.Code, IssueCodes.Withheld.Meaning,
        fragment.Key.Type, WaitsFor: null, LogBody.WriteRow([fragment]));
}
