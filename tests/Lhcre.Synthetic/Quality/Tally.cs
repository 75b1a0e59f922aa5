using Lhcre.Record;

namespace Lhcre.Synthetic.Quality;

/// <summary>Everything counted over people.</summary>
internal sealed class Tally
{
    /// <summary>The order of the table; other types that turn up come behind.</summary>
    private static readonly string[] Order =
    [
        "AllergyIntolerance", "Condition", "MedicationStatement", "MedicationRequest", "Immunization", "Observation", "Procedure", "DiagnosticReport",
        "Encounter", "DocumentReference", "CarePlan", "Patient", "Organization", "Practitioner", "Medication",
    ];

    public Dictionary<string, TypeTally> Merged { get; } = [];

    public Dictionary<string, TypeTally> NoMerge { get; } = [];

    public Dictionary<string, TypeTally> SameCodeAndDay { get; } = [];

    /// <summary>Pairs that must match and were not joined, by type and what was done to either side.</summary>
    public Counts Missed { get; } = new();

    /// <summary>Pairs joined that are not one fact, by type and what made them look alike.</summary>
    public Counts FalselyJoined { get; } = new();

    /// <summary>Pairs with a conflict that is not shown, by type and what was done to either side.</summary>
    public Counts Untied { get; } = new();

    /// <summary>Pairs that differ in a contested element and are joined, by type and what was done to either side.</summary>
    public Counts Settled { get; } = new();

    /// <summary>Conflicts shown about pairs that do not differ by the truth, by type.</summary>
    public Counts Needless { get; } = new();

    /// <summary>How often each perturbation and each hard negative was told.</summary>
    public Counts Told { get; } = new();

    public long People { get; private set; }

    public long Entries { get; private set; }

    public long Live { get; private set; }

    public long Conflicts { get; private set; }

    /// <summary>Live entries of the person that are in no merged resource.</summary>
    public long Lost { get; private set; }

    /// <summary>Live entries that are in two merged resources.</summary>
    public long ShownTwice { get; private set; }

    /// <summary>Pairs of one source that are joined without an identifier in common.</summary>
    public long SameSource { get; private set; }

    /// <summary>Pairs of two people's entries that are joined.</summary>
    public long WrongPatient { get; private set; }

    /// <summary>A stranger's entries, and how many of them the record shows.</summary>
    public Interval StrangersShown { get; private set; }

    public long Dangling { get; private set; }

    public IEnumerable<string> Types => Merged.Keys.OrderBy(t => Array.IndexOf(Order, t) is var n and >= 0 ? n : int.MaxValue).ThenBy(t => t, StringComparer.Ordinal);

    /// <summary>One person's record, measured.</summary>
    public static Tally Of(SyntheticPerson person)
    {
        var record = Diary.Of(person.Key, person.Pushes.Select(p => (IReadOnlyList<Fragment>)p));
        var tally = Of(person, Outcome.Of(person, record));
        tally.Dangling = References.Dangling(record);
        return tally;
    }

    /// <summary>One person's outcome, measured.</summary>
    public static Tally Of(SyntheticPerson person, Outcome outcome)
    {
        var tally = new Tally { People = 1, Entries = person.Tellings.Length, Conflicts = outcome.Conflicts };
        var (nobody, naive) = (Outcome.NoMerge(person), Outcome.SameCodeAndDay(person));
        foreach (var type in person.Tellings.GroupBy(t => t.Type))
        {
            var tellings = type.ToList();
            tally.Merged[type.Key] = TypeTally.Of(tellings, outcome, tally.Note);
            tally.NoMerge[type.Key] = TypeTally.Of(tellings, nobody, (_, _, _) => { });
            tally.SameCodeAndDay[type.Key] = TypeTally.Of(tellings, naive, (_, _, _) => { });
        }

        foreach (var telling in person.Tellings)
            tally.NoteShown(telling, outcome);
        foreach (var cluster in outcome.Clusters)
            tally.NoteJoined(cluster);
        foreach (var (left, right) in outcome.Needless)
            tally.Needless.Add(Likeness(left, right), left, right);
        return tally;
    }

    public void Add(Tally other)
    {
        Add(Merged, other.Merged);
        Add(NoMerge, other.NoMerge);
        Add(SameCodeAndDay, other.SameCodeAndDay);
        Missed.Add(other.Missed);
        FalselyJoined.Add(other.FalselyJoined);
        Told.Add(other.Told);
        (People, Entries, Live) = (People + other.People, Entries + other.Entries, Live + other.Live);
        Untied.Add(other.Untied);
        Settled.Add(other.Settled);
        Needless.Add(other.Needless);
        Conflicts += other.Conflicts;
        (Lost, ShownTwice, SameSource) = (Lost + other.Lost, ShownTwice + other.ShownTwice, SameSource + other.SameSource);
        (WrongPatient, StrangersShown, Dangling) = (WrongPatient + other.WrongPatient, StrangersShown + other.StrangersShown, Dangling + other.Dangling);
    }

    private static void Add(Dictionary<string, TypeTally> sums, Dictionary<string, TypeTally> others)
    {
        foreach (var (type, tally) in others)
            sums[type] = sums.TryGetValue(type, out var sum) ? sum + tally : tally;
    }

    private void NoteShown(Telling telling, Outcome outcome)
    {
        foreach (var perturbation in telling.Done.All)
            Told.Add($"{perturbation}");
        if (telling.Negative is { } negative)
            Told.Add($"{negative}");
        if (!telling.IsLive)
            return;
        Live++;
        var places = outcome.ShownIn(telling).Count;
        if (telling.IsStranger)
            StrangersShown += new Interval(Math.Min(places, 1), 1);
        else if (places == 0)
            Lost++;
        if (places > 1)
            ShownTwice++;
    }

    private void NoteJoined(IReadOnlyList<Telling> cluster)
    {
        for (var i = 0; i < cluster.Count; i++)
        {
            for (var j = i + 1; j < cluster.Count; j++)
            {
                var (left, right) = (cluster[i], cluster[j]);
                if (left.Source == right.Source && !left.Names.Intersect(right.Names).Any())
                    SameSource++;
                if (left.Person != right.Person)
                    WrongPatient++;
            }
        }
    }

    private void Note(Misfortune misfortune, Telling left, Telling right)
    {
        if (misfortune == Misfortune.FalselyJoined)
        {
            FalselyJoined.Add(Likeness(left, right), left, right);
            return;
        }

        var counts = misfortune == Misfortune.Missed ? Missed : misfortune == Misfortune.Untied ? Untied : Settled;
        // What says nothing of why: nearly everything is told so.
        var done = (left.Done | right.Done).All.Except([Perturbation.NewId, Perturbation.Zulu, Perturbation.OwnIdentifier, Perturbation.Wording]).ToList();
        foreach (var perturbation in done)
            counts.Add($"{left.Type}: {perturbation}", left, right);
        if (left.Negative is { } negative)
            counts.Add($"{left.Type}: among {negative}", left, right);
        if (done.Count == 0 && left.Negative is null)
            counts.Add($"{left.Type}: nothing", left, right);
    }

    private static string Likeness(Telling left, Telling right) =>
        left.Person != right.Person ? $"{left.Type}: two people"
        : Truth.IsOneFact(left, right) ? $"{left.Type}: one fact ({Truth.Of(left, right)})"
        : left.Group == right.Group && left.Negative is { } negative ? $"{left.Type}: {negative}"
        : $"{left.Type}: no hard negative";
}
