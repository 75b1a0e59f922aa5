namespace Lhcre.Intake.V2;

/// <summary>
/// Where the segments of a message are. They end at CR, LF or both, whichever the sender writes, and empty lines are passed over. What
/// follows a line break and does not begin with a segment's name and the field separator belongs to the segment before it.
/// </summary>
internal ref struct Hl7Lines
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly byte _field;
    private readonly bool _endsInLineFeed;
    private int _next;

    /// <param name="text">The message, trimmed; its first segment is taken as it is.</param>
    /// <param name="field">The field separator.</param>
    public Hl7Lines(ReadOnlySpan<byte> text, byte field)
    {
        _text = text;
        _field = field;
        var first = text.IndexOfAny((byte)'\r', (byte)'\n');
        _endsInLineFeed = first >= 0 && (text[first] == (byte)'\n' || text[first..] is [_, (byte)'\n', ..]);
    }

    /// <summary>The segment's place in the text.</summary>
    public Range Current { get; private set; }

    /// <summary>Without the bytes of a frame, blanks and line ends around it.</summary>
    public static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> message)
    {
        var (start, length) = Trimmed(message.Span);
        return message.Slice(start, length);
    }

    /// <inheritdoc cref="Trim(ReadOnlyMemory{byte})"/>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> message)
    {
        var (start, length) = Trimmed(message);
        return message.Slice(start, length);
    }

    public readonly Hl7Lines GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next >= _text.Length)
            return false;
        var start = _next;
        for (var at = start; ;)
        {
            var length = _text[at..].IndexOfAny((byte)'\r', (byte)'\n');
            var end = length < 0 ? _text.Length : at + length;
            at = end;
            while (at < _text.Length && _text[at] is (byte)'\r' or (byte)'\n')
                at++;
            if (at < _text.Length && !Begins(_text[at..], _text[at - 1] == (byte)'\n' == _endsInLineFeed))
                continue;
            (Current, _next) = (start..end, at);
            return true;
        }
    }

    // A name alone on its line is a segment only where lines end as the first one does: within a text it may be a word.
    private readonly bool Begins(ReadOnlySpan<byte> line, bool isUsualEnd)
    {
        if (line.Length < 3 || !char.IsAsciiLetterUpper((char)line[0]) || !IsOfName(line[1]) || !IsOfName(line[2]))
            return false;
        return line.Length > 3 && line[3] is not ((byte)'\r' or (byte)'\n') ? line[3] == _field : isUsualEnd;
    }

    private static bool IsOfName(byte c) => char.IsAsciiLetterUpper((char)c) || char.IsAsciiDigit((char)c);

    private static (int Start, int Length) Trimmed(ReadOnlySpan<byte> message)
    {
        var (start, end) = (0, message.Length);
        while (start < end && message[start] <= (byte)' ')
            start++;
        while (end > start && message[end - 1] < (byte)' ')
            end--;
        return (start, end - start);
    }
}
