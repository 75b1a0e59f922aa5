using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Lhcre.Intake.V2;

/// <summary>
/// The escape sequences of the standard (HL7 v2.5.1, 2.7): separators, hexadecimal data, and the formatting commands of FT, of which the line
/// breaks are kept and the rest is left out, as highlighting is. What is not known, local (<c>\Z..\</c>) or a switch of character sets
/// (<c>\C..\</c>, <c>\M..\</c>) stays as it was sent.
/// </summary>
internal static class Hl7Escapes
{
    // More vertical space than this is nobody's layout; a short command must not become a long text.
    private const int MostRepeated = 20;

    /// <summary>The bytes themselves where nothing in them is escaped.</summary>
    public static ReadOnlyMemory<byte> Unescape(ReadOnlyMemory<byte> raw, Hl7Syntax syntax)
    {
        var rest = raw.Span;
        if (syntax.Escape == 0 || !rest.Contains(syntax.Escape))
            return raw;
        var text = new ArrayBufferWriter<byte>(raw.Length);
        for (var at = rest.IndexOf(syntax.Escape); at >= 0; at = rest.IndexOf(syntax.Escape))
        {
            text.Write(rest[..at]);
            rest = rest[(at + 1)..];
            var end = rest.IndexOf(syntax.Escape);
            if (end >= 0 && Append(text, rest[..end], syntax))
                rest = rest[(end + 1)..];
            else
                // An escape character that should have been escaped: the next one may be the beginning of a sequence.
                text.Write([syntax.Escape]);
        }

        text.Write(rest);
        return text.WrittenMemory;
    }

    /// <summary>
    /// A text as it may stand in a field: separators escaped, line breaks as <c>\.br\</c>, other control characters as spaces. Where the syntax
    /// has no escape character, they all become spaces.
    /// </summary>
    public static string Escape(string text, Hl7Syntax syntax)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings("\n"))
        {
            if (SequenceFor(c, syntax) is not { } sequence)
                escaped.Append(char.IsControl(c) ? ' ' : c);
            else if (syntax.Escape == 0)
                escaped.Append(' ');
            else
                escaped.Append((char)syntax.Escape).Append(sequence).Append((char)syntax.Escape);
        }

        return escaped.ToString();
    }

    private static string? SequenceFor(char c, Hl7Syntax syntax) =>
        c == '\n' ? ".br"
        : c is '\0' or > '\x7E' ? null
        : c == syntax.Field ? "F"
        : c == syntax.Components ? "S"
        : c == syntax.Repetition ? "R"
        : c == syntax.Escape ? "E"
        : c == syntax.Subcomponents ? "T"
        : c == syntax.Truncation ? "P"
        : null;

    // False where it is no sequence that we know or that has the form of one.
    private static bool Append(ArrayBufferWriter<byte> text, ReadOnlySpan<byte> sequence, Hl7Syntax syntax)
    {
        switch (sequence)
        {
            case [(byte)'F']:
                return Append(text, syntax.Field, '|');
            case [(byte)'S']:
                return Append(text, syntax.Components, '^');
            case [(byte)'R']:
                return Append(text, syntax.Repetition, '~');
            case [(byte)'E']:
                return Append(text, syntax.Escape, '\\');
            case [(byte)'T']:
                return Append(text, syntax.Subcomponents, '&');
            case [(byte)'P'] when syntax.Truncation != 0:
                return Append(text, syntax.Truncation, '#');
            case [(byte)'H' or (byte)'N']:
                return true;
            case [(byte)'X', .. var digits]:
                return AppendHexadecimal(text, digits, syntax);
            case [(byte)'.', .. var command]:
                return AppendFormat(text, command);
            case [(byte)'C' or (byte)'M' or (byte)'Z', _, ..] when sequence.IndexOfAnyExcept(LettersAndDigits) < 0:
                text.Write([syntax.Escape, .. sequence, syntax.Escape]);
                return true;
            default:
                return false;
        }
    }

    private static readonly SearchValues<byte> LettersAndDigits = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8);

    // Senders that leave a separator out of MSH-2 mean the recommended one by its sequence.
    private static bool Append(ArrayBufferWriter<byte> text, byte separator, char recommended)
    {
        text.Write([separator == 0 ? (byte)recommended : separator]);
        return true;
    }

    // Bytes of the message's charset. In a message of Unicode they are UTF-8, or else, as for whole messages, ISO 8859-1. Control characters
    // other than white space can be in no FHIR text: the sequence stays.
    private static bool AppendHexadecimal(ArrayBufferWriter<byte> text, ReadOnlySpan<byte> digits, Hl7Syntax syntax)
    {
        var bytes = new byte[digits.Length / 2];
        if (digits.Length % 2 != 0 || digits.IsEmpty || Convert.FromHexString(Encoding.ASCII.GetString(digits), bytes, out _, out _) != OperationStatus.Done)
            return false;
        if (Hl7Charset.Decode(bytes, syntax.Charset) is not { } decoded || decoded.Any(c => char.IsControl(c) && c is not ('\t' or '\r' or '\n')))
            return false;
        Encoding.UTF8.GetBytes(decoded, text);
        return true;
    }

    private static bool AppendFormat(ArrayBufferWriter<byte> text, ReadOnlySpan<byte> command)
    {
        if (command.Length < 2)
            return false;
        var name = Encoding.ASCII.GetString(command[..2]).ToUpperInvariant();
        if (!TryCount(command[2..], out var count))
            return false;
        switch (name)
        {
            case "BR" or "CE" when command.Length == 2:
                text.Write("\n"u8);
                return true;
            case "SP" or "SK" when count is >= 0 and <= MostRepeated:
                text.Write(Enumerable.Repeat(name == "SP" ? (byte)'\n' : (byte)' ', count).ToArray());
                return true;
            case "IN" or "TI":
                return true;
            case "FI" or "NF" when command.Length == 2:
                return true;
            default:
                return false;
        }
    }

    // One where no number is given.
    private static bool TryCount(ReadOnlySpan<byte> number, out int count)
    {
        count = 1;
        if (number.IsEmpty)
            return true;
        if (number[0] == (byte)'+')
            number = number[1..];
        return number.Length is > 0 and <= 4 && Utf8Parser.TryParse(number, out count, out var used) && used == number.Length;
    }
}
