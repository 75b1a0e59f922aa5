using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>
/// What one source says under one key, as of its highest version, in a record: the unit that is matched and shown. It holds no bytes of
/// the resource; those stay compressed in the row that brought them.
/// </summary>
public sealed class Entry
{
    private readonly ImmutableArray<FragmentVersion> _earlier;

    private Entry(
        Fragment fragment, long seq, int index, EntryKey key, ImmutableArray<FragmentVersion> earlier, LastStatement? last, Func<EntryKey, EntryKey> canonical)
    {
        (Key, Kind, Seq, Index) = (key, fragment.Kind, seq, index);
        (Version, _earlier) = (fragment.Version, earlier);
        Targets = [.. fragment.References.Select(r => r.Target).Distinct().Select(canonical)];
        Facts = WithSharedSubject(fragment.Facts);
        LastStated = IsLive ? null : last;
    }

    private Entry(Entry entry, ImmutableArray<FragmentVersion> earlier, LastStatement? last)
    {
        (Key, Kind, Facts, Seq, Index, Targets) = (entry.Key, entry.Kind, entry.Facts, entry.Seq, entry.Index, entry.Targets);
        LastStated = last;
        (Version, _earlier) = (entry.Version, earlier);
    }

    private Entry(EntryRow row)
    {
        (Key, Kind, Seq, Index) = (row.Key, row.Kind, row.Seq, row.Index);
        (Version, _earlier, Targets) = (row.Version, row.Earlier, row.Targets);
        Facts = WithSharedSubject(row.Facts);
        LastStated = row.LastStated;
    }

    /// <summary>Who says it and what they call it.</summary>
    public EntryKey Key { get; }

    /// <summary>What the highest version does.</summary>
    public FragmentKind Kind { get; }

    /// <summary>Whether the source states it still.</summary>
    public bool IsLive => Kind == FragmentKind.Stated;

    /// <summary>The comparable values of the live version.</summary>
    public Facts Facts { get; }

    /// <summary>What the source said last, where it has withdrawn it: the highest version that states anything. Null where none was received.</summary>
    internal LastStatement? LastStated { get; }

    /// <summary>The comparable values of what the source states, or stated last.</summary>
    public Facts LastFacts => IsLive ? Facts : LastStated?.Facts ?? Facts.None;

    /// <summary>The row that brought the live version.</summary>
    public long Seq { get; }

    /// <summary>Its place in that row, from 0.</summary>
    public int Index { get; }

    /// <summary>Every version ever received, ascending; the last one is live.</summary>
    public ImmutableArray<FragmentVersion> Versions => _earlier.Add(Version);

    /// <summary>The highest version.</summary>
    public FragmentVersion Version { get; }

    /// <summary>The versions below the highest one, ascending.</summary>
    internal ImmutableArray<FragmentVersion> Earlier => _earlier;

    /// <summary>Where in a live chunk a withdrawn entry stands. Set once, when the chunk is on disk.</summary>
    internal ChunkPlace Place { get; set; }

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
            var since = Version.IsDeclared ? Version.Time : null;
            for (var i = _earlier.Length - 1; i >= 0 && _earlier[i].Content == Version.Content; i--)
                since = _earlier[i].IsDeclared ? _earlier[i].Time : since;
            return since;
        }
    }

    /// <summary>The first fragment of its key.</summary>
    /// <param name="fragment">The fragment, stamped.</param>
    /// <param name="seq">Its row.</param>
    /// <param name="index">Its place in the row.</param>
    /// <param name="canonical">Gives the one object that stands for a key in this record.</param>
    internal static Entry First(Fragment fragment, long seq, int index, Func<EntryKey, EntryKey> canonical) =>
        new(fragment, seq, index, canonical(fragment.Key), [], null, canonical);

    /// <summary>An entry as it was folded.</summary>
    internal static Entry Unfold(EntryRow row) => new(row);

    /// <summary>With one more version; the same entry if it knows that version already.</summary>
    internal Entry With(Fragment fragment, long seq, int index, Func<EntryKey, EntryKey> canonical)
    {
        var version = fragment.Version;
        if (Knows(version))
            return this;
        // Of the extents that did not state it only the newest counts, so that what is kept of them does not grow by one a night.
        var earlier = version.IsAbsence ? _earlier.RemoveAll(v => v.IsAbsence) : _earlier;
        if (version.CompareTo(Version) < 0)
            return new Entry(this, earlier.Insert(~earlier.BinarySearch(version), version), LastOf(fragment));
        if (!version.IsAbsence || !Version.IsAbsence)
            earlier = earlier.Add(Version);
        return new Entry(fragment, seq, index, Key, earlier, IsLive ? new LastStatement(Version, Facts) : LastStated, canonical);
    }

    // Whatever the order of arrival, the highest of the statements below a withdrawal is the last one.
    private LastStatement? LastOf(Fragment fragment) =>
        !IsLive && fragment.Kind == FragmentKind.Stated && (LastStated is null || fragment.Version.CompareTo(LastStated.Version) > 0)
            ? new LastStatement(fragment.Version, fragment.Facts)
            : LastStated;

    /// <summary>Whether this version is known; of what an extent withdrew, whether a later extent did so too.</summary>
    internal bool Knows(FragmentVersion version) =>
        version.IsAbsence ? version.CompareTo(Absence) <= 0 : version.CompareTo(Version) == 0 || _earlier.BinarySearch(version) >= 0;

    // There is one at most.
    private FragmentVersion? Absence => Version.IsAbsence ? Version : _earlier.LastOrDefault(v => v.IsAbsence);

    // Nearly everything in a record is about one and the same Patient: one text says so.
    private Facts WithSharedSubject(Facts facts)
    {
        var subject = facts.SubjectId;
        var known = subject is null ? null : Targets.Prepend(Key).FirstOrDefault(k => k.Type == "Patient" && k.Id == subject);
        return known is null ? facts : facts with { SubjectId = known.Id };
    }

    /// <summary>What was said before it was withdrawn.</summary>
    internal sealed record LastStatement(FragmentVersion Version, Facts Facts);

    /// <summary>Finds an entry by its key.</summary>
    internal readonly struct ByKey(EntryKey key) : IProbe<Entry>
    {
        /// <inheritdoc/>
        public int CompareTo(Entry item) => key.CompareTo(item.Key);
    }
}
