namespace Lhcre.Record.Tests;

public sealed class CorrectionsTests
{
    private static readonly PushId One = new(new ContentHash(1)), Other = new(new ContentHash(2)), End = new(new ContentHash(3));

    [Theory]
    [InlineData(1, 3, 1, true)]
    [InlineData(1, 3, 2, true)]
    [InlineData(1, 3, 3, false)] // the end of one stretch may be the start of the next
    [InlineData(2, 3, 1, false)]
    [InlineData(1, null, 300, true)]
    [InlineData(null, 2, 1, true)]
    [InlineData(null, null, 1, true)]
    public void A_quarantine_covers_what_was_received_from_its_start_and_before_its_end(int? from, int? to, int received, bool isCovered)
    {
        var quarantine = new Quarantine(One, Said.Dorset, "", from is { } start ? Said.Day(start) : default, to is { } end ? Said.Day(end) : null);

        Assert.Equal(isCovered, Corrections.None.With(quarantine).Exclude(Said.Dorset, Said.Day(received)));
        Assert.False(Corrections.None.With(quarantine).Exclude(Said.Hampshire, Said.Day(received)));
    }

    [Fact]
    public void What_came_by_something_else_counts_as_long_as_both_do()
    {
        var first = Corrections.None.With(new Quarantine(One, Said.Dorset, "", Said.Day(1), Said.Day(2)));

        Assert.True(first.Exclude(Said.Dorset, new Receipt(Said.Day(1), Said.Day(5))));
        Assert.True(first.Exclude(Said.Dorset, new Receipt(Said.Day(5), Said.Day(1))));
        Assert.False(first.Exclude(Said.Dorset, new Receipt(Said.Day(5), Said.Day(6))));
    }

    [Fact]
    public void What_has_moved_counts_where_it_belongs_as_long_as_the_move_is_in_force()
    {
        EntryKey key = new(Said.Dorset, "Observation", "1"), other = new(Said.Dorset, "Observation", "2");
        Move Moved(PushId id, bool isHere, EntryKey entry) => new(id, Said.Dorset, "", One, isHere, Said.Person, [entry], null);
        var from = Corrections.None.With(Moved(One, isHere: false, key)).With(Moved(Other, isHere: false, other));
        var to = Corrections.None.With(Moved(One, isHere: true, key)).With(Moved(Other, isHere: true, other));
        var copy = new Receipt(Said.Day(1), Move: One);
        var end = new QuarantineEnd(End, Said.Dorset, "", One);

        Assert.Equal((true, true, false), (from.HaveLeft(key), from.HaveLeft(other), from.HaveCome(key)));
        Assert.Equal((true, true, false), (to.HaveCome(key), to.HaveCome(other), to.HaveLeft(key)));
        Assert.Equal((false, false, true), (to.Exclude(Said.Dorset, copy), to.Exclude(Said.Dorset, Said.Day(1)), from.Exclude(Said.Dorset, copy)));
        // Ended as a whole, and for what its source sends as if there were none.
        Assert.Equal((false, false, true), (from.With(end).HaveLeft(key), from.With(end).HaveLeft(other), to.With(end).Exclude(Said.Dorset, copy)));
        Assert.Equal((true, false), (from.IsInForce(One), from.With(end).IsInForce(One)));
        Assert.Equal((true, false), (from.Concern(Said.Dorset, Said.Day(1)), from.Concern(Said.Hampshire, Said.Day(1))));
        Assert.False(from.Without(Said.Dorset, Said.Day(1)).HaveLeft(key));
    }

    [Fact]
    public void What_is_quarantined_where_it_was_filed_is_so_where_it_belongs_and_nothing_else_there()
    {
        var quarantine = new Quarantine(Other, Said.Dorset, "", default, null) { Move = One };
        var to = Corrections.None.With(new Move(One, Said.Dorset, "", One, IsHere: true, Said.Person, [], null)).With(quarantine);

        Assert.Equal((true, false), (to.Exclude(Said.Dorset, new Receipt(Said.Day(1), Move: One)), to.Exclude(Said.Dorset, Said.Day(1))));
    }

    [Fact]
    public void Of_two_that_cover_something_both_must_end()
    {
        var both = Corrections.None.With(Of(One, 1)).With(Of(Other, 2));
        var ended = both.With(new QuarantineEnd(End, Said.Dorset, "", One));

        Assert.True(ended.Exclude(Said.Dorset, Said.Day(2)));
        Assert.False(ended.Exclude(Said.Dorset, Said.Day(1)));
        Assert.Equal((true, false, true, true), (ended.Knows(One), ended.IsInForce(One), ended.IsInForce(Other), ended.Knows(End)));
        Assert.False(both.Without(Said.Dorset, Said.Day(2)).Exclude(Said.Dorset, Said.Day(2)));
        Assert.True(both.Without(Said.Dorset, Said.Day(1)).Exclude(Said.Dorset, Said.Day(2)));
    }

    private static Quarantine Of(PushId id, int from) => new(id, Said.Dorset, "", Said.Day(from), null);
}
