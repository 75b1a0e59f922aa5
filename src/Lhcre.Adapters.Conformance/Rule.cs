namespace Lhcre.Adapters.Conformance;

/// <summary>What an adapter must do, so that nothing is lost, nothing comes twice, and the record is not run down.</summary>
public enum Rule
{
    /// <summary>Every push has an <c>X-Request-Id</c>.</summary>
    PushIsNamed,

    /// <summary>One <c>X-Request-Id</c> is one push: the same bytes to the same place.</summary>
    NameMeansOnePush,

    /// <summary>What was not answered is sent again under its own <c>X-Request-Id</c>.</summary>
    SentAgainUnderItsName,

    /// <summary>A push waits at least as long as <c>Retry-After</c> says.</summary>
    RetryAfterIsHeeded,

    /// <summary>Without <c>Retry-After</c> too, a push waits before it is sent again, and a record that is away is not run down.</summary>
    BacksOff,

    /// <summary>Everything arrives: also what was answered 429 or 5xx, as a whole or as one entry, and what was cut off.</summary>
    NothingIsLost,

    /// <summary>What was acknowledged is not sent again.</summary>
    NothingComesTwice,

    /// <summary>What was refused is not sent again as it is.</summary>
    RefusedIsNotRepeated,

    /// <summary>What concerns one person arrives in its order: nothing of that person overtakes what is not settled yet.</summary>
    PersonKeepsItsOrder,

    /// <summary>A push can be read: Content-Type, JSON or ER7, at most 64 MiB and 10,000 entries.</summary>
    PushCanBeRead,
}

/// <summary>A rule was broken.</summary>
/// <param name="Rule">Which.</param>
/// <param name="Push">The number of the request, from 1; 0 where it is about all of them.</param>
/// <param name="Text">How. It may name resources: run this on made-up data.</param>
public sealed record Finding(Rule Rule, int Push, string Text);

/// <summary>What this record does instead of answering as it should.</summary>
public enum Misbehaviour
{
    /// <summary>Nothing: it answers.</summary>
    None,

    /// <summary>429 with Retry-After in seconds.</summary>
    TooMany,

    /// <summary>503 with Retry-After in seconds.</summary>
    NotNow,

    /// <summary>503 with Retry-After as a date.</summary>
    NotNowUntil,

    /// <summary>503, nothing said of when.</summary>
    NotNowPlain,

    /// <summary>A gateway's 502 with a page of HTML.</summary>
    BadGateway,

    /// <summary>The connection is cut before anything was taken in.</summary>
    CutBefore,

    /// <summary>Everything was taken in, and the connection is cut before the answer.</summary>
    CutAfter,

    /// <summary>Everything was taken in, and the connection is cut within the answer.</summary>
    CutWithin,

    /// <summary>It answers after a second and a half.</summary>
    Slow,

    /// <summary>200, and the later entries of the Bundle are 503 (of a push of one message: 503).</summary>
    EntriesNotNow,
}
