using System.Buffers;

namespace Lhcre.Intake.Door;

/// <summary>An attribute of FHIR's XHTML.</summary>
/// <param name="Bit">One bit for each name.</param>
/// <param name="Kind">What its value may be.</param>
internal sealed record XhtmlAttribute(ulong Bit, XhtmlAttributeKind Kind);

/// <summary>What the value of an attribute may be.</summary>
internal enum XhtmlAttributeKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>XML names' characters, words apart by one blank.</summary>
    Tokens,

    /// <summary>One of them.</summary>
    Token,

    /// <summary>A name that no other element of the document has.</summary>
    Id,

    /// <summary>A URI.</summary>
    Uri,

    /// <summary>A language tag.</summary>
    Language,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A whole number, or one with a percent sign.</summary>
    Length,

    /// <summary>The namespace of XHTML.</summary>
    Namespace,
}

/// <summary>
/// The attributes of FHIR's XHTML that are in use, and their values in their everyday form. A narrative with another one is the library's to read.
/// </summary>
internal static class XhtmlAttributes
{
    private const string Core = "id class style title xmlns";
    private const string All = $"{Core} lang xml:lang";

    private static readonly (string Name, XhtmlAttributeKind Kind)[] Known =
    [
        ("xmlns", XhtmlAttributeKind.Namespace), ("id", XhtmlAttributeKind.Id), ("class", XhtmlAttributeKind.Tokens), ("style", XhtmlAttributeKind.Text),
        ("title", XhtmlAttributeKind.Text), ("lang", XhtmlAttributeKind.Language), ("xml:lang", XhtmlAttributeKind.Language), ("name", XhtmlAttributeKind.Token),
        ("href", XhtmlAttributeKind.Uri), ("type", XhtmlAttributeKind.Text), ("charset", XhtmlAttributeKind.Text), ("hreflang", XhtmlAttributeKind.Language),
        ("rel", XhtmlAttributeKind.Tokens), ("rev", XhtmlAttributeKind.Tokens), ("src", XhtmlAttributeKind.Uri), ("alt", XhtmlAttributeKind.Text),
        ("longdesc", XhtmlAttributeKind.Uri), ("height", XhtmlAttributeKind.Length), ("width", XhtmlAttributeKind.Length), ("summary", XhtmlAttributeKind.Text),
        ("border", XhtmlAttributeKind.Number), ("cellspacing", XhtmlAttributeKind.Length), ("cellpadding", XhtmlAttributeKind.Length), ("abbr", XhtmlAttributeKind.Text),
        ("axis", XhtmlAttributeKind.Text), ("rowspan", XhtmlAttributeKind.Number), ("colspan", XhtmlAttributeKind.Number), ("span", XhtmlAttributeKind.Number),
        ("cite", XhtmlAttributeKind.Uri),
    ];

    private static readonly Dictionary<string, XhtmlAttribute> Attributes =
        Known.Select((k, i) => (k.Name, Attribute: new XhtmlAttribute(1ul << i, k.Kind))).ToDictionary(a => a.Name, a => a.Attribute);

    private static readonly NameTable<XhtmlAttribute> ByName = new(Attributes);

    private static readonly SearchValues<byte> Name = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._"u8);

    /// <summary>The attributes that an image must have.</summary>
    public static ulong NeededByImages { get; } = Mask("src alt");

    /// <summary>The bit of the namespace's declaration.</summary>
    public static ulong Namespace { get; } = Mask("xmlns");

    /// <summary>The attribute of this name; null where it is none of those in use.</summary>
    public static XhtmlAttribute? Find(ReadOnlySpan<byte> name) => ByName.Find(name);

    /// <summary>The bits of the attributes that an element may have.</summary>
    public static ulong Of(string element) => Mask(element switch
    {
        "br" => Core,
        "a" => $"{All} name href type charset hreflang rel rev",
        "img" => $"{All} src alt longdesc height width",
        "table" => $"{All} summary width border cellspacing cellpadding",
        "td" or "th" => $"{All} abbr axis rowspan colspan",
        "col" or "colgroup" => $"{All} span",
        "q" or "blockquote" => $"{All} cite",
        _ => All,
    });

    /// <summary>Whether a value, as it stands between its quotes, is certainly one that the attribute may have. Any text is, which is looked at elsewhere.</summary>
    public static bool IsPlain(XhtmlAttributeKind kind, ReadOnlySpan<byte> value) => kind switch
    {
        XhtmlAttributeKind.Text => true,
        XhtmlAttributeKind.Tokens => IsTokens(value),
        XhtmlAttributeKind.Token => IsToken(value),
        XhtmlAttributeKind.Id => IsToken(value) && (char.IsAsciiLetter((char)value[0]) || value[0] == '_'),
        XhtmlAttributeKind.Uri => UriText.IsPlain(value) && value.IndexOf("##"u8) < 0 && HasOnlyAmpersands(value),
        XhtmlAttributeKind.Language => IsLanguage(value),
        XhtmlAttributeKind.Number => IsNumber(value),
        XhtmlAttributeKind.Length => IsNumber(value) || (!value.IsEmpty && value[^1] == '%' && IsNumber(value[..^1])),
        XhtmlAttributeKind.Namespace => value.SequenceEqual("http://www.w3.org/1999/xhtml"u8),
        _ => false,
    };

    private static bool IsToken(ReadOnlySpan<byte> value) => !value.IsEmpty && !value.ContainsAnyExcept(Name);

    private static bool IsTokens(ReadOnlySpan<byte> value)
    {
        foreach (var word in value.Split((byte)' '))
        {
            if (!IsToken(value[word]))
                return false;
        }

        return !value.IsEmpty;
    }

    // An ampersand that is written as one is still part of a URI; what any other entity becomes may not be.
    private static bool HasOnlyAmpersands(ReadOnlySpan<byte> value)
    {
        for (var at = value.IndexOf((byte)'&'); at >= 0; at = value.IndexOf((byte)'&'))
        {
            value = value[at..];
            if (!value.StartsWith("&amp;"u8))
                return false;
            value = value[1..];
        }

        return true;
    }

    // RFC 3066 as XML Schema has it: a word of letters, then words of letters and digits, each of at most eight.
    private static bool IsLanguage(ReadOnlySpan<byte> value)
    {
        var isFirst = true;
        foreach (var part in value.Split((byte)'-'))
        {
            var word = value[part];
            if (word.Length is 0 or > 8)
                return false;
            foreach (var c in word)
            {
                if (!(char.IsAsciiLetter((char)c) || (!isFirst && char.IsAsciiDigit((char)c))))
                    return false;
            }

            isFirst = false;
        }

        return true;
    }

    private static bool IsNumber(ReadOnlySpan<byte> value) => value.Length is > 0 and <= 9 && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static ulong Mask(string names) => names.Split(' ').Aggregate(0ul, (mask, name) => mask | Attributes[name].Bit);
}
