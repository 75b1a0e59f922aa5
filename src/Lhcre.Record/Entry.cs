using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>
/// What one source says under one key, as of its highest version, in a record: the unit that is matched and shown. It holds no bytes of
/// the resource; those stay compressed in the row that brought them.
/// </summary>
public sealed class Entry
{
    private Entry(Fragment fragment, long seq, int index, EntryKey key, ImmutableArray<FragmentVersion> versions, ImmutableArray<EntryKey> targets)
    {
        (Key, Kind, Facts, Seq, Index) = (key, fragment.Kind, fragment.Facts, seq, index);
        Versions = versions;
        Targets = targets;
    }

    private Entry(Entry entry, ImmutableArray<FragmentVersion> versions)
    {
        (Key, Kind, Facts, Seq, Index, Targets) = (entry.Key, entry.Kind, entry.Facts, entry.Seq, entry.Index, entry.Targets);
        Versions = versions;
    }

    /// <summary>Who says it and what they call it.</summary>
    public EntryKey Key { get; }

    /// <summary>What the highest version does.</summary>
    public FragmentKind Kind { get; }

    /// <summary>Whether the source states it still.</summary>
    public bool IsLive => Kind == FragmentKind.Stated;

    /// <summary>The comparable values of the live version.</summary>
    public Facts Facts { get; }

    /// <summary>The row that brought the live version.</summary>
    public long Seq { get; }

    /// <summary>Its place in that row, from 0.</summary>
    public int Index { get; }

    /// <summary>Every version ever received, ascending; the last one is live.</summary>
    public ImmutableArray<FragmentVersion> Versions { get; }

    /// <summary>The highest version.</summary>
    public FragmentVersion Version => Versions[^1];

    /// <summary>What the live version refers to, each once.</summary>
    public ImmutableArray<EntryKey> Targets { get; }

    /// <summary>
    /// Since when the source has been saying just this, as far as it says so itself: in the resource, else the earliest declared time of the
    /// versions up to the live one that have the same content. Null where it never said; an arrival stamp does not count.
    /// </summary>
    public DateTimeOffset? Recorded
    {
        get
        {
            if (Facts.Recorded is { } recorded)
                return recorded;
            DateTimeOffset? since = null;
            for (var i = Versions.Length - 1; i >= 0 && Versions[i].Content == Version.Content; i--)
                since = Versions[i].IsDeclared ? Versions[i].Time : since;
            return since;
        }
    }

    /// <summary>The first fragment of its key.</summary>
    /// <param name="fragment">The fragment, stamped.</param>
    /// <param name="seq">Its row.</param>
    /// <param name="index">Its place in the row.</param>
    /// <param name="canonical">Gives the one object that stands for a key in this record.</param>
    internal static Entry First(Fragment fragment, long seq, int index, Func<EntryKey, EntryKey> canonical) =>
        new(fragment, seq, index, canonical(fragment.Key), [fragment.Version], TargetsOf(fragment, canonical));

    /// <summary>With one more version; the same entry if it knows that version already.</summary>
    internal Entry With(Fragment fragment, long seq, int index, Func<EntryKey, EntryKey> canonical)
    {
        var at = Versions.BinarySearch(fragment.Version);
        if (at >= 0)
            return this;
        var versions = Versions.Insert(~at, fragment.Version);
        return ~at == Versions.Length
            ? new Entry(fragment, seq, index, Key, versions, TargetsOf(fragment, canonical))
            : new Entry(this, versions);
    }

    /// <summary>Whether this version is known.</summary>
    internal bool Knows(FragmentVersion version) => Versions.BinarySearch(version) >= 0;

    private static ImmutableArray<EntryKey> TargetsOf(Fragment fragment, Func<EntryKey, EntryKey> canonical) =>
        [.. fragment.References.Select(r => r.Target).Distinct().Select(canonical)];

    /// <summary>Finds an entry by its key.</summary>
    internal readonly struct ByKey(EntryKey key) : IProbe<Entry>
    {
        /// <inheritdoc/>
        public int CompareTo(Entry item) => key.CompareTo(item.Key);
    }
}
