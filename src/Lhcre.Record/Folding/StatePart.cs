namespace Lhcre.Record;

/// <summary>The state in a live chunk.</summary>
internal sealed record StatePart(
    ResourceRow[] Resources, EntryRow[] Unshown, KeyLink[] Redirects, AppliedPush[] Pushes, Corrections Corrections)
{
    private const int LeastLinkBytes = 6;
    private const int LeastPushBytes = ContentHash.Length + 1 + 8;

    public static StatePart Read(ReadOnlyMemory<byte> packed, Func<EntryKey, EntryKey> canonical)
    {
        var reader = new LogReader(PackedBytes.Unpack(packed), 0);
        var resources = new ResourceRow[reader.Count(ResourceRow.LeastBytes)];
        for (var i = 0; i < resources.Length; i++)
            resources[i] = ResourceRow.Read(ref reader, canonical);
        var unshown = new EntryRow[reader.Count(EntryRow.LeastBytes)];
        for (var i = 0; i < unshown.Length; i++)
            unshown[i] = EntryRow.Read(ref reader, canonical);
        var redirects = new KeyLink[reader.Count(LeastLinkBytes)];
        for (var i = 0; i < redirects.Length; i++)
            redirects[i] = new KeyLink(canonical(reader.Key()), canonical(reader.Key()));
        var pushes = new AppliedPush[reader.Count(LeastPushBytes)];
        for (var i = 0; i < pushes.Length; i++)
            pushes[i] = new AppliedPush(new PushId(reader.Hash()), reader.Number(), reader.Ticks() ?? default);
        var corrections = new Correction[packed.Span[0] == LiveChunk.CorrectedFormat ? reader.Count(CorrectionRow.LeastBytes) : 0];
        for (var i = 0; i < corrections.Length; i++)
            corrections[i] = CorrectionRow.Read(ref reader);
        return new StatePart(resources, unshown, redirects, pushes, Corrections.Of(corrections));
    }
}
