using Lhcre.Record;

namespace Lhcre.Contracts;

/// <summary>What of a person's record counts no longer, or counts again: a <see cref="Quarantine"/>, a <see cref="Move"/>, or the end of one.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.correction-request")]
public sealed record CorrectionRequest
{
    /// <summary>Names the correction: one of the same id changes nothing a second time.</summary>
    [Id(0)]
    public required PushId Id { get; init; }

    /// <summary>Of whose words it is: a source's id.</summary>
    [Id(1)]
    public required string Source { get; init; }

    /// <summary>Why; no patient data.</summary>
    [Id(2)]
    public string Reason { get; init; } = "";

    /// <summary>The quarantine that it ends; null of a quarantine. One that the record does not know of changes nothing.</summary>
    [Id(3)]
    public PushId? Ends { get; init; }

    /// <summary>From when on what was received is quarantined; <c>default</c> for all.</summary>
    [Id(4)]
    public DateTimeOffset From { get; init; }

    /// <summary>Before when it was received; null where also what is still to come is quarantined.</summary>
    [Id(5)]
    public DateTimeOffset? To { get; init; }

    /// <summary>Which queue it waits in.</summary>
    [Id(6)]
    public Lane Lane { get; init; }

    /// <summary>Whether a record from which something is to come here knows of it: then this one must, whether it has anything yet that it concerns or not.</summary>
    [Id(7)]
    public bool IsCarried { get; init; }

    /// <summary>The move that is asked for; null of a quarantine and of an end.</summary>
    [Id(20)]
    public MoveRequest? Move { get; init; }

    /// <summary>Of a quarantine: of what is here by this move alone; null for all that the source sent.</summary>
    [Id(21)]
    public PushId? OfMove { get; init; }

    /// <summary>The request for a correction.</summary>
    public static CorrectionRequest Of(Correction correction) => new()
    {
        Id = correction.Id,
        Source = correction.Source,
        Reason = correction.Reason,
        Ends = (correction as QuarantineEnd)?.Of,
        From = (correction as Quarantine)?.From ?? default,
        To = (correction as Quarantine)?.To,
        Move = correction is Move move ? MoveRequest.Of(move) : null,
        OfMove = (correction as Quarantine)?.Move,
    };

    /// <summary>The correction that is asked for.</summary>
    public Correction Correction() => Ends is { } ended ? new QuarantineEnd(Id, Source, Reason, ended)
        : Move is { } move ? move.Move(Id, Source, Reason)
        : new Quarantine(Id, Source, Reason, From, To) { Move = OfMove };
}
