using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Lhcre.Adapters.Storage;

/// <summary>
/// A file of frames. Its header (all numbers little endian): <c>LHCREOUT</c>, version 4, length of the header 4, identity of the outbox 16,
/// first sequence 8, the cursor by then (as in a frame), CRC-32C 4. A header is written whole before the file has its name.
/// </summary>
internal sealed class Segment
{
    public const string Pattern = "*.outbox";
    private const int Version = 1;
    private const int FixedHeader = 44;

    private long _length;

    private Segment(string path, Guid identity, long first, string? cursor, int header) =>
        (Path, Identity, First, Cursor, HeaderLength, _length, Last) = (path, identity, first, cursor, header, header, first - 1);

    public string Path { get; }

    public Guid Identity { get; }

    /// <summary>The first sequence that can stand in it.</summary>
    public long First { get; }

    /// <summary>How far the adapter had read when the file was begun.</summary>
    public string? Cursor { get; }

    public int HeaderLength { get; }

    /// <summary>The last sequence in it that is safely on disk; one less than <see cref="First"/> where there is none.</summary>
    public long Last { get; set; }

    /// <summary>How many of its messages are not settled.</summary>
    public long Unsettled { get; set; }

    /// <summary>Bytes that are safely on disk. Set by the writer, followed by readers.</summary>
    public long Length
    {
        get => Volatile.Read(ref _length);
        set => Volatile.Write(ref _length, value);
    }

    /// <summary>Begins a file.</summary>
    public static Segment Create(string folder, Guid identity, long first, string? cursor)
    {
        var text = cursor is null ? [] : Encoding.UTF8.GetBytes(cursor);
        var header = new byte[FixedHeader + text.Length + 4];
        "LHCREOUT"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), header.Length);
        identity.TryWriteBytes(header.AsSpan(16));
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(32), first);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), cursor is null ? -1 : text.Length);
        text.CopyTo(header.AsSpan(FixedHeader));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(header.Length - 4), Checksum.Of(header.AsSpan(0, header.Length - 4)));
        var path = System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{first:D20}.outbox"));
        SafeFile.Replace(path, header);
        return new Segment(path, identity, first, cursor, header.Length);
    }

    /// <summary>Reads a file's header.</summary>
    /// <exception cref="OutboxDamagedException">It is not one.</exception>
    public static Segment Open(string path)
    {
        using var file = File.OpenHandle(path);
        var start = Read(file, 0, FixedHeader);
        var length = start.Length == FixedHeader && start.AsSpan().StartsWith("LHCREOUT"u8) && BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(8)) == Version
            ? BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(12))
            : 0;
        var header = length is > FixedHeader and <= 1 << 20 ? Read(file, 0, length) : [];
        if (header.Length == 0 || header.Length != length || Checksum.Of(header.AsSpan(0, length - 4)) != BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(length - 4)))
            throw new OutboxDamagedException(path, 0);
        var text = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(40));
        return new Segment(
            path,
            new Guid(header.AsSpan(16, 16)),
            BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(32)),
            text < 0 ? null : Encoding.UTF8.GetString(header, FixedHeader, text),
            length);
    }

    /// <summary>The whole frame at an offset, and its bytes; null where there is none.</summary>
    public static Frame? ReadFrame(SafeFileHandle file, long offset, long end, out int length)
    {
        length = Frame.Length(Read(file, offset, (int)Math.Min(Frame.HeaderLength, end - offset)));
        return length == 0 || length > end - offset ? null : Frame.Read(Read(file, offset, length));
    }

    /// <summary>Bytes of a file from an offset on: fewer than are asked for where it ends before.</summary>
    public static byte[] Read(SafeFileHandle file, long offset, int count)
    {
        var bytes = new byte[count];
        var read = 0;
        while (read < count && RandomAccess.Read(file, bytes.AsSpan(read), offset + read) is > 0 and var more)
            read += more;
        return read == count ? bytes : bytes[..read];
    }
}
