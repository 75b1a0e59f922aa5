using System.Text;

namespace Lhcre.Record.Tests.Feeds;

public sealed class PulledStatusTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly SourceSystem Wales = new("wales", "NHS Wales");

    [Fact]
    public void What_is_missing_is_told_with_since_when_and_what_is_shown_all_the_same()
    {
        var never = new PulledStatus(Wales, IssueCodes.PullPending, Noon, null);
        var held = never with { Held = Noon.AddHours(-4) };

        Assert.Equal(("NHS Wales: asked 2026-11-22T12:00:00Z", "wales; missing-since=2026-11-22T12:00:00Z"), (never.Issue.Diagnostics, never.Header));
        Assert.Equal("NHS Wales: asked 2026-11-22T12:00:00Z; what is shown of it is of 2026-11-22T08:00:00Z", held.Issue.Diagnostics);
        Assert.Equal((IssueCodes.SourceMissing, "wales"), (never.Error!.Code, never.Error.Source));
    }

    [Fact]
    public void That_a_source_knows_nobody_is_told_and_is_nothing_that_is_missing()
    {
        var nobody = new PulledStatus(Wales, IssueCodes.PullKnowsNobody, Noon, Noon);

        Assert.Equal((IssueSeverity.Information, null, null), (nobody.Issue.Code.Severity, nobody.Error, nobody.Header));
        Assert.Equal("wales; in-part", new PulledStatus(Wales, IssueCodes.PullInPart, Noon, Noon).Header);
    }

    [Fact]
    public void It_stands_beside_what_is_told_of_the_feeds_and_changes_what_stands_for_it_in_an_entity_tag()
    {
        var feeds = SourceStatuses.Of(new SourceSystems([new SourceSystem("dorset", "Dorset")], [Wales]), [], isKnown: true, Noon);

        var both = feeds.With([new PulledStatus(Wales, IssueCodes.PullUnreachable, Noon, null)]);

        Assert.Equal("dorset; never, wales; missing-since=2026-11-22T12:00:00Z", both.Header);
        Assert.Equal(["LHC515", "LHC731"], both.Issues.Select(i => i.Code.Code));
        Assert.Equal(2, both.Errors.Length);
        Assert.NotEqual(feeds.Generation, both.Generation);
        Assert.Contains("LHC731", Encoding.UTF8.GetString(both.Outcome!), StringComparison.Ordinal);
        Assert.Same(feeds, feeds.With([]));
        // Of a source that is pulled from nothing is told where nobody was asked.
        Assert.Single(feeds.All);
    }

    [Fact]
    public void Provenance_and_summaries_say_of_what_was_pulled_that_it_was() =>
        Assert.Equal("NHS Wales (pulled for a visit)", new SourceSystems([], [Wales]).Name("wales"));
}
