using Lhcre.Record;

namespace Lhcre.Silo.Mllp;

/// <summary>
/// What the senders of one source may ask of its listener. Each source has a port, connections and memory of its own, so that one that has lost
/// its measure harms no other.
/// </summary>
internal sealed record MllpLimits
{
    /// <summary>
    /// Connections at a time: 1,000. For one more, whoever has been quiet longest is closed: of those that never sent a whole message first.
    /// </summary>
    public int Connections { get; init; } = 1000;

    /// <summary>Bytes of a message: as many as a body may have over HTTP. What is longer is read to its end, and answered AR.</summary>
    public int MessageBytes { get; init; } = Limits.BodyBytes;

    /// <summary>Bytes of a message that are held without asking for room: 64 KiB. Nearly every message is shorter.</summary>
    public int FreeBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Bytes beyond these that all connections together hold, of messages that are coming in or being taken in: 128 MiB. A message for which there
    /// is no room is read to its end, and answered AE: the sender sends it again.
    /// </summary>
    public long HeldBytes { get; init; } = 2L * Limits.BodyBytes;

    /// <summary>Bytes between two messages, beside white space, after which a sender is cut: 4 KiB. It speaks something else.</summary>
    public int StrayBytes { get; init; } = 4096;

    /// <summary>In which time a message must have come to its end: 30 s, and longer by what <see cref="BytesPerSecond"/> allows. The sender is cut then.</summary>
    public TimeSpan MessageTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For each so many bytes of a message that have come it may take a second more: 128 KiB.</summary>
    public int BytesPerSecond { get; init; } = 128 * 1024;

    /// <summary>In which time an answer must have been taken off our hands: 30 s. A sender that does not read is cut then.</summary>
    public TimeSpan AnswerTime { get; init; } = TimeSpan.FromSeconds(30);
}
