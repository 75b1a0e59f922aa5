using System.Collections.Immutable;

namespace Lhcre.Synthetic.Quality;

/// <summary>What was counted of one type.</summary>
internal sealed record TypeTally
{
    /// <summary>Of the pairs that must match, those joined.</summary>
    public Interval Recall { get; init; }

    /// <summary>Of the other true pairs, those joined.</summary>
    public Interval OtherRecall { get; init; }

    /// <summary>Of the pairs joined, those that are one fact.</summary>
    public Interval Precision { get; init; }

    /// <summary>Of the pairs that differ in a contested element, or of which one is taken back, those tied by a conflict.</summary>
    public Interval ConflictsShown { get; init; }

    /// <summary>Of the same pairs, those joined all the same: a contested element settled silently.</summary>
    public long SettledSilently { get; init; }

    public static TypeTally operator +(TypeTally left, TypeTally right) => new()
    {
        Recall = left.Recall + right.Recall,
        OtherRecall = left.OtherRecall + right.OtherRecall,
        Precision = left.Precision + right.Precision,
        ConflictsShown = left.ConflictsShown + right.ConflictsShown,
        SettledSilently = left.SettledSilently + right.SettledSilently,
    };

    /// <summary>Counts one type of one person.</summary>
    public static TypeTally Of(IReadOnlyList<Telling> tellings, Outcome outcome, Action<Telling, Telling> missed, Action<Telling, Telling> falselyJoined)
    {
        var (recall, other, precision, conflicts, settled) = (default(Interval), default(Interval), default(Interval), default(Interval), 0L);
        for (var i = 0; i < tellings.Count; i++)
        {
            for (var j = i + 1; j < tellings.Count; j++)
            {
                var (left, right) = (tellings[i], tellings[j]);
                var (relation, isJoined) = (Truth.Of(left, right), outcome.AreJoined(left, right));
                var isPatient = left.Type == "Patient";
                if (relation == Relation.MustMatch || (isPatient && relation == Relation.Contested))
                    recall += new Interval(isJoined ? 1 : 0, 1);
                if (relation == Relation.MustMatch && !isJoined)
                    missed(left, right);
                if (relation == Relation.Other)
                    other += new Interval(isJoined ? 1 : 0, 1);
                if (relation is Relation.Contested or Relation.Withdrawn)
                    conflicts += new Interval(outcome.AreTied(left, right) ? 1 : 0, 1);
                if (relation is Relation.Contested or Relation.Withdrawn && isJoined && !isPatient)
                    settled++;
                if (isJoined)
                    precision += new Interval(Truth.IsOneFact(left, right) ? 1 : 0, 1);
                if (isJoined && !Truth.IsOneFact(left, right))
                    falselyJoined(left, right);
            }
        }

        return new TypeTally { Recall = recall, OtherRecall = other, Precision = precision, ConflictsShown = conflicts, SettledSilently = settled };
    }
}

/// <summary>Counts by name.</summary>
internal sealed class Counts
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, long>> All => _counts;

    public long Of(string name) => _counts.GetValueOrDefault(name);

    public void Add(string name, long count = 1) => _counts[name] = _counts.GetValueOrDefault(name) + count;

    public void Add(Counts other)
    {
        foreach (var (name, count) in other._counts)
            Add(name, count);
    }
}
