using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>What a fragment does.</summary>
public enum FragmentKind : byte
{
    /// <summary>The source states the resource.</summary>
    Stated = 1,

    /// <summary>The source withdraws it (DELETE).</summary>
    Deleted = 2,

    /// <summary>The source states it of another person now: it leaves this record.</summary>
    Moved = 3,
}

/// <summary>Which stamp a fragment gets whose source gave no time.</summary>
public enum StampRule : byte
{
    /// <summary>When it arrived.</summary>
    Arrival = 0,

    /// <summary>Just above the version that it replaces (PUT, DELETE); when it arrived, if there is none.</summary>
    AboveLive = 1,
}

/// <summary>A reference of a fragment: where its text stands in <see cref="Fragment.Body"/>, and the entry of the same source that it names.</summary>
public readonly record struct FragmentReference(ByteRange Value, EntryKey Target);

/// <summary>
/// One version of one resource, as one source said it. The unit of pushing, journalling and merging. Immutable.
/// </summary>
public sealed class Fragment
{
    private ReadOnlyMemory<byte>? _body;

    internal Fragment(EntryKey key, FragmentKind kind, FragmentVersion version) => (Key, Kind, Version) = (key, kind, version);

    /// <summary>Who said it and what they call it.</summary>
    public EntryKey Key { get; }

    /// <summary>Stated, deleted or moved.</summary>
    public FragmentKind Kind { get; }

    /// <summary>Its place among the versions of its key.</summary>
    public FragmentVersion Version { get; }

    /// <summary>How it is stamped where <see cref="FragmentVersion.Time"/> is still null.</summary>
    public StampRule StampRule { get; internal init; }

    /// <summary>The source's words, byte for byte, but for an <c>id</c> put in where it had none and references resolved to its own ids. Empty unless stated.</summary>
    public ReadOnlyMemory<byte> AsSent { get; internal init; }

    /// <summary>The same with formal faults mended, where it had any; else null.</summary>
    public ReadOnlyMemory<byte>? Mended { get; internal init; }

    /// <summary>What is shown and merged: <see cref="Mended"/>, else <see cref="AsSent"/>, without white space between tokens. Empty unless stated.</summary>
    public ReadOnlyMemory<byte> Body => _body ??= JsonText.Minify(Mended ?? AsSent);

    /// <summary>The comparable values.</summary>
    public Facts Facts { get; internal init; } = Facts.None;

    /// <summary>The id's text in <see cref="Body"/>, between its quotes.</summary>
    public ByteRange Id { get; internal init; }

    /// <summary>The value of <c>meta</c> in <see cref="Body"/>; empty, and the place for one, where there is none.</summary>
    public ByteRange Meta { get; internal init; }

    /// <summary>The references in <see cref="Body"/> that name a resource of the same source, in the order of the text.</summary>
    public ImmutableArray<FragmentReference> References { get; internal init; } = [];

    /// <summary>Whether the resource is about nobody and is kept once for all who refer to it.</summary>
    public bool IsSupporting => PatientCompartment.MaySupport(Key.Type) && Facts is { SubjectId: null, SubjectIdentifier: null };

    /// <summary>A resource that the source states. Reads its facts and layout: the only place where merging meets JSON.</summary>
    /// <param name="source">The source's id.</param>
    /// <param name="asSent">The resource, an <c>id</c> in it and its references resolved.</param>
    /// <param name="mended">The same without formal faults, where it has any.</param>
    /// <param name="time">The Bundle's or message's time, for a resource without <c>meta.lastUpdated</c>; null for an arrival stamp.</param>
    /// <param name="stampRule">The stamp where neither gives a time: <see cref="StampRule.AboveLive"/> for a PUT.</param>
    /// <exception cref="ArgumentException">There is no <c>resourceType</c>, or no <c>id</c> of FHIR's shape.</exception>
    /// <exception cref="System.Text.Json.JsonException">It is not one JSON object.</exception>
    public static Fragment Stated(
        string source, ReadOnlyMemory<byte> asSent, ReadOnlyMemory<byte>? mended = null, DateTimeOffset? time = null,
        StampRule stampRule = StampRule.Arrival) => Stated(source, asSent, mended, time, stampRule, version: null);

    /// <summary>A withdrawal by the source.</summary>
    /// <param name="key">What is withdrawn.</param>
    /// <param name="time">The Bundle's or message's time; null for a stamp just above what it withdraws.</param>
    public static Fragment Deleted(EntryKey key, DateTimeOffset? time = null) =>
        new(key, FragmentKind.Deleted, new FragmentVersion(time?.ToUniversalTime(), time is not null, null, default)) { StampRule = StampRule.AboveLive };

    /// <summary>A withdrawal by an extent that does not state it.</summary>
    /// <param name="key">What is withdrawn.</param>
    /// <param name="time">As of when the extent is whole.</param>
    public static Fragment Absent(EntryKey key, DateTimeOffset time) => new(key, FragmentKind.Deleted, FragmentVersion.Absence(time));

    /// <summary>
    /// The note that <paramref name="key"/> is another person's as of <paramref name="version"/>. It stands next to that version, which this record may have been
    /// told as well, or may yet be: whatever else is said at the same time is above both or below both, in every record and in whatever order it comes.
    /// </summary>
    /// <param name="key">What left.</param>
    /// <param name="version">In which version.</param>
    /// <param name="yields">
    /// Whether it is this record's where this record is told the very same version, since of equal versions that of the smaller patient key counts as the higher.
    /// </param>
    public static Fragment Moved(EntryKey key, FragmentVersion version, bool yields = false) =>
        new(key, FragmentKind.Moved, yields ? version.Below() : version.Above());

    /// <summary>Its own words as a Bundle entry at its source's base, and where in it they stand.</summary>
    public (byte[] Entry, ByteRange Resource) BundleEntry(Addresses addresses) => Rendering.AsSent(addresses, this);

    /// <summary>The same with an arrival stamp.</summary>
    public Fragment Stamped(DateTimeOffset time) => new(Key, Kind, Version with { Time = time.ToUniversalTime() })
    {
        _body = _body,
        AsSent = AsSent,
        Mended = Mended,
        Facts = Facts,
        Id = Id,
        Meta = Meta,
        References = References,
    };

    /// <summary>What is shown of it, in memory of its own: what it was read from may be let go.</summary>
    internal Fragment Alone()
    {
        var body = Body.ToArray();
        return new Fragment(Key, Kind, Version) { _body = body, AsSent = body, Facts = Facts, Id = Id, Meta = Meta, References = References };
    }

    /// <summary>Reads facts and layout anew, keeping the version: for rows that an older reader made.</summary>
    internal Fragment ReadAgain() => Kind == FragmentKind.Stated ? Stated(Key.Source, AsSent, Mended, time: null, StampRule, Version) : this;

    private static Fragment Stated(
        string source, ReadOnlyMemory<byte> asSent, ReadOnlyMemory<byte>? mended, DateTimeOffset? time, StampRule stampRule, FragmentVersion? version)
    {
        var body = JsonText.Minify(mended ?? asSent);
        var layout = Layout.Read(body.Span);
        if (layout is not { Type: { } type, IdText: { } id } || !EntryKey.IsValidId(id))
            throw new ArgumentException("A stated resource has a resourceType and an id.", nameof(asSent));
        var facts = FactsReader.Read(type, id, body.Span);
        var declared = facts.LastUpdated ?? time;
        version ??= new FragmentVersion(declared?.ToUniversalTime(), declared is not null, facts.VersionId, ContentHash.Of(asSent.Span));
        return new Fragment(new EntryKey(source, Recurring.Text(type), id), FragmentKind.Stated, version)
        {
            _body = body,
            StampRule = stampRule,
            AsSent = asSent,
            Mended = mended,
            Facts = facts,
            Id = layout.Id,
            Meta = layout.Meta,
            References = Local(source, layout.References),
        };
    }

    /// <summary>The target of a literal reference that names a resource of its own source by <c>Type/id</c>, a version behind it ignored; else null.</summary>
    public static EntryKey? LocalTarget(string source, string reference)
    {
        var parts = reference.Split('/');
        if (parts.Length != 2 && !(parts.Length == 4 && parts[2] == "_history"))
            return null;
        var (type, id) = (parts[0], parts[1]);
        return type.Length > 0 && char.IsAsciiLetterUpper(type[0]) && type.All(char.IsAsciiLetter) && EntryKey.IsValidId(id)
            ? new EntryKey(source, Recurring.Text(type), id)
            : null;
    }

    private static ImmutableArray<FragmentReference> Local(string source, ImmutableArray<ReferenceSlot> slots)
    {
        var references = ImmutableArray.CreateBuilder<FragmentReference>(slots.Length);
        foreach (var slot in slots)
        {
            if (LocalTarget(source, slot.Text) is { } target)
                references.Add(new FragmentReference(slot.Value, target));
        }

        return references.DrainToImmutable();
    }
}
