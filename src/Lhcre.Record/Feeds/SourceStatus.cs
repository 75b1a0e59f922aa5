using System.Globalization;

namespace Lhcre.Record;

/// <summary>How a source's feed stands.</summary>
public enum SourceState
{
    /// <summary>Not read back yet since this process started.</summary>
    Unknown,

    /// <summary>No contact with it is known.</summary>
    Never,

    /// <summary>It was in contact within the time that is usual for it.</summary>
    Fresh,

    /// <summary>It was not: what has changed there since is missing here.</summary>
    Silent,

    /// <summary>It was, and says itself that it has not sent everything of that time: what has changed there since its watermark may be missing here.</summary>
    Late,
}

/// <summary>A source and how its feed stands.</summary>
/// <param name="Source">The source.</param>
/// <param name="State">Its state.</param>
/// <param name="Contact">What is known of its feed; null for nothing.</param>
public sealed record SourceStatus(SourceSystem Source, SourceState State, SourceContact? Contact)
{
    /// <summary>Judges a feed.</summary>
    /// <param name="source">The source.</param>
    /// <param name="contact">What is known of its feed; null for nothing.</param>
    /// <param name="isKnown">Whether nothing means never.</param>
    /// <param name="now">By our clock.</param>
    public static SourceStatus Of(SourceSystem source, SourceContact? contact, bool isKnown, DateTimeOffset now) => new(
        source,
        contact is null ? (isKnown ? SourceState.Never : SourceState.Unknown)
            : now - contact.LastContact > source.SilentAfter ? SourceState.Silent
            : now - contact.Watermark > source.SilentAfter ? SourceState.Late
            : SourceState.Fresh,
        contact);

    /// <summary>The last contact of one that is silent; null of any other.</summary>
    public DateTimeOffset? SilentSince => State == SourceState.Silent ? Contact?.LastContact : null;

    /// <summary>Up to when one that is late has sent everything; null of any other.</summary>
    public DateTimeOffset? LateSince => State == SourceState.Late ? Contact?.Watermark : null;

    /// <summary>What a reader is to be told; null where all is well.</summary>
    public Issue? Issue => State switch
    {
        SourceState.Never => new Issue(IssueCodes.SourceNeverHeard, Source.Name, null, Source.Id),
        SourceState.Silent => new Issue(IssueCodes.SourceSilent, $"{Source.Name}: no contact since {Seconds(SilentSince!.Value)}", null, Source.Id),
        SourceState.Late => new Issue(IssueCodes.SourceLate, $"{Source.Name}: everything up to {Seconds(LateSince!.Value)} was sent", null, Source.Id),
        SourceState.Unknown => new Issue(IssueCodes.SourceStatusUnknown, Source.Name, null, Source.Id),
        _ => null,
    };

    /// <summary>The same as an error, for whoever takes no incomplete answer.</summary>
    public Issue? Error => State switch
    {
        SourceState.Never => new Issue(IssueCodes.SourceMissing, $"{Source.Name}: no contact is known", null, Source.Id),
        SourceState.Silent or SourceState.Late => Issue! with { Code = IssueCodes.SourceMissing },
        SourceState.Unknown => new Issue(IssueCodes.SourceMissing, $"{Source.Name}: not known at the moment", null, Source.Id),
        _ => null,
    };

    /// <summary>Its part of the header, such as <c>hampshire; silent-since=2026-11-22T06:00:00Z</c>; null where all is well.</summary>
    public string? Header => State switch
    {
        SourceState.Never => $"{Source.Id}; never",
        SourceState.Silent => $"{Source.Id}; silent-since={Seconds(SilentSince!.Value)}",
        SourceState.Late => $"{Source.Id}; late-since={Seconds(LateSince!.Value)}",
        SourceState.Unknown => $"{Source.Id}; unknown",
        _ => null,
    };

    private static string Seconds(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
