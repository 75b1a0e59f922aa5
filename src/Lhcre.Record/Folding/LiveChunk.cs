using System.Buffers;

namespace Lhcre.Record;

/// <summary>What goes into one live chunk.</summary>
/// <param name="Head">The record as of it.</param>
/// <param name="Resources">Merged resources, in the record's order.</param>
/// <param name="Unshown">Entries that are members of no merged resource: withdrawn, or withheld.</param>
/// <param name="Redirects">Where withdrawn members lead: all of the record.</param>
/// <param name="Pushes">Push ids that are to be known.</param>
internal sealed record ChunkContent(
    ChunkHead Head, IReadOnlyList<MergedResource> Resources, IReadOnlyList<Entry> Unshown, IReadOnlyList<KeyLink> Redirects, IReadOnlyList<AppliedPush> Pushes)
{
    /// <summary>Which rows of the log stand: all of the record.</summary>
    public Corrections Corrections { get; init; } = Corrections.None;
}

/// <summary>
/// A part of a record as it is now, in two packed parts: what is served (a lookup needs nothing else), and the state from which merging
/// goes on. What the sources said stands in the log and its history, not here. The layout is on the page <c>Log/FORMAT.md</c>; keep the two in step.
/// </summary>
internal static class LiveChunk
{
    /// <summary>The format that <see cref="Write"/> makes: 6. One of format 3 lacks what a head says of merge rules, and is not used.</summary>
    public const byte Format = 6;

    /// <summary>The format of a chunk of a record that was ever corrected: 9, which is 6 with the corrections behind the state.</summary>
    public const byte CorrectedFormat = 9;

    /// <summary>The least bytes of a resource in the directory.</summary>
    public const int LeastDirectoryBytes = 6;

    private const int PrefixBytes = 2 + ContentHash.Length;

    /// <summary>A part of a record to bytes.</summary>
    public static ReadOnlyMemory<byte> Write(ChunkContent content, Addresses addresses)
    {
        var format = content.Corrections.All.IsEmpty ? Format : CorrectedFormat;
        var served = PackedBytes.Pack(format, FactsReader.Number, Served(content).WrittenSpan);
        var state = PackedBytes.Pack(format, FactsReader.Number, State(content).WrittenSpan);
        var body = new ArrayBufferWriter<byte>(PrefixBytes + 5 + served.Length + state.Length);
        var writer = new LogWriter(body);
        writer.Byte(format);
        writer.Byte(PatientRecord.MergeRules);
        writer.Hash(addresses.Hash);
        writer.Number(content.Resources.Count + content.Unshown.Count);
        writer.Number(served.Length);
        body.Write(served);
        body.Write(state);
        return body.WrittenMemory.ToArray();
    }

    /// <summary>
    /// Whether a chunk says what this process would say: made under the same merge rules and facts reader, for the same addresses. Otherwise
    /// the record is to be made anew from its log.
    /// </summary>
    public static bool IsCurrent(ReadOnlyMemory<byte> body, Addresses addresses)
    {
        if (body.Length <= PrefixBytes || body.Span[0] is not (Format or CorrectedFormat) || body.Span[1] != PatientRecord.MergeRules)
            return false;
        var (served, state) = Parts(body);
        return new LogReader(body, 2).Hash() == addresses.Hash
            && IsOf(served, body.Span[0]) && IsOf(state, body.Span[0]);

        static bool IsOf(ReadOnlyMemory<byte> part, byte format) => part.Span is [var its, FactsReader.Number, ..] && its == format;
    }

    /// <summary>How many items stand in a chunk: its resources, then its unshown entries.</summary>
    public static int Items(ReadOnlyMemory<byte> body) => new LogReader(body, PrefixBytes).Number();

    /// <summary>The two packed parts.</summary>
    public static (ReadOnlyMemory<byte> Served, ReadOnlyMemory<byte> State) Parts(ReadOnlyMemory<byte> body)
    {
        var reader = new LogReader(body, PrefixBytes);
        reader.Number();
        var length = reader.Number();
        if (length < 3 || length > body.Length - reader.Position - 3)
            throw new InvalidDataException("A live chunk is damaged: its parts run over its end.");
        return (body.Slice(reader.Position, length), body[(reader.Position + length)..]);
    }

    private static ArrayBufferWriter<byte> Served(ChunkContent content)
    {
        var plain = new ArrayBufferWriter<byte>(1024 + content.Resources.Sum(r => r.BundleEntryBytes.Length + 128));
        var writer = new LogWriter(plain);
        content.Head.Write(writer);
        writer.Number(content.Resources.Count);
        foreach (var resource in content.Resources)
        {
            writer.Key(resource.Smallest);
            writer.Number(resource.BundleEntryBytes.Length);
            writer.Range(resource.ResourceRange);
        }

        foreach (var resource in content.Resources)
            plain.Write(resource.BundleEntryBytes);
        return plain;
    }

    private static ArrayBufferWriter<byte> State(ChunkContent content)
    {
        var plain = new ArrayBufferWriter<byte>(1024 + (content.Resources.Count * 256));
        var writer = new LogWriter(plain);
        writer.Number(content.Resources.Count);
        foreach (var resource in content.Resources)
        {
            writer.Range(resource.Segment.Stamp);
            writer.Number(checked((int)resource.Version));
            writer.Ticks(resource.LastUpdated);
            if (resource.Disagreement is { } disagreement)
                ResourceRow.Write(writer, disagreement);
            else
                ResourceRow.Write(writer, resource.Stated);
        }

        writer.Number(content.Unshown.Count);
        foreach (var entry in content.Unshown)
            EntryRow.Write(writer, entry);
        writer.Number(content.Redirects.Count);
        foreach (var redirect in content.Redirects)
        {
            writer.Key(redirect.From);
            writer.Key(redirect.To);
        }

        writer.Number(content.Pushes.Count);
        foreach (var push in content.Pushes)
        {
            writer.Hash(push.Push.Hash);
            writer.Number(checked((int)push.Seq));
            writer.Ticks(push.At);
        }

        if (content.Corrections.All.IsEmpty)
            return plain;
        writer.Number(content.Corrections.All.Length);
        foreach (var correction in content.Corrections.All)
            CorrectionRow.Write(writer, correction);
        return plain;
    }
}
