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
    /// <summary>Whether what this source sent, and we received then, does not count.</summary>
    public bool Covers(string source, Receipt received) =>
        source == Source && (Covers(received.At) || (received.Cause is { } cause && Covers(cause)));

    private bool Covers(DateTimeOffset received) => received >= From && !(received >= To);
}

/// <summary>A quarantine is over: what it took away counts again.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Source">Which source's.</param>
/// <param name="Reason">Why.</param>
/// <param name="Of">Which quarantine.</param>
public sealed record QuarantineEnd(PushId Id, string Source, string Reason, PushId Of) : Correction(Id, Source, Reason);
