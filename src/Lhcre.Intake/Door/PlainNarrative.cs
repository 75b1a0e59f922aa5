using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Lhcre.Intake.Door;

/// <summary>
/// Narratives that are FHIR's XHTML for certain, in one pass over their bytes: elements that may stand where they do, attributes in use,
/// text and entities. Comments, CDATA, other namespaces and whatever else XML has are left to the library.
/// </summary>
internal ref struct PlainNarrative
{
    private const int Depth = 48;
    private const int Ids = 32;

    // What may end a run of text, or may not stand in it: markup, "]]>", controls, and the first byte of U+FFFE and U+FFFF.
    private static readonly SearchValues<byte> NameEnds = SearchValues.Create(" >/\t\r\n"u8);
    private static readonly SearchValues<byte> Marks = SearchValues.Create(
        [(byte)'<', (byte)'&', (byte)']', 0xEF, .. Enumerable.Range(0, 0x20).Select(c => (byte)c).Except("\t\n\r"u8.ToArray())]);

    private readonly ReadOnlySpan<byte> _text;
    private readonly Span<ulong> _ids;
    private int _at;
    private int _idCount;
    private bool _hasContent;

    private PlainNarrative(ReadOnlySpan<byte> text, Span<ulong> ids)
    {
        _text = text;
        _ids = ids;
    }

    /// <summary>Whether it is one for certain.</summary>
    /// <param name="text">UTF-8.</param>
    public static bool Is(ReadOnlySpan<byte> text)
    {
        Span<ulong> ids = stackalloc ulong[Ids];
        var narrative = new PlainNarrative(text, ids);
        return narrative.Read();
    }

    private bool Read()
    {
        var open = default(OpenElements);
        var depth = 0;
        do
        {
            if (depth > 0 && !ReadText(open[depth - 1].Element.Content))
                return false;
            if (_at + 1 >= _text.Length || _text[_at] != '<')
                return false;
            if (depth > 0 && _text[_at + 1] == '/')
            {
                ref var ended = ref open[--depth];
                if (!ReadEnd(ended.Element) || !ended.MayEnd)
                    return false;
                continue;
            }

            if (ReadStart(depth == 0, out var isClosed) is not { } element)
                return false;
            if (depth == 0)
            {
                if (element != XhtmlElements.Div)
                    return false;
            }
            else
            {
                ref var parent = ref open[depth - 1];
                if ((parent.Allowed & element.Bit) == 0)
                    return false;
                parent.Allowed = parent.Element.After(element);
                parent.MayEnd = parent.Element.MayEndBehind(element);
            }

            var opened = new Open(element);
            if (isClosed ? !opened.MayEnd : depth == Depth)
                return false;
            if (!isClosed)
                open[depth++] = opened;
        }
        while (depth > 0);

        return _hasContent && _at == _text.Length;
    }

    // Up to the next tag. In an element that has no text only white space may stand, in one that is empty not even that.
    private bool ReadText(XhtmlContent content)
    {
        while (true)
        {
            var rest = _text[_at..];
            var length = rest.IndexOfAny(Marks);
            if (length < 0)
                return false;
            var run = rest[..length];
            if (content == XhtmlContent.Mixed)
                _hasContent = _hasContent || run.ContainsAnyInRange((byte)0x21, (byte)0x7E);
            else if (content == XhtmlContent.Empty ? length > 0 : run.ContainsAnyExcept(" \t\r\n"u8))
                return false;
            _at += length;
            switch (_text[_at])
            {
                case (byte)'<':
                    return true;
                case (byte)'&' when content == XhtmlContent.Mixed && EntityLength(_text[_at..]) is > 0 and var entity:
                    _at += entity;
                    break;
                case (byte)']' when content == XhtmlContent.Mixed && !_text[_at..].StartsWith("]]"u8):
                    _hasContent = true;
                    _at++;
                    break;
                case 0xEF when content == XhtmlContent.Mixed && !IsNoCharacter(_text[_at..]):
                    _at++;
                    break;
                default:
                    return false;
            }
        }
    }

    private bool ReadEnd(XhtmlElement element)
    {
        var rest = _text[(_at + 2)..];
        var length = element.Name.Length;
        if (rest.Length <= length || rest[length] != '>' || !rest.StartsWith(element.Name))
            return false;
        _at += length + 3;
        return true;
    }

    private XhtmlElement? ReadStart(bool isRoot, out bool isClosed)
    {
        isClosed = false;
        var rest = _text[(_at + 1)..];
        var length = rest.IndexOfAny(NameEnds);
        if (length <= 0 || XhtmlElements.Find(rest[..length]) is not { } element)
            return null;
        _at += length + 1;
        var attributes = 0ul;
        while (true)
        {
            var before = _at;
            SkipWhite();
            if (_at + 1 >= _text.Length)
                return null;
            if (_text[_at] is (byte)'>' or (byte)'/')
                break;
            // White space stands before every attribute.
            if (_at == before || ReadAttribute() is not { } attribute || (attributes & attribute.Bit) != 0)
                return null;
            attributes |= attribute.Bit;
        }

        isClosed = _text[_at] == '/';
        _at += isClosed ? 2 : 1;
        if ((isClosed && _text[_at - 1] != '>') || (attributes & ~element.Attributes) != 0 || (attributes & element.Needed) != element.Needed)
            return null;
        _hasContent |= element.Needed != 0;
        return isRoot && (attributes & XhtmlAttributes.Namespace) == 0 ? null : element;
    }

    private XhtmlAttribute? ReadAttribute()
    {
        var rest = _text[_at..];
        var length = rest.IndexOf((byte)'=');
        if (length <= 0 || length + 1 >= rest.Length || XhtmlAttributes.Find(rest[..length]) is not { } attribute)
            return null;
        var quote = rest[length + 1];
        if (quote is not ((byte)'"' or (byte)'\''))
            return null;
        rest = rest[(length + 2)..];
        var end = rest.IndexOf(quote);
        if (end < 0 || !IsText(rest[..end]) || !XhtmlAttributes.IsPlain(attribute.Kind, rest[..end]))
            return null;
        if (attribute.Kind == XhtmlAttributeKind.Id && !IsNew(rest[..end]))
            return null;
        _at += length + end + 3;
        return attribute;
    }

    private static bool IsText(ReadOnlySpan<byte> value)
    {
        for (var at = value.IndexOfAny(Marks); at >= 0; at = value.IndexOfAny(Marks))
        {
            value = value[at..];
            var length = value[0] switch
            {
                (byte)'&' => EntityLength(value),
                (byte)']' => 1,
                0xEF when !IsNoCharacter(value) => 1,
                _ => 0,
            };
            if (length == 0)
                return false;
            value = value[length..];
        }

        return true;
    }

    // The five of XML, the blank that does not break, and decimal numbers of common characters; 0 for any other.
    private static int EntityLength(ReadOnlySpan<byte> text)
    {
        var length = text[..Math.Min(text.Length, 10)].IndexOf((byte)';') + 1;
        if (length == 0)
            return 0;
        var name = text[1..(length - 1)];
        if (name.SequenceEqual("amp"u8) || name.SequenceEqual("lt"u8) || name.SequenceEqual("gt"u8) || name.SequenceEqual("quot"u8)
            || name.SequenceEqual("apos"u8) || name.SequenceEqual("nbsp"u8))
            return length;
        return name.Length > 1 && name[0] == '#' && Utf8Parser.TryParse(name[1..], out ushort code, out var read) && read == name.Length - 1
            && code is >= 0x20 and < 0xD800 && name[1] != '+' ? length : 0;
    }

    private static bool IsNoCharacter(ReadOnlySpan<byte> text) => text.Length < 3 || (text[1] == 0xBF && text[2] >= 0xBE);

    // By a hash: two names with the same one are left to the library, as are more than a few.
    private bool IsNew(ReadOnlySpan<byte> id)
    {
        var hash = 14695981039346656037ul;
        foreach (var c in id)
            hash = (hash ^ c) * 1099511628211;
        if (_idCount == Ids || _ids[.._idCount].Contains(hash))
            return false;
        _ids[_idCount++] = hash;
        return true;
    }

    private void SkipWhite()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            _at++;
    }

    [InlineArray(Depth)]
    private struct OpenElements
    {
        private Open _outermost;
    }

    private struct Open(XhtmlElement element)
    {
        public readonly XhtmlElement Element = element;
        public ulong Allowed = element.Children;
        public bool MayEnd = element.Content is not (XhtmlContent.OneAtLeast or XhtmlContent.Table);
    }
}
