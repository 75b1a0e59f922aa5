using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>
/// A source's word that what it pushes is all that it says of a person: what it said before and does not say there, it says no more. See
/// decision 0019.
/// </summary>
/// <param name="Source">The source's id.</param>
/// <param name="Time">
/// As of when: the Bundle's or message's time, UTC. Null where it gave none: then what is missing is withdrawn as by a DELETE without a version, and nothing is
/// remembered of it.
/// </param>
/// <param name="Types">The resource types of which it says so, each <see cref="CanCover"/>; empty for all.</param>
public sealed record SourceExtent(string Source, DateTimeOffset? Time, ImmutableArray<string> Types)
{
    // No FHIR id has it, so that it stands for no resource, and no FHIR type, so that it may stand for all.
    private const string Any = "*";

    /// <summary>Whether resources of this type can be missing: those that are always about a person, and not that person's Patient, which carries the rest.</summary>
    public static bool CanCover(string type) => PatientCompartment.Contains(type) && type != "Patient";

    /// <summary>Whether what is missing under this key is withdrawn.</summary>
    public bool Covers(EntryKey key) => key.Source == Source && key.Id != Any && CanCover(key.Type) && (Types.IsEmpty || Types.Contains(key.Type));

    /// <summary>
    /// The keys under which a record remembers how far it has been told the whole: of each type, or of all. No resource has them; they stand in a record like
    /// what was withdrawn.
    /// </summary>
    internal IEnumerable<EntryKey> Marks() => Types.IsEmpty ? [Mark(Source, Any)] : Types.Select(type => Mark(Source, type));

    /// <summary>The keys under which it is remembered up to when a source has told the whole of a type.</summary>
    internal static ImmutableArray<EntryKey> MarksOf(string source, string type) => CanCover(type) ? [Mark(source, Any), Mark(source, type)] : [];

    /// <summary>Whether a key is one of these.</summary>
    internal static bool IsMark(EntryKey key) => key.Id == Any;

    /// <summary>As of when a source has told the whole of a key's type last; null where it never has.</summary>
    internal static DateTimeOffset? Newest(EntryKey key, Func<EntryKey, Entry?> known) => MarksOf(key.Source, key.Type).Max(mark => known(mark)?.Version.Time);

    /// <summary>The same of the marks of one row.</summary>
    internal static DateTimeOffset? Newest(EntryKey key, IReadOnlyDictionary<EntryKey, Fragment> marks) =>
        MarksOf(key.Source, key.Type).Max(mark => marks.GetValueOrDefault(mark)?.Version.Time);

    private static EntryKey Mark(string source, string type) => new(source, type, Any);
}
