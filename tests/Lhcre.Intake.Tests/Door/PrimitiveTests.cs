using System.Text;
using CsCheck;
using Lhcre.Intake.Door;

namespace Lhcre.Intake.Tests.Door;

/// <summary>What a look at the bytes accepts, the library accepts: the law that the quick checks of the door stand on.</summary>
public class PrimitiveTests
{
    // Of these pieces the texts are made, so that many are right and many nearly.
    private static readonly Dictionary<ElementKind, string[]> Pieces = new()
    {
        [ElementKind.String] = ["", " ", "a", "\n", "\u00a0", "\u0000", "\U0001F600"],
        [ElementKind.Code] = ["a", "B-1", " ", "  ", "\t", "\u00a0", "\u00e9", "\u200b", "<", "\u007f"],
        [ElementKind.Id] = ["a", "-", ".", "_", "\n", "0123456789012345678901234567890", " "],
        [ElementKind.Uri] = ["http://", "https://", "HTTP://", "http:", "urn:oid:", "urn:uuid:", "urn:", "data:image/", "data: image/", "data:", "mailto:", "example", ".", "..", "-", "a", "1", "01", "0",
            "/", "//", "#", "##", "?", ":", "80", "99999", "@", "%", "%20", "|", "[", "]", "&", "=", "\\", " ", "_", "00000000-0000-4000-8000-00000000000a", "A", "\u00e9", "xn--a", "255.256"],
        [ElementKind.Date] = ["2020", "-02", "-29", "-30", "-13", "-00", "2021", "0000", "0001", "0002", "9998", "9999", "-1", "Z", "\n"],
        [ElementKind.DateTime] = ["2020", "-02", "-29", "T", "10", ":00", ":59", ":60", "24", "23", ".5", ".1234567", ".12345678", ".", "Z", "+01:00", "-13:59", "+14:00", "+14:30", "0002-01-01", "9998-12-31", "T10:00:00", "\n", " "],
        [ElementKind.Instant] = ["2020-02-29T10:00:00", "2021-02-29T10:00:00", "2020-02-29T23:59:60", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "2020-02-29T10:00", ".5", ".1234567", ".12345678", "Z", "+01:00", "-13:59", "+14:00", "\n"],
        [ElementKind.Time] = ["10", "24", "23", ":00", ":59", ":60", ".5", ".1234567", ".12345678", ".", "Z", "+01:00", "\n"],
        [ElementKind.Base64Binary] = ["QUJD", "QQ==", "QR==", "QUI=", "Q", "=", " ", "\n", "\t", "-", "_", "\u000b"],
        [ElementKind.Xhtml] = ["<div>", "</div>", "<p>", "</p>", "<p/>", "<br/>", "<b id=\"a\">", "<b id='b'>", "</b>", "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<td colspan='2'/>",
            "<thead>", "</thead>", "<tbody>", "</tbody>", "<caption>", "</caption>", "<ul>", "</ul>", "<li>", "</li>", "<li/>", "<a href=\"x#y\">", "<a href='a&amp;b'>", "<a name='x'>", "</a>", "<img src='x' alt=''/>", "<img src='x'/>", "<hr/>", "<pre>", "</pre>",
            "<blockquote>", "</blockquote>", "x", " ", "\u00a0", "&amp;", "&nbsp;", "&lt;", "&#65;", "&#x41;", "&#31;", "&#60;", "&x;", "]", "]]>", "<h1 class='a b' style='c' title='&quot;' lang='en-GB' xml:lang='en'>", "</h1>", "<!-- -->", "\uffff", "\ufffd"],
    };

    public static TheoryData<string> Kinds => [.. Pieces.Keys.Append(ElementKind.Url).Select(k => k.ToString())];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_looks_right_is_right(string name)
    {
        var kind = Enum.Parse<ElementKind>(name);
        var pieces = Pieces[kind == ElementKind.Url ? ElementKind.Uri : kind];
        var sure = 0;
        Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]).Array[0, 9].Select(string.Concat).Select(text => kind == ElementKind.Xhtml ? $"<div xmlns=\"http://www.w3.org/1999/xhtml\">x{text}</div>" : text).Sample(
            text =>
            {
                var isSure = Primitives.IsSurely(Encoding.UTF8.GetBytes(text), kind);
                Interlocked.Add(ref sure, isSure ? 1 : 0);
                return !isSure || Primitives.IsByLibrary(text, kind);
            },
            iter: 40_000);

        Assert.True(sure > 10, $"{sure} looked right: too few to show anything.");
    }

    [Theory]
    [InlineData(ElementKind.Uri, "http://snomed.info/sct")]
    [InlineData(ElementKind.Uri, "https://fhir.nhs.uk/Id/nhs-number")]
    [InlineData(ElementKind.Uri, "urn:oid:2.16.840.1.113883.2.1.4.1")]
    [InlineData(ElementKind.Uri, "urn:uuid:00000000-0000-4000-8000-00000000000a")]
    [InlineData(ElementKind.Uri, "http://hl7.org/fhir/StructureDefinition/vitalsigns|4.0.1")]
    [InlineData(ElementKind.Uri, "ombCategory")]
    [InlineData(ElementKind.Url, "Binary/b")]
    [InlineData(ElementKind.Code, "mm[Hg]")]
    [InlineData(ElementKind.Id, "a39449f8-f68c-4fc7-a481-1d0720c45fd8")]
    [InlineData(ElementKind.Date, "2026-01-02")]
    [InlineData(ElementKind.DateTime, "2026-01-02T03:04:05.678+01:00")]
    [InlineData(ElementKind.Instant, "2026-01-02T03:04:05Z")]
    [InlineData(ElementKind.Time, "10:00:00")]
    [InlineData(ElementKind.Base64Binary, "QUJD")]
    [InlineData(ElementKind.Xhtml, "<div xmlns=\"http://www.w3.org/1999/xhtml\"><h1>A</h1><table class=\"grid\"><tr><td>x &amp; y</td><td><b>z</b><br/></td></tr></table></div>")]
    public void What_everybody_sends_looks_right(object kind, string text) =>
        Assert.True(Primitives.IsSurely(Encoding.UTF8.GetBytes(text), (ElementKind)kind));
}
