using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>The state in a live chunk.</summary>
internal sealed record StatePart(
    StatePart.Resource[] Resources, EntryRow[] Withdrawn, KeyLink[] Redirects, AppliedPush[] Pushes)
{
    private const int LeastLinkBytes = 6;
    private const int LeastPushBytes = ContentHash.Length + 1 + 8;
    private const int LeastResourceBytes = 2 + 1 + 8 + 2 + EntryRow.LeastBytes;

    public readonly record struct Resource(ByteRange Stamp, long Version, DateTimeOffset LastUpdated, int Shown, ImmutableArray<EntryRow> Members);

    public static StatePart Read(ReadOnlyMemory<byte> packed, Func<EntryKey, EntryKey> canonical)
    {
        var reader = new LogReader(PackedBytes.Unpack(packed), 0);
        var resources = new Resource[reader.Count(LeastResourceBytes)];
        for (var i = 0; i < resources.Length; i++)
            resources[i] = ReadResource(ref reader, canonical);
        var withdrawn = new EntryRow[reader.Count(EntryRow.LeastBytes)];
        for (var i = 0; i < withdrawn.Length; i++)
            withdrawn[i] = EntryRow.Read(ref reader, canonical);
        var redirects = new KeyLink[reader.Count(LeastLinkBytes)];
        for (var i = 0; i < redirects.Length; i++)
            redirects[i] = new KeyLink(canonical(reader.Key()), canonical(reader.Key()));
        var pushes = new AppliedPush[reader.Count(LeastPushBytes)];
        for (var i = 0; i < pushes.Length; i++)
            pushes[i] = new AppliedPush(new PushId(reader.Hash()), reader.Number(), reader.Ticks() ?? default);
        return new StatePart(resources, withdrawn, redirects, pushes);
    }

    private static Resource ReadResource(ref LogReader reader, Func<EntryKey, EntryKey> canonical)
    {
        var (stamp, version, updated, shown) = (reader.Range(), reader.Number(), reader.Ticks() ?? default, reader.Number());
        var members = ImmutableArray.CreateBuilder<EntryRow>(reader.Count(EntryRow.LeastBytes));
        while (members.Count < members.Capacity)
            members.Add(EntryRow.Read(ref reader, canonical));
        return shown < members.Count
            ? new Resource(stamp, version, updated, shown, members.MoveToImmutable())
            : throw new InvalidDataException("A live chunk is damaged: a resource shows no member of its own.");
    }
}
