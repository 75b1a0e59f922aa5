using Lhcre.Record;
using Lhcre.Record.Searching;

namespace Lhcre.Contracts;

/// <summary>A <see cref="PushId"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.push-id")]
public struct PushIdSurrogate
{
    /// <summary>The 128 bits.</summary>
    [Id(0)]
    public UInt128 Bits { get; set; }
}

/// <summary>Between <see cref="PushId"/> and the wire.</summary>
[RegisterConverter]
public sealed class PushIdConverter : IConverter<PushId, PushIdSurrogate>
{
    /// <inheritdoc/>
    public PushId ConvertFromSurrogate(in PushIdSurrogate surrogate) => new(new ContentHash(surrogate.Bits));

    /// <inheritdoc/>
    public PushIdSurrogate ConvertToSurrogate(in PushId value) => new() { Bits = value.Hash.Bits };
}

/// <summary>A <see cref="FragmentBatch"/> on the wire: a log body.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.fragments")]
public struct FragmentBatchSurrogate
{
    /// <summary>The encoded fragments.</summary>
    [Id(0)]
    public byte[] Body { get; set; }
}

/// <summary>Between <see cref="FragmentBatch"/> and the wire.</summary>
[RegisterConverter]
public sealed class FragmentBatchConverter : IConverter<FragmentBatch, FragmentBatchSurrogate>
{
    /// <inheritdoc/>
    public FragmentBatch ConvertFromSurrogate(in FragmentBatchSurrogate surrogate) => new([.. LogBody.Read(surrogate.Body)]);

    /// <inheritdoc/>
    public FragmentBatchSurrogate ConvertToSurrogate(in FragmentBatch value) => new() { Body = LogBody.Write(value.Fragments).ToArray() };
}

/// <summary>A <see cref="SourceExtent"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.source-extent")]
public struct SourceExtentSurrogate
{
    /// <summary>The source's id.</summary>
    [Id(0)]
    public string Source { get; set; }

    /// <summary>As of when.</summary>
    [Id(1)]
    public DateTimeOffset? Time { get; set; }

    /// <summary>The types; none for all.</summary>
    [Id(2)]
    public string[] Types { get; set; }
}

/// <summary>Between <see cref="SourceExtent"/> and the wire.</summary>
[RegisterConverter]
public sealed class SourceExtentConverter : IConverter<SourceExtent, SourceExtentSurrogate>
{
    /// <inheritdoc/>
    public SourceExtent ConvertFromSurrogate(in SourceExtentSurrogate surrogate) => new(surrogate.Source, surrogate.Time, [.. surrogate.Types]);

    /// <inheritdoc/>
    public SourceExtentSurrogate ConvertToSurrogate(in SourceExtent value) => new() { Source = value.Source, Time = value.Time, Types = [.. value.Types] };
}

/// <summary>A <see cref="SourceContact"/> on the wire and in the state of a grain.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.source-contact")]
public struct SourceContactSurrogate
{
    /// <summary>The source's id.</summary>
    [Id(0)]
    public string Source { get; set; }

    /// <summary>When it last tried to push.</summary>
    [Id(1)]
    public DateTimeOffset LastContact { get; set; }

    /// <summary>When it last pushed something new.</summary>
    [Id(2)]
    public DateTimeOffset? LastApplied { get; set; }

    /// <summary>How long before that it had recorded it.</summary>
    [Id(3)]
    public TimeSpan? Lag { get; set; }

    /// <summary>When it last pushed something that was taken in.</summary>
    [Id(4)]
    public DateTimeOffset? LastAccepted { get; set; }

    /// <summary>When it last pushed something of which nothing was.</summary>
    [Id(5)]
    public DateTimeOffset? LastRefused { get; set; }

    /// <summary>Up to when it has sent everything, by its own word.</summary>
    [Id(6)]
    public DateTimeOffset? Watermark { get; set; }
}

/// <summary>Between <see cref="SourceContact"/> and the wire.</summary>
[RegisterConverter]
public sealed class SourceContactConverter : IConverter<SourceContact, SourceContactSurrogate>
{
    /// <inheritdoc/>
    public SourceContact ConvertFromSurrogate(in SourceContactSurrogate surrogate) => new(surrogate.Source, surrogate.LastContact, surrogate.LastApplied, surrogate.Lag)
    {
        LastAccepted = surrogate.LastAccepted,
        LastRefused = surrogate.LastRefused,
        Watermark = surrogate.Watermark,
    };

    /// <inheritdoc/>
    public SourceContactSurrogate ConvertToSurrogate(in SourceContact value) => new()
    {
        Source = value.Source,
        LastContact = value.LastContact,
        LastApplied = value.LastApplied,
        Lag = value.Lag,
        LastAccepted = value.LastAccepted,
        LastRefused = value.LastRefused,
        Watermark = value.Watermark,
    };
}

/// <summary>A <see cref="SourceCounts"/> on the wire and in the state of a grain.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.counts")]
public struct SourceCountsSurrogate
{
    /// <summary>The source's id.</summary>
    [Id(0)]
    public string Source { get; set; }

    /// <summary>The counts, by the numbers of <see cref="Counted"/>.</summary>
    [Id(1)]
    public long[] Values { get; set; }
}

/// <summary>Between <see cref="SourceCounts"/> and the wire.</summary>
[RegisterConverter]
public sealed class SourceCountsConverter : IConverter<SourceCounts, SourceCountsSurrogate>
{
    /// <inheritdoc/>
    public SourceCounts ConvertFromSurrogate(in SourceCountsSurrogate surrogate) => new(surrogate.Source, [.. surrogate.Values]);

    /// <inheritdoc/>
    public SourceCountsSurrogate ConvertToSurrogate(in SourceCounts value) => new() { Source = value.Source, Values = [.. value.Values] };
}

/// <summary>A <see cref="SearchQuery"/> on the wire: what was understood of it, to be read again.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.search-query")]
public struct SearchQuerySurrogate
{
    /// <summary>The resource type; null for the whole record.</summary>
    [Id(0)]
    public string? Type { get; set; }

    /// <summary>The names of the parameters, in the order of the query.</summary>
    [Id(1)]
    public string[] Names { get; set; }

    /// <summary>Their values.</summary>
    [Id(2)]
    public string[] Values { get; set; }

    /// <summary>Where the query was asked: the absolute URL of the server.</summary>
    [Id(3)]
    public string Base { get; set; }

    /// <summary>When.</summary>
    [Id(4)]
    public DateTimeOffset Now { get; set; }
}

/// <summary>Between <see cref="SearchQuery"/> and the wire.</summary>
[RegisterConverter]
public sealed class SearchQueryConverter : IConverter<SearchQuery, SearchQuerySurrogate>
{
    /// <inheritdoc/>
    public SearchQuery ConvertFromSurrogate(in SearchQuerySurrogate surrogate)
    {
        var options = new ReadOptions(new Addresses(surrogate.Base), surrogate.Now);
        KeyValuePair<string, string>[] parameters = [.. surrogate.Names.Zip(surrogate.Values, KeyValuePair.Create)];
        return surrogate.Type is { } type ? SearchQuery.Read(type, parameters, options) : SearchQuery.ReadEverything(parameters, options);
    }

    /// <inheritdoc/>
    public SearchQuerySurrogate ConvertToSurrogate(in SearchQuery value) => new()
    {
        Type = value.Type,
        Names = [.. value.Understood.Select(p => p.Key)],
        Values = [.. value.Understood.Select(p => p.Value)],
        Base = value.Options.Addresses.Base,
        Now = value.Options.Now,
    };
}

/// <summary>An <see cref="Issue"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.issue")]
public struct IssueSurrogate
{
    /// <summary>Its code.</summary>
    [Id(0)]
    public string Code { get; set; }

    /// <summary>Its diagnostics.</summary>
    [Id(1)]
    public string? Diagnostics { get; set; }

    /// <summary>Its expression.</summary>
    [Id(2)]
    public string? Expression { get; set; }

    /// <summary>The source that it is about.</summary>
    [Id(3)]
    public string? Source { get; set; }
}

/// <summary>Between <see cref="Issue"/> and the wire.</summary>
[RegisterConverter]
public sealed class IssueConverter : IConverter<Issue, IssueSurrogate>
{
    /// <inheritdoc/>
    public Issue ConvertFromSurrogate(in IssueSurrogate surrogate)
    {
        var code = surrogate.Code;
        return new Issue(IssueCodes.All.Single(c => c.Code == code), surrogate.Diagnostics, surrogate.Expression, surrogate.Source);
    }

    /// <inheritdoc/>
    public IssueSurrogate ConvertToSurrogate(in Issue value) =>
        new() { Code = value.Code.Code, Diagnostics = value.Diagnostics, Expression = value.Expression, Source = value.Source };
}
