using System.Collections.Concurrent;

namespace Lhcre.Record.Searching;

/// <summary>By what the resources of one version of a record are found: a part for each type that was searched.</summary>
/// <param name="all">All of them, in the record's order. Not the record, which may let go of what it holds beside.</param>
internal sealed class RecordIndex(MergedResource[] all)
{
    private readonly ConcurrentDictionary<string, TypeIndex> _types = new();

    /// <summary>The types that there are.</summary>
    public IEnumerable<string> Types => all.Select(r => r.Type).Distinct();

    /// <summary>The part of a type.</summary>
    public TypeIndex Of(string type) => _types.TryGetValue(type, out var index) ? index : _types.GetOrAdd(type, new TypeIndex(all, type));
}

/// <summary>
/// The resources of one type in one version of a record, and for each element that was asked for by a code or a reference the places of those that
/// have it.
/// </summary>
internal sealed class TypeIndex
{
    private readonly ReadOnlyMemory<MergedResource> _resources;
    private readonly Postings?[] _postings;

    public TypeIndex(MergedResource[] all, string type)
    {
        _resources = PatientRecord.OfType(all, type);
        _postings = new Postings?[SearchTable.Table(type).Elements.Slots];
    }

    /// <summary>The resources, in the record's order.</summary>
    public ReadOnlySpan<MergedResource> Resources => _resources.Span;

    /// <summary>The places of the resources whose element has a value of this hash, in order; others may be among them.</summary>
    public ReadOnlySpan<int> Find(ushort slot, uint hash) => (Volatile.Read(ref _postings[slot]) ?? Make(slot)).Find(hash);

    private Postings Make(ushort slot)
    {
        var postings = Postings.Of(Resources, slot);
        Volatile.Write(ref _postings[slot], postings);
        return postings;
    }
}
