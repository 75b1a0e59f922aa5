using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Lhcre.Record;

/// <summary>Writes the primitives of <c>FORMAT.md</c>: numbers as LEB128, texts as length and UTF-8, absent texts as length 0 of one more.</summary>
internal readonly struct LogWriter(ArrayBufferWriter<byte> target)
{
    /// <summary>Writes a LEB128 number and returns its length.</summary>
    public static int Number(Span<byte> span, int value)
    {
        var rest = (uint)value;
        var length = 0;
        for (; rest >= 0x80; rest >>= 7)
            span[length++] = (byte)(rest | 0x80);
        span[length++] = (byte)rest;
        return length;
    }

    /// <summary>A number of 0 to 2^31 − 1.</summary>
    public void Number(int value) => target.Advance(Number(target.GetSpan(5), value));

    /// <summary>One byte.</summary>
    public void Byte(byte value)
    {
        target.GetSpan(1)[0] = value;
        target.Advance(1);
    }

    /// <summary>Eight bytes, big-endian.</summary>
    public void Ticks(DateTimeOffset? time)
    {
        BinaryPrimitives.WriteInt64BigEndian(target.GetSpan(8), time?.UtcTicks ?? 0);
        target.Advance(8);
    }

    /// <summary>Sixteen bytes.</summary>
    public void Hash(ContentHash hash)
    {
        hash.Write(target.GetSpan(ContentHash.Length));
        target.Advance(ContentHash.Length);
    }

    /// <summary>A text, or null.</summary>
    public void Text(string? text)
    {
        if (text is null)
        {
            Number(0);
            return;
        }

        Number(Encoding.UTF8.GetByteCount(text) + 1);
        Encoding.UTF8.GetBytes(text, target);
    }

    /// <summary>A key.</summary>
    public void Key(EntryKey key)
    {
        Text(key.Source);
        Text(key.Type);
        Text(key.Id);
    }

    /// <summary>A range.</summary>
    public void Range(ByteRange range)
    {
        Number(range.Start);
        Number(range.Length);
    }
}

/// <summary>Reads what <see cref="LogWriter"/> wrote.</summary>
internal struct LogReader(ReadOnlyMemory<byte> source, int position)
{
    /// <summary>The next byte to read.</summary>
    public int Position { get; private set; } = position;

    /// <summary>A number of 0 to 2^31 − 1.</summary>
    public int Number()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Byte();
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
                return value <= int.MaxValue ? (int)value : throw Damaged();
        }

        throw Damaged();
    }

    /// <summary>How many items follow, of at least so many bytes each: no more than there are bytes for.</summary>
    public int Count(int leastBytes)
    {
        var count = Number();
        return count <= (source.Length - Position) / leastBytes ? count : throw Damaged();
    }

    /// <summary>One byte.</summary>
    public byte Byte() => Take(1)[0];

    /// <summary>Four bytes, big-endian.</summary>
    public uint Check() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>Eight bytes of ticks; null for 0.</summary>
    public DateTimeOffset? Ticks()
    {
        var ticks = BinaryPrimitives.ReadInt64BigEndian(Take(8));
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
            throw Damaged();
        return ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    /// <summary>Sixteen bytes.</summary>
    public ContentHash Hash() => ContentHash.Read(Take(ContentHash.Length));

    /// <summary>A text, or null.</summary>
    public string? Text()
    {
        var length = Number();
        return length == 0 ? null : Encoding.UTF8.GetString(Take(length - 1));
    }

    /// <summary>A text that is there.</summary>
    public string Required() => Text() ?? throw Damaged();

    /// <summary>A name that recurs in every record (a source, type, system or code), or null.</summary>
    public string? Name() => Recurring.TextOrNull(Text());

    /// <summary>A name that is there.</summary>
    public string RequiredName() => Recurring.Text(Required());

    /// <summary>A key.</summary>
    public EntryKey Key() => new(RequiredName(), RequiredName(), Required());

    /// <summary>So many bytes.</summary>
    public ReadOnlySpan<byte> Bytes(int length) => Take(length);

    /// <summary>A range.</summary>
    public ByteRange Range() => new(Number(), Number());

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > source.Length - Position)
            throw Damaged();
        var span = source.Span.Slice(Position, length);
        Position += length;
        return span;
    }

    private static InvalidDataException Damaged() => new("A log body is damaged: a value runs over its end.");
}
