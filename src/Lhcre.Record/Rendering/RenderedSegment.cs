namespace Lhcre.Record;

/// <summary>The bytes of one Bundle entry, and where the parts of it stand that are read or compared on their own.</summary>
/// <param name="Bytes">The entry.</param>
/// <param name="Resource">The resource in it.</param>
/// <param name="Stamp">The version and time in it that are ours (<c>"versionId":…,"lastUpdated":…</c>), which do not count as content.</param>
internal readonly record struct RenderedSegment(byte[] Bytes, ByteRange Resource, ByteRange Stamp)
{
    /// <summary>Whether both say the same, our stamps apart.</summary>
    public bool SaysTheSameAs(RenderedSegment other) =>
        Bytes.AsSpan(0, Stamp.Start).SequenceEqual(other.Bytes.AsSpan(0, other.Stamp.Start))
        && Bytes.AsSpan(Stamp.End).SequenceEqual(other.Bytes.AsSpan(other.Stamp.End));
}
