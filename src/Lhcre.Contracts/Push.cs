using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Contracts;

/// <summary>What one source pushes of one person.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.push")]
public sealed record PushRequest
{
    /// <summary>The source's id.</summary>
    [Id(0)]
    public required string Source { get; init; }

    /// <summary>Names the push; see <see cref="PushId"/>.</summary>
    [Id(1)]
    public required PushId Push { get; init; }

    /// <summary>The fragments, in the order of the push.</summary>
    [Id(2)]
    public required FragmentBatch Fragments { get; init; }

    /// <summary>The journal's follow-ups that this push carries out.</summary>
    [Id(3)]
    public ImmutableArray<long> Settles { get; init; } = [];

    /// <summary>The parked resources that this push takes in.</summary>
    [Id(4)]
    public ImmutableArray<string> Unparks { get; init; } = [];

    /// <summary>Which queue it waits in.</summary>
    [Id(5)]
    public Lane Lane { get; init; }

    /// <summary>Of what the fragments are all that the source says of this person; null where they leave out what has not changed.</summary>
    [Id(6)]
    public SourceExtent? Extent { get; init; }

    /// <summary>When it was received, where that was before now: what was parked, or what follows from another record's row. Null for now.</summary>
    [Id(7)]
    public DateTimeOffset? Received { get; init; }

    /// <summary>When that was received by which it comes from another record: it counts only as long as that does. Null where it comes by itself.</summary>
    [Id(8)]
    public DateTimeOffset? Cause { get; init; }

    /// <summary>For how long it is held, counted from now: what was pulled for a visit. Null for good.</summary>
    [Id(9)]
    public TimeSpan? HeldFor { get; init; }

    /// <summary>
    /// By which move it comes: a copy, in their versions, of what was filed in another record. It is taken in as it is, whether this record was told the same or not,
    /// and counts as long as the move is in force. Null where it is filed here.
    /// </summary>
    [Id(20)]
    public PushId? Move { get; init; }
}

/// <summary>Which of two queues a push waits in.</summary>
[GenerateSerializer, Alias("lhcre.lane")]
public enum Lane : byte
{
    /// <summary>Somebody waits for it: it goes before any backfill.</summary>
    Live = 0,

    /// <summary>Nobody waits for it: it fills what live pushes leave.</summary>
    Backfill = 1,
}

/// <summary>Fragments on their way to a grain: passed as they are within a silo, as a <see cref="LogBody"/> between silos.</summary>
/// <param name="Fragments">The fragments.</param>
public sealed record FragmentBatch(ImmutableArray<Fragment> Fragments);

/// <summary>How a push ended.</summary>
[GenerateSerializer, Alias("lhcre.push-status")]
public enum PushStatus : byte
{
    /// <summary>New and on disk.</summary>
    Applied = 1,

    /// <summary>Nothing of it was new.</summary>
    Unchanged = 2,

    /// <summary>Another activation has taken the record over: call again, the call reaches it.</summary>
    Fenced = 3,

    /// <summary>The journal could not be written: nothing was acknowledged, push again under the same id.</summary>
    Unavailable = 4,

    /// <summary>Too much is waiting to be written: nothing was acknowledged, push again under the same id in a while.</summary>
    Busy = 5,

    /// <summary>
    /// The record is of somebody without an NHS number, and has gone over into that of the number: nothing is taken in here any more, push there.
    /// </summary>
    Moved = 6,
}

/// <summary>What became of a push.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Version">The record's version after it.</param>
/// <param name="Outcomes">One for each fragment, where it was applied or unchanged; else empty.</param>
[GenerateSerializer, Immutable, Alias("lhcre.push-answer")]
public sealed record PushAnswer(
    [property: Id(0)] PushStatus Status,
    [property: Id(1)] long Version,
    [property: Id(2)] ImmutableArray<FragmentOutcome> Outcomes)
{
    /// <summary>How many live entries the push's <see cref="PushRequest.Extent"/> withdrew: what the source had said and did not say in it.</summary>
    [Id(3)]
    public int Withdrawn { get; init; }
}
