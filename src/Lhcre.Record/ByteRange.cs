namespace Lhcre.Record;

/// <summary>A stretch of a byte sequence. A length of 0 is a place where something may be put in.</summary>
public readonly record struct ByteRange(int Start, int Length)
{
    /// <summary>The first position behind the stretch.</summary>
    public int End => Start + Length;

    /// <summary>The bytes of the stretch.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> bytes) => bytes.Slice(Start, Length);
}
