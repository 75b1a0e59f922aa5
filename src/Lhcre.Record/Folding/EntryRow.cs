using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>One entry in a live chunk: what merging needs to go on, without a byte of the resource.</summary>
internal sealed record EntryRow(
    EntryKey Key,
    FragmentKind Kind,
    FragmentVersion Version,
    ImmutableArray<FragmentVersion> Earlier,
    long Seq,
    int Index,
    ImmutableArray<EntryKey> Targets,
    Facts Facts,
    Entry.LastStatement? LastStated)
{
    /// <summary>The least bytes of one.</summary>
    public const int LeastBytes = 1 + 3 + LeastVersionBytes + 4;

    private const int LeastVersionBytes = 8 + 1 + 1 + ContentHash.Length;
    private const int LeastTargetBytes = 2;

    public static void Write(LogWriter writer, Entry entry)
    {
        writer.Byte((byte)entry.Kind);
        writer.Key(entry.Key);
        WriteVersion(writer, entry.Version);
        writer.Number(entry.Earlier.Length);
        foreach (var version in entry.Earlier)
            WriteVersion(writer, version);
        writer.Number(checked((int)entry.Seq));
        writer.Number(entry.Index);
        writer.Number(entry.Targets.Length);
        foreach (var target in entry.Targets)
        {
            writer.Text(target.Type);
            writer.Text(target.Id);
        }

        if (entry.IsLive)
        {
            FactsRow.Write(writer, entry.Facts);
            return;
        }

        writer.Byte((byte)(entry.LastStated is null ? 0 : 1));
        if (entry.LastStated is not { } last)
            return;
        WriteVersion(writer, last.Version);
        FactsRow.Write(writer, last.Facts);
    }

    /// <param name="reader">The state of a chunk.</param>
    /// <param name="canonical">Gives the one object that stands for a key in this record.</param>
    public static EntryRow Read(ref LogReader reader, Func<EntryKey, EntryKey> canonical)
    {
        var kind = (FragmentKind)reader.Byte();
        var key = canonical(reader.Key());
        var version = ReadVersion(ref reader);
        var earlier = ImmutableArray.CreateBuilder<FragmentVersion>(reader.Count(LeastVersionBytes));
        while (earlier.Count < earlier.Capacity)
            earlier.Add(ReadVersion(ref reader));
        var (seq, index) = (reader.Number(), reader.Number());
        var targets = ImmutableArray.CreateBuilder<EntryKey>(reader.Count(LeastTargetBytes));
        while (targets.Count < targets.Capacity)
            targets.Add(canonical(new EntryKey(key.Source, reader.RequiredName(), reader.Required())));
        var facts = kind == FragmentKind.Stated ? FactsRow.Read(ref reader, version.VersionId, FactsReader.Number) : Facts.None;
        var last = kind != FragmentKind.Stated && reader.Byte() != 0 ? ReadLast(ref reader) : null;
        return new EntryRow(key, kind, version, earlier.MoveToImmutable(), seq, index, targets.MoveToImmutable(), facts, last);
    }

    private static Entry.LastStatement ReadLast(ref LogReader reader)
    {
        var version = ReadVersion(ref reader);
        return new Entry.LastStatement(version, FactsRow.Read(ref reader, version.VersionId, FactsReader.Number));
    }

    private static void WriteVersion(LogWriter writer, FragmentVersion version)
    {
        writer.Ticks(version.Time);
        writer.Byte((byte)(version.IsDeclared ? 1 : 0));
        writer.Text(version.VersionId);
        writer.Hash(version.Content);
    }

    private static FragmentVersion ReadVersion(ref LogReader reader)
    {
        var time = reader.Ticks();
        var isDeclared = (reader.Byte() & 1) != 0;
        return new FragmentVersion(time, isDeclared, reader.Text(), reader.Hash());
    }
}
