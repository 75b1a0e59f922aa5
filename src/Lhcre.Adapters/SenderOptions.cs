namespace Lhcre.Adapters;

/// <summary>Where a sender sends, and how much at a time.</summary>
/// <param name="Server">The record, such as <c>https://record.example.nhs.uk</c>; with a path where it stands behind one.</param>
/// <param name="Source">The id under which the record knows this source, such as <c>dorset</c>.</param>
public sealed record SenderOptions(Uri Server, string Source)
{
    /// <summary>How many pushes are under way at once, default 4. Never two of one person.</summary>
    public int InFlight { get; init; } = 4;

    /// <summary>How many resources go into one batch Bundle at most, default 100 (the record takes 10,000).</summary>
    public int BatchMessages { get; init; } = 100;

    /// <summary>How many bytes of resources go into one batch Bundle at most, default 1 MiB (the record takes 64 MiB); a larger resource goes alone.</summary>
    public int BatchBytes { get; init; } = 1 << 20;

    /// <summary>How many messages are looked at to find what can go, default 4,096: so one person who must wait does not hold the others up.</summary>
    public int Window { get; init; } = 4096;

    /// <summary>The first wait behind a failure, default 200 ms; doubled each time, up to <see cref="LongestWait"/>.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait that is not asked for by the record (Retry-After), default a minute.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an answer is waited for, default two minutes; then the push is sent again under its id.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long what is under way is waited for when the sender is stopped, default ten seconds.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether nobody waits for it (a backfill): sent with <c>Priority: u=6</c> (RFC 9218), so that live pushes go first.</summary>
    public bool IsBackfill { get; init; }

    /// <summary>Is told what was refused, once it is kept in <c>refused.ndjson</c>. Of a crash, the file knows all.</summary>
    public Action<RefusedMessage>? Refused { get; init; }

    /// <summary>Is told each time that a push must be sent again: for an adapter's log.</summary>
    public Action<SendTrouble>? Trouble { get; init; }
}

/// <summary>A push was not taken, and is sent again. Holds no patient data.</summary>
/// <param name="Status">The answer's HTTP status; null where there was none.</param>
/// <param name="Reason">In a few words.</param>
/// <param name="Tries">How often it was sent so far.</param>
/// <param name="Wait">How long it waits at least.</param>
/// <param name="NeedsSomebody">
/// Waiting alone will not help: the record does not let this source in, or the URL is not a source's base (3xx, 401, 403 to 407). Nothing is lost meanwhile.
/// </param>
public sealed record SendTrouble(int? Status, string Reason, int Tries, TimeSpan Wait, bool NeedsSomebody);

/// <summary>What a sender has done since it was made, in messages but for the last two.</summary>
/// <param name="Accepted">Taken in, parked ones included.</param>
/// <param name="Parked">Accepted, and filed when it is known whose they are.</param>
/// <param name="Refused">Refused for good.</param>
/// <param name="Pushes">Pushes settled.</param>
/// <param name="Tries">Requests sent.</param>
public sealed record SendCounts(long Accepted, long Parked, long Refused, long Pushes, long Tries);

/// <summary>What became of a heartbeat.</summary>
/// <param name="Status">The answer's HTTP status; null where there was none.</param>
/// <param name="ToldWatermark">Whether the watermark was sent: only where nothing was waiting in the outbox.</param>
public sealed record HeartbeatResult(int? Status, bool ToldWatermark)
{
    /// <summary>Whether the record heard it.</summary>
    public bool IsHeard => Status is >= 200 and < 300;
}
