using System.Buffers;

namespace Lhcre.Record;

/// <summary>What goes into one live chunk.</summary>
/// <param name="Head">The record as of it.</param>
/// <param name="Resources">Merged resources, in the record's order.</param>
/// <param name="Unshown">Entries that are members of no merged resource: withdrawn, or withheld.</param>
/// <param name="Redirects">Where withdrawn members lead: all of the record.</param>
/// <param name="Pushes">Push ids that are to be known.</param>
internal sealed record ChunkContent(
    ChunkHead Head, IReadOnlyList<MergedResource> Resources, IReadOnlyList<Entry> Unshown, IReadOnlyList<KeyLink> Redirects, IReadOnlyList<AppliedPush> Pushes);

/// <summary>
/// A part of a record as it is now, in two packed parts: what is served (a lookup needs nothing else), and the state from which merging
/// goes on. What the sources said stands in the log and its history, not here. The layout is on the page <c>Log/FORMAT.md</c>; keep the two in step.
/// </summary>
internal static class LiveChunk
{
    /// <summary>The format that <see cref="Write"/> makes: 6. One of format 3 lacks what a head says of merge rules, and is not used.</summary>
    public const byte Format = 6;

    /// <summary>The least bytes of a resource in the directory.</summary>
    public const int LeastDirectoryBytes = 6;

    private const int PrefixBytes = 2 + ContentHash.Length;

    /// <summary>A part of a record to bytes.</summary>
    public static ReadOnlyMemory<byte> Write(ChunkContent content, Addresses addresses)
    {
        var served = Packed(Served(content));
        var state = Packed(State(content));
        var body = new ArrayBufferWriter<byte>(PrefixBytes + 5 + served.Length + state.Length);
        var writer = new LogWriter(body);
        writer.Byte(Format);
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
        if (body.Length <= PrefixBytes || body.Span[0] != Format || body.Span[1] != PatientRecord.MergeRules)
            return false;
        var (served, state) = Parts(body);
        return new LogReader(body, 2).Hash() == addresses.Hash
            && served.Span is [Format, FactsReader.Number, ..] && state.Span is [Format, FactsReader.Number, ..];
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

    private static byte[] Packed(ArrayBufferWriter<byte> plain) => PackedBytes.Pack(Format, FactsReader.Number, plain.WrittenSpan);

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

        return plain;
    }
}
