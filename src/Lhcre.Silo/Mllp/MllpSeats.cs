namespace Lhcre.Silo.Mllp;

/// <summary>
/// The connections of a listener, of which there are never more than so many: a new one may take the place of one that is quiet. So whoever opens
/// thousands and sends nothing keeps nobody out. Safe for concurrent use.
/// </summary>
internal sealed class MllpSeats(int most, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly HashSet<MllpSeat> _taken = [];

    /// <summary>How many are connected.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _taken.Count;
        }
    }

    /// <summary>Takes a seat.</summary>
    /// <param name="leave">Makes the connection leave it, for another one.</param>
    /// <returns>Null where all the others have a message in hand.</returns>
    public MllpSeat? Take(Action leave)
    {
        MllpSeat? quiet = null;
        var seat = new MllpSeat(leave) { Since = clock.GetTimestamp() };
        lock (_lock)
        {
            if (_taken.Count >= most)
            {
                quiet = _taken.Where(s => !s.IsAtWork).MinBy(s => (s.HasDelivered, s.Since));
                if (quiet is null)
                    return null;
                _taken.Remove(quiet);
            }

            _taken.Add(seat);
        }

        quiet?.Leave();
        return seat;
    }

    /// <summary>A message of it came whole, and is being taken in.</summary>
    public void Work(MllpSeat seat)
    {
        lock (_lock)
            seat.IsAtWork = true;
    }

    /// <summary>Its message was answered.</summary>
    public void Rest(MllpSeat seat)
    {
        lock (_lock)
            (seat.IsAtWork, seat.HasDelivered, seat.Since) = (false, true, clock.GetTimestamp());
    }

    /// <summary>It is free again.</summary>
    public void Give(MllpSeat seat)
    {
        lock (_lock)
            _taken.Remove(seat);
    }
}

/// <summary>One connection among those of a listener.</summary>
internal sealed class MllpSeat(Action leave)
{
    /// <summary>When it came, or its last message was answered.</summary>
    public long Since { get; set; }

    /// <summary>Whether a whole message of it was ever taken in, or refused as such.</summary>
    public bool HasDelivered { get; set; }

    /// <summary>Whether it has a message in hand.</summary>
    public bool IsAtWork { get; set; }

    /// <summary>Makes it leave.</summary>
    public void Leave() => leave();
}
