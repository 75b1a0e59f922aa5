using System.Buffers;

namespace Lhcre.Record;

/// <summary>Rewriting of JSON text without reading its values: what is not touched stays as it was, byte for byte.</summary>
public static class JsonText
{
    private static readonly SearchValues<byte> StringEnds = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> SpaceOrQuote = SearchValues.Create(" \t\r\n\""u8);

    /// <summary>The same JSON without white space between its tokens; the same memory where there is none.</summary>
    /// <param name="json">Well-formed JSON.</param>
    public static ReadOnlyMemory<byte> Minify(ReadOnlyMemory<byte> json)
    {
        var source = json.Span;
        var firstSpace = NextSpace(source, 0);
        if (firstSpace < 0)
            return json;
        var target = new byte[source.Length];
        var (from, written) = (0, 0);
        for (var space = firstSpace; space >= 0; space = NextSpace(source, from))
        {
            source[from..space].CopyTo(target.AsSpan(written));
            written += space - from;
            from = space;
            while (from < source.Length && source[from] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                from++;
        }

        source[from..].CopyTo(target.AsSpan(written));
        return target.AsMemory(0, written + source.Length - from);
    }

    /// <summary>
    /// A copy of <paramref name="json"/> in which each range holds its new text instead. Ranges are in ascending order and do not overlap.
    /// </summary>
    public static byte[] Replace(ReadOnlySpan<byte> json, IReadOnlyList<(ByteRange Range, ReadOnlyMemory<byte> Text)> edits)
    {
        var length = json.Length;
        foreach (var (range, text) in edits)
            length += text.Length - range.Length;
        var target = new byte[length];
        var (from, written) = (0, 0);
        foreach (var (range, text) in edits)
        {
            json[from..range.Start].CopyTo(target.AsSpan(written));
            written += range.Start - from;
            text.Span.CopyTo(target.AsSpan(written));
            written += text.Length;
            from = range.End;
        }

        json[from..].CopyTo(target.AsSpan(written));
        return target;
    }

    // The next white space outside strings at or behind a place that is outside strings itself.
    private static int NextSpace(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length)
        {
            var next = json[at..].IndexOfAny(SpaceOrQuote);
            if (next < 0)
                return -1;
            at += next;
            if (json[at] != (byte)'"')
                return at;
            at = BehindString(json, at + 1);
        }

        return -1;
    }

    private static int BehindString(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length)
        {
            var next = json[at..].IndexOfAny(StringEnds);
            if (next < 0)
                return json.Length;
            at += next;
            if (json[at] == (byte)'"')
                return at + 1;
            at += 2;
        }

        return json.Length;
    }
}
