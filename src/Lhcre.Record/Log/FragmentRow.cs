using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>One fragment of a <see cref="LogBody"/> without its bytes, which stand behind all rows.</summary>
internal sealed record FragmentRow(
    EntryKey Key,
    FragmentKind Kind,
    FragmentVersion Version,
    StampRule StampRule,
    Facts Facts,
    ByteRange Id,
    ByteRange Meta,
    ImmutableArray<FragmentReference> References,
    int AsSentLength,
    int? MendedLength)
{
    /// <summary>The bytes of a withdrawal with an empty key: none is shorter.</summary>
    public const int LeastBytes = 1 + 3 + 8 + 1 + 1 + ContentHash.Length;

    private const int LeastReferenceBytes = 4;

    public static void Write(LogWriter writer, Fragment fragment)
    {
        writer.Byte((byte)fragment.Kind);
        writer.Key(fragment.Key);
        writer.Ticks(fragment.Version.Time);
        writer.Byte((byte)((fragment.Version.IsDeclared ? 1 : 0) | (fragment.StampRule == StampRule.AboveLive ? 2 : 0)));
        writer.Text(fragment.Version.VersionId);
        writer.Hash(fragment.Version.Content);
        if (fragment.Kind != FragmentKind.Stated)
            return;

        FactsRow.Write(writer, fragment.Facts);
        writer.Range(fragment.Id);
        writer.Range(fragment.Meta);
        writer.Number(fragment.References.Length);
        foreach (var reference in fragment.References)
        {
            writer.Range(reference.Value);
            writer.Text(reference.Target.Type);
            writer.Text(reference.Target.Id);
        }

        writer.Number(fragment.AsSent.Length);
        writer.Number(fragment.Mended is { } mended ? mended.Length + 1 : 0);
    }

    /// <param name="reader">A log body.</param>
    /// <param name="madeBy">The number of the facts reader that made its facts.</param>
    public static FragmentRow Read(ref LogReader reader, byte madeBy)
    {
        var kind = (FragmentKind)reader.Byte();
        if (!Enum.IsDefined(kind))
            throw new InvalidDataException("A log body is damaged: it holds a fragment of no known kind.");
        var key = reader.Key();
        var time = reader.Ticks();
        var flags = reader.Byte();
        var version = new FragmentVersion(time, (flags & 1) != 0, reader.Text(), reader.Hash());
        var stampRule = (flags & 2) != 0 ? StampRule.AboveLive : StampRule.Arrival;
        if (kind != FragmentKind.Stated)
            return new FragmentRow(key, kind, version, stampRule, Facts.None, default, default, [], 0, null);

        var facts = FactsRow.Read(ref reader, version.VersionId, madeBy);
        var (id, meta) = (reader.Range(), reader.Range());
        var references = ImmutableArray.CreateBuilder<FragmentReference>(reader.Count(LeastReferenceBytes));
        while (references.Count < references.Capacity)
            references.Add(new FragmentReference(reader.Range(), new EntryKey(key.Source, reader.RequiredName(), reader.Required())));
        var asSent = reader.Number();
        var mended = reader.Number();
        return new FragmentRow(key, kind, version, stampRule, facts, id, meta, references.MoveToImmutable(), asSent, mended == 0 ? null : mended - 1);
    }

    public Fragment Restore(ReadOnlyMemory<byte> bytes, ref int at)
    {
        if (bytes.Length - at < (long)AsSentLength + (MendedLength ?? 0))
            throw new InvalidDataException("A log body is damaged: a resource runs over its end.");
        var asSent = bytes.Slice(at, AsSentLength);
        at += AsSentLength;
        // The cast matters: a bare null here would be an empty ReadOnlyMemory (by way of byte[]), and so an empty mended resource.
        var mended = MendedLength is { } length ? (ReadOnlyMemory<byte>?)bytes.Slice(at, length) : null;
        at += MendedLength ?? 0;
        return new Fragment(Key, Kind, Version)
        {
            StampRule = StampRule,
            AsSent = asSent,
            Mended = mended,
            Facts = Facts,
            Id = Id,
            Meta = Meta,
            References = References,
        };
    }
}
