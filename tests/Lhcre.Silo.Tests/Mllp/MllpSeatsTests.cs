using Lhcre.Silo.Mllp;
using Microsoft.Extensions.Time.Testing;

namespace Lhcre.Silo.Tests.Mllp;

/// <summary>Who opens many connections keeps nobody out who has something to say.</summary>
public sealed class MllpSeatsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _left = [];
    private readonly MllpSeats _seats;

    public MllpSeatsTests() => _seats = new MllpSeats(3, _clock);

    [Fact]
    public void For_one_more_the_one_that_was_quiet_longest_leaves()
    {
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
            Take(name);

        Assert.Equal(["a", "b"], _left);
        Assert.Equal(3, _seats.Count);
    }

    [Fact]
    public void Who_has_delivered_stays_before_anybody_who_has_not()
    {
        Deliver(Take("sender"));
        foreach (var name in new[] { "b", "c", "d", "e" })
            Take(name);

        Assert.Equal(["b", "c"], _left);
    }

    [Fact]
    public void Who_has_a_message_in_hand_is_never_cut()
    {
        _seats.Work(Take("a"));
        _seats.Work(Take("b"));
        _seats.Work(Take("c"));

        Assert.Null(_seats.Take(() => _left.Add("d")));
        Assert.Empty(_left);
    }

    [Fact]
    public void Who_has_left_makes_room()
    {
        _seats.Give(Take("a"));
        foreach (var name in new[] { "b", "c", "d" })
            Take(name);

        Assert.Empty(_left);
    }

    private MllpSeat Take(string name)
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return _seats.Take(() => _left.Add(name))!;
    }

    private void Deliver(MllpSeat seat)
    {
        _seats.Work(seat);
        _seats.Rest(seat);
    }
}
