using System.Collections.Frozen;
using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Grains.Feeds;

/// <summary>
/// The sources' feeds as this silo knows them: what it heard itself, at once, and what the others heard, a second or two later. A push writes
/// here without waiting for anybody; a read takes a value that is ready.
/// </summary>
public sealed class SourceFeeds
{
    private readonly SourceSystems _sources;
    private readonly TimeProvider _clock;
    private readonly FrozenDictionary<string, Feed> _feeds;
    private readonly Lock _judging = new();
    private volatile SourceStatuses _current = SourceStatuses.None;
    private volatile bool _isKnown;

    /// <summary>Knows nothing yet.</summary>
    public SourceFeeds(SourceSystems sources, TimeProvider clock)
    {
        (_sources, _clock) = (sources, clock);
        _feeds = sources.All.ToFrozenDictionary(s => s.Id, _ => new Feed());
        Judge();
    }

    /// <summary>How the feeds stood when that was last judged: within a second, and after every push through this silo that changed it.</summary>
    public SourceStatuses Current => _current;

    /// <summary>Whether what was kept was read back since the start.</summary>
    public bool IsKnown => _isKnown;

    /// <summary>A configured source tries to push.</summary>
    /// <returns>When: now.</returns>
    public DateTimeOffset Heard(string source)
    {
        var now = _clock.GetUtcNow();
        var feed = _feeds[source];
        feed.Note(new SourceContact(source, now));
        if (!feed.IsFresh)
            Judge();
        return now;
    }

    /// <summary>Of what it pushed something was new and is on disk.</summary>
    /// <param name="source">A configured source.</param>
    /// <param name="received">When it tried, as <see cref="Heard"/> said.</param>
    /// <param name="recorded">When it had recorded the newest of it; null where it did not say.</param>
    public void Applied(string source, DateTimeOffset received, DateTimeOffset? recorded)
    {
        TimeSpan? lag = recorded is { } at ? (at < received ? received - at : TimeSpan.Zero) : null;
        _feeds[source].Note(new SourceContact(source, received, received, lag));
    }

    /// <summary>Judges anew: time alone makes a source silent.</summary>
    public SourceStatuses Judge()
    {
        lock (_judging)
        {
            var statuses = SourceStatuses.Of(_sources, _feeds.Values.Select(f => f.Contact).OfType<SourceContact>(), _isKnown, _clock.GetUtcNow());
            foreach (var status in statuses.All)
                _feeds[status.Source.Id].IsFresh = status.State == SourceState.Fresh;
            return _current = statuses;
        }
    }

    /// <summary>What this silo heard and has not told yet.</summary>
    public ImmutableArray<SourceContact> Untold() => [.. _feeds.Values.Where(f => f.Contact != f.Told).Select(f => f.Contact!)];

    /// <summary>The others know it now, and this is what is known of all.</summary>
    /// <param name="told">What was told.</param>
    /// <param name="known">What is known, also of sources that are not configured here.</param>
    public void Told(ImmutableArray<SourceContact> told, ImmutableArray<SourceContact> known)
    {
        foreach (var contact in told)
            _feeds[contact.Source].Told = contact;
        foreach (var contact in known)
        {
            // Who knows nothing beyond it has nothing to tell.
            if (_feeds.TryGetValue(contact.Source, out var feed) && feed.Note(contact) == contact)
                feed.Told = contact;
        }

        _isKnown = true;
        Judge();
    }

    private sealed class Feed
    {
        private SourceContact? _contact;

        public SourceContact? Contact => Volatile.Read(ref _contact);

        // Of the one that tells.
        public SourceContact? Told { get; set; }

        public volatile bool IsFresh;

        public SourceContact Note(SourceContact contact)
        {
            while (true)
            {
                var before = Contact;
                var after = before?.Merge(contact) ?? contact;
                if (after == before || Interlocked.CompareExchange(ref _contact, after, before) == before)
                    return after;
            }
        }
    }
}
