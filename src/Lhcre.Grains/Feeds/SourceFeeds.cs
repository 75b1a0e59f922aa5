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
        _feeds = sources.All.ToFrozenDictionary(s => s.Id, s => new Feed(s.Id));
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
    /// <param name="source">A source; of one that is not configured any more nothing is noted.</param>
    /// <param name="received">When it tried, as <see cref="Heard"/> said.</param>
    /// <param name="recorded">When it had recorded the newest of it; null where it did not say.</param>
    public void Applied(string source, DateTimeOffset received, DateTimeOffset? recorded)
    {
        TimeSpan? lag = recorded is { } at ? (at < received ? received - at : TimeSpan.Zero) : null;
        if (_feeds.TryGetValue(source, out var feed))
            feed.Note(new SourceContact(source, received, received, lag));
    }

    /// <summary>It calls without pushing: it is there, and has sent everything up to an instant.</summary>
    /// <param name="source">A configured source.</param>
    /// <param name="watermark">Up to when; null where it does not say. The latest one counts.</param>
    public void Beat(string source, DateTimeOffset? watermark)
    {
        _feeds[source].Note(new SourceContact(source, Heard(source)) { Watermark = watermark });
        Judge();
    }

    /// <summary>A push was answered.</summary>
    /// <param name="counts">What became of it; of a source that is not configured any more nothing is counted.</param>
    /// <param name="at">When it tried, as <see cref="Heard"/> said; null for what was left here and is carried out when its source may be gone.</param>
    public void Count(SourceCounts counts, DateTimeOffset? at)
    {
        if (!_feeds.TryGetValue(counts.Source, out var feed))
            return;
        feed.Tally.Add(counts);
        if (at is not { } received)
            return;
        if (counts[Counted.MessagesRefused] > 0)
            feed.Note(new SourceContact(counts.Source, received) { LastRefused = received });
        else if (counts[Counted.MessagesUnwritten] == 0)
            feed.Note(new SourceContact(counts.Source, received) { LastAccepted = received });
    }

    /// <summary>What a configured source pushed through this silo since it started.</summary>
    public SourceCounts SinceStart(string source) => _feeds[source].Tally.SinceStart;

    /// <summary>What a configured source pushed through all silos, as far as they have told.</summary>
    public SourceCounts Total(string source) => _feeds[source].Tally.Total;

    /// <summary>What is to be told of what this silo counted: all of it since its start.</summary>
    public ImmutableArray<SourceCounts> Counts() => [.. _feeds.Values.Select(f => f.Tally.SinceStart).Where(c => !c.IsNone)];

    /// <summary>The others know it now, and these are the totals, also of sources that are not configured here.</summary>
    public void Totalled(ImmutableArray<SourceCounts> told, ImmutableArray<SourceCounts> totals)
    {
        foreach (var total in totals)
        {
            if (_feeds.TryGetValue(total.Source, out var feed))
                feed.Tally.Told(told.FirstOrDefault(c => c.Source == total.Source) ?? SourceCounts.Of(total.Source), total);
        }
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

    private sealed class Feed(string source)
    {
        private SourceContact? _contact;

        public SourceContact? Contact => Volatile.Read(ref _contact);

        // Of the one that tells.
        public SourceContact? Told { get; set; }

        public SourceTally Tally { get; } = new(source);

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
