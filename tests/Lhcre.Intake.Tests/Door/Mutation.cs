using System.Text;

namespace Lhcre.Intake.Tests.Door;

/// <summary>What is done to a resource to see whether the door and the library still agree: one to three changes of a seed's random choice.</summary>
internal sealed class Mutation(Random random)
{
    private static readonly string[] Primitives =
    [
        "\"\"", "\" \"", "\"a b\"", "\"a  b\"", "\" a\"", "\"a\\n\"", "\"\\u00a0\"", "\"\\u0061\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"caf\u00e9\"", "\"x\\u0000\"",
        "true", "false", "\"true\"", "null", "0", "-0", "-1", "1", "1.0", "1e2", "2147483647", "2147483648", "-2147483649", "99999999999", "1e400", "-1e400", "1e-400",
        "0.00000000000000000000000000001", "79228162514264337593543950336", "1234567890123456789012345678901234567890", "1.50", "\"1\"", "\"1.0\"",
        "\"2020\"", "\"2020-02\"", "\"2020-02-30\"", "\"2020-02-29\"", "\"2021-02-29\"", "\"2020-13-01\"", "\"0000\"", "\"0001\"", "\"9999-12-31\"", "\"2020-1-1\"", "\"20200101\"",
        "\"2020-01-01T10:00:00Z\"", "\"2020-01-01T10:00:00+01:00\"", "\"2020-01-01T10:00:00\"", "\"2020-01-01T10Z\"", "\"2020-01-01T10:00Z\"", "\"2020-01-01T24:00:00Z\"",
        "\"2020-01-01T23:59:60Z\"", "\"2020-01-01T10:00:00.1234567Z\"", "\"2020-01-01T10:00:00.12345678901Z\"", "\"2020-01-01T10:00:00+14:00\"", "\"2020-01-01T10:00:00+14:30\"",
        "\"2020-01-01T10:00:00-13:59\"", "\"2020-01-01T10:00:00.Z\"", "\"2020-01-01t10:00:00z\"", "\"2020-01-01 10:00:00Z\"", "\"2020-01-01Z\"", "\"2020-01-01+01:00\"",
        "\"0001-01-01T00:00:00+10:00\"", "\"9999-12-31T23:59:59-10:00\"", "\"10:00:00\"", "\"10:00\"", "\"24:00:00\"", "\"10:00:00.5\"", "\"10:00:00Z\"", "\"2020-01-01T10:00:00Z\\n\"",
        "\"http://example.org\"", "\"http://\"", "\"http://exa mple.org\"", "\"http://a..b\"", "\"http://-a.org\"", "\"http://[::1]/x\"", "\"http://a:99999/\"", "\"HTTP://EXAMPLE.ORG/\"", "\"mailto:a@b\"",
        "\"urn:oid:1.2.3\"", "\"urn:oid:1.02\"", "\"urn:oid:3.1\"", "\"urn:oid:1\"", "\"URN:OID:1.02\"", "\"urn:uuid:00000000-0000-4000-8000-00000000000A\"", "\"urn:uuid:00000000-0000-4000-8000-00000000000a\"",
        "\"urn:uuid:x\"", "\"#x\"", "\"a#b#c\"", "\"//x\"", "\"/x\"", "\"x:y\"", "\"1:2\"", "\"http:x\"", "\"%zz\"", "\"http://x.org/a%20b\"", "\"http://x.org/a b\"", "\"http://x.org/a|1.0\"", "\"a\\\\b\"",
        "\"QQ==\"", "\"QQ=\"", "\"QR==\"", "\"Q Q = =\"", "\"QQ==\\n\"", "\"QUFB\"", "\"=\"", "\"QUJD=\"", "\"a.b-c\"", "\"a_b\"", "\"a.b-c\\n\"",
        "\"0123456789012345678901234567890123456789012345678901234567890123\"", "\"01234567890123456789012345678901234567890123456789012345678901234\"",
        "\"male\"", "\"Male\"", "\"final\"", "\"FINAL\"", "\"active\"", "\" final\"", "\"fin\\u0061l\"", "\"unknown\"", "\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">x</div>\"",
    ];

    private static readonly string[] Values = ["{}", "[]", "[[]]", "[null]", "[null,null]", "[{}]", "{\"a\":1}", "{\"\":1}", "{\"id\":\"a\"}", "[{\"id\":\"a\"}]", "[null,{\"id\":\"a\"}]", "[{\"id\":\"a\"},null]",
        "{\"extension\":[{\"url\":\"http://x\",\"valueString\":\"y\"}]}", "{\"resourceType\":\"Patient\"}", "{\"resourceType\":\"Patient\",\"id\":\"a\"}", "{\"resourceType\":\"Patient\",\"id\":\"a\",\"contained\":[{\"resourceType\":\"Organization\",\"id\":\"b\"}]}",
        "{\"resourceType\":\"Nonsense\",\"id\":\"a\"}", "{\"id\":\"a\",\"resourceType\":\"Patient\"}", "{\"resourceType\":5,\"id\":\"a\"}", "{\"id\":\"a\"}", "{\"coding\":[{\"code\":\"x\"}]}", "{\"reference\":\"Patient/p\"}", "{\"value\":\"x\"}", "[\"a\",null,\"b\"]"];

    private static readonly string[] Names =
        ["", "_", "__id", "_id", "id", "ID", "resourceType", "ResourceType", "_resourceType", "value", "_value", "valueString", "_valueString", "valueInteger", "_valueInteger", "valueCode", "valuestring",
         "ValueString", "valueNonsense", "_valueNonsense", "valueAge", "valueQuantity", "_valueQuantity", "valueSimpleQuantity", "valueReference", "valuePatient", "valueElement", "valueDataType", "valueOid",
         "extension", "_extension", "modifierExtension", "contained", "_contained", "meta", "text", "status", "_status", "language", "implicitRules", "fhir_comments", "\\u0069d", "div", "deceasedBoolean",
         "deceasedDateTime", "_deceasedBoolean", "_deceasedDateTime", "onsetAge", "onsetString", "effectivePeriod", "effectiveDateTime", "_effectiveDateTime", "identifier", "_birthDate", "birthDate", "given", "_given", "url", "_url"];

    private static readonly string[] Types = ["Patient", "patient", "Observation", "Bundle", "Resource", "DomainResource", "Element", "string", "Nonsense", "", "Patient ", "Binary", "Parameters", "DynamicResource", "\\u0050atient", "Extension"];

    private static readonly string[] Xhtml = ["<br/>", "<br>", "<p>x</p>", "<p>", "</p>", "<ul></ul>", "<ul><li>x</li></ul>", "<table><tr><td>x</td></tr></table>", "<table><tbody/></table>", "<!-- x -->", "<![CDATA[x]]>",
        "&nbsp;", "&amp;", "&foo;", "&", "&#65;", "&#x41;", "&#0;", "&#xD800;", "]]>", "<a href='x y'>z</a>", "<a href='##'>z</a>", "<script/>", "<a name='1'>x</a>", "<a name='1 2'>x</a>", "<p id='a'/>", "<p id='a' />", "<p id='1'/>", "<b class=''>x</b>", "<b class='a b'>x</b>",
        "<b class='a  b'>x</b>", "<b title='&lt;'>x</b>", "<b title='<'>x</b>", "<img src='a.png'/>", "<img src='a.png' alt='x'/>", "<b  >x</b >", "<p lang='en-GB'>x</p>", "<p lang='e1'>x</p>", "<hr>x</hr>", "<td>x</td>", "<blockquote>x</blockquote>", "<h1>x</h1>", "\u0001", "\ufffe", "\u00a0", "<P>x</P>", "<b b='1'>x</b>", "<b title='1' title='2'>x</b>", "xmlns='http://www.w3.org/1999/xhtml'"];

    /// <summary>A changed copy of a resource, and which kinds of change were made.</summary>
    public (byte[] Json, string Kinds) Of(JsonTree seed)
    {
        var tree = seed.Copy();
        var kinds = new StringBuilder();
        for (var n = random.Next(3) == 0 ? random.Next(2, 4) : 1; n > 0; n--)
            kinds.Append(Change(tree)).Append(' ');
        var json = tree.Bytes();
        if (random.Next(40) == 0)
        {
            kinds.Append("bytes");
            json = ChangeBytes(json);
        }

        return (json, kinds.ToString());
    }

    private string Change(JsonTree tree)
    {
        var all = tree.All().ToList();
        var objects = all.Where(t => t.IsObject).ToList();
        var place = Pick(all);
        // A change before may have left no object at all.
        var owner = objects.Count == 0 ? tree : Pick(objects);
        var at = owner.Children.Count == 0 ? -1 : random.Next(owner.Children.Count);
        switch (random.Next(18))
        {
            case 0 when at >= 0:
                owner.Children.RemoveAt(at);
                return "drop";
            case 1 when at >= 0:
                owner.Children.Insert(random.Next(owner.Children.Count + 1), (owner.Children[at].Name, owner.Children[at].Value.Copy()));
                return "double";
            case 2 when at >= 0:
                owner.Children[at] = (Rename(owner.Children[at].Name), owner.Children[at].Value);
                return "rename";
            case 3:
                Pick(all.Where(t => t.Raw is not null).DefaultIfEmpty(place).ToList()).Become(JsonTree.Scalar(Pick(Primitives)));
                return "primitive";
            case 4:
                place.Become(Parse(Pick(Values)));
                return "kind";
            case 5:
                place.Become(JsonTree.Array(place.Copy()));
                return "array";
            case 6:
                var list = Pick(all.Where(t => t.IsArray).DefaultIfEmpty(place).ToList());
                if (list.Children.Count > 0)
                    list.Become(list.Children[0].Value);
                return "singleton";
            case 7:
                place.Become(JsonTree.Scalar("null"));
                return "null";
            case 8:
                var items = Pick(all.Where(t => t.IsArray).DefaultIfEmpty(place).ToList());
                items.Children.Insert(random.Next(items.Children.Count + 1), (items.IsObject ? Pick(Names) : "", JsonTree.Scalar("null")));
                return "null item";
            case 9:
                owner.Children.Insert(random.Next(owner.Children.Count + 1), (Pick(Names), Parse(random.Next(2) == 0 ? Pick(Values) : Pick(Primitives))));
                return "add";
            case 10 when at >= 0:
                var (name, value) = owner.Children[at];
                owner.Children.Insert(random.Next(owner.Children.Count + 1), ("_" + name, value.IsArray ? JsonTree.Array([.. value.Children.Select(_ => Parse(Pick(Values)))]) : Parse(Pick(Values))));
                return "sibling";
            case 11:
                foreach (var (i, member) in owner.Children.Index().Where(m => m.Item.Name == "resourceType").ToList())
                    owner.Children[i] = (member.Name, JsonTree.Scalar($"\"{Pick(Types)}\""));
                return "type";
            case 12:
                tree.Children.Add(("contained", JsonTree.Array(random.Next(2) == 0 ? tree.Copy() : Parse(Pick(Values)))));
                return "contained";
            case 13:
                for (var depth = random.Next(70); depth > 0; depth--)
                    place.Become(random.Next(30) == 0 ? JsonTree.Array(place.Copy()) : JsonTree.Object(("extension", JsonTree.Array(place.Copy())), ("url", JsonTree.Scalar("\"http://x\""))));
                return "depth";
            case 14 when at >= 0:
                var moved = owner.Children[at];
                owner.Children.RemoveAt(at);
                owner.Children.Insert(random.Next(owner.Children.Count + 1), moved);
                return "order";
            case 15:
                if (all.FirstOrDefault(t => t.Raw is { } raw && raw.Contains("<div", StringComparison.Ordinal)) is { } narrative)
                    narrative.Raw = ChangeNarrative(narrative.Raw!);
                return "narrative";
            case 16 when at >= 0:
                owner.Children[at].Value.Become(Parse(Pick(Primitives)));
                return "value";
            default:
                place.Children.Clear();
                return "empty";
        }
    }

    private string Rename(string name) => random.Next(7) switch
    {
        0 => name.ToUpperInvariant(),
        1 => name.Length > 0 ? char.ToUpperInvariant(name[0]) + name[1..] : name,
        2 => "_" + name,
        3 => name.TrimStart('_'),
        4 => name + "x",
        5 => name.StartsWith("value", StringComparison.Ordinal) ? "value" + Pick(["String", "Integer", "Age", "Quantity", "Boolean", "Code", "Uri", "Nonsense", "", "Patient", "DateTime", "Count"]) : Pick(Names),
        _ => Pick(Names),
    };

    // Somewhere behind the first tag, so that most of it stays what it was.
    private string ChangeNarrative(string raw)
    {
        var at = random.Next(1, raw.Length - 1);
        if (raw[at - 1] == '\\')
            return raw;
        var piece = Pick(Xhtml).Replace("\u0001", "\\u0001", StringComparison.Ordinal);
        return random.Next(3) == 0 ? raw[..at] + raw[Math.Min(raw.Length - 1, at + random.Next(1, 6))..] : raw[..at] + piece + raw[at..];
    }

    private byte[] ChangeBytes(byte[] json)
    {
        var at = random.Next(json.Length);
        return random.Next(4) switch
        {
            0 => json[..at],
            1 => [.. json[..at], (byte)random.Next(256), .. json[at..]],
            2 => [.. json[..at], (byte)random.Next(0x80, 0x100), .. json[(at + 1)..]],
            _ => [.. json[..at], .. json[(at + 1)..]],
        };
    }

    private static JsonTree Parse(string json) => json is ['{' or '[', ..] ? JsonTree.Parse(Encoding.UTF8.GetBytes(json)) : JsonTree.Scalar(json);

    private T Pick<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
}
