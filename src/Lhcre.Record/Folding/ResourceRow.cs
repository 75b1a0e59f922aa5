using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>One merged resource in the state of a live chunk: its members and ties, or the disagreement that it is.</summary>
internal sealed record ResourceRow(ByteRange Stamp, long Version, DateTimeOffset LastUpdated, ResourceRow.Stated? Statement, Disagreement? Disagreement)
{
    /// <summary>The least bytes of one.</summary>
    public const int LeastBytes = 2 + 1 + 8 + 1;

    private const byte OfStatement = 1;
    private const byte OfDisagreement = 2;
    private const int LeastKeyBytes = 3;

    /// <summary>What sources state.</summary>
    internal sealed record Stated(int Shown, ImmutableArray<EntryRow> Members, Ties Ties);

    /// <summary>Writes what sources state.</summary>
    public static void Write(LogWriter writer, MergedResource.Statement statement)
    {
        writer.Byte(OfStatement);
        writer.Number(statement.Members.IndexOf(statement.Shown));
        writer.Number(statement.Members.Length);
        foreach (var member in statement.Members)
            EntryRow.Write(writer, member);
        WriteKeys(writer, statement.Ties.PossibleDuplicates);
        WriteKeys(writer, statement.Ties.Disagreement is { } disagreement ? [disagreement] : []);
    }

    /// <summary>Writes a disagreement.</summary>
    public static void Write(LogWriter writer, Disagreement disagreement)
    {
        writer.Byte(OfDisagreement);
        WriteKeys(writer, disagreement.Sides);
        WriteKeys(writer, disagreement.Withdrawn);
        writer.Number(disagreement.Elements.Length);
        foreach (var element in disagreement.Elements)
            writer.Byte((byte)element);
        writer.Ticks(disagreement.Since);
    }

    /// <param name="reader">The state of a chunk.</param>
    /// <param name="canonical">Gives the one object that stands for a key in this record.</param>
    public static ResourceRow Read(ref LogReader reader, Func<EntryKey, EntryKey> canonical)
    {
        var (stamp, version, updated, kind) = (reader.Range(), reader.Number(), reader.Ticks() ?? default, reader.Byte());
        return kind switch
        {
            OfStatement => new ResourceRow(stamp, version, updated, ReadStatement(ref reader, canonical), null),
            OfDisagreement => new ResourceRow(stamp, version, updated, null, ReadDisagreement(ref reader, canonical)),
            _ => throw new InvalidDataException("A live chunk is damaged: a resource is of no kind that there is."),
        };
    }

    /// <summary>The resource, around its bytes.</summary>
    public MergedResource Unfold(PatientKey patient, RenderedSegment segment)
    {
        if (Statement is not { } stated)
            return new MergedResource(patient, Disagreement!, segment, Version, LastUpdated);
        ImmutableArray<Entry> members = [.. stated.Members.Select(Entry.Unfold)];
        return new MergedResource(patient, new MergedResource.Statement(members, members[stated.Shown], stated.Ties), segment, Version, LastUpdated);
    }

    private static Stated ReadStatement(ref LogReader reader, Func<EntryKey, EntryKey> canonical)
    {
        var shown = reader.Number();
        var members = ImmutableArray.CreateBuilder<EntryRow>(reader.Count(EntryRow.LeastBytes));
        while (members.Count < members.Capacity)
            members.Add(EntryRow.Read(ref reader, canonical));
        var duplicates = ReadKeys(ref reader, canonical);
        var disagreement = ReadKeys(ref reader, canonical);
        return shown < members.Count
            ? new Stated(shown, members.MoveToImmutable(), Ties.Of(duplicates, disagreement.FirstOrDefault()))
            : throw new InvalidDataException("A live chunk is damaged: a resource shows no member of its own.");
    }

    private static Disagreement ReadDisagreement(ref LogReader reader, Func<EntryKey, EntryKey> canonical)
    {
        var (sides, withdrawn) = (ReadKeys(ref reader, canonical), ReadKeys(ref reader, canonical));
        var elements = ImmutableArray.CreateBuilder<FactElement>(reader.Count(1));
        while (elements.Count < elements.Capacity)
            elements.Add((FactElement)reader.Byte());
        if (sides.IsEmpty)
            throw new InvalidDataException("A live chunk is damaged: nobody disagrees.");
        return new Disagreement(sides, withdrawn, elements.MoveToImmutable(), reader.Ticks() ?? default);
    }

    private static void WriteKeys(LogWriter writer, ImmutableArray<EntryKey> keys)
    {
        writer.Number(keys.Length);
        foreach (var key in keys)
            writer.Key(key);
    }

    private static ImmutableArray<EntryKey> ReadKeys(ref LogReader reader, Func<EntryKey, EntryKey> canonical)
    {
        var keys = ImmutableArray.CreateBuilder<EntryKey>(reader.Count(LeastKeyBytes));
        while (keys.Count < keys.Capacity)
            keys.Add(canonical(reader.Key()));
        return keys.MoveToImmutable();
    }
}
