using System.IO.Compression;

namespace Lhcre.Silo.Imports;

/// <summary>
/// A gzip body, unpacked, of which can be told whether it was whole. The framework's decoder takes a gzip that was cut off for one that ends there;
/// so a member of ours follows the body, and comes out as the last line only where all before it were complete.
/// </summary>
internal static class PackedBody
{
    private static readonly byte[] Member = Pack();

    /// <summary>The last line of one that is whole; it is none of the sender's.</summary>
    public static ReadOnlySpan<byte> End => "\u0004 the end of a gzip that is whole"u8;

    /// <summary>How many bytes of what is unpacked are not the sender's: the last line, and the line's end before it.</summary>
    public static int Extra => End.Length + 1;

    /// <summary>Unpacks; <see cref="InvalidDataException"/> comes where it is no gzip.</summary>
    public static Stream Unpack(Stream body) => new GZipStream(new FollowedStream(body, Member), CompressionMode.Decompress);

    private static byte[] Pack()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.WriteByte((byte)'\n');
            gzip.Write(End);
        }

        return packed.ToArray();
    }
}
