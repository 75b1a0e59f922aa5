using System.Text.Json.Nodes;

namespace Lhcre.Record.Tests.Rendering;

/// <summary>What an outcome quotes of what was sent stays short.</summary>
public sealed class QuotedTextTests
{
    [Theory]
    [InlineData(999, 999)]
    [InlineData(1000, 1000)]
    [InlineData(1001, 1000)]
    [InlineData(5_000_000, 1000)]
    public void A_text_is_cut_with_an_ellipsis(int sent, int quoted)
    {
        var (diagnostics, expression) = Written(new string('x', sent));

        Assert.Equal((quoted, quoted), (diagnostics.Length, expression.Length));
        Assert.Equal(sent > quoted, diagnostics.EndsWith('…'));
    }

    [Fact]
    public void No_character_is_cut_in_two()
    {
        var text = new string('x', 998) + string.Concat(Enumerable.Repeat("😀", 100));
        Assert.Equal(new string('x', 998) + "…", Written(text).Diagnostics);
    }

    private static (string Diagnostics, string Expression) Written(string text)
    {
        var issue = JsonNode.Parse(OperationOutcome.Bytes([new Issue(IssueCodes.InvalidValue, text, text)]))!["issue"]![0]!;
        return (issue["diagnostics"]!.GetValue<string>(), issue["expression"]![0]!.GetValue<string>());
    }
}
