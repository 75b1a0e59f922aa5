using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Lhcre.Record;

/// <summary>The first 128 bits of the SHA-256 of what a source said, byte for byte. The hash of a withdrawal is zero.</summary>
public readonly record struct ContentHash(UInt128 Bits) : IComparable<ContentHash>
{
    /// <summary>Bytes that <see cref="Write"/> fills: 16.</summary>
    public const int Length = 16;

    /// <summary>The hash of <paramref name="content"/>.</summary>
    public static ContentHash Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return Read(hash);
    }

    /// <summary>Reads 16 bytes, big-endian.</summary>
    public static ContentHash Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Writes 16 bytes, big-endian.</summary>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);

    /// <inheritdoc/>
    public int CompareTo(ContentHash other) => Bits.CompareTo(other.Bits);
}
