namespace Lhcre.Simulation.Tests;

/// <summary>The simulation can fail: each of these is broken in one place, and the invariant that it breaks says so within a few seeds.</summary>
public sealed class BrokenVariantTests
{
    private const int MostSeeds = 40;

    [Fact]
    public void A_commit_that_was_acknowledged_and_lost_is_seen() => AssertBreaks(() => new LosesCommits(), Invariant.AcknowledgedIsPresent);

    [Fact]
    public void An_acknowledgement_before_the_append_is_seen() => AssertBreaks(() => new AcknowledgesFirst(), Invariant.AcknowledgedIsPresent);

    [Fact]
    public void A_row_that_is_written_twice_is_seen() => AssertBreaks(() => new WritesTwice(), Invariant.NoPushTwice);

    [Fact]
    public void A_row_that_is_lost_is_seen() => AssertBreaks(() => new LosesARow(), Invariant.NoGaps);

    [Fact]
    public void A_chunk_of_history_that_is_lost_is_seen() => AssertBreaks(() => new LosesHistory(), Invariant.NoGaps);

    [Fact]
    public void Chunks_that_anybody_may_write_are_seen() => AssertBreaks(() => new FoldsForAnybody(), Invariant.ServedIsReplay);

    [Fact]
    public void An_order_that_counts_is_seen() => AssertBreaks(() => new LastComerHolds(), Invariant.OrderDoesNotMatter);

    [Fact]
    public void A_journal_that_fences_nobody_is_seen() => AssertBreaks(() => new FencesNobody(), Invariant.ServedIsReplay);

    [Fact]
    public void A_time_that_is_not_kept_as_it_was_is_seen() => AssertBreaks(() => new RoundsTimes(), Invariant.ServedIsReplay);

    [Fact]
    public void A_row_that_is_not_indexed_is_seen() => AssertBreaks(() => new ForgetsTheIndex(), Invariant.IndexNamesHolder);

    [Fact]
    public void A_follow_up_that_is_settled_and_not_carried_out_is_seen() => AssertBreaks(() => new SettlesWhatWasNotDone(), Invariant.ReferredIsDelivered, Invariant.IndexNamesHolder);

    [Fact]
    public void A_quarantine_that_is_acknowledged_and_not_in_force_is_seen() => AssertBreaks(() => new CorrectsNothing(), Invariant.OrderedIsInForce);

    [Fact]
    public void A_record_that_keeps_what_counts_no_longer_is_seen() =>
        AssertBreaks(() => new LetsGoOfNothing(), 21, Invariant.IndexNamesHolder, Invariant.ReferredIsDelivered, Invariant.OrderDoesNotMatter);

    [Fact]
    public void A_fenced_activation_that_answers_is_seen() => AssertBreaks(() => new AnswersThoughFenced(), Invariant.FencedIsSilent);

    // Another invariant may be broken by the same fault, and break first: the seeds go on until the named one does.
    private static void AssertBreaks(Func<Variant> variant, params string[] invariants) => AssertBreaks(variant, 1, invariants);

    private static void AssertBreaks(Func<Variant> variant, int from, params string[] invariants)
    {
        var broken = new List<string>();
        for (var seed = from; seed < from + MostSeeds; seed++)
        {
            var outcome = SimulationRun.Of(seed, variant: variant());
            if (outcome.Invariant is not { } name)
                continue;
            Assert.Contains($"--seed {seed}", outcome.Command, StringComparison.Ordinal);
            broken.Add(name);
            if (invariants.Contains(name))
                return;
        }

        Assert.Fail($"within {MostSeeds} seeds only these broke: {string.Join("; ", broken.Distinct())}");
    }
}
