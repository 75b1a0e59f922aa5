using System.Text;
using System.Text.Json;
using CsCheck;

namespace Lhcre.Record.Tests;

public class JsonTextTests
{
    [Theory]
    [InlineData("""{}""", """{}""")]
    [InlineData(" { } ", """{}""")]
    [InlineData("{ \"a\" : [ 1.10 ,\r\n\t2 ] }\n", """{"a":[1.10,2]}""")]
    [InlineData("""{ "a b" : "c  d" }""", """{"a b":"c  d"}""")]
    [InlineData("""{ "a" : "\" }" , "b" : "\\" , "c" : "\\\" " }""", """{"a":"\" }","b":"\\","c":"\\\" "}""")]
    [InlineData("""{ "ä" : "é\u0020 €" }""", """{"ä":"é\u0020 €"}""")]
    [InlineData("  1.0e5  ", "1.0e5")]
    [InlineData("", "")]
    public void Minifying_takes_the_white_space_between_tokens_and_nothing_else(string json, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(JsonText.Minify(Encoding.UTF8.GetBytes(json)).Span));

    [Fact]
    public void What_has_no_white_space_is_not_copied()
    {
        var json = """{"a":"b c"}"""u8.ToArray();
        Assert.True(JsonText.Minify(json).Equals(json));
    }

    [Fact]
    public void Minifying_white_space_laden_JSON_gives_the_JSON_again() =>
        Gen.Select(JsonValues.Any, Gen.Int).Sample((json, seed) =>
        {
            var spaced = JsonValues.WithWhiteSpace(json, seed);
            using var one = JsonDocument.Parse(spaced);
            Assert.Equal(json, Encoding.UTF8.GetString(JsonText.Minify(Encoding.UTF8.GetBytes(spaced)).Span));
            Assert.Equal(json, Encoding.UTF8.GetString(JsonText.Minify(Encoding.UTF8.GetBytes(json)).Span));
        });

    [Fact]
    public void Unfinished_text_does_not_break_it() =>
        Gen.Select(JsonValues.Any, Gen.Int[0, 200]).Sample((json, length) =>
            JsonText.Minify(Encoding.UTF8.GetBytes(json).AsMemory(0, Math.Min(length, Encoding.UTF8.GetByteCount(json)))).Length <= length);

    [Fact]
    public void Each_range_holds_its_new_text()
    {
        var edits = new List<(ByteRange, ReadOnlyMemory<byte>)>
        {
            (new ByteRange(0, 1), "AA"u8.ToArray()),
            (new ByteRange(1, 0), "+"u8.ToArray()),
            (new ByteRange(3, 2), ReadOnlyMemory<byte>.Empty),
            (new ByteRange(6, 0), "end"u8.ToArray()),
        };
        Assert.Equal("AA+bcfend", Encoding.UTF8.GetString(JsonText.Replace("abcdef"u8, edits)));
        Assert.Equal("abcdef", Encoding.UTF8.GetString(JsonText.Replace("abcdef"u8, [])));
    }

    [Fact]
    public void A_range_is_a_stretch_of_bytes()
    {
        var range = new ByteRange(2, 3);
        Assert.Equal(5, range.End);
        Assert.Equal("cde", Encoding.UTF8.GetString(range.Of("abcdef"u8)));
    }
}
