using System.Collections.Immutable;
using System.Text.Json;
using Lhcre.Record;

namespace Lhcre.Synthetic.Quality;

/// <summary>What came of a person's tellings: which of them are shown as one, and which are tied by a conflict.</summary>
internal sealed class Outcome
{
    private readonly Dictionary<EntryKey, List<int>> _shownIn = [];
    private readonly HashSet<(int, int)> _conflicts = [];

    /// <summary>An outcome of these clusters.</summary>
    public Outcome(IEnumerable<IEnumerable<Telling>> clusters)
    {
        foreach (var members in clusters.Select(c => c.ToImmutableArray()))
        {
            foreach (var member in members)
            {
                if (!_shownIn.TryGetValue(member.Key, out var places))
                    _shownIn[member.Key] = places = [];
                places.Add(Clusters.Count);
            }

            Clusters.Add(members);
        }
    }

    /// <summary>The members of each merged resource.</summary>
    public List<ImmutableArray<Telling>> Clusters { get; } = [];

    /// <summary>How many conflicts are shown.</summary>
    public int Conflicts { get; private init; }

    /// <summary>Of those, a pair for each that names nothing that differs by the truth.</summary>
    public List<(Telling Left, Telling Right)> Needless { get; } = [];

    /// <summary>Nothing is joined, but what is one person: the first baseline.</summary>
    public static Outcome NoMerge(SyntheticPerson person) => new(person.Tellings.Where(t => t.IsLive).Select(t => new[] { t }));

    /// <summary>Whatever has a coding in common on one day of the UK calendar is one: the second baseline, which many a consumer writes.</summary>
    public static Outcome SameCodeAndDay(SyntheticPerson person)
    {
        var live = person.Tellings.Where(t => t.IsLive).ToList();
        var groups = live.ToDictionary(t => t.Key, t => new List<Telling> { t });
        var byKey = new Dictionary<(string, Coding, string?), Telling>();
        foreach (var telling in live)
        {
            var day = telling.Date.Text(zulu: false) is { } text ? text[..Math.Min(10, text.Length)] : null;
            // An encounter's class is the only code that it has.
            IEnumerable<Coding> codings = telling.Type == "Encounter" ? [new Coding("class", telling.Says.Class!)] : telling.Codings;
            foreach (var coding in codings)
            {
                if (byKey.TryAdd((telling.Type, coding, day), telling))
                    continue;
                var (left, right) = (groups[byKey[(telling.Type, coding, day)].Key], groups[telling.Key]);
                if (ReferenceEquals(left, right))
                    continue;
                left.AddRange(right);
                foreach (var moved in right)
                    groups[moved.Key] = left;
            }
        }

        return new Outcome(groups.Values.Distinct());
    }

    /// <summary>What the merge made of it.</summary>
    public static Outcome Of(SyntheticPerson person, PatientRecord record)
    {
        var tellings = person.Tellings.ToDictionary(t => t.Key);
        var resources = record.All.ToArray();
        var (shown, conflicts) = (resources.Where(r => r.Type != ConflictNotes.Type).ToList(), resources.Where(r => r.Type == ConflictNotes.Type).ToList());
        var places = shown.Select((r, n) => (Reference: $"{r.Type}/{r.Id}", n)).ToDictionary(p => p.Reference, p => p.n);
        var clusters = shown.Select(r => r.Members.Select(m => tellings[m.Key]).ToList()).ToList();
        var outcome = new Outcome(clusters) { Conflicts = conflicts.Count };
        foreach (var conflict in conflicts)
        {
            var sides = ConflictNotes.Implicated(conflict).Select(r => places.GetValueOrDefault(r, -1)).Where(n => n >= 0).Distinct().ToList();
            // A conflict about the Patient names one resource: all sides are in it.
            var pairs = sides.SelectMany(l => sides.Where(r => l < r || sides.Count == 1).Select(r => (l, r))).ToList();
            outcome._conflicts.UnionWith(pairs);
            // What is deleted is shown nowhere: a conflict about it names the other side alone.
            var members = pairs.SelectMany(p => clusters[p.l].Concat(clusters[p.r])).ToHashSet();
            if (pairs.Count > 0
                && !members.Any(l => members.Any(r => Truth.Of(l, r) is Relation.Contested or Relation.Withdrawn))
                && !members.Any(l => person.Tellings.Any(r => Truth.IsDeletedElsewhere(l, r))))
                outcome.Needless.Add((clusters[pairs[0].l][0], clusters[pairs[0].r][^1]));
        }

        return outcome;
    }

    /// <summary>The resources in which an entry is shown: one, if all is well.</summary>
    public IReadOnlyList<int> ShownIn(Telling telling) => _shownIn.GetValueOrDefault(telling.Key) ?? [];

    /// <summary>Whether two entries are shown as one.</summary>
    public bool AreJoined(Telling left, Telling right) => ShownIn(left).Intersect(ShownIn(right)).Any();

    /// <summary>Whether a conflict names the resources of both.</summary>
    public bool AreTied(Telling left, Telling right) =>
        ShownIn(left).Any(l => ShownIn(right).Any(r => _conflicts.Contains(l < r ? (l, r) : (r, l))));
}

/// <summary>Reads what a conflict of the merged record names.</summary>
internal static class ConflictNotes
{
    public const string Type = "DetectedIssue";

    public static IEnumerable<string> Implicated(MergedResource conflict)
    {
        using var json = JsonDocument.Parse(conflict.Resource);
        return json.RootElement.TryGetProperty("implicated", out var implicated)
            ? [.. implicated.EnumerateArray().Select(i => i.GetProperty("reference").GetString()!)]
            : [];
    }
}
