namespace Lhcre.Silo.Mllp;

/// <summary>The bytes of one block while it comes in: those beyond the free ones only while there is room for them.</summary>
internal sealed class BlockBuffer(MllpLimits limits, HeldBytes held) : IDisposable
{
    // Holds the MSH segment of every sender that means well: by it a refusal is answered.
    private const int Head = 4096;

    private byte[] _bytes = [];
    private long _taken;

    /// <summary>Bytes in it.</summary>
    public int Length { get; private set; }

    /// <summary>What is in it.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Adds bytes; where they cannot be held, says why, and only the head stays.</summary>
    public MllpEnd? Add(ReadOnlySpan<byte> bytes)
    {
        var needed = (long)Length + bytes.Length;
        MllpEnd? end = needed > limits.MessageBytes ? MllpEnd.TooLong : needed > _bytes.Length && !Grow((int)needed) ? MllpEnd.NoRoom : null;
        if (end is not null)
        {
            KeepHead(bytes);
            return end;
        }

        bytes.CopyTo(_bytes.AsSpan(Length));
        Length = (int)needed;
        return null;
    }

    /// <summary>Lets go of everything.</summary>
    public void Dispose()
    {
        held.Give(_taken);
        (_bytes, _taken, Length) = ([], 0, 0);
    }

    private bool Grow(int needed)
    {
        // At least doubled, so that a long message is not copied with each piece.
        var size = (int)Math.Min(limits.MessageBytes, Math.Max(needed, Math.Min(2L * _bytes.Length, int.MaxValue)));
        var more = Math.Max(0, size - limits.FreeBytes) - _taken;
        if (more > 0)
        {
            if (!held.TryTake(more))
                return false;
            _taken += more;
        }

        Array.Resize(ref _bytes, size);
        return true;
    }

    private void KeepHead(ReadOnlySpan<byte> more)
    {
        byte[] head = [.. _bytes.AsSpan(0, Math.Min(Length, Head)), .. more[..Math.Clamp(Head - Length, 0, more.Length)]];
        Dispose();
        (_bytes, Length) = (head, head.Length);
    }
}
