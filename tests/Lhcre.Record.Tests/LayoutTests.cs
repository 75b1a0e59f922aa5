using System.Text;
using System.Text.Json;
using CsCheck;

namespace Lhcre.Record.Tests;

public class LayoutTests
{
    [Theory]
    [InlineData("""{"reference":"Patient/1"}""", "Patient/1", false)]
    [InlineData("""{"url":"Binary/1"}""", "Binary/1", true)]
    [InlineData("""{"url":"urn:uuid:00000000-0000-0000-0000-000000000001"}""", "urn:uuid:00000000-0000-0000-0000-000000000001", true)]
    [InlineData("""{"url":"https://example.org/fhir/Binary/1"}""", "https://example.org/fhir/Binary/1", true)]
    public void References_and_urls_of_binaries_are_found_and_told_apart(string member, string text, bool isUrl)
    {
        var json = Encoding.UTF8.GetBytes($$"""{"resourceType":"DocumentReference","content":[{"attachment":{{member}}}]}""");

        var slot = Assert.Single(Layout.Read(json).References);

        Assert.Equal((text, isUrl), (slot.Text, slot.IsUrl));
        Assert.Equal(text, Encoding.UTF8.GetString(slot.Value.Of(json)));
    }

    [Fact]
    public void Other_urls_are_no_references() =>
        Assert.Empty(Layout.Read("""{"resourceType":"Patient","extension":[{"url":"https://example.org/ext"}]}"""u8).References);

    [Theory]
    [InlineData("""{"resourceType":"Basic","id":"a","meta":{"x":[1]},"z":1}""", "a", """{"x":[1]}""")]
    [InlineData("""{"meta":{"x":1},"z":{"id":"no","meta":{}},"id":"a","resourceType":"Basic"}""", "a", """{"x":1}""")]
    [InlineData("""{"resourceType":"Basic","contained":[{"resourceType":"Basic","id":"no","meta":{"y":1}}],"id":"a"}""", "a", "")]
    [InlineData("""{"resourceType":"Basic","id":"a\u002db","meta":null}""", "a-b", "null")]
    [InlineData("""{"resourceType":"Basic","id":"a","meta":"odd"}""", "a", "\"odd\"")]
    [InlineData("""{"resourceType":"Basic","id":"a","meta":[{"x":[]},2],"z":1}""", "a", """[{"x":[]},2]""")]
    [InlineData("""{"resourceType":"Basic","i\u0064":"a"}""", "a", "")]
    public void The_id_and_the_meta_of_the_resource_itself_are_found_wherever_they_stand(string text, string id, string meta)
    {
        var json = Encoding.UTF8.GetBytes(text);
        var layout = Layout.Read(json);
        Assert.Equal(("Basic", id), (layout.Type, layout.IdText));
        Assert.Equal(id, Regex(Encoding.UTF8.GetString(layout.Id.Of(json))));
        Assert.Equal(meta, Encoding.UTF8.GetString(layout.Meta.Of(json)));

        static string Regex(string raw) => JsonSerializer.Deserialize<string>($"\"{raw}\"")!;
    }

    [Theory]
    [InlineData("""{"resourceType":"Basic","id":"a"}""", """{"resourceType":"Basic","id":"a","meta":{}}""")]
    [InlineData("""{"id":"a","resourceType":"Basic"}""", """{"id":"a","meta":{},"resourceType":"Basic"}""")]
    [InlineData("""{"resourceType":"Basic","z":{"id":"b"},"id":"a"}""", """{"resourceType":"Basic","z":{"id":"b"},"id":"a","meta":{}}""")]
    public void Where_there_is_no_meta_its_place_is_behind_the_id(string text, string expected)
    {
        var json = Encoding.UTF8.GetBytes(text);
        Assert.Equal(expected, Encoding.UTF8.GetString(JsonText.Replace(json, [(Layout.Read(json).Meta, ",\"meta\":{}"u8.ToArray())])));
    }

    [Theory]
    [InlineData("""{"resourceType":"Basic","z":1}""", """{"resourceType":"Basic","id":"a","z":1}""")]
    [InlineData("""{"z":1,"resourceType":"Basic"}""", """{"z":1,"resourceType":"Basic","id":"a"}""")]
    public void Where_there_is_no_id_its_place_is_behind_the_type(string text, string expected)
    {
        var json = Encoding.UTF8.GetBytes(text);
        var layout = Layout.Read(json);
        Assert.Null(layout.IdText);
        Assert.Equal(expected, Encoding.UTF8.GetString(JsonText.Replace(json, [(layout.Id, ",\"id\":\"a\""u8.ToArray())])));
    }

    [Fact]
    public void References_stand_at_every_depth_in_the_order_of_the_text()
    {
        var json = """{"resourceType":"Basic","subject":{"reference":"Patient\/1"},"contained":[{"x":{"reference":"#p"}}],"reference":{"reference":7},"y":[[{"reference":"urn:uuid:1"}]]}"""u8;
        var layout = Layout.Read(json);
        Assert.Equal(["Patient/1", "#p", "urn:uuid:1"], layout.References.Select(r => r.Text));
        Assert.Equal(@"Patient\/1", Encoding.UTF8.GetString(layout.References[0].Value.Of(json)));
    }

    [Fact]
    public void A_reference_in_meta_is_a_reference()
    {
        var json = """{"resourceType":"Basic","id":"a","meta":{"extension":[{"valueReference":{"reference":"Device/1"}}],"profile":[]},"z":{}}"""u8;
        var layout = Layout.Read(json);
        Assert.Equal("Device/1", Assert.Single(layout.References).Text);
        Assert.Equal("""{"extension":[{"valueReference":{"reference":"Device/1"}}],"profile":[]}""", Encoding.UTF8.GetString(layout.Meta.Of(json)));
    }

    [Theory]
    [InlineData("""{"id":"a"}""", null, "a")]
    [InlineData("""{"resourceType":7,"id":{"id":"a"}}""", null, null)]
    [InlineData("""{"resourceType":"Basic","id":null}""", "Basic", null)]
    [InlineData("""{}""", null, null)]
    public void What_is_missing_or_of_the_wrong_kind_is_null(string json, string? type, string? id)
    {
        var layout = Layout.Read(Encoding.UTF8.GetBytes(json));
        Assert.Equal((type, id), (layout.Type, layout.IdText));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("{")]
    [InlineData("""{"id":"a"}{}""")]
    [InlineData("""{"id":"a",}""")]
    [InlineData("""{"id":"\ud800"}""")] // half a surrogate pair
    [InlineData("""{"subject":{"reference":"\udc00"}}""")]
    public void Anything_but_one_JSON_object_in_Unicode_is_a_JsonException(string json)
    {
        Assert.ThrowsAny<JsonException>(() => Layout.Read(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_a_JsonException() =>
        Assert.ThrowsAny<JsonException>(() => Layout.Read([.. "{\"id\":\""u8, 0xC3, 0x28, .. "\"}"u8]));

    [Fact]
    public void Sixty_four_levels_are_read_and_no_more()
    {
        Assert.NotNull(Layout.Read(Nested(64)));
        Assert.ThrowsAny<JsonException>(() => Layout.Read(Nested(65)));

        static byte[] Nested(int levels) => Encoding.UTF8.GetBytes("{\"a\":" + new string('[', levels - 1) + new string(']', levels - 1) + "}");
    }

    [Fact]
    public void Any_object_has_a_layout_whose_ranges_lie_in_it_in_order() =>
        JsonValues.Objects.Sample(text =>
        {
            var json = Encoding.UTF8.GetBytes(text);
            var layout = Layout.Read(json);
            var at = 0;
            foreach (var reference in layout.References)
            {
                Assert.True(reference.Value.Start > at && reference.Value.End < json.Length);
                Assert.Equal((byte)'"', json[reference.Value.Start - 1]);
                Assert.Equal((byte)'"', json[reference.Value.End]);
                at = reference.Value.End;
            }

            Assert.True(layout.Meta.End <= json.Length && layout.Id.End <= json.Length);
        });
}
