using System.Collections.Immutable;

namespace Lhcre.Record.Matching;

/// <summary>
/// Keeps another person's facts out of a record when a source files them under the wrong NHS number (CLINICAL.md, "Wrong patient guard").
/// Part of the merge, not of the door: a function of the set of Patients, so that it does not depend on who came first.
/// </summary>
/// <remarks>
/// The unit is one source's Patient with everything filed under it. Units that do not contradict each other form a group; one group is
/// shown, the others are withheld until the set of Patients says otherwise.
/// </remarks>
internal static class WrongPatientGuard
{
    /// <summary>The Patients that are withheld, by key.</summary>
    /// <param name="patients">The live Patients of a record, by key.</param>
    public static ImmutableArray<EntryKey> Withheld(IReadOnlyList<Entry> patients)
    {
        var groups = new List<List<Entry>>();
        // The verified first, then by key: a unit joins the first group none of whose units it contradicts.
        foreach (var patient in patients.OrderByDescending(IsVerified).ThenBy(p => p.Key))
        {
            if (groups.Find(g => g.TrueForAll(p => !Demographics.Contradict(p, patient))) is { } group)
                group.Add(patient);
            else
                groups.Add([patient]);
        }

        if (groups.Count < 2)
            return [];
        var shown = groups
            .OrderByDescending(g => g.Exists(IsVerified))
            .ThenByDescending(g => g.Select(p => p.Key.Source).Distinct().Count())
            .ThenBy(g => g.Min(p => p.Key))
            .First();
        return [.. groups.Where(g => g != shown).SelectMany(g => g.Select(p => p.Key)).Order()];
    }

    /// <summary>Whether an entry is filed under a Patient that is withheld, or is one.</summary>
    public static bool Covers(ImmutableArray<EntryKey> withheld, Entry entry)
    {
        foreach (var patient in withheld)
        {
            if (patient.Source == entry.Key.Source && patient.Id == entry.Facts.SubjectId)
                return true;
        }

        return false;
    }

    /// <summary>The live Patients of a record, by key.</summary>
    public static List<Entry> Patients(OrderedSet<Entry> entries)
    {
        var patients = new List<Entry>();
        var source = "";
        while (entries.From(new Entry.ByKey(new EntryKey(source, "", ""))).FirstOrDefault() is { } first)
        {
            // From the first Patient of a source to the first entry of the next one: not every entry is looked at.
            patients.AddRange(entries.From(new Entry.ByKey(new EntryKey(first.Key.Source, "Patient", "")))
                .TakeWhile(e => e.Key.Source == first.Key.Source && e.Key.Type == "Patient").Where(e => e.IsLive));
            source = first.Key.Source + "\u0001";
        }

        return patients;
    }

    private static bool IsVerified(Entry patient) => patient.Facts.NhsNumberStatus == VerificationStatus.PresentAndVerified;
}
