using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>What one push says, read whole.</summary>
public sealed record Received
{
    /// <summary>The type of the Bundle; null for a single resource.</summary>
    public BundleKind? Bundle { get; init; }

    /// <summary>What the source calls this push: <c>Bundle.identifier</c> as <c>system|value</c>, else <c>MessageHeader.id</c>; null for neither.</summary>
    public string? PushId { get; init; }

    /// <summary><c>Bundle.timestamp</c>, which is also the time of a message: an R4 MessageHeader has none.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>What there is to say about the whole. Any error refuses it whole.</summary>
    public ImmutableArray<Issue> Issues { get; init; } = [];

    /// <summary>One for each entry of the Bundle in its order, or the one resource. May be empty where the whole is refused.</summary>
    public ImmutableArray<ReceivedEntry> Entries { get; init; } = [];

    /// <summary>Whether nothing of it may be taken in.</summary>
    public bool IsRefused => Issues.Any(i => i.Code.Severity == IssueSeverity.Error);
}

/// <summary>What one entry of a push says.</summary>
public sealed record ReceivedEntry
{
    /// <summary>Its place in <c>Bundle.entry</c>, from 0; 0 for a single resource.</summary>
    public required int Index { get; init; }

    /// <summary><c>POST</c>, <c>PUT</c> or <c>DELETE</c>. Entries of a message, collection or document are POSTed.</summary>
    public required string Method { get; init; }

    /// <summary>Its source, type and id; null where they cannot be told.</summary>
    public EntryKey? Key { get; init; }

    /// <summary>What is to be filed; null where the entry is refused or is not kept.</summary>
    public Fragment? Fragment { get; init; }

    /// <summary>Whose it is, as far as the push itself says. <see cref="PersonClue.Nobody"/> where there is no fragment.</summary>
    public PersonClue Person { get; init; } = PersonClue.Nobody.One;

    /// <summary>
    /// What there is to say about it, errors first, at most <see cref="MaxIssues"/>. Any error refuses it. Where the person cannot be known, the
    /// code that it is parked with is already here; for a person to be looked up, whoever looks adds it.
    /// </summary>
    public ImmutableArray<Issue> Issues { get; init; } = [];

    /// <summary>Whether it is refused by itself.</summary>
    public bool IsRefused => Issues.Any(i => i.Code.Severity == IssueSeverity.Error);

    /// <summary>The most issues of one entry: 200. Who sends more faults than that has made one mistake many times.</summary>
    public const int MaxIssues = 200;
}
