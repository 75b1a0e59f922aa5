namespace Lhcre.Record;

/// <summary>
/// A row's word about other rows of the same log: that they do not count, or count again. Nothing of what they say is changed by it; what a record says is what
/// the rows say that are left standing (decision 0022). A closed set.
/// </summary>
/// <param name="Id">Names it; the id of its row's push.</param>
/// <param name="Source">Of whose words it is.</param>
/// <param name="Reason">Why, in the words of whoever ordered it; no patient data.</param>
public abstract record Correction(PushId Id, string Source, string Reason);

/// <summary>What a source sent in a stretch of time does not count, in whatever order it and this have come.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Source">Which source.</param>
/// <param name="Reason">Why.</param>
/// <param name="From">What was received from then on; the first instant there is for all.</param>
/// <param name="To">What was received before that; null where also what is still to come does not count.</param>
public sealed record Quarantine(PushId Id, string Source, string Reason, DateTimeOffset From, DateTimeOffset? To) : Correction(Id, Source, Reason)
{
    /// <summary>Of what is here by this <see cref="Record.Move"/> alone: it was quarantined in the record from which that comes. Null for all that the source sent.</summary>
    public PushId? Move { get; init; }

    /// <summary>Whether what this source sent, and we received then, does not count.</summary>
    public bool Covers(string source, Receipt received) =>
        source == Source && (Move is null || received.Move == Move) && (Covers(received.At) || (received.Cause is { } cause && Covers(cause)));

    private bool Covers(DateTimeOffset received) => received >= From && !(received >= To);
}

/// <summary>A quarantine or a move is over: it is as if there had been none.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Source">Which source's.</param>
/// <param name="Reason">Why.</param>
/// <param name="Of">Which quarantine, or which move (<see cref="Move.Of"/>).</param>
public sealed record QuarantineEnd(PushId Id, string Source, string Reason, PushId Of) : Correction(Id, Source, Reason);

/// <summary>How what was held of somebody came to its end.</summary>
public enum ErasureCause : byte
{
    /// <summary>The visit is over, by its source's word, and so are the days after it.</summary>
    Stay = 1,

    /// <summary>Nobody said that the visit is over, and it has been long since it was pulled.</summary>
    Default = 2,

    /// <summary>An operator ordered it.</summary>
    Order = 3,
}

/// <summary>
/// What a source said, or all of them, is here no longer: the rows above this one that brought it say nothing any more (decision 0027). It cannot be ended. What
/// is left of the record gets this row's stamps, all of it: the versions below count what is left, and no entity tag of theirs may come to stand for anything else.
/// </summary>
/// <param name="Id">Names it.</param>
/// <param name="Source">Which source's words; <see cref="OfAll"/> for everybody's.</param>
/// <param name="Reason">Why; no patient data.</param>
/// <param name="By">Who ordered it; empty for nobody.</param>
/// <param name="Held">Since when it was held; null where that is not known.</param>
/// <param name="Cause">How it came to its end.</param>
public sealed record Erasure(PushId Id, string Source, string Reason, string By, DateTimeOffset? Held, ErasureCause Cause) : Correction(Id, Source, Reason)
{
    /// <summary>Stands for all sources.</summary>
    public const string OfAll = "";

    /// <summary>Whether what this source said is erased.</summary>
    public bool Covers(string source) => Source == OfAll || source == Source;

    /// <summary>Whether a fragment is erased.</summary>
    public bool Covers(Fragment fragment) => Covers(fragment.Key.Source);
}
