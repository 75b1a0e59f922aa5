using System.Text;

namespace Lhcre.Record.Tests;

public sealed class JsonDifferenceTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[true,null,"x"]}""", """{ "b": [true, null, "\u0078"], "a": 1 }""", null)]
    [InlineData("""{"a":1}""", """{"a":2}""", "a")]
    [InlineData("""{"a":70.10}""", """{"a":70.1}""", "a")]
    [InlineData("""{"a":{"b":[{"c":"x"}]}}""", """{"a":{"b":[{"c":"y"}]}}""", "a.b[0].c")]
    [InlineData("""{"a":{"b":1,"c":2}}""", """{"a":{"b":1}}""", "a.c")]
    [InlineData("""{"a":{"b":1}}""", """{"a":{"b":1,"c":2}}""", "a")]
    [InlineData("""{"a":{"b":1}}""", """{"a":{"c":1}}""", "a.b")]
    [InlineData("""{"a":[1]}""", """{"a":[1,2]}""", "a")]
    [InlineData("""{"a":true}""", """{"a":false}""", "a")]
    [InlineData("""{"a":"1"}""", """{"a":1}""", "a")]
    [InlineData("[1]", "{}", "")]
    public void It_tells_where(string one, string other, string? expected) =>
        Assert.Equal(expected, JsonDifference.Find(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other)));
}
