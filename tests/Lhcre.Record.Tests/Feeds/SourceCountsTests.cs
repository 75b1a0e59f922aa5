using CsCheck;

namespace Lhcre.Record.Tests.Feeds;

public sealed class SourceCountsTests
{
    private static readonly Gen<SourceCounts> Some =
        Gen.Select(Gen.OneOf(Enum.GetValues<Counted>()), Gen.Long[0, 5]).Array[0, 6].Select(counts => SourceCounts.Of("dorset", counts));

    [Fact]
    public void Together_and_since_undo_each_other() => Gen.Select(Some, Some).Sample((one, other) =>
    {
        Assert.Equal(one.Plus(other), other.Plus(one));
        Assert.Equal(other, one.Plus(other).Since(one));
        Assert.Equal(one.Plus(other), one.Latest(one.Plus(other)));
        Assert.True(one.Since(one.Plus(other)).IsNone);
    });

    [Fact]
    public void Each_kind_has_a_place_of_its_own_that_stays() =>
        Assert.Equal(
            ["Messages=0", "MessagesRefused=1", "MessagesRepeated=2", "MessagesUnwritten=3", "Created=4", "Updated=5", "Unchanged=6", "Superseded=7", "Withdrawn=8", "Withheld=9", "Parked=10",
                "Refused=11", "Unwritten=12"],
            Enum.GetValues<Counted>().Select(k => $"{k}={(int)k}"));

    [Fact]
    public void What_another_release_counts_besides_is_kept_and_what_it_does_not_count_is_nothing()
    {
        var (shorter, longer) = (new SourceCounts("dorset", 1, 2), new SourceCounts("dorset", [.. Enumerable.Range(1, 20).Select(i => (long)i)]));

        Assert.Equal((2, 0), (shorter[Counted.MessagesRefused], shorter[Counted.Unwritten]));
        Assert.Equal((2, 20), (shorter.Plus(longer)[Counted.Messages], longer.Plus(shorter).Values[19]));
    }

    [Fact]
    public void Equal_counts_are_equal_and_others_are_not()
    {
        var one = SourceCounts.Of("dorset", (Counted.Created, 2));

        Assert.Equal(SourceCounts.Of("dorset", (Counted.Created, 1), (Counted.Created, 1)), one);
        Assert.Equal(SourceCounts.Of("dorset", (Counted.Created, 2)).GetHashCode(), one.GetHashCode());
        Assert.NotEqual(SourceCounts.Of("hampshire", (Counted.Created, 2)), one);
        Assert.NotEqual(SourceCounts.Of("dorset", (Counted.Updated, 2)), one);
    }
}
