using System.Runtime.CompilerServices;

namespace Lhcre.Record.Tests;

public sealed class IssueCodesTests
{
    [Fact]
    public void Codes_are_unique_and_of_one_form()
    {
        Assert.All(IssueCodes.All, c => Assert.Matches("^LHC[1-9][0-9]{2}$", c.Code));
        Assert.Equal(IssueCodes.All.Count, IssueCodes.All.Select(c => c.Code).Distinct().Count());
    }

    [Fact]
    public void Errors_refuse_and_nothing_else_does() =>
        Assert.All(IssueCodes.All, c => Assert.Equal(c.Severity == IssueSeverity.Error, c.Status >= 400));

    /// <summary>Whoever changes a code finds here what the page has to say.</summary>
    [Fact]
    public void The_page_lists_them_all_and_no_other()
    {
        string[] expected = [.. IssueCodes.All.Select(c => $"| {c.Code} | {c.Status} | {c.FhirType} | {c.Meaning} |")];

        string[] page = [.. File.ReadAllLines(Page()).Where(l => l.StartsWith("| LHC", StringComparison.Ordinal))];

        Assert.Equal(expected, page);
    }

    private static string Page([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../src/issue-codes.md");
}
