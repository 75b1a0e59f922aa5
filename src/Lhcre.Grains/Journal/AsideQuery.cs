namespace Lhcre.Grains.Journal;

/// <summary>What of that which is set aside is asked for.</summary>
/// <param name="Source">Who sent it.</param>
public sealed record AsideQuery(string Source)
{
    /// <summary>Only with this code; null for any.</summary>
    public string? Code { get; init; }

    /// <summary>Only of this type; null for any.</summary>
    public string? Type { get; init; }

    /// <summary>Only what came then or later; null for any.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only what came before; null for any.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Only resources that are parked (false), only letters (true); null for both.</summary>
    public bool? IsRefused { get; init; }

    /// <summary>Only what is discarded, instead of what is not.</summary>
    public bool IsDiscarded { get; init; }

    /// <summary>Behind which place; null from the start. The place stays where it was, whatever becomes of what stood there.</summary>
    public AsidePlace? After { get; init; }

    /// <summary>How many at most.</summary>
    public int Limit { get; init; } = 100;
}

/// <summary>A place in the list of what is set aside.</summary>
/// <param name="At">When what stands there came.</param>
/// <param name="Id">Its id.</param>
public readonly record struct AsidePlace(DateTimeOffset At, string Id) : IComparable<AsidePlace>
{
    /// <summary>Where something stands.</summary>
    public static AsidePlace Of(Aside aside) => new(aside.At, aside.Id);

    /// <inheritdoc/>
    public int CompareTo(AsidePlace other) => At != other.At ? At.CompareTo(other.At) : string.CompareOrdinal(Id, other.Id);
}

/// <summary>A page of what is set aside.</summary>
/// <param name="Items">In the order of their places.</param>
/// <param name="Totals">
/// How many there are of each code, in the order of the codes, of all that the query asks for but for its code and its place.
/// </param>
public sealed record AsidePage(IReadOnlyList<Aside> Items, IReadOnlyList<KeyValuePair<string, int>> Totals);
