using System.Text;

namespace Lhcre.Synthetic.Quality;

/// <summary>The tables, as Markdown.</summary>
internal static class Report
{
    public static string Of(QualityOptions options, Tally tally, Shuffles shuffles)
    {
        var text = new StringBuilder();
        Line(text, "# Quality of the merge");
        Line(text, "");
        Line(text, $"{tally.People} made-up people of seeds {QualityOptions.FirstSeed} to {QualityOptions.FirstSeed + options.Seeds - 1}, {tally.Entries} entries of three sources, {tally.Live} of them live.");
        Line(text, "Shares with their 95 % intervals (Wilson); a pair is two entries of two sources.");
        Line(text, "Rates and seeds were fixed before anything was tuned, but for two: CarePlans (one to three a person) and the people of a seed were made more before");
        Line(text, "any clinical rule existed. What counts as the truth was changed after results had been seen: a report is contested, or taken back, where a result");
        Line(text, "of it is, and an entry is withdrawn under rule 0 only where its identifier has a system.");
        Types(text, tally);
        Baselines(text, tally);
        Goals(text, tally, shuffles);
        Rest(text, tally, shuffles);
        Named(text, options, "Pairs that must match and are apart, by what was done to either side", tally.Missed);
        Named(text, options, "Pairs joined that are not one fact", tally.FalselyJoined);
        Named(text, options, "Pairs with a conflict that is not shown, by what was done to either side", tally.Untied);
        Named(text, options, "Contested or withdrawn pairs that are joined, by what was done to either side", tally.Settled);
        Named(text, options, "Conflicts shown about no injected pair", tally.Needless);
        Named(text, options, "How often each was told", tally.Told);
        return text.ToString();
    }

    private static void Types(StringBuilder text, Tally tally)
    {
        Head(text, "By type", "type", "pairs that must match", "recall", "pairs joined", "precision", "other true pairs", "recall of those", "conflicts shown", "of", "settled silently");
        foreach (var type in tally.Types)
        {
            var t = tally.Merged[type];
            Row(
                text, type, $"{t.Recall.Cases}", $"{t.Recall}", $"{t.Precision.Cases}", $"{t.Precision}", $"{t.OtherRecall.Cases}", $"{t.OtherRecall}",
                $"{t.ConflictsShown.Hits}", $"{t.ConflictsShown.Cases}", $"{t.SettledSilently}");
        }
    }

    private static void Baselines(StringBuilder text, Tally tally)
    {
        Head(text, "Beside two baselines", "type", "merge: recall", "precision", "no merge: recall", "same code and day: recall", "precision", "settled silently");
        foreach (var type in tally.Types)
        {
            var (merged, nobody, naive) = (tally.Merged[type], tally.NoMerge[type], tally.SameCodeAndDay[type]);
            Row(text, type, $"{merged.Recall}", $"{merged.Precision}", $"{nobody.Recall}", $"{naive.Recall}", $"{naive.Precision}", $"{naive.SettledSilently}");
        }
    }

    private static void Goals(StringBuilder text, Tally tally, Shuffles shuffles)
    {
        Head(text, "Goals", "work", "figure", "goal");
        foreach (var goal in Goal.Of(tally, shuffles))
            Row(text, goal.Work, goal.Figure, $"{goal.Asked}: {(goal.IsMet ? "met" : "**missed**")}");
    }

    private static void Rest(StringBuilder text, Tally tally, Shuffles shuffles)
    {
        Head(text, "Besides", "work", "figure");
        var injected = tally.Merged.Values.Aggregate(default(Interval), (sum, t) => sum + t.ConflictsShown);
        Row(text, "conflicts injected, as pairs: shown", $"{injected.Hits} of {injected.Cases}");
        Row(text, "conflicts shown, as resources", $"{tally.Conflicts}");
        Row(text, "of those, about no injected pair", $"{tally.Needless.All.Sum(c => c.Value)}");
        Row(text, "entries filed under the wrong person's number: shown", $"{tally.StrangersShown.Hits} of {tally.StrangersShown.Cases}");
        Row(text, "records with more than one outcome over their orders", $"{shuffles.Unstable} of {shuffles.Records}");
    }

    private static void Named(StringBuilder text, QualityOptions options, string title, Counts counts)
    {
        if (!counts.All.Any())
            return;
        Head(text, title, "what", "count");
        foreach (var (name, count) in counts.All)
            Row(text, name, $"{count}");
        if (!options.HasCases)
            return;
        foreach (var (name, _) in counts.All)
        {
            foreach (var pair in counts.Cases(name))
                Line(text, $"\n{name}\n\n- {Said(pair.Left)}\n- {Said(pair.Right)}");
        }
    }

    // Nobody's data: these people do not exist.
    private static string Said(Telling telling) =>
        $"{telling.Source}, fact {telling.Fact.Number}, {string.Join(' ', telling.Done.All)}: `{Encoding.UTF8.GetString((telling.Versions.LastOrDefault(v => !v.Body.IsEmpty) ?? telling.Versions[^1]).Body.Span)}`";

    private static void Head(StringBuilder text, string title, params string[] columns)
    {
        Line(text, $"\n## {title}\n");
        Line(text, $"| {string.Join(" | ", columns)} |");
        Line(text, $"|{string.Concat(columns.Select(_ => "---|"))}");
    }

    private static void Row(StringBuilder text, params string[] cells) => Line(text, $"| {string.Join(" | ", cells)} |");

    // A line ends as everywhere, on every machine; the process has the invariant culture.
    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
