using System.Text;
using Lhcre.Synthetic.Quality;

namespace Lhcre.Synthetic.Tests;

/// <summary>The measurement finds what is right and what is wrong with an outcome, whoever made it.</summary>
public sealed class MeasurementTests
{
    private static readonly SyntheticPerson[] People = [.. Enumerable.Range(0, 25).SelectMany(n => SyntheticPerson.Of(11, n, Rates.Fixed.With(Perturbation.Stranger, 300)))];

    // Where nobody disputes anything, what must match is transitive: the truth is a set of clusters.
    private static readonly SyntheticPerson[] Undisputed = [.. Enumerable.Range(0, 25).SelectMany(n => SyntheticPerson.Of(11, n, Peaceful))];

    private static Rates Peaceful => new[]
    {
        Perturbation.ContestedStatus, Perturbation.ContestedValue, Perturbation.ContestedDose, Perturbation.ContestedCriticality, Perturbation.Refuted, Perturbation.EnteredInError,
    }.Aggregate(Rates.Fixed.With(Perturbation.Stranger, 300), (rates, p) => rates.With(p, 0));

    [Fact]
    public void The_truth_itself_finds_everything_and_joins_nothing_else()
    {
        var tally = Sum(Undisputed, Right);
        Assert.All(tally.Merged.Values, t => Assert.Equal(1, t.Recall.Share));
        Assert.All(tally.Merged.Values, t => Assert.Equal(1, t.Precision.Share));
        Assert.Equal((0, 0, 0, 0, 0), (tally.Lost, tally.ShownTwice, tally.WrongPatient, tally.StrangersShown.Hits, tally.Merged.Values.Sum(t => t.SettledSilently)));
        Assert.Empty(tally.Missed.All);
        Assert.True(tally.StrangersShown.Cases > 0);
    }

    [Fact]
    public void Without_a_merge_nothing_is_found_and_nothing_is_wrong()
    {
        var tally = Sum(Outcome.NoMerge);
        Assert.All(tally.Merged.Values, t => Assert.Equal((0, 0), (t.Recall.Hits, t.Precision.Cases)));
        Assert.Equal(0, tally.Lost);
        Assert.Equal(tally.StrangersShown.Cases, tally.StrangersShown.Hits);
        Assert.Equal(tally.Merged["Condition"].Recall.Cases, tally.NoMerge["Condition"].Recall.Cases);
    }

    [Fact]
    public void Same_code_and_day_finds_much_and_joins_what_only_looks_alike()
    {
        var tally = Sum(Outcome.SameCodeAndDay);
        Assert.InRange(tally.Merged["Observation"].Recall.Share, 0.8, 0.99);
        Assert.InRange(tally.Merged["Observation"].Precision.Share, 0.4, 0.95);
        Assert.True(tally.SameSource > 0);
        Assert.True(tally.WrongPatient > 0);
        Assert.Contains(tally.FalselyJoined.All, c => c.Key == "Observation: TwelveHoursApart");
        Assert.Equal(tally.Merged["Observation"], tally.SameCodeAndDay["Observation"]);
    }

    [Fact]
    public void All_in_one_is_as_imprecise_as_it_gets_and_settles_every_conflict()
    {
        var tally = Sum(person => new Outcome(person.Tellings.Where(t => t.IsLive).GroupBy(t => t.Type)));
        Assert.All(tally.Merged.Values, t => Assert.Equal(t.Recall.Cases, t.Recall.Hits));
        Assert.True(tally.Merged["Observation"].Precision.Share < 0.2);
        Assert.Equal(tally.Merged.Where(t => t.Key != "Patient").Sum(t => t.Value.ConflictsShown.Cases), tally.Merged.Values.Sum(t => t.SettledSilently));
    }

    [Fact]
    public void What_is_shown_nowhere_is_lost_and_what_is_shown_twice_is_seen()
    {
        var person = People[0];
        var live = person.Tellings.Where(t => t is { IsLive: true, IsStranger: false }).ToList();
        var lost = Tally.Of(person, new Outcome(live.Skip(2).Select(t => new[] { t })));
        var twice = Tally.Of(person, new Outcome(live.Concat(live.Take(3)).Select(t => new[] { t })));
        Assert.Equal((2, 0), (lost.Lost, lost.ShownTwice));
        Assert.Equal((0, 3), (twice.Lost, twice.ShownTwice));
    }

    [Fact]
    public void A_tally_of_many_is_the_sum_of_theirs()
    {
        var sum = Sum(Outcome.SameCodeAndDay);
        Assert.Equal(People.Length, sum.People);
        Assert.Equal(People.Sum(p => p.Tellings.Length), sum.Entries);
        Assert.Equal(sum.Merged["Procedure"].Recall.Cases, People.Sum(p => Tally.Of(p, Outcome.NoMerge(p)).Merged.GetValueOrDefault("Procedure")?.Recall.Cases ?? 0));
    }

    [Theory]
    [InlineData(0, 10, 0.0, 0.2775)]
    [InlineData(10, 10, 0.7225, 1.0)]
    [InlineData(8, 10, 0.4902, 0.9433)]
    [InlineData(5000, 5000, 0.9992, 1.0)]
    public void An_interval_is_Wilsons(long hits, long cases, double low, double high)
    {
        var interval = new Interval(hits, cases);
        Assert.Equal(low, interval.Low, 0.0001);
        Assert.Equal(high, interval.High, 0.0001);
        Assert.Equal($"{interval}", $"{new Interval(hits - 1, cases - 1) + new Interval(1, 1)}");
    }

    [Fact]
    public void No_cases_are_no_figure() => Assert.Equal("–", $"{default(Interval)}");

    [Fact]
    public void References_are_read_wherever_they_stand_but_not_those_to_what_is_contained() => Assert.Equal(
        ["Patient/1", "Encounter/2"],
        References.Of(Encoding.UTF8.GetBytes("""{"subject":{"reference":"Patient/1"},"a":[{"b":{"reference":"#c"}},{"reference":"Encounter/2"}],"url":"reference"}""")));

    [Fact]
    public void A_goal_is_missed_by_one_false_merge_of_a_medication()
    {
        var goals = Goal.Of(Sum(Undisputed, Right), Shuffles.None).ToList();
        Assert.All(goals, g => Assert.True(g.IsMet, g.Work));
        Assert.Contains(Goal.Of(Sum(Outcome.NoMerge), Shuffles.None), g => !g.IsMet && g.Work.StartsWith("Condition: recall", StringComparison.Ordinal));
        Assert.Contains(Goal.Of(Sum(Outcome.SameCodeAndDay), Shuffles.None), g => !g.IsMet && g.Work == "MedicationStatement: false merges");
    }

    [Fact]
    public void The_report_prints_the_same_for_the_same_and_every_goal_with_its_outcome()
    {
        var options = new QualityOptions { People = 3, Seeds = 2, Shuffles = 30, HasCases = true };
        string Run() => Report.Of(options, QualityRun.People(options, _ => { }), QualityRun.Orders(options, _ => { }));
        var text = Run();
        Assert.Equal(text, Run());
        Assert.Contains("| distinct outcomes of a record over 30 orders of 1 records | ", text, StringComparison.Ordinal);
        Assert.Contains("## By type", text, StringComparison.Ordinal);
        var goals = Goal.Of(QualityRun.People(options, _ => { }), new Shuffles(1, 30, 1, 0)).ToList();
        Assert.All(goals, g => Assert.Contains($"| {g.Work} | {g.Figure} | {g.Asked}: {(g.IsMet ? "met" : "**missed**")} |", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", 1200, 5, 100_000, false)]
    [InlineData("--people 7 --seeds 2", 7, 2, 100_000, false)]
    [InlineData("--cases --shuffles 0", 1200, 5, 0, true)]
    public void What_is_asked_for_is_measured(string line, int people, int seeds, int shuffles, bool hasCases) => Assert.Equal(
        new QualityOptions { People = people, Seeds = seeds, Shuffles = shuffles, HasCases = hasCases },
        QualityOptions.Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("--help")]
    [InlineData("--people")]
    [InlineData("--people x")]
    [InlineData("--seeds -1")]
    [InlineData("--other 1")]
    public void What_cannot_be_read_is_not_guessed(string line) => Assert.Null(QualityOptions.Read(line.Split(' ')));

    // What is one fact, told so that it can be seen, is one resource; a stranger is shown nowhere.
    private static Outcome Right(SyntheticPerson person)
    {
        var clusters = new List<List<Telling>>();
        foreach (var telling in person.Tellings.Where(t => t is { IsLive: true, IsStranger: false }))
        {
            var fitting = clusters.Where(c => c.Any(m => MustBeShownWith(m, telling))).ToList();
            clusters.RemoveAll(fitting.Contains);
            clusters.Add([.. fitting.SelectMany(c => c), telling]);
        }

        return new Outcome(clusters);
    }

    private static bool MustBeShownWith(Telling left, Telling right) =>
        left.Type == "Patient" ? right.Type == "Patient" : Truth.Of(left, right) == Relation.MustMatch;

    private static Tally Sum(Func<SyntheticPerson, Outcome> outcome) => Sum(People, outcome);

    private static Tally Sum(SyntheticPerson[] people, Func<SyntheticPerson, Outcome> outcome)
    {
        var sum = new Tally();
        foreach (var person in people)
            sum.Add(Tally.Of(person, outcome(person)));
        return sum;
    }
}
