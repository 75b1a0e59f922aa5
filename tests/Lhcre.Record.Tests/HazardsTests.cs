using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Lhcre.Record.Tests;

/// <summary>The safety case says which test holds each control: it must be there, and each risk must be the matrix's.</summary>
public sealed partial class HazardsTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "src", "hazards.md"));

    public static TheoryData<string> Named => [.. Tests().Matches(Page).Select(m => m.Value).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Named))]
    public void A_test_that_is_named_exists(string test)
    {
        var (project, type, method) = (test.Split('/')[0], test.Split('/')[1], test.Split('/')[2]);
        var files = Directory.EnumerateFiles(Path.Combine(Root(), "tests", project), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText)
            .Where(text => Regex.IsMatch(text, $@"\bclass {type}\b"));

        Assert.Contains(files, text => Regex.IsMatch(text, $@"\bpublic (async )?[\w.]+ {method}\("));
    }

    [Fact]
    public void Each_hazard_has_a_number_a_cause_an_effect_a_risk_and_a_control()
    {
        var hazards = Hazards();
        Assert.Equal(Enumerable.Range(1, hazards.Length).Select(n => $"H{n:D2}"), hazards.Select(h => h[..3]));
        foreach (var part in new[] { "- Cause: ", "- Effect: ", "- Before: ", "- Control: " })
            Assert.All(hazards, hazard => Assert.Contains(part, hazard, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_has_a_test_and_a_risk_that_is_left_or_is_open() => Assert.All(Hazards(), hazard => Assert.True(
        hazard.Contains("- Open: ", StringComparison.Ordinal)
        || (Tests().IsMatch(hazard) && hazard.Contains("- After: ", StringComparison.Ordinal) && hazard.Contains("- Residual: ", StringComparison.Ordinal)),
        hazard[..3]));

    [Fact]
    public void Each_risk_is_that_of_the_matrix_and_none_that_is_closed_is_unacceptable()
    {
        var rows = Page.Split('\n').Where(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()).ToArray();
        var risks = Risks().Matches(Page);
        Assert.NotEmpty(risks);
        foreach (Match risk in risks)
        {
            var column = Array.IndexOf(rows[0], risk.Groups["severity"].Value);
            var row = Assert.Single(rows, r => r[0] == risk.Groups["likelihood"].Value);
            Assert.Equal(row[column], risk.Groups["risk"].Value);
            Assert.False(risk.Groups["when"].Value == "After" && risk.Groups["risk"].Value is "4" or "5", risk.Value);
        }

        Assert.Equal(Page.Split('\n').Count(line => line.StartsWith("- Before:", StringComparison.Ordinal) || line.StartsWith("- After:", StringComparison.Ordinal)), risks.Count);
    }

    private static string[] Hazards() => [.. Page.Split("\n### ")[1..].Select(hazard => hazard.Split("\n## ")[0])];

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));

    [GeneratedRegex(@"Lhcre\.\w+\.Tests/\w+/\w+")]
    private static partial Regex Tests();

    [GeneratedRegex(@"^- (?<when>Before|After): (?<severity>\w+), (?<likelihood>[\w ]+) → (?<risk>\d)$", RegexOptions.Multiline)]
    private static partial Regex Risks();
}
