using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using ZstdSharp;

namespace Lhcre.Silo.Fhir;

/// <summary>How the bytes of an answer are compressed on their way (RFC 9110 section 8.4.1, RFC 8878).</summary>
/// <param name="Name">Its registered name.</param>
/// <param name="Fast">Compresses what is sent once, at little cost.</param>
/// <param name="Thorough">Compresses what is kept and sent again.</param>
internal sealed record ContentCoding(string Name, Func<Stream, Stream> Fast, Func<Stream, Stream> Thorough)
{
    /// <summary>As it is.</summary>
    public static ContentCoding Identity { get; } = new("identity", s => s, s => s);

    /// <summary>Those that there are, the preferred ones first: where a client takes several alike, the one that costs both sides least.</summary>
    public static IReadOnlyList<ContentCoding> All { get; } =
    [
        new("zstd", s => new CompressionStream(s, 1, leaveOpen: true), s => new CompressionStream(s, 9, leaveOpen: true)),
        new("br", s => new BrotliStream(s, new BrotliCompressionOptions { Quality = 1 }, leaveOpen: true), s => new BrotliStream(s, new BrotliCompressionOptions { Quality = 6 }, leaveOpen: true)),
        new("gzip", s => new GZipStream(s, CompressionLevel.Fastest, leaveOpen: true), s => new GZipStream(s, CompressionLevel.Optimal, leaveOpen: true)),
    ];

    /// <summary>The coding of the greatest weight in an <c>Accept-Encoding</c>, and whether what is not worth it may be sent as it is.</summary>
    /// <returns>No coding where nothing at all is taken.</returns>
    public static (ContentCoding? Coding, bool TakesPlain) Choose(StringValues accept)
    {
        if (StringValues.IsNullOrEmpty(accept))
            return (Identity, true);
        Weighted[] wanted = [.. Weighted.Read(accept)];
        var others = WeightOf("*");
        // As it is, an answer is taken unless that is ruled out (RFC 9110 section 12.5.3); a client that names a coding wants it more.
        var plain = WeightOf(Identity.Name) ?? others ?? 1;
        var (best, most) = ((ContentCoding?)null, 0d);
        foreach (var coding in All)
        {
            if (WeightOf(coding.Name) is { } weight && weight > most)
                (best, most) = (coding, weight);
        }

        // Anything will do: what everything can read, where it is not ruled out by name.
        if (best is null && others > 0)
            (best, most) = (All.LastOrDefault(c => WeightOf(c.Name) is null), others.Value);
        if (best is null || (WeightOf(Identity.Name) is { } named && named > most))
            best = plain > 0 ? Identity : best;
        return (best, plain > 0);

        double? WeightOf(string name)
        {
            foreach (var member in wanted)
            {
                if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || (name == "gzip" && member.Name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase)))
                    return member.Weight;
            }

            return null;
        }
    }
}
