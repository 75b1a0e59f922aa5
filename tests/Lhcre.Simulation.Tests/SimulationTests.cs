namespace Lhcre.Simulation.Tests;

/// <summary>Whatever a seed decides, what always holds does: 200 seeds, under LHCRE_LONG=1 2,000.</summary>
public sealed class SimulationTests
{
    private static readonly int Seeds = Environment.GetEnvironmentVariable("LHCRE_LONG") == "1" ? 2000 : 200;

    private static readonly Lazy<string[]> FirstTraces = new(() => [.. Enumerable.Range(1, 20).SelectMany(seed => SimulationRun.Of(seed).Trace)]);

    private static readonly Lazy<string[]> MovedTraces = new(() => [.. Enumerable.Range(14, 20).SelectMany(third => SimulationRun.Of(3 * third).Trace)]);

    [Fact]
    public void Every_invariant_holds_in_every_seed()
    {
        for (var seed = 1; seed <= Seeds; seed++)
            AssertHolds(SimulationRun.Of(seed));
    }

    [Fact]
    public void A_long_story_holds_too() => AssertHolds(SimulationRun.Of(seed: 1, steps: 600));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_same_seed_plays_the_same_and_another_one_does_not(int seed)
    {
        var (one, again, other) = (SimulationRun.Of(seed), SimulationRun.Of(seed), SimulationRun.Of(seed + 100));

        Assert.NotEmpty(one.Trace);
        Assert.Equal(one.Trace, again.Trace);
        Assert.Equal(one.Hash, again.Hash);
        Assert.NotEqual(one.Hash, other.Hash);
    }

    // A simulation in which nothing goes wrong finds nothing.
    [Theory]
    [InlineData(" is killed")]
    [InlineData(" starts")]
    [InlineData(" stops")]
    [InlineData(" loses sight of the others")]
    [InlineData(": fenced")]
    [InlineData(" takes over ")]
    [InlineData(" folds ")]
    [InlineData(" could not fold ")]
    [InlineData("unwritten LHC902")]
    [InlineData("is not answered: SiloUnavailableException")]
    [InlineData("is not answered: JournalUnavailableException")]
    [InlineData("is answered: as before")]
    [InlineData("Unchanged")]
    [InlineData("Superseded")]
    [InlineData("Withdrawn")]
    [InlineData("parked LHC303")]
    [InlineData("the end ")]
    [InlineData("quarantine 1 of ")]
    [InlineData("Quarantined")]
    [InlineData(": whole; withdrawn=1")]
    [InlineData(": held")]
    [InlineData(": Moved ")]
    [InlineData("activates person 1 without a number")]
    [InlineData(" without a number: Applied")]
    [InlineData(": Deleted ")]
    [InlineData("is read at")]
    [InlineData("carries out what is due: in part")]
    public void The_seeds_lead_there(string what) =>
        Assert.Contains(FirstTraces.Value, line => line.Contains(what, StringComparison.Ordinal));

    [Theory]
    [InlineData("move 1 of ")]
    [InlineData("of all of p")]
    [InlineData("what was moved is filed rightly from the beginning")]
    public void Where_it_is_moved_the_seeds_lead_there(string what) =>
        Assert.Contains(MovedTraces.Value, line => line.Contains(what, StringComparison.Ordinal));

    private static void AssertHolds(SimulationOutcome outcome) =>
        Assert.True(outcome.Broken is null, $"{outcome.Invariant}\n{outcome.Broken}\n{outcome.Command}");
}
