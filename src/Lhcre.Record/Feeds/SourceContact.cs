using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>
/// What is known of a source's feed. Nothing of it is about a person. Two of one source merge to the later times: in any order and however
/// often, to the same.
/// </summary>
/// <param name="Source">The source's id.</param>
/// <param name="LastContact">When it last tried to push, whatever became of it; UTC.</param>
/// <param name="LastApplied">When it last pushed something that was new and is on disk; null for never.</param>
/// <param name="Lag">
/// How long before that the source had recorded the newest of what was new (<c>meta.lastUpdated</c>, else the Bundle's or message's time), 0 or more;
/// null where it did not say.
/// </param>
public sealed record SourceContact(string Source, DateTimeOffset LastContact, DateTimeOffset? LastApplied = null, TimeSpan? Lag = null)
{
    /// <summary>When it last pushed something that was taken in, new or not; null for never since that is kept.</summary>
    public DateTimeOffset? LastAccepted { get; init; }

    /// <summary>When it last pushed something of which nothing was taken in, since all of it was refused; null for never.</summary>
    public DateTimeOffset? LastRefused { get; init; }

    /// <summary>Up to when it has sent everything, as its heartbeat said; null where it never said so.</summary>
    public DateTimeOffset? Watermark { get; init; }

    /// <summary>Whether nothing of what it pushed since <see cref="LastAccepted"/> was taken in: a feed that is up, and of which nothing comes.</summary>
    public bool IsRefused => LastRefused is { } refused && !(LastAccepted >= refused);

    /// <summary>What both together tell.</summary>
    /// <exception cref="ArgumentException">They are of two sources.</exception>
    public SourceContact Merge(SourceContact other)
    {
        if (other.Source != Source)
            throw new ArgumentException($"'{other.Source}' and '{Source}' are two sources.", nameof(other));
        var contact = LastContact >= other.LastContact ? LastContact : other.LastContact;
        // Of two pushes at one instant the larger lag: any rule would do that does not ask which came first.
        var isOwn = (Nullable.Compare(LastApplied, other.LastApplied), Nullable.Compare(Lag, other.Lag)) is ( > 0, _) or (0, >= 0);
        var (applied, lag) = isOwn ? (LastApplied, Lag) : (other.LastApplied, other.Lag);
        return this with
        {
            LastContact = contact,
            LastApplied = applied,
            Lag = lag,
            LastAccepted = Later(LastAccepted, other.LastAccepted),
            LastRefused = Later(LastRefused, other.LastRefused),
            Watermark = Later(Watermark, other.Watermark),
        };
    }

    /// <summary>The same with no time later than this: a clock that is ahead must not keep a feed fresh for ever.</summary>
    public SourceContact NotAfter(DateTimeOffset limit) => this with
    {
        LastContact = LastContact > limit ? limit : LastContact,
        LastApplied = LastApplied > limit ? limit : LastApplied,
        LastAccepted = LastAccepted > limit ? limit : LastAccepted,
        LastRefused = LastRefused > limit ? limit : LastRefused,
        Watermark = Watermark > limit ? limit : Watermark,
    };

    /// <summary>One for each source, in the order of their ids.</summary>
    public static ImmutableArray<SourceContact> Merge(params IEnumerable<SourceContact> contacts) =>
        [.. contacts.GroupBy(c => c.Source).Select(g => g.Aggregate((one, other) => one.Merge(other))).OrderBy(c => c.Source, StringComparer.Ordinal)];

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => Nullable.Compare(one, other) >= 0 ? one : other;
}
