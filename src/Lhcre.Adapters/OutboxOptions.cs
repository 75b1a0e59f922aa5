namespace Lhcre.Adapters;

/// <summary>How an outbox keeps its files.</summary>
public sealed record OutboxOptions
{
    /// <summary>
    /// How many bytes of messages that are not settled yet it holds, default 1 GiB. Beyond it <see cref="Outbox.Append(IReadOnlyList{Outgoing}, string?, CancellationToken)"/>
    /// waits: so a record that is away for long slows the adapter down, and never fills its disk.
    /// </summary>
    public long MostBytes { get; init; } = 1L << 30;

    /// <summary>At how many bytes a file is full and the next one is begun, default 16 MiB. A file goes when all of its messages are settled.</summary>
    public long SegmentBytes { get; init; } = 16L << 20;
}

/// <summary>Another process works in the folder.</summary>
public sealed class OutboxInUseException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>The disk of the outbox failed, or it was closed: what of the last appends is there, nobody knows. Nothing more is taken; open it anew.</summary>
public sealed class OutboxFailedException(string message, Exception? inner) : IOException(message, inner);

/// <summary>
/// A file of the outbox is not what was written: messages that were acknowledged to the adapter are in it and cannot be read. Nothing is
/// skipped in silence: restore the file, or read the same again from the source with a fresh folder.
/// </summary>
public sealed class OutboxDamagedException(string file, long offset)
    : IOException($"{Path.GetFileName(file)} of the outbox is damaged at byte {offset}: acknowledged messages cannot be read.");
