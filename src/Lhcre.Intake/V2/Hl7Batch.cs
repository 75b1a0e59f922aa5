namespace Lhcre.Intake.V2;

/// <summary>Finds the messages of a file: HL7's batch protocol (HL7 v2.5.1, 2.10.3), MLLP frames written to disk, or simply one after another.</summary>
internal static class Hl7Batch
{
    private const byte FrameStart = 0x0B;
    private const byte FrameEnd = 0x1C;

    /// <inheritdoc cref="Hl7Message.Split"/>
    public static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> file)
    {
        var (text, isShown) = Hl7Charset.FileInUtf8(file);
        foreach (var piece in Pieces(text.Span))
        {
            // The mark that the whole file had, so that each message is read as what the file was, whatever its MSH-18 says.
            yield return isShown ? (byte[])[0xEF, 0xBB, 0xBF, .. text[piece].Span] : text[piece];
        }
    }

    private static List<Range> Pieces(ReadOnlySpan<byte> text)
    {
        var pieces = new List<Range>();
        int? start = null;
        for (var at = 0; at < text.Length;)
        {
            var length = text[at..].IndexOfAny([(byte)'\r', (byte)'\n', FrameStart, FrameEnd]);
            var end = length < 0 ? text.Length : at + length;
            var line = text[at..end];
            if (IsSegment(line, "MSH"u8))
                Add(at);
            else if (IsSegment(line, "FHS"u8) || IsSegment(line, "BHS"u8) || IsSegment(line, "BTS"u8) || IsSegment(line, "FTS"u8))
                Close(at);
            else if (start is null && line.ContainsAnyExcept((byte)' ', (byte)'\t'))
                Add(at);
            if (end < text.Length && text[end] == FrameEnd)
                Close(end);
            at = end + 1;
        }

        Close(text.Length);
        return pieces;

        void Add(int next)
        {
            Close(next);
            start = next;
        }

        void Close(int next)
        {
            if (start is { } from)
                pieces.Add(from..next);
            start = null;
        }
    }

    private static bool IsSegment(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length > 3 && line.StartsWith(name) && Hl7Syntax.Separates(line[3]);
}
