using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Lhcre.Record.Tests;

/// <summary>What README tells a new user to paste must work.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Its_NHS_numbers_are_valid_and_of_the_test_range()
    {
        string[] numbers = [.. Numbers().Matches(File.ReadAllText(Page())).Select(m => m.Value)];

        Assert.NotEmpty(numbers);
        Assert.All(numbers, n => Assert.True(NhsNumber.TryParse(n, out _), n));
    }

    [Fact]
    public void It_has_at_most_150_lines() => Assert.InRange(File.ReadAllLines(Page()).Length, 1, 150);

    [GeneratedRegex(@"\b999[ ]?\d{3}[ ]?\d{4}\b")]
    private static partial Regex Numbers();

    private static string Page([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../README.md");
}
