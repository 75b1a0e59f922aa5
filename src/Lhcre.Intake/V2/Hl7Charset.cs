using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Unicode;
using Lhcre.Record;

namespace Lhcre.Intake.V2;

/// <summary>
/// In which charset a message is: what its bytes show (a byte order mark, UTF-16), else what MSH-18 says (HL7 table 0211, and the names that
/// senders use instead), else UTF-8 where it is valid, else ISO 8859-1.
/// </summary>
/// <remarks>
/// ISO 8859-1 is read as Windows-1252, which has letters where the other has control characters that no text contains, as the WHATWG's
/// Encoding Standard does for the web. A message that says ASCII and is not is read as if it said nothing. One that says a charset of several
/// bytes for a character must still say so when it is read: else a separator has become half of a character, and what is behind it has moved up.
/// </remarks>
internal static class Hl7Charset
{
    private const int Windows1252 = 1252;
    private const int Utf8Page = 65001;
    private const int Ascii = 20127;

    // Table 0211, without "ISO", blanks, dashes, underscores and slashes.
    private static readonly FrozenDictionary<string, int> Pages = new (int Page, string Names)[]
    {
        (Ascii, "ASCII USASCII IR6"),
        (Windows1252, "88591 LATIN1 WINDOWS1252 CP1252"),
        (28592, "88592"),
        (28593, "88593"),
        (28594, "88594"),
        (28595, "88595"),
        (28596, "88596"),
        (28597, "88597"),
        (28598, "88598"),
        (28599, "88599"),
        (28605, "885915"),
        // UTF-16 and UTF-32 are said of a file that was converted since: its bytes have shown that they are neither.
        (Utf8Page, "UNICODE UNICODEUTF8 UTF8 UNICODEUTF16 UTF16 UNICODEUTF32 UTF32"),
        (54936, "GB180302000"),
        (950, "BIG5"),
        (949, "KSX1001"),
    }.SelectMany(row => row.Names.Split(' ').Select(name => KeyValuePair.Create(name, row.Page))).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The message in UTF-8: the same bytes where they are that already.</summary>
    /// <param name="bytes">As sent.</param>
    /// <param name="charset">In which it came.</param>
    /// <param name="fault">Why it cannot be read; null where it can.</param>
    public static ReadOnlyMemory<byte>? ToUtf8(ReadOnlyMemory<byte> bytes, out Encoding charset, out Issue? fault)
    {
        fault = null;
        var isShown = false;
        if (Shown(bytes.Span, out var mark) is { } shown)
            (bytes, charset, isShown) = (bytes[mark..], shown, true);
        else if (Said(bytes.Span) is { } said)
            charset = said;
        else
        {
            charset = Encoding.UTF8;
            if (Utf8.IsValid(bytes.Span))
                return bytes;
            fault = new Issue(IssueCodes.UnknownHl7Charset, Expression: "MSH-18");
            return null;
        }

        if (charset.CodePage is Ascii or Utf8Page && Utf8.IsValid(bytes.Span))
        {
            // Answered so too: what says nothing and is not ASCII has a name or a control id that ASCII could not repeat.
            charset = Encoding.UTF8;
            return bytes;
        }

        if (charset.CodePage == Ascii)
            charset = Page(Windows1252);
        if (charset.CodePage != Utf8Page && Transcoded(bytes.Span, charset) is { } text && (charset.IsSingleByte || isShown || Said(text.Span)?.CodePage == charset.CodePage))
            return text;
        fault = new Issue(IssueCodes.WrongHl7Charset, Expression: "MSH-18");
        return null;
    }

    /// <summary>The beginning of a message that cannot be read, as far as an MSH may go: what cannot be decoded becomes question marks.</summary>
    public static ReadOnlyMemory<byte> HeaderInUtf8(ReadOnlyMemory<byte> bytes, out Encoding charset)
    {
        bytes = bytes[..Math.Min(bytes.Length, Hl7Limits.HeaderBytes)];
        charset = Shown(bytes.Span, out var mark) ?? Encoding.UTF8;
        var text = charset.CodePage == Utf8Page ? Encoding.Latin1.GetString(bytes.Span[mark..]) : Lenient(charset).GetString(bytes.Span[mark..]);
        return Encoding.ASCII.GetBytes(text);
    }

    /// <summary>A few bytes as text; null where they are none in this charset.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes, Encoding charset)
    {
        if (charset.CodePage is Ascii or Utf8Page || charset.GetByteCount("M") > 1)
            charset = Utf8.IsValid(bytes) ? Encoding.UTF8 : Page(Windows1252);
        return Transcoded(bytes, charset) is { } text ? Encoding.UTF8.GetString(text.Span) : null;
    }

    /// <summary>A file of messages in UTF-8, and whether it had to be found out from its first bytes that it is; the file itself where they show nothing.</summary>
    public static (ReadOnlyMemory<byte> Text, bool IsShown) FileInUtf8(ReadOnlyMemory<byte> file)
    {
        if (Shown(file.Span, out var mark) is not { } charset)
            return (file, false);
        if (charset.CodePage == Utf8Page)
            return (file[mark..], true);
        return Transcoded(file.Span[mark..], charset) is { } text ? (text, true) : (file, false);
    }

    // What the bytes show whatever is said: an MSH in UTF-16 or UTF-32 cannot be read before it is known that it is.
    private static Encoding? Shown(ReadOnlySpan<byte> bytes, out int mark)
    {
        foreach (var (charset, sign, length) in Signs)
        {
            if (bytes.StartsWith(sign))
            {
                mark = length;
                return charset;
            }
        }

        mark = 0;
        return null;
    }

    private static readonly (Encoding Charset, byte[] Sign, int MarkLength)[] Signs =
    [
        (new UTF8Encoding(true), [0xEF, 0xBB, 0xBF], 3),
        (new UTF32Encoding(false, true, true), [0xFF, 0xFE, 0, 0], 4),
        (new UTF32Encoding(true, true, true), [0, 0, 0xFE, 0xFF], 4),
        (new UnicodeEncoding(false, true, true), [0xFF, 0xFE], 2),
        (new UnicodeEncoding(true, true, true), [0xFE, 0xFF], 2),
        (new UnicodeEncoding(false, false, true), [(byte)'M', 0, (byte)'S', 0], 0),
        (new UnicodeEncoding(true, false, true), [0, (byte)'M', 0, (byte)'S'], 0),
    ];

    // ASCII where nothing is said, as the standard has it; null where it is a name that we do not know.
    private static Encoding? Said(ReadOnlySpan<byte> bytes)
    {
        var text = Hl7Lines.Trim(bytes);
        if (text.Length < 5 || !text.StartsWith("MSH"u8))
            return Page(Ascii);
        var header = text[..Math.Min(text.Length, Hl7Limits.HeaderBytes)];
        if (header.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var end)
            header = header[..end];
        // A line that ends where MSH-1 should stand says nothing.
        if (header.Length == 3)
            return Page(Ascii);
        var field = header[3];
        for (var n = 1; n < 18; n++)
        {
            var at = header.IndexOf(field);
            if (at < 0)
                return Page(Ascii);
            header = header[(at + 1)..];
        }

        // Of several, the first is the message's; the others are switched to by escape sequences.
        var stop = header.IndexOfAnyExceptInRange((byte)' ', (byte)'~') is >= 0 and var odd ? odd : header.Length;
        header = header[..stop];
        stop = header.IndexOfAny([field, text[4], text.Length > 5 ? text[5] : field]);
        return Named(Encoding.ASCII.GetString(stop < 0 ? header : header[..stop]));
    }

    /// <summary>Which charset a name in MSH-18 means: ASCII where there is none, null where it is not known.</summary>
    public static Encoding? Named(string text)
    {
        var name = string.Concat(text.Where(char.IsAsciiLetterOrDigit));
        if (name.StartsWith("ISO", StringComparison.OrdinalIgnoreCase))
            name = name[3..];
        return name.Length == 0 ? Page(Ascii) : Pages.TryGetValue(name, out var page) ? Page(page) : null;
    }

    private static Encoding Page(int page) => page switch
    {
        Utf8Page => Encoding.UTF8,
        Ascii => Encoding.ASCII,
        _ => CodePagesEncodingProvider.Instance.GetEncoding(page, EncoderFallback.ReplacementFallback, DecoderFallback.ExceptionFallback)!,
    };

    private static Encoding Lenient(Encoding charset)
    {
        var lenient = (Encoding)charset.Clone();
        lenient.DecoderFallback = new DecoderReplacementFallback("?");
        return lenient;
    }

    // Piece by piece: a message may have 50 MB, and its UTF-16 twice as many. Null where it is not in this charset.
    private static ReadOnlyMemory<byte>? Transcoded(ReadOnlySpan<byte> bytes, Encoding charset)
    {
        var text = new ArrayBufferWriter<byte>(Math.Max(16, bytes.Length + (bytes.Length / 8)));
        var piece = ArrayPool<char>.Shared.Rent(16 * 1024);
        try
        {
            var (decoder, encoder) = (charset.GetDecoder(), Encoding.UTF8.GetEncoder());
            for (var completed = false; !completed;)
            {
                decoder.Convert(bytes, piece, true, out var read, out var written, out completed);
                // What a code page does not define is given in the private use area.
                if (charset.IsSingleByte && piece.AsSpan(0, written).ContainsAnyInRange('\uE000', '\uF8FF'))
                    return null;
                bytes = bytes[read..];
                encoder.Convert(piece.AsSpan(0, written), text, completed, out _, out _);
            }

            return text.WrittenMemory;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(piece, clearArray: true);
        }
    }
}
