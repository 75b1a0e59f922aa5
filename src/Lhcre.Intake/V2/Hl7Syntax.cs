using System.Buffers;
using System.Text;

namespace Lhcre.Intake.V2;

/// <summary>How one message is written: its separators (MSH-1 and MSH-2) and its charset. A separator that it does without is 0.</summary>
/// <param name="Field">Between fields, nearly always <c>|</c>.</param>
/// <param name="Components">Between components, <c>^</c>.</param>
/// <param name="Repetition">Between repetitions, <c>~</c>.</param>
/// <param name="Escape">Around escape sequences, <c>\</c>.</param>
/// <param name="Subcomponents">Between subcomponents, <c>&amp;</c>.</param>
/// <param name="Truncation">At the end of a value that was cut, <c>#</c>: since version 2.7, and only where the message names it.</param>
/// <param name="Charset">In which the message came, and in which it is answered.</param>
internal sealed record Hl7Syntax(byte Field, byte Components, byte Repetition, byte Escape, byte Subcomponents, byte Truncation, Encoding Charset)
{
    /// <summary>Of a field that is itself about separators.</summary>
    public static readonly Hl7Syntax Literal = new(0, 0, 0, 0, 0, 0, Encoding.UTF8);

    /// <summary>What the standard recommends: for an answer to something that said nothing readable.</summary>
    public static readonly Hl7Syntax Recommended = new((byte)'|', (byte)'^', (byte)'~', (byte)'\\', (byte)'&', 0, Encoding.UTF8);

    /// <summary>MSH-2 of what is written so.</summary>
    public string EncodingCharacters => Encoding.ASCII.GetString([.. new[] { Components, Repetition, Escape, Subcomponents, Truncation }.TakeWhile(c => c != 0)]);

    /// <summary>
    /// Reads MSH-1 and MSH-2. A character that is doubled counts once: <c>^~\\&amp;</c> comes from programs that escape the escape character
    /// in their own source. Null where they do not divide anything: none at all, letters, digits, quotation marks, no ASCII, or one in two roles.
    /// </summary>
    /// <param name="text">The message from MSH-1 on.</param>
    /// <param name="charset">In which the message came.</param>
    public static Hl7Syntax? Of(ReadOnlySpan<byte> text, Encoding charset)
    {
        var field = text[0];
        var end = text[1..].IndexOfAny(field, (byte)'\r', (byte)'\n');
        var characters = end < 0 ? text[1..] : text[1..(end + 1)];
        var roles = new List<byte> { field };
        foreach (var c in characters)
        {
            if (c != roles[^1])
                roles.Add(c);
        }

        // Five are defined; what follows them has no meaning yet.
        if (roles.Count > 6)
            roles.RemoveRange(6, roles.Count - 6);
        if (roles.Count < 2 || roles.Distinct().Count() < roles.Count || !roles.TrueForAll(Separates))
            return null;
        while (roles.Count < 6)
            roles.Add(0);
        return new Hl7Syntax(roles[0], roles[1], roles[2], roles[3], roles[4], roles[5], charset);
    }

    /// <summary>Where the first repetition of a field ends.</summary>
    public int EndOfRepetition(ReadOnlySpan<byte> field) => Repetition != 0 && field.IndexOf(Repetition) is >= 0 and var end ? end : field.Length;

    /// <summary>A component (from 1) of a repetition; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Component(ReadOnlyMemory<byte> repetition, int number) => Part(repetition, Components, number);

    /// <summary>A subcomponent (from 1) of a component; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Subcomponent(ReadOnlyMemory<byte> component, int number) => Part(component, Subcomponents, number);

    /// <summary>A component without the subcomponent separators at its end.</summary>
    public ReadOnlyMemory<byte> WithoutEmptyEnd(ReadOnlyMemory<byte> component) =>
        Subcomponents == 0 ? component : component[..component.Span.TrimEnd(Subcomponents).Length];

    /// <summary>What was said; null where nothing was, nothing but white space and control characters, or the null value.</summary>
    public string? Value(ReadOnlyMemory<byte> raw) => Utf8(raw) is { IsEmpty: false } value ? Encoding.UTF8.GetString(value.Span) : null;

    /// <summary>What was said, in UTF-8; empty where <see cref="Value"/> is null.</summary>
    public ReadOnlyMemory<byte> Utf8(ReadOnlyMemory<byte> raw)
    {
        if (raw.Span.SequenceEqual("\"\""u8))
            return default;
        var value = Hl7Escapes.Unescape(raw, this);
        return SaysNothing(value.Span) ? default : value;
    }

    // White space and control characters alone, of which nothing is left in FHIR.
    private static bool SaysNothing(ReadOnlySpan<byte> value)
    {
        while (Rune.DecodeFromUtf8(value, out var rune, out var length) == OperationStatus.Done)
        {
            if (!Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune))
                return false;
            value = value[length..];
        }

        return value.IsEmpty;
    }

    private static ReadOnlyMemory<byte> Part(ReadOnlyMemory<byte> whole, byte separator, int number)
    {
        for (var n = 1; n < number; n++)
        {
            var end = separator == 0 ? -1 : whole.Span.IndexOf(separator);
            if (end < 0)
                return default;
            whole = whole[(end + 1)..];
        }

        return number >= 1 ? whole[..(separator != 0 && whole.Span.IndexOf(separator) is >= 0 and var to ? to : whole.Length)] : default;
    }

    /// <summary>Whether a byte may be a separator.</summary>
    public static bool Separates(byte c) => c is > (byte)' ' and < 0x7F and not (byte)'"' && !char.IsAsciiLetterOrDigit((char)c);
}
