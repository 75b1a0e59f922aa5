using Lhcre.Synthetic.Quality;

namespace Lhcre.Synthetic.Tests;

/// <summary>
/// The goals of the merge in reduced form: as many people and orders of arrival as a test may take. What is to be 0 or 1 is just that; a
/// share may be below its goal only as far as so few pairs allow (its interval reaches the goal). The full table is <c>deploy/quality</c>'s.
/// </summary>
public sealed class MergeQualityTests(MergeQualityTests.Measured measured) : IClassFixture<MergeQualityTests.Measured>
{
    private const double LeastRecall = 0.98;
    private const double LeastPrecision = 0.999;
    private const int FewestPairs = 100;

    private static readonly QualityOptions Reduced = new() { People = 150, Seeds = 1, Shuffles = 1000 };

    private Tally Tally => measured.Tally;

    public static TheoryData<string> Types =>
    [
        "AllergyIntolerance", "Condition", "MedicationStatement", "MedicationRequest", "Immunization", "Observation", "Procedure", "DiagnosticReport",
        "Encounter", "DocumentReference", "CarePlan", "Patient", "Organization", "Practitioner",
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public void Pairs_that_must_match_are_joined(string type)
    {
        var recall = Tally.Merged[type].Recall;
        Assert.True(recall.Cases >= FewestPairs, $"{recall.Cases} pairs");
        Assert.True(recall.High >= LeastRecall, $"{recall}; {Why(type, Tally.Missed)}");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Pairs_that_are_joined_are_one_fact(string type)
    {
        var precision = Tally.Merged[type].Precision;
        Assert.True(precision.Cases >= FewestPairs, $"{precision.Cases} pairs");
        Assert.True(precision.High >= LeastPrecision, $"{precision}; {Why(type, Tally.FalselyJoined)}");
    }

    [Theory]
    [InlineData("AllergyIntolerance")]
    [InlineData("MedicationStatement")]
    [InlineData("MedicationRequest")]
    public void No_two_allergies_and_no_two_medications_are_taken_for_one(string type)
    {
        var precision = Tally.Merged[type].Precision;
        Assert.True(precision.Hits == precision.Cases, Why(type, Tally.FalselyJoined));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void The_merge_finds_more_than_same_code_and_day_and_joins_less_that_is_not_one(string type)
    {
        var (merged, naive) = (Tally.Merged[type], Tally.SameCodeAndDay[type]);
        Assert.True(merged.Recall.High >= naive.Recall.Share, $"{merged.Recall} against {naive.Recall}");
        Assert.True(merged.Precision.Share >= naive.Precision.Share || naive.Precision.Cases == 0, $"{merged.Precision} against {naive.Precision}");
    }

    [Fact]
    public void No_fact_is_lost_and_none_is_shown_twice() => Assert.Equal((0, 0), (Tally.Lost, Tally.ShownTwice));

    [Fact]
    public void Two_entries_of_one_source_are_joined_by_an_identifier_or_not_at_all() => Assert.Equal(0, Tally.SameSource);

    [Fact]
    public void Nothing_of_somebody_else_is_joined_or_shown()
    {
        Assert.True(Tally.StrangersShown.Cases > 0);
        Assert.Equal((0, 0), (Tally.WrongPatient, Tally.StrangersShown.Hits));
    }

    [Fact]
    public void Nothing_contested_is_settled_silently() => Assert.Equal(0, Tally.Merged.Values.Sum(t => t.SettledSilently));

    [Fact]
    public void Of_a_hundred_disagreements_ninety_eight_are_shown()
    {
        var shown = Tally.Merged.Values.Aggregate(default(Interval), (sum, t) => sum + t.ConflictsShown);
        Assert.True(shown.Cases >= FewestPairs, $"{shown.Cases} pairs");
        Assert.True(shown.Share >= LeastRecall, $"{shown}");
    }

    [Fact]
    public void No_reference_leads_nowhere() => Assert.Equal(0, Tally.Dangling);

    [Fact]
    public void Every_order_of_arrival_has_one_outcome() => Assert.Equal((1000, 1, 0), (measured.Shuffles.Orders, measured.Shuffles.MostOutcomes, measured.Shuffles.Unstable));

    private static string Why(string type, Counts counts) =>
        string.Join(", ", counts.All.Where(c => c.Key.StartsWith($"{type}:", StringComparison.Ordinal)).Select(c => $"{c.Key[(type.Length + 2)..]} {c.Value}"));

    /// <summary>Measured once for all of them.</summary>
    public sealed class Measured
    {
        internal Tally Tally { get; } = QualityRun.People(Reduced, _ => { });

        internal Shuffles Shuffles { get; } = QualityRun.Orders(Reduced, _ => { });
    }
}
