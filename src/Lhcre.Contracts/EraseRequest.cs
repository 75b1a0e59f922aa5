using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Contracts;

/// <summary>What is to be erased of a person: what was pulled from a source for a visit that is over, or everything.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.erase-request")]
public sealed record EraseRequest
{
    /// <summary>Names the erasure: one of the same id changes nothing a second time.</summary>
    [Id(0)]
    public required PushId Id { get; init; }

    /// <summary>Whose words; null for everybody's.</summary>
    [Id(1)]
    public string? Source { get; init; }

    /// <summary>Why; no patient data.</summary>
    [Id(2)]
    public string Reason { get; init; } = "";

    /// <summary>Who orders it; empty for nobody.</summary>
    [Id(3)]
    public string By { get; init; } = "";

    /// <summary>Only if a lease of the source is due by then: one that was held longer meanwhile is left alone. Null where it was ordered.</summary>
    [Id(4)]
    public DateTimeOffset? Due { get; init; }

    /// <summary>What of that which is set aside is the person's, by id: it is erased too.</summary>
    [Id(5)]
    public ImmutableArray<string> Asides { get; init; } = [];

    /// <summary>The pushes by which that came: what they were answered is erased too.</summary>
    [Id(7)]
    public ImmutableArray<PushId> Answers { get; init; } = [];

    /// <summary>Which queue it waits in.</summary>
    [Id(6)]
    public Lane Lane { get; init; }
}
