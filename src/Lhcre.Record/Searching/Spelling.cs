using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Lhcre.Record.Searching;

/// <summary>Texts as they stand in JSON, compared without being decoded wherever nothing in them is escaped.</summary>
internal static class Spelling
{
    /// <summary>Whether a text is this one, case included.</summary>
    /// <param name="raw">What stands between the quotes.</param>
    /// <param name="text">The text sought, in UTF-8.</param>
    public static bool Is(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text) => Plain(raw).SequenceEqual(text);

    /// <summary>
    /// The same, whatever the case of ASCII letters: FHIR has servers compare codes so when in doubt, since what is shown too much harms less
    /// than what is not (search.html, "token").
    /// </summary>
    public static bool IsAlike(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text)
    {
        raw = Plain(raw);
        if (raw.Length != text.Length)
            return false;
        for (var i = 0; i < raw.Length; i++)
        {
            if (Lower(raw[i]) != Lower(text[i]))
                return false;
        }

        return true;
    }

    /// <summary>A number that equal texts share, whatever the case of their ASCII letters (FNV-1a, 32 bits).</summary>
    public static uint Hash(ReadOnlySpan<byte> raw) => HashOf(Plain(raw));

    /// <summary>The same of a text that does not come from JSON.</summary>
    public static uint HashOf(ReadOnlySpan<byte> text)
    {
        var hash = 2166136261u;
        foreach (var b in text)
            hash = (hash ^ Lower(b)) * 16777619u;
        return hash;
    }

    /// <summary>The text.</summary>
    public static string Text(ReadOnlySpan<byte> raw) => Encoding.UTF8.GetString(Plain(raw));

    /// <summary>The text in UTF-8: what stands there itself, unless something in it is escaped.</summary>
    public static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> raw) => raw.Contains((byte)'\\') ? Decoded(raw) : raw;

    private static byte Lower(byte b) => (uint)(b - 'A') <= 'Z' - 'A' ? (byte)(b | 0x20) : b;

    private static byte[] Decoded(ReadOnlySpan<byte> raw)
    {
        var quoted = new ArrayBufferWriter<byte>(raw.Length + 2);
        quoted.Write("\""u8);
        quoted.Write(raw);
        quoted.Write("\""u8);
        var reader = new Utf8JsonReader(quoted.WrittenSpan);
        reader.Read();
        return Encoding.UTF8.GetBytes(reader.GetString()!);
    }
}
