using System.Text;

namespace Lhcre.Intake.Door;

/// <summary>
/// The elements of FHIR's XHTML, as its schema has them (HL7 FHIR R4, fhir-xhtml.xsd), but for <c>map</c>, <c>area</c> and <c>bdo</c>,
/// which nobody sends: a narrative that has one is the library's to read.
/// </summary>
internal static class XhtmlElements
{
    private const string FontStyle = "tt i b big small";
    private const string Phrase = "em strong dfn code q samp kbd var cite abbr acronym sub sup";
    private const string Heading = "h1 h2 h3 h4 h5 h6";
    private const string Inline = $"a br span img {FontStyle} {Phrase}";
    private const string Block = $"p {Heading} div ul ol dl pre hr blockquote address table";
    private const string TableParts = "caption col colgroup thead tfoot tbody tr";
    private const string Names = $"{Inline} {Block} li dt dd {TableParts} th td";

    private static readonly Dictionary<string, ulong> Bits = Names.Split(' ').Select((name, i) => (name, i)).ToDictionary(n => n.name, n => 1ul << n.i);

    private static readonly NameTable<XhtmlElement> ByName = new([.. Names.Split(' ').Select(name => KeyValuePair.Create(name, Of(name)))]);

    /// <summary>The element that is the whole of a narrative.</summary>
    public static XhtmlElement Div { get; } = Find("div"u8)!;

    /// <summary>The element of this name; null where it is none of them.</summary>
    public static XhtmlElement? Find(ReadOnlySpan<byte> name) => ByName.Find(name);

    private static XhtmlElement Of(string name)
    {
        var (children, content) = name switch
        {
            "div" or "li" or "dd" or "th" or "td" => ($"{Block} {Inline}", XhtmlContent.Mixed),
            "a" => ($"br span img {FontStyle} {Phrase}", XhtmlContent.Mixed),
            "pre" => ($"a {FontStyle} {Phrase} br span", XhtmlContent.Mixed),
            "blockquote" => (Block, XhtmlContent.ElementsOnly),
            "ul" or "ol" => ("li", XhtmlContent.OneAtLeast),
            "dl" => ("dt dd", XhtmlContent.OneAtLeast),
            "table" => (TableParts, XhtmlContent.Table),
            "thead" or "tfoot" or "tbody" => ("tr", XhtmlContent.OneAtLeast),
            "tr" => ("th td", XhtmlContent.OneAtLeast),
            "colgroup" => ("col", XhtmlContent.ElementsOnly),
            "br" or "hr" or "img" or "col" => ("", XhtmlContent.Empty),
            _ => (Inline, XhtmlContent.Mixed),
        };
        return new XhtmlElement(
            Encoding.ASCII.GetBytes(name),
            Bits[name],
            Mask(children),
            content,
            XhtmlAttributes.Of(name),
            name == "img" ? XhtmlAttributes.NeededByImages : 0,
            Mask(NextInTable(name)));
    }

    private static string NextInTable(string part) => part switch
    {
        "caption" => "col colgroup thead tfoot tbody tr",
        "col" => "col thead tfoot tbody tr",
        "colgroup" => "colgroup thead tfoot tbody tr",
        "thead" => "tfoot tbody tr",
        "tfoot" => "tbody tr",
        "tbody" or "tr" => part,
        _ => "",
    };

    private static ulong Mask(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(0ul, (mask, name) => mask | Bits[name]);
}
