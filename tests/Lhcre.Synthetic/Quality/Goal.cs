namespace Lhcre.Synthetic.Quality;

/// <summary>A figure that is asked for, and whether it is reached.</summary>
internal sealed record Goal(string Work, string Figure, string Asked, bool IsMet)
{
    private const double LeastRecall = 0.98;
    private const double LeastPrecision = 0.999;

    private static readonly HashSet<string> NeverFalse = ["AllergyIntolerance", "MedicationStatement", "MedicationRequest"];

    /// <summary>All of them.</summary>
    public static IEnumerable<Goal> Of(Tally tally, Shuffles shuffles)
    {
        foreach (var type in tally.Types)
        {
            var merged = tally.Merged[type];
            if (merged.Recall.Cases > 0)
                yield return new Goal($"{type}: recall of pairs that must match", $"{merged.Recall}", $"≥ {LeastRecall}", merged.Recall.Share >= LeastRecall);
            yield return new Goal($"{type}: precision of pairs joined", $"{merged.Precision}", $"≥ {LeastPrecision}", merged.Precision.Share >= LeastPrecision);
            if (NeverFalse.Contains(type))
                yield return None($"{type}: false merges", merged.Precision.Cases - merged.Precision.Hits);
        }

        yield return None("live entries in no merged resource", tally.Lost);
        yield return None("live entries in two merged resources", tally.ShownTwice);
        yield return None("pairs of one source joined without an identifier in common", tally.SameSource);
        yield return None("pairs of two people joined", tally.WrongPatient);
        yield return None("a stranger's entries shown", tally.StrangersShown.Hits);
        yield return None("contested or withdrawn pairs joined", tally.Merged.Values.Sum(t => t.SettledSilently));
        yield return None("dangling references", tally.Dangling);
        if (shuffles.Orders > 0)
            yield return new Goal($"distinct outcomes of a record over {shuffles.Orders} orders of {shuffles.Records} records", $"{shuffles.MostOutcomes}", "1", shuffles.MostOutcomes == 1);
    }

    private static Goal None(string work, long count) => new(work, $"{count}", "0", count == 0);
}
