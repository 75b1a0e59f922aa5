using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Lhcre.Record.Searching;

namespace Lhcre.Record;

/// <summary>
/// One resource of the merged record: the live entries that state it (its members), and the bytes by which it is served; or the record's own
/// note that sources disagree (<see cref="Disagreement"/>), which nobody states. Immutable.
/// </summary>
public sealed class MergedResource
{
    private readonly PatientKey _patient;
    private readonly long _lastUpdated;

    // Most resources have one member: a list of its own for it would take more room than the resource's other parts.
    private readonly ImmutableArray<Entry> _members;

    private SearchValue[]? _searchValues;

    internal MergedResource(PatientKey patient, Statement statement, RenderedSegment segment, long version, DateTimeOffset lastUpdated)
    {
        (_patient, Shown) = (patient, statement.Shown);
        _members = statement.Members.Length == 1 ? default : statement.Members;
        Ties = statement.Ties == Ties.None ? null : statement.Ties;
        Segment = segment;
        (Version, _lastUpdated) = (version, lastUpdated.UtcTicks);
    }

    internal MergedResource(PatientKey patient, Disagreement disagreement, RenderedSegment segment, long version, DateTimeOffset lastUpdated)
    {
        (_patient, Disagreement) = (patient, disagreement);
        Segment = segment;
        (Version, _lastUpdated) = (version, lastUpdated.UtcTicks);
    }

    private MergedResource(MergedResource resource, RenderedSegment segment)
    {
        (_patient, _lastUpdated, _members) = (resource._patient, resource._lastUpdated, resource._members);
        (Shown, Disagreement, Ties, Version, Segment) = (resource.Shown, resource.Disagreement, resource.Ties, resource.Version, segment);
    }

    /// <summary>The resource type.</summary>
    public string Type => Smallest.Type;

    /// <summary>The live entries that state it, by key, all of one type; none of a <see cref="Disagreement"/>.</summary>
    public ImmutableArray<Entry> Members => Shown is null ? [] : _members.IsDefault ? [Shown] : _members;

    /// <summary>The member whose own words are shown; null of a <see cref="Disagreement"/>.</summary>
    public Entry? Shown { get; }

    /// <summary>That sources disagree, and on what; null of what a source states.</summary>
    public Disagreement? Disagreement { get; }

    /// <summary>What ties it to others that it was not joined with; null for nothing.</summary>
    internal Ties? Ties { get; }

    /// <summary>Its FHIR id.</summary>
    public MergedId Id => IdOf(_patient, Smallest);

    /// <summary><c>meta.versionId</c>: the row by which its bytes changed last.</summary>
    public long Version { get; }

    /// <summary><c>meta.lastUpdated</c>: when that row was appended.</summary>
    public DateTimeOffset LastUpdated => new(_lastUpdated, TimeSpan.Zero);

    /// <summary>A whole Bundle entry: <c>{"fullUrl":…,"resource":…,"search":{"mode":"match"}}</c>. Not to be changed.</summary>
    [SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "The bytes are served as they are; a copy would double every read.")]
    public byte[] BundleEntryBytes => Segment.Bytes;

    /// <summary>The same entry where the resource is no match, but included beside one.</summary>
    public byte[] IncludedEntry() => [.. BundleEntryBytes.AsSpan(0, ResourceRange.End), .. Rendering.IncludeMember];

    /// <summary>Where the resource stands in <see cref="BundleEntryBytes"/>.</summary>
    public ByteRange ResourceRange => Segment.Resource;

    /// <summary>The resource alone.</summary>
    public ReadOnlyMemory<byte> Resource => Segment.Bytes.AsMemory(Segment.Resource.Start, Segment.Resource.Length);

    internal RenderedSegment Segment { get; }

    /// <summary>What searches compare, in the order of the text. Read from the bytes at the first search, and kept: most resources are never searched.</summary>
    internal SearchValue[] SearchValues
    {
        get
        {
            // Threads that come at once read the same.
            if (Volatile.Read(ref _searchValues) is not { } values)
                Volatile.Write(ref _searchValues, values = SearchReader.Read(Resource.Span, SearchTable.Table(Type).Elements));
            return values;
        }
    }

    /// <summary>The same as it is shown of a restricted person.</summary>
    internal MergedResource Redacted()
    {
        var bytes = Redaction.Of(Resource);
        var resource = new ByteRange(ResourceRange.Start, bytes.Length);
        return new MergedResource(
            this, new RenderedSegment([.. BundleEntryBytes.AsSpan(0, ResourceRange.Start), .. bytes, .. BundleEntryBytes.AsSpan(ResourceRange.End)], resource, default));
    }

    /// <summary>Where in a live chunk it stands. Set once, when the chunk is on disk.</summary>
    internal ChunkPlace Place { get; set; }

    /// <summary>The key by which it is addressed: its smallest member's.</summary>
    internal EntryKey Smallest => Disagreement?.Address ?? (_members.IsDefault ? Shown!.Key : _members[0].Key);

    /// <summary>What is shown, without the bytes.</summary>
    internal Statement Stated => new(Members, Shown!, Ties ?? Ties.None);

    /// <summary>The id of the resource whose smallest member has this key.</summary>
    internal static MergedId IdOf(PatientKey patient, EntryKey smallest) => new(patient, smallest.Type == "Patient" ? null : smallest.Hash());

    /// <summary>The same in other bytes.</summary>
    /// <param name="segment">The bytes.</param>
    /// <param name="version">By which row they changed last.</param>
    /// <param name="lastUpdated">When that was appended.</param>
    /// <param name="since">Since when sources disagree, where they do.</param>
    internal MergedResource As(RenderedSegment segment, long version, DateTimeOffset lastUpdated, DateTimeOffset? since) => Disagreement is { } disagreement
        ? new MergedResource(_patient, disagreement with { Since = since ?? disagreement.Since }, segment, version, lastUpdated)
        : new MergedResource(_patient, Stated, segment, version, lastUpdated);

    // The Patient first, then by type and smallest member: the same set of entries gives the same order.
    internal static int CompareTypes(string left, string right)
    {
        var order = (left != "Patient").CompareTo(right != "Patient");
        return order != 0 ? order : string.CompareOrdinal(left, right);
    }

    /// <summary>The order of a record's resources, by their smallest members.</summary>
    internal static int Compare(EntryKey left, EntryKey right)
    {
        var order = CompareTypes(left.Type, right.Type);
        return order != 0 ? order : left.CompareTo(right);
    }

    /// <summary>A cluster that is to be shown.</summary>
    /// <param name="Members">Its entries, by key.</param>
    /// <param name="Shown">Whose words are shown.</param>
    /// <param name="Ties">What ties it to others.</param>
    internal sealed record Statement(ImmutableArray<Entry> Members, Entry Shown, Ties Ties);

    /// <summary>Finds a resource by its type and its smallest member.</summary>
    internal readonly struct BySmallest(EntryKey smallest) : IProbe<MergedResource>
    {
        /// <inheritdoc/>
        public int CompareTo(MergedResource item) => Compare(smallest, item.Smallest);
    }
}
