namespace Lhcre.Adapters.Conformance;

/// <summary>A request as it came, and what was done to it.</summary>
internal sealed class Arrival
{
    /// <summary>From 1, in the order in which they came.</summary>
    public required int Number { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Its <c>X-Request-Id</c>; where there is none, one that stands for its bytes.</summary>
    public required string Id { get; init; }

    /// <summary>Method and path.</summary>
    public required string Place { get; init; }

    /// <summary>Of its bytes.</summary>
    public required string Hash { get; init; }

    /// <summary>What it says.</summary>
    public required IReadOnlyList<PushedEntry> Entries { get; init; }

    /// <summary>In which life of the adapter it came: one more behind each kill.</summary>
    public required int Life { get; init; }

    /// <summary>What was done.</summary>
    public required Misbehaviour Done { get; init; }

    /// <summary>Before when it must not come again; null where nothing was said.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>When it was answered or cut; null while it is under way.</summary>
    public DateTimeOffset? Ended { get; set; }

    /// <summary>Entries that were settled by an answer that went out whole.</summary>
    public HashSet<int> Settled { get; } = [];

    /// <summary>Whether it was read by the record and answered, entry by entry.</summary>
    public bool WasRead { get; set; }
}
