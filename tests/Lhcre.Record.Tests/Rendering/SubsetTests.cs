using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace Lhcre.Record.Tests.Rendering;

/// <summary>FHIR search.html#summary and #elements, on a made-up type whose elements are of every kind.</summary>
public sealed class SubsetTests
{
    private const string Tag = """{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}""";
    private const string Whole =
        """{"resourceType":"Thing","id":"1","meta":{"versionId":"3"},"text":{"div":"x"},"contained":[{"id":"c"}],"modifierExtension":[{"url":"m"}],"status":"final","code":{"text":"k"},"valueQuantity":{"value":1.50},"_valueQuantity":{"id":"v"},"valueless":"y","note":[{"text":"n"}],"_note":[{"id":"i"}]}""";

    private static readonly ElementTraits Traits = new(new Dictionary<string, IReadOnlyList<ElementTrait>>
    {
        ["Thing"] =
        [
            new("id", false, true, false, false), new("meta", false, true, false, false), new("text", false, false, false, false), new("contained", false, false, false, false),
            new("modifierExtension", false, false, false, true), new("status", false, true, true, true), new("code", false, true, true, false),
            new("value", true, true, false, false), new("valueless", false, false, false, false), new("note", false, false, false, false),
        ],
        ["Other"] = [new("id", false, true, false, false), new("note", false, false, false, false)],
    });

    [Theory]
    [InlineData("true", null, "modifierExtension status code valueQuantity _valueQuantity")]
    [InlineData("text", null, "text modifierExtension status code")]
    [InlineData("data", null, "contained modifierExtension status code valueQuantity _valueQuantity valueless note _note")]
    [InlineData(null, "note", "modifierExtension status code note _note")]
    [InlineData(null, "note,value", "modifierExtension status code valueQuantity _valueQuantity note _note")]
    [InlineData(null, "value[x]", "modifierExtension status code valueQuantity _valueQuantity")]
    [InlineData(null, "valueQuantity", "modifierExtension status code valueQuantity _valueQuantity")]
    [InlineData(null, "Thing.valueless", "modifierExtension status code valueless")]
    [InlineData(null, "Other.note", "modifierExtension status code")]
    [InlineData(null, "text, contained", "text contained modifierExtension status code")]
    [InlineData(null, "nothing", "modifierExtension status code")]
    [InlineData("false", "note", "modifierExtension status code note _note")]
    public void A_part_holds(string? summary, string? elements, string expected)
    {
        var part = Part(summary, elements).Resource(Bytes(Whole));
        var json = JsonNode.Parse(part.Span)!.AsObject();

        Assert.Equal($"resourceType id meta {expected}".Split(' '), json.Select(m => m.Key));
        Assert.Equal($$"""{"versionId":"3","tag":[{{Tag}}]}""", json["meta"]!.ToJsonString());
        // What stays, stays as it is, to the last digit.
        var whole = JsonNode.Parse(Whole)!.AsObject();
        Assert.All(json.Where(m => m.Key != "meta"), m => Assert.Equal(whole[m.Key]!.ToJsonString(), m.Value!.ToJsonString()));
    }

    [Theory]
    [InlineData("""{"resourceType":"Thing","status":"final","note":[]}""", """{"resourceType":"Thing","meta":{"tag":[T]},"status":"final"}""")]
    [InlineData("""{"resourceType":"Thing","meta":{},"note":[]}""", """{"resourceType":"Thing","meta":{"tag":[T]}}""")]
    [InlineData("""{"resourceType":"Thing","meta":{"tag":[{"code":"a"}],"versionId":"1"},"note":[]}""", """{"resourceType":"Thing","meta":{"tag":[{"code":"a"},T],"versionId":"1"}}""")]
    [InlineData("""{"resourceType":"Thing","meta":{"tag":[]},"note":[]}""", """{"resourceType":"Thing","meta":{"tag":[T]}}""")]
    [InlineData("""{"resourceType":"Thing","meta":{"tag":[T]},"note":[]}""", """{"resourceType":"Thing","meta":{"tag":[T]}}""")]
    [InlineData("""{"note":[],"resourceType":"Thing","id":"1"}""", """{"resourceType":"Thing","meta":{"tag":[T]},"id":"1"}""")]
    public void What_is_incomplete_is_tagged(string whole, string expected)
    {
        whole = whole.Replace("T]", Tag + "]", StringComparison.Ordinal);
        Assert.Equal(expected.Replace("T]", Tag + "]", StringComparison.Ordinal), Encoding.UTF8.GetString(Part("true", null).Resource(Bytes(whole)).Span));
    }

    [Theory]
    [InlineData("true", """{"resourceType":"Thing","id":"1","status":"final"}""")]
    [InlineData("data", """{"resourceType":"Thing","id":"1","note":[]}""")]
    [InlineData("true", """{"resourceType":"OperationOutcome","issue":[],"text":{}}""")]
    [InlineData("true", """{"resourceType":"OfALaterRelease","note":[]}""")]
    [InlineData("true", """{"id":"1"}""")]
    public void What_is_whole_stays_as_it_is(string summary, string whole) =>
        Assert.Equal(whole, Encoding.UTF8.GetString(Part(summary, null).Resource(Bytes(whole)).Span));

    [Fact]
    public void What_a_kept_element_refers_to_within_the_resource_is_kept()
    {
        var part = Part("true", null).Resource(Bytes("""{"resourceType":"Thing","contained":[{"id":"c"}],"code":{"reference":"#c"},"note":[]}"""));
        Assert.Contains("contained", Encoding.UTF8.GetString(part.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_keeps_its_url_and_mode()
    {
        var entry = Bytes("""{"fullUrl":"http://h/Thing/1","resource":{"resourceType":"Thing","id":"1","note":[1]},"search":{"mode":"match"}}""").ToArray();
        Assert.Equal(
            $$$"""{"fullUrl":"http://h/Thing/1","resource":{"resourceType":"Thing","meta":{"tag":[{{{Tag}}}]},"id":"1"},"search":{"mode":"match"}}""",
            Encoding.UTF8.GetString(Part("true", null).Entry(entry)));
        byte[] outcome = [.. """{"resource":{"resourceType":"OperationOutcome","issue":[]},"search":{"mode":"outcome"}}"""u8];
        Assert.Same(outcome, Part("true", null).Entry(outcome));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("false", null)]
    [InlineData(null, "")]
    [InlineData(null, " , ")]
    public void The_whole_is_no_part(string? summary, string? elements) => Assert.Equal((null, null), Read(summary, elements));

    [Fact]
    public void A_count_has_no_resources() => Assert.True(Part("count", "note").IsCount);

    [Theory]
    [InlineData("some", null)]
    [InlineData("", null)]
    [InlineData("TRUE", null)]
    [InlineData("true", "note")]
    [InlineData("text", "note")]
    public void What_cannot_be_read_is_refused(string summary, string? elements) =>
        Assert.Equal(IssueCodes.InvalidSearchValue, Read(summary, elements).Refusal?.Code);

    [Fact]
    public void A_part_of_a_part_is_that_part() =>
        Gen.Int[0, 2].Select(Gen.Bool, Gen.Bool, Gen.Bool).Sample((kind, hasText, hasNote, hasMeta) =>
        {
            var json = $$"""{"resourceType":"Thing"{{(hasMeta ? ",\"meta\":{\"tag\":[{\"code\":\"a\"}]}" : "")}}{{(hasText ? ",\"text\":{}" : "")}},"status":"x"{{(hasNote ? ",\"note\":[1]" : "")}}}""";
            var part = Part(new[] { "true", "text", "data" }[kind], null);
            var once = part.Resource(Bytes(json));
            return part.Resource(once).Equals(once);
        });

    [Theory]
    [InlineData("note,value,value[x],valueQuantity,Thing.note,resourceType", "Thing", "")]
    [InlineData("note,colour,value", "Thing", "colour")]
    [InlineData("valuequantity,valueles,code.text,Thing.colour", "Thing", "valuequantity valueles code.text Thing.colour")]
    [InlineData("value,note", "Other", "value")]
    [InlineData("value,note", "Other Thing", "")]
    [InlineData("Thing.value,Other.note", "Other", "Thing.value")]
    [InlineData("Thing.value,Other.note,Other.value", "", "Other.value")]
    public void What_no_type_has_is_told(string elements, string types, string unknown) =>
        Assert.Equal(Words(unknown), Part(null, elements).Unknown(Words(types)));

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static Subset Part(string? summary, string? elements) => Read(summary, elements).Part!;

    private static (Subset? Part, Issue? Refusal) Read(string? summary, string? elements) =>
        Subset.Read(summary is null ? [] : [summary], elements is null ? [] : [elements], Traits);

    private static ReadOnlyMemory<byte> Bytes(string json) => Encoding.UTF8.GetBytes(json);
}
