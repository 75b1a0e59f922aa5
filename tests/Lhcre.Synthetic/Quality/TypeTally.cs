namespace Lhcre.Synthetic.Quality;

/// <summary>What can go wrong with a pair.</summary>
internal enum Misfortune
{
    /// <summary>It must match, and is apart.</summary>
    Missed,

    /// <summary>It is joined, and is not one fact.</summary>
    FalselyJoined,

    /// <summary>It differs in a contested element, or one of it is taken back, and no conflict says so.</summary>
    Untied,

    /// <summary>The same, and it is joined.</summary>
    Settled,
}

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
    public static TypeTally Of(IReadOnlyList<Telling> tellings, Outcome outcome, Action<Misfortune, Telling, Telling> note)
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
                    note(Misfortune.Missed, left, right);
                if (relation == Relation.Other)
                    other += new Interval(isJoined ? 1 : 0, 1);
                if (relation is Relation.Contested or Relation.Withdrawn)
                {
                    var isTied = outcome.AreTied(left, right);
                    conflicts += new Interval(isTied ? 1 : 0, 1);
                    if (!isTied)
                        note(Misfortune.Untied, left, right);
                    if (isJoined && !isPatient)
                    {
                        settled++;
                        note(Misfortune.Settled, left, right);
                    }
                }

                if (!isJoined)
                    continue;
                var isRight = Truth.IsOneFact(left, right);
                precision += new Interval(isRight ? 1 : 0, 1);
                if (!isRight)
                    note(Misfortune.FalselyJoined, left, right);
            }
        }

        return new TypeTally { Recall = recall, OtherRecall = other, Precision = precision, ConflictsShown = conflicts, SettledSilently = settled };
    }
}
