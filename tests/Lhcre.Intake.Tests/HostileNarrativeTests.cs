using System.Diagnostics;
using Lhcre.Record;
using static Lhcre.Intake.Tests.Push;

namespace Lhcre.Intake.Tests;

/// <summary>Narratives that are sent to do harm: they are refused, and cost about what their size does.</summary>
public class HostileNarrativeTests
{
    [Theory]
    [InlineData("div", "<b>", "x")]
    [InlineData("div", "<b>", " ")]
    [InlineData("div", "<!-- </b> --><b>", "x")]
    [InlineData("div", "<b>&nbsp;", "x")]
    [InlineData("d\\u0069v", "\\u003cb>", "x")]
    [InlineData("_div", "<b>", "x")]
    public void A_narrative_nested_without_end_is_refused(string name, string tag, string text)
    {
        var div = $"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">{Repeat(tag, 20_000)}{text}{Repeat("</b>", 20_000)}</div>";
        var start = Stopwatch.GetTimestamp();

        var entry = One("Basic", $$"""{"resourceType":"Basic","id":"b","code":{"text":"x"},"text":{"status":"generated","{{name}}":"{{div}}"} }""");

        Assert.Contains(entry.Issues, i => i.Code == IssueCodes.InvalidNarrative);
        Assert.True(entry.IsRefused);
        // Without the limit one of them takes a quarter of an hour; the others end the process.
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void A_narrative_in_a_list_by_mistake_is_looked_into_as_well() =>
        Assert.True(One("Basic", $$"""{"resourceType":"Basic","id":"b","code":{"text":"x"},"text":{"status":"generated","div":["<div xmlns=\"http://www.w3.org/1999/xhtml\">{{Repeat("<b>", 20_000)}}x{{Repeat("</b>", 20_000)}}</div>"]} }""").IsRefused);

    [Theory]
    [InlineData(99, true)]
    [InlineData(101, false)]
    public void As_many_levels_as_the_limit_says_are_taken(int levels, bool isTaken) =>
        Assert.Equal(!isTaken, One("Basic", $$"""{"resourceType":"Basic","id":"b","code":{"text":"x"},"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">{{Repeat("<b>", levels)}}x{{Repeat("</b>", levels)}}</div>"} }""").IsRefused);

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
