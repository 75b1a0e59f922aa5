using System.Buffers;

namespace Lhcre.Record;

/// <summary>
/// 130 bits as 26 characters of <c>a–z2–7</c> (RFC 4648, lower case, no padding): short, fit for a FHIR id, and safe in URLs and logs.
/// </summary>
internal static class Base32
{
    /// <summary>Characters that <see cref="Write"/> makes: 26, which hold 130 bits.</summary>
    public const int Length = 26;

    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>The first 130 bits of <paramref name="bytes"/> (at least 17 bytes).</summary>
    public static string Write(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[Length];
        int buffer = 0, bits = 0, next = 0;
        for (var i = 0; i < Length; i++)
        {
            if (bits < 5)
            {
                buffer = ((buffer & 0xFF) << 8) | bytes[next++];
                bits += 8;
            }

            bits -= 5;
            text[i] = Alphabet[(buffer >> bits) & 31];
        }

        return new string(text);
    }

    /// <summary>Reads 26 characters back into 17 bytes, the last six bits of which are zero; false for any other text.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        if (!IsValid(text))
            return false;
        int buffer = 0, bits = 0, next = 0;
        foreach (var c in text)
        {
            buffer = ((buffer & 0xFF) << 5) | Alphabet.IndexOf(c, StringComparison.Ordinal);
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[next++] = (byte)(buffer >> bits);
            }
        }

        bytes[next] = (byte)(buffer << (8 - bits));
        return true;
    }

    /// <summary>Whether <paramref name="text"/> is 26 characters of the alphabet.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) => text.Length == Length && !text.ContainsAnyExcept(Characters);
}
