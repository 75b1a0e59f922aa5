using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Lhcre.Adapters.Storage;

/// <summary>
/// What one append wrote: its messages, and how far the adapter had read its source by then. Whole or not there: header of 32 bytes (all
/// numbers little endian: magic 4, length of what follows 4, first sequence 8, durable 8, count 4, CRC-32C 4), then the cursor and the messages,
/// each string and body behind its length (4 bytes).
/// </summary>
/// <param name="First">The sequence of its first message; of a frame without messages, of the next one.</param>
/// <param name="Durable">
/// The last sequence that was safely on disk before this was written. It tells a torn end (nobody was told that it is safe) from damage.
/// </param>
/// <param name="Cursor">As the adapter gave it; null where it gave none.</param>
/// <param name="Messages">The messages.</param>
internal sealed record Frame(long First, long Durable, string? Cursor, IReadOnlyList<QueuedMessage> Messages)
{
    public const int HeaderLength = 32;

    /// <summary>Bytes of a message beside its strings and its body.</summary>
    public const int MessageOverhead = 13;

    private const uint Magic = 0x3146_484C;
    private const int NoCursor = -1;

    /// <summary>The last sequence in it.</summary>
    public long Last => First + Messages.Count - 1;

    /// <summary>The bytes of a frame.</summary>
    public static byte[] Write(long first, long durable, string? cursor, IReadOnlyList<Outgoing> messages)
    {
        var bytes = new ArrayBufferWriter<byte>(HeaderLength + 64 + messages.Sum(m => m.Body.Length + 128));
        bytes.Advance(HeaderLength);
        Put(bytes, cursor);
        foreach (var message in messages)
        {
            bytes.GetSpan(1)[0] = (byte)message.Kind;
            bytes.Advance(1);
            Put(bytes, message.Person);
            Put(bytes, message.Path);
            Put(bytes, message.Body.Length);
            bytes.Write(message.Body.Span);
        }

        var frame = bytes.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), frame.Length - HeaderLength);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(8), first);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(16), durable);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(24), messages.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(28), Checksum.Of(frame.AsSpan(0, 28), frame.AsSpan(HeaderLength)));
        return frame;
    }

    /// <summary>How long the frame is that begins here, by its header alone; 0 where none can.</summary>
    public static int Length(ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic)
            return 0;
        var length = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        return length is >= 4 and < int.MaxValue - HeaderLength ? HeaderLength + length : 0;
    }

    /// <summary>The frame that begins here; null where there is no whole one.</summary>
    public static Frame? Read(ReadOnlyMemory<byte> bytes)
    {
        var length = Length(bytes.Span);
        if (length == 0 || bytes.Length < length)
            return null;
        var header = bytes.Span[..HeaderLength];
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[28..]) != Checksum.Of(header[..28], bytes.Span[HeaderLength..length]))
            return null;
        var first = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        var messages = new QueuedMessage[BinaryPrimitives.ReadInt32LittleEndian(header[24..])];
        var rest = bytes[HeaderLength..length];
        var cursor = TakeText(ref rest);
        for (var n = 0; n < messages.Length; n++)
        {
            var kind = (OutgoingKind)rest.Span[0];
            rest = rest[1..];
            var person = TakeText(ref rest)!;
            var path = TakeText(ref rest)!;
            messages[n] = new QueuedMessage(first + n, new Outgoing(kind, person, path, Take(ref rest, TakeLength(ref rest))));
        }

        return new Frame(first, BinaryPrimitives.ReadInt64LittleEndian(header[16..]), cursor, messages);
    }

    /// <summary>Where in these bytes a frame's magic comes next, from a place on; -1 where it does not.</summary>
    public static int Find(ReadOnlySpan<byte> bytes, int from)
    {
        Span<byte> magic = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(magic, Magic);
        var at = bytes[from..].IndexOf(magic);
        return at < 0 ? -1 : from + at;
    }

    private static void Put(ArrayBufferWriter<byte> bytes, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes.GetSpan(4), number);
        bytes.Advance(4);
    }

    private static void Put(ArrayBufferWriter<byte> bytes, string? text)
    {
        Put(bytes, text is null ? NoCursor : Encoding.UTF8.GetByteCount(text));
        if (text is not null)
            bytes.Advance(Encoding.UTF8.GetBytes(text, bytes.GetSpan(Encoding.UTF8.GetByteCount(text))));
    }

    private static int TakeLength(ref ReadOnlyMemory<byte> rest)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
        rest = rest[4..];
        return length;
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> rest, int length)
    {
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    private static string? TakeText(ref ReadOnlyMemory<byte> rest)
    {
        var length = TakeLength(ref rest);
        return length == NoCursor ? null : Encoding.UTF8.GetString(Take(ref rest, length).Span);
    }
}
