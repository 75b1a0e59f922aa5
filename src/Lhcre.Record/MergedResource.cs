using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Lhcre.Record;

/// <summary>
/// One resource of the merged record: the live entries that state it (its members), and the bytes by which it is served. Immutable.
/// </summary>
public sealed class MergedResource
{
    internal MergedResource(ImmutableArray<Entry> members, Entry shown, MergedId id, RenderedSegment segment, long version, DateTimeOffset lastUpdated)
    {
        (Members, Shown, Id) = (members, shown, id);
        Segment = segment;
        (Version, LastUpdated) = (version, lastUpdated);
    }

    /// <summary>The resource type.</summary>
    public string Type => Shown.Key.Type;

    /// <summary>The live entries that state it, by key; at least one, all of one type.</summary>
    public ImmutableArray<Entry> Members { get; }

    /// <summary>The member whose own words are shown.</summary>
    public Entry Shown { get; }

    /// <summary>Its FHIR id.</summary>
    public MergedId Id { get; }

    /// <summary><c>meta.versionId</c>: the row by which its bytes changed last.</summary>
    public long Version { get; }

    /// <summary><c>meta.lastUpdated</c>: when that row was appended.</summary>
    public DateTimeOffset LastUpdated { get; }

    /// <summary>A whole Bundle entry: <c>{"fullUrl":…,"resource":…,"search":{"mode":"match"}}</c>. Not to be changed.</summary>
    [SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "The bytes are served as they are; a copy would double every read.")]
    public byte[] BundleEntryBytes => Segment.Bytes;

    /// <summary>Where the resource stands in <see cref="BundleEntryBytes"/>.</summary>
    public ByteRange ResourceRange => Segment.Resource;

    /// <summary>The resource alone.</summary>
    public ReadOnlyMemory<byte> Resource => Segment.Bytes.AsMemory(Segment.Resource.Start, Segment.Resource.Length);

    internal RenderedSegment Segment { get; }

    internal EntryKey Smallest => Members[0].Key;

    // The Patient first, then by type and smallest member: the same set of entries gives the same order.
    internal static int CompareTypes(string left, string right)
    {
        var order = (left != "Patient").CompareTo(right != "Patient");
        return order != 0 ? order : string.CompareOrdinal(left, right);
    }

    /// <summary>Finds a resource by its type and its smallest member.</summary>
    internal readonly struct BySmallest(EntryKey smallest) : IProbe<MergedResource>
    {
        /// <inheritdoc/>
        public int CompareTo(MergedResource item)
        {
            var order = CompareTypes(smallest.Type, item.Type);
            return order != 0 ? order : smallest.CompareTo(item.Smallest);
        }
    }
}
