using System.Text;
using Lhcre.Record;

namespace Lhcre.Intake.V2;

/// <summary>
/// One HL7 v2 message in its delimited form (ER7), read once. Nothing is copied or unescaped before it is asked for: segments, fields and
/// repetitions are views of the bytes that were sent (of one copy in UTF-8, where they were sent in another charset).
/// </summary>
/// <remarks>
/// What real senders do wrong is read as they meant it: line feeds or both for carriage returns, empty lines, separators at the end of a
/// segment, a byte order mark, the control bytes of an MLLP frame. A line that does not begin like a segment goes on with the one before it,
/// since many senders put unescaped line breaks into their texts.
/// </remarks>
public sealed class Hl7Message
{
    private static readonly Issue Unreadable = new(IssueCodes.NotHl7);

    private Hl7Message(Hl7Syntax syntax, IReadOnlyList<Hl7Segment> segments)
    {
        (Syntax, Segments) = (syntax, segments);
        var type = Header[9];
        (Code, Event) = (type.Value ?? "", type.Component(2) ?? "");
        Structure = type.Component(3) ?? Hl7Structures.Of(Code, Event);
        ControlId = Header[10].Value ?? "";
        ProcessingId = Header[11].Value ?? "";
        Version = Header[12].Value ?? "";
    }

    /// <summary>The segments in their order; MSH first.</summary>
    public IReadOnlyList<Hl7Segment> Segments { get; }

    /// <summary>MSH.</summary>
    public Hl7Segment Header => Segments[0];

    /// <summary>MSH-9.1, such as <c>ADT</c>; empty where absent.</summary>
    public string Code { get; }

    /// <summary>MSH-9.2, the trigger event, such as <c>A08</c>; empty where absent.</summary>
    public string Event { get; }

    /// <summary>MSH-9.3, such as <c>ADT_A01</c>; where absent, what HL7's table 0354 says for code and event; empty where there is no code.</summary>
    public string Structure { get; }

    /// <summary>MSH-10; empty where absent.</summary>
    public string ControlId { get; }

    /// <summary>MSH-12.1, such as <c>2.4</c>; empty where absent.</summary>
    public string Version { get; }

    /// <summary>MSH-11.1: <c>P</c>, <c>T</c> or <c>D</c>; empty where absent.</summary>
    public string ProcessingId { get; }

    internal Hl7Syntax Syntax { get; }

    /// <summary>Reads a message. Never throws, whatever the bytes are.</summary>
    /// <param name="bytes">
    /// One message, with or without the control bytes of its MLLP frame. It is kept, and must not be changed afterwards.
    /// </param>
    /// <param name="fault">Why it cannot be read: an error of the group LHC60x. Null where it can.</param>
    /// <returns>Null where it cannot be read.</returns>
    public static Hl7Message? Parse(ReadOnlyMemory<byte> bytes, out Issue? fault)
    {
        if (Hl7Charset.ToUtf8(bytes, out var charset, out fault) is not { } text)
            return null;
        text = Hl7Lines.Trim(text);
        if (SyntaxOf(text.Span, charset, out fault) is not { } syntax)
            return null;
        var segments = new List<Hl7Segment>();
        var occurrences = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in new Hl7Lines(text.Span, syntax.Field))
        {
            var name = Encoding.ASCII.GetString(text.Span[line][..3]);
            fault = Check(segments.Count, name, text.Span[line], syntax);
            if (fault is not null)
                return null;
            var occurrence = occurrences[name] = occurrences.GetValueOrDefault(name) + 1;
            segments.Add(new Hl7Segment(syntax, name, segments.Count, occurrence, text[line]));
        }

        return new Hl7Message(syntax, segments);
    }

    /// <summary>
    /// What can be read of the MSH of a message that <see cref="Parse"/> refuses, so that its acknowledgement can name it: a message of that
    /// one segment. Bytes that are not of the charset become question marks. Null where there is no MSH that can be read.
    /// </summary>
    /// <param name="bytes">As for <see cref="Parse"/>.</param>
    public static Hl7Message? HeaderOf(ReadOnlyMemory<byte> bytes)
    {
        var text = Hl7Lines.Trim(Hl7Charset.HeaderInUtf8(bytes, out var charset));
        if (SyntaxOf(text.Span, charset, out _) is not { } syntax)
            return null;
        var end = text.Span.IndexOfAny((byte)'\r', (byte)'\n');
        return new Hl7Message(syntax, [new Hl7Segment(syntax, "MSH", 0, 1, end < 0 ? text : text[..end])]);
    }

    /// <summary>
    /// The messages of a file: one after another in any line ends, in MLLP frames, or in batches (FHS, BHS, BTS and FTS are passed over). What
    /// stands before the first MSH is given as a piece of its own, which <see cref="Parse"/> then refuses: nothing is left out in silence.
    /// </summary>
    /// <param name="file">The whole file. The pieces are views of it (of one copy in UTF-8, where it is in UTF-16).</param>
    public static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> file) => Hl7Batch.Split(file);

    /// <summary>The segments of this name, in their order.</summary>
    public IEnumerable<Hl7Segment> Named(string name) => Segments.Where(s => s.Name == name);

    /// <summary>The first segment of this name; null where there is none.</summary>
    public Hl7Segment? First(string name) => Named(name).FirstOrDefault();

    private static Hl7Syntax? SyntaxOf(ReadOnlySpan<byte> text, Encoding charset, out Issue? fault)
    {
        fault = Unreadable;
        if (text.Length < 5 || !text.StartsWith("MSH"u8) || char.IsAsciiLetterOrDigit((char)text[3]))
            return null;
        var syntax = Hl7Syntax.Of(text[3..], charset);
        fault = syntax is null ? new Issue(IssueCodes.Hl7Separators, Expression: "MSH-2") : null;
        return syntax;
    }

    private static Issue? Check(int index, string name, ReadOnlySpan<byte> line, Hl7Syntax syntax)
    {
        if (index == 0)
            return CheckHeader(line, syntax.Field);
        if (name == "MSH")
            return new Issue(IssueCodes.SeveralHl7Messages);
        if (index >= Hl7Limits.Segments)
            return new Issue(IssueCodes.Hl7TooLarge, $"More than {Hl7Limits.Segments} segments.", name);
        if (line.Count(syntax.Field) > Hl7Limits.Fields)
            return new Issue(IssueCodes.Hl7TooLarge, $"More than {Hl7Limits.Fields} fields in segment {index + 1}.", name);
        return syntax.Repetition != 0 && line.Count(syntax.Repetition) > Hl7Limits.Repetitions
            ? new Issue(IssueCodes.Hl7TooLarge, $"More than {Hl7Limits.Repetitions} repetitions in segment {index + 1}.", name)
            : null;
    }

    // A line break within MSH-2: what follows it are separators too, which were not taken for such.
    private static Issue? CheckHeader(ReadOnlySpan<byte> line, byte field)
    {
        if (line.Length > Hl7Limits.HeaderBytes)
            return new Issue(IssueCodes.Hl7TooLarge, $"MSH is longer than {Hl7Limits.HeaderBytes} bytes.", "MSH");
        var end = line[4..].IndexOf(field);
        return line.Slice(4, end < 0 ? line.Length - 4 : end).ContainsAny((byte)'\r', (byte)'\n') ? new Issue(IssueCodes.Hl7Separators, Expression: "MSH-2") : null;
    }
}
