namespace Lhcre.Record;

/// <summary>
/// A record as its live chunks hold it: the bytes that are served, in order, and nothing that only merging needs. A cold lookup makes
/// this; the first push, or a read by id, unfolds it. Immutable.
/// </summary>
public sealed class FoldedRecord
{
    private readonly PatientKey _key;
    private readonly Addresses _addresses;
    private readonly ChunkHead _head;
    private readonly IReadOnlyList<RecordChunk> _chunks;
    private readonly Stored[] _stored;
    private int _restriction;

    private FoldedRecord(PatientKey key, Addresses addresses, ChunkHead head, IReadOnlyList<RecordChunk> chunks, byte[][] entries, Stored[] stored)
    {
        (_key, _addresses, _head, _chunks, Entries, _stored) = (key, addresses, head, chunks, entries, stored);
        EntryBytes = entries.Sum(e => (long)e.Length);
    }

    /// <summary>The last row of the log in it.</summary>
    public long Seq => _head.Seq;

    /// <summary>The record's version.</summary>
    public long Version => _head.Version;

    /// <summary>When that was appended.</summary>
    public DateTimeOffset LastUpdated => _head.LastUpdated;

    /// <summary>When the last row was appended.</summary>
    public DateTimeOffset LastAppended => _head.LastAppended;

    /// <summary>The number of the merge rules under which that was.</summary>
    public byte LastRules => _head.LastRules;

    /// <summary>Whether a Patient of it is labelled as restricted; null where it must be unfolded to know.</summary>
    public bool? IsRestricted => (_restriction != 0 ? _restriction : _restriction = Restriction.IsOf(Entries, _addresses) switch { false => 1, true => 2, null => 3 }) switch
    {
        1 => false,
        2 => true,
        _ => null,
    };

    /// <summary>Where it is served.</summary>
    public Addresses Addresses => _addresses;

    /// <summary>All Bundle entries, in the record's order. Not to be changed.</summary>
    public byte[][] Entries { get; }

    /// <summary>Their bytes together.</summary>
    public long EntryBytes { get; }

    /// <summary>
    /// The record of its live chunks; null where they were made under other merge rules, by another facts reader or for other addresses, so
    /// that the record is to be made anew from its log.
    /// </summary>
    /// <param name="key">Whose record.</param>
    /// <param name="addresses">Where it is served.</param>
    /// <param name="chunks">All live chunks of the record, at least one.</param>
    /// <exception cref="InvalidDataException">A chunk is damaged.</exception>
    public static FoldedRecord? Read(PatientKey key, Addresses addresses, IReadOnlyList<RecordChunk> chunks)
    {
        if (chunks.Count == 0 || !chunks.All(c => LiveChunk.IsCurrent(c.Body, addresses)))
            return null;
        // The newest one knows what no longer counts in the others.
        var newest = chunks.MaxBy(c => c.Number)!;
        var last = ServedPart.Read(LiveChunk.Parts(newest.Body).Served, superseded: null);
        var items = new List<(EntryKey Smallest, byte[] Bytes, Stored Stored)>();
        foreach (var chunk in chunks)
        {
            var gone = last.Head.SupersededIn(chunk.Number);
            var part = ReferenceEquals(chunk, newest) ? last : ServedPart.Read(LiveChunk.Parts(chunk.Body).Served, gone);
            for (var i = 0; i < part.Resources.Length; i++)
            {
                var (smallest, bytes, resource) = part.Resources[i];
                if (gone?.Has(i) != true)
                    items.Add((smallest, bytes, new Stored(new ChunkPlace(chunk.Number, i), resource)));
            }
        }

        if (chunks.Count > 1)
            items.Sort((left, right) => MergedResource.Compare(left.Smallest, right.Smallest));
        return new FoldedRecord(key, addresses, last.Head, chunks, [.. items.Select(i => i.Bytes)], [.. items.Select(i => i.Stored)]);
    }

    /// <summary>The folded form of a record whose every resource stands in these chunks.</summary>
    public static FoldedRecord Of(PatientRecord record, IReadOnlyList<RecordChunk> chunks)
    {
        var all = record.All;
        var (entries, stored) = (new byte[all.Length][], new Stored[all.Length]);
        for (var i = 0; i < all.Length; i++)
            (entries[i], stored[i]) = (all[i].BundleEntryBytes, new Stored(all[i].Place, all[i].ResourceRange));
        var head = ServedPart.ReadHead(LiveChunk.Parts(chunks.MaxBy(c => c.Number)!.Body).Served);
        return new FoldedRecord(record.Key, record.Addresses, head, chunks, entries, stored);
    }

    /// <summary>The whole record, ready to merge.</summary>
    /// <param name="since">Push ids from before this need not be known any more.</param>
    /// <exception cref="InvalidDataException">A chunk is damaged.</exception>
    public PatientRecord Unfold(DateTimeOffset since)
    {
        var segments = new Dictionary<ChunkPlace, (byte[] Bytes, ByteRange Resource)>(_stored.Length);
        for (var i = 0; i < _stored.Length; i++)
            segments.Add(_stored[i].Place, (Entries[i], _stored[i].Resource));
        return new Unfolding(_key, _addresses, _head, since).Run(_chunks, segments);
    }

    private readonly record struct Stored(ChunkPlace Place, ByteRange Resource);
}
