using System.IO.Compression;
using System.Text;
using Lhcre.Silo.Fhir;
using ZstdSharp;

namespace Lhcre.Silo.Tests.Negotiating;

/// <summary>RFC 9110 section 12.5.3, as a table.</summary>
public sealed class ContentCodingTests
{
    [Theory]
    [InlineData(null, "identity", true)]
    [InlineData("", "identity", true)]
    [InlineData("identity", "identity", true)]
    [InlineData("gzip", "gzip", true)]
    [InlineData("x-gzip", "gzip", true)]
    [InlineData("GZIP", "gzip", true)]
    [InlineData("br", "br", true)]
    [InlineData("zstd", "zstd", true)]
    [InlineData("deflate", "identity", true)]
    [InlineData("gzip, deflate, br, zstd", "zstd", true)]
    [InlineData("gzip, deflate, br", "br", true)]
    [InlineData("gzip;q=1.0, br;q=0.5", "gzip", true)]
    [InlineData("gzip;q=0.2, zstd;q=0.1, br;q=0.3", "br", true)]
    [InlineData("gzip;q=0", "identity", true)]
    [InlineData("gzip;q=0.5, identity", "identity", true)]
    [InlineData("gzip;q=0.5, identity;q=0.5", "gzip", true)]
    [InlineData("*", "gzip", true)]
    [InlineData("gzip;q=0, *", "br", true)]
    [InlineData("br, *;q=0.1", "br", true)]
    [InlineData("gzip, identity;q=0", "gzip", false)]
    [InlineData("gzip, *;q=0", "gzip", false)]
    [InlineData("identity;q=0, *", "gzip", false)]
    [InlineData("deflate, identity;q=0", null, false)]
    [InlineData("identity;q=0", null, false)]
    [InlineData("*;q=0", null, false)]
    [InlineData("*;q=0, identity", "identity", true)]
    public void The_header_chooses(string? accept, string? coding, bool takesPlain)
    {
        var chosen = ContentCoding.Choose(accept);

        Assert.Equal((coding, takesPlain), (chosen.Coding?.Name, chosen.TakesPlain));
    }

    [Theory]
    [InlineData("zstd", true)]
    [InlineData("zstd", false)]
    [InlineData("br", true)]
    [InlineData("br", false)]
    [InlineData("gzip", true)]
    [InlineData("gzip", false)]
    public async Task What_is_compressed_is_read_back_and_is_smaller(string name, bool isKept)
    {
        var coding = ContentCoding.All.Single(c => c.Name == name);
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(i => $"{{\"id\":{i}}},")));
        var body = Body.Of(text);
        byte[] compressed;
        if (isKept)
        {
            compressed = (await body.Compressed(coding)).ToArray();
        }
        else
        {
            using var target = new MemoryStream();
            await body.Through(coding.Fast, target, CancellationToken.None);
            compressed = target.ToArray();
        }

        Assert.InRange(compressed.Length, 1, text.Length / 2);
        Assert.Equal(text, Plain(name, compressed));
    }

    /// <summary>What a client makes of it.</summary>
    internal static byte[] Plain(string coding, byte[] bytes)
    {
        using var from = new MemoryStream(bytes);
        using Stream reading = coding switch
        {
            "zstd" => new DecompressionStream(from),
            "br" => new BrotliStream(from, CompressionMode.Decompress),
            _ => new GZipStream(from, CompressionMode.Decompress),
        };
        using var plain = new MemoryStream();
        reading.CopyTo(plain);
        return plain.ToArray();
    }
}
