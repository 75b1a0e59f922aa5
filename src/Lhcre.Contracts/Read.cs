using System.Collections.Immutable;
using Lhcre.Record;
using Lhcre.Record.Searching;

namespace Lhcre.Contracts;

/// <summary>What to read of a record.</summary>
/// <param name="Source">A source's id for that source's own words; null for the merged record.</param>
/// <param name="Type">A resource type; null for everything.</param>
/// <param name="Id">The resource's id (merged, or the source's own); null for all of the type.</param>
[GenerateSerializer, Immutable, Alias("lhcre.read")]
public sealed record ReadRequest(
    [property: Id(0)] string? Source = null, [property: Id(1)] string? Type = null, [property: Id(2)] string? Id = null)
{
    /// <summary>The whole merged record.</summary>
    public static ReadRequest Everything { get; } = new();

    /// <summary>What of it; default the resources themselves.</summary>
    [Id(3)]
    public ReadOperation Operation { get; init; }

    /// <summary>Which version of the record; null for the present one.</summary>
    [Id(4)]
    public RecordMoment? AsOf { get; init; }

    /// <summary>
    /// The version that the caller holds: where what is asked for is of that version still, the answer is <see cref="ReadStatus.NotModified"/>
    /// and nothing else is made. Null for none.
    /// </summary>
    [Id(5)]
    public long? KnownVersion { get; init; }

    /// <summary>Of a single resource, which version (<c>meta.versionId</c>); null for the present one.</summary>
    [Id(6)]
    public long? VersionId { get; init; }

    /// <summary>The page: how many matches to leave out at the front; default 0.</summary>
    [Id(7)]
    public int Skip { get; init; }

    /// <summary>The page: the most matches on it; null for all.</summary>
    [Id(8)]
    public int? Count { get; init; }

    /// <summary>
    /// The most bytes of entries to answer with at once, though always one entry; null for all. The rest is asked for with <see cref="From"/>: a
    /// large answer is carried from silo to silo in parts.
    /// </summary>
    [Id(9)]
    public long? MostBytes { get; init; }

    /// <summary>What the resources are chosen by; null for all of the type.</summary>
    [Id(10)]
    public SearchQuery? Query { get; init; }

    /// <summary>The entry of the answer with which to begin; default 0.</summary>
    [Id(11)]
    public int From { get; init; }

    /// <summary>Of a history, what of it; null for all.</summary>
    [Id(12)]
    public HistoryBounds? Bounds { get; init; }

    /// <summary>Of a summary: when it is made, by the clock of whoever asks; null for none.</summary>
    [Id(13)]
    public DateTimeOffset? Now { get; init; }

    /// <summary>Of a summary: what else its reader has to know, such as that a source is silent.</summary>
    [Id(14)]
    public ImmutableArray<Issue> Notices { get; init; } = [];

    /// <summary>
    /// Whether the person was named by an identifier that a source gave: of a restricted person nobody is told which source knows them, so that the answer is that of
    /// nobody. Default false.
    /// </summary>
    [Id(15)]
    public bool IsByLocalIdentifier { get; init; }

    /// <summary>Without the id: Orleans prints a call's arguments where the call fails or waits, and a source's own id is patient data.</summary>
    public override string ToString() => $"{Source ?? "merged"}/{Type ?? "*"}{(Id is null ? "" : "/*")}";
}

/// <summary>A past version of a record: as of a row of its journal, or as of an instant. One of the two is given.</summary>
/// <param name="Seq">The last row in it.</param>
/// <param name="At">The instant: the last row that was appended then or before.</param>
[GenerateSerializer, Immutable, Alias("lhcre.moment")]
public sealed record RecordMoment([property: Id(0)] long? Seq, [property: Id(1)] DateTimeOffset? At);

/// <summary>Which versions of resources to show of a history.</summary>
/// <param name="Since">Those that were made at this instant or later (<c>_since</c>); null for all.</param>
/// <param name="From">Those that were current at this instant or later (the lower end of <c>_at</c>); null for all.</param>
/// <param name="Before">Those that were made before this instant (the upper end of <c>_at</c>); null for all.</param>
[GenerateSerializer, Immutable, Alias("lhcre.history-bounds")]
public sealed record HistoryBounds([property: Id(0)] DateTimeOffset? Since, [property: Id(1)] DateTimeOffset? From, [property: Id(2)] DateTimeOffset? Before);

/// <summary>What to read of the resources that are asked for, in the merged record.</summary>
[GenerateSerializer, Alias("lhcre.read-operation")]
public enum ReadOperation : byte
{
    /// <summary>The resources themselves.</summary>
    Resources = 0,

    /// <summary>The resources, and besides where each comes from (<c>_revinclude=Provenance:target</c>).</summary>
    WithProvenance = 1,

    /// <summary>Of one resource, how it came about: a <c>Parameters</c>. Found also where nothing is shown under the id any more.</summary>
    Explain = 2,

    /// <summary>Every version of one resource, or of all of a type, or of all there are: entries of a history Bundle, newest first.</summary>
    History = 3,

    /// <summary>The International Patient Summary: one document Bundle.</summary>
    Summary = 4,

    /// <summary>The same as a page for people: HTML.</summary>
    SummaryPage = 5,
}

/// <summary>Whether something was found.</summary>
[GenerateSerializer, Alias("lhcre.read-status")]
public enum ReadStatus : byte
{
    /// <summary>Here it is; of a list, also an empty one.</summary>
    Found = 1,

    /// <summary>Never heard of.</summary>
    NotFound = 2,

    /// <summary>Withdrawn by everybody who said it.</summary>
    Gone = 3,

    /// <summary>Another activation has taken the record over, and this one answers nobody: call again, the call reaches the other.</summary>
    Fenced = 4,

    /// <summary>Still of the version that the caller holds.</summary>
    NotModified = 5,

    /// <summary>The record never had such a row (<see cref="RecordMoment.Seq"/>): it is above the last one, or no number of a row.</summary>
    NoSuchVersion = 6,
}

/// <summary>An answer in bytes that need no further encoding.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.read-answer")]
public sealed record ReadAnswer
{
    /// <summary>Whether something was found.</summary>
    [Id(0)]
    public required ReadStatus Status { get; init; }

    /// <summary>The record's version; of a single resource, its own.</summary>
    [Id(1)]
    public long Version { get; init; }

    /// <summary>When that version was made; null where nothing was ever pushed.</summary>
    [Id(2)]
    public DateTimeOffset? LastUpdated { get; init; }

    /// <summary>Bundle entries: <c>{"fullUrl":…,"resource":…,"search":…}</c>. Not to be changed: they are the record's own bytes.</summary>
    [Id(3)]
    public byte[][] Entries { get; init; } = [];

    /// <summary>The bytes of all entries together.</summary>
    [Id(4)]
    public long EntryBytes { get; init; }

    /// <summary>Where the resource stands in the only entry of a single resource's answer.</summary>
    [Id(5)]
    public int ResourceStart { get; init; }

    /// <summary>Its length.</summary>
    [Id(6)]
    public int ResourceLength { get; init; }

    /// <summary>The present id of a single resource; another one than was asked for, where it answered for a member.</summary>
    [Id(7)]
    public string? PresentId { get; init; }

    /// <summary>
    /// Whether it is some seconds since the record was last held against the journal, which may be unreachable: what it shows was on disk,
    /// and there may be more by now.
    /// </summary>
    [Id(8)]
    public bool IsUnconfirmed { get; init; }

    /// <summary>
    /// Bundle entries that are no matches: resources that were asked for besides (mode <c>include</c>), and what is to be said of the sources
    /// (mode <c>outcome</c>). Not to be changed; not counted in <see cref="EntryBytes"/>.
    /// </summary>
    [Id(9)]
    public byte[][] Beside { get; init; } = [];

    /// <summary>Stands for how the sources are configured where the answer was made, which <see cref="Beside"/> depends on; 0 for none.</summary>
    [Id(10)]
    public int Sources { get; init; }

    /// <summary>How many matches there are, on all pages together.</summary>
    [Id(11)]
    public int Total { get; init; }

    /// <summary>What to skip to get the next page; null where this is the last one.</summary>
    [Id(12)]
    public int? Next { get; init; }

    /// <summary>Of a past version: whether it was shown under other merge rules then.</summary>
    [Id(13)]
    public bool IsRebuilt { get; init; }

    /// <summary>How many entries this answer has, with all its parts.</summary>
    [Id(14)]
    public int AllEntries { get; init; }

    /// <summary>The bytes of all its entries.</summary>
    [Id(15)]
    public long AllBytes { get; init; }

    /// <summary>With which entry the next part begins (<see cref="ReadRequest.From"/>); null where this is the last one.</summary>
    [Id(16)]
    public int? More { get; init; }

    /// <summary>
    /// Whether the person is restricted (PDS <c>R</c>, <c>V</c>): what tells where they are, and who says what, is left out, and nothing that is told beside
    /// it may name a source.
    /// </summary>
    [Id(17)]
    public bool IsRestricted { get; init; }

    /// <summary>The single resource alone.</summary>
    public ReadOnlyMemory<byte> Resource => Entries[0].AsMemory(ResourceStart, ResourceLength);

    /// <summary>Nothing of that kind.</summary>
    public static ReadAnswer NotFound { get; } = new() { Status = ReadStatus.NotFound };

    /// <summary>Not to be answered here.</summary>
    public static ReadAnswer Fenced { get; } = new() { Status = ReadStatus.Fenced };

    /// <summary>Withdrawn.</summary>
    public static ReadAnswer Gone { get; } = new() { Status = ReadStatus.Gone };

    /// <summary>Without the id, which may be a source's own.</summary>
    public override string ToString() => $"{Status}, version {Version}, {Entries.Length} entries of {EntryBytes} bytes";
}

/// <summary>One version of a record: one row of its journal.</summary>
/// <param name="Seq">The row's number, from 1 without gaps.</param>
/// <param name="At">When it was appended.</param>
/// <param name="Source">Who pushed; empty of a restricted person.</param>
/// <param name="Fragments">How many fragments it brought.</param>
[GenerateSerializer, Immutable, Alias("lhcre.record-version")]
public sealed record RecordVersion(
    [property: Id(0)] long Seq, [property: Id(1)] DateTimeOffset At, [property: Id(2)] string Source, [property: Id(3)] int Fragments)
{
    /// <summary>Why other rows count no longer, or count again, as whoever ordered that said; null where the row corrects nothing.</summary>
    [Id(4)]
    public string? Corrects { get; init; }
}
