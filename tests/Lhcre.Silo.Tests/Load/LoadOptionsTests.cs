using Lhcre.Silo.Load;

namespace Lhcre.Silo.Tests.Load;

public class LoadOptionsTests
{
    [Fact]
    public void Path_and_source_are_enough()
    {
        var options = Read("people --source dorset", out var error);
        Assert.Null(error);
        Assert.NotNull(options);
        Assert.Equal(["people"], options.Paths);
        Assert.Equal("dorset", options.Source);
        Assert.Equal(new Uri("http://127.0.0.1:8080"), options.To);
        Assert.Equal((8, 1, 1, (int?)null, (string?)null, false), (options.Parallel, options.Slice, options.Slices, options.Limit, options.Report, options.AssignNhsNumbers));
    }

    [Fact]
    public void Options_stand_anywhere_and_take_their_value_with_or_without_an_equals_sign()
    {
        var options = Read("--to=http://silo:81/base --source isle-of-wight a --parallel 3 --assign-nhs-numbers b.ndjson --slice=2/3 --limit 9 --report r", out _);
        Assert.NotNull(options);
        Assert.Equal(["a", "b.ndjson"], options.Paths);
        Assert.Equal(new Uri("http://silo:81/base"), options.To);
        Assert.Equal((3, 2, 3, (int?)9, "r", true), (options.Parallel, options.Slice, options.Slices, options.Limit, options.Report, options.AssignNhsNumbers));
    }

    [Theory]
    [InlineData("", "Name at least one folder or file.")]
    [InlineData("--source dorset", "Name at least one folder or file.")]
    [InlineData("people", "Name the source")]
    [InlineData("people --source", "--source needs a value.")]
    [InlineData("people --source Dorset", "--source: a source id")]
    [InlineData("people --source dorset --source hampshire", "--source is given twice.")]
    [InlineData("people --source dorset --fast", "There is no option --fast.")]
    [InlineData("people --source dorset --assign-nhs-numbers=yes", "--assign-nhs-numbers takes no value.")]
    [InlineData("people --source dorset --to localhost:8080", "--to: expected")]
    [InlineData("people --source dorset --to ftp://x", "--to: expected")]
    [InlineData("people --source dorset --parallel 0", "--parallel: expected")]
    [InlineData("people --source dorset --parallel 257", "--parallel: expected")]
    [InlineData("people --source dorset --parallel many", "--parallel: expected")]
    [InlineData("people --source dorset --limit -1", "--limit: expected")]
    [InlineData("people --source dorset --slice 0/3", "--slice: expected")]
    [InlineData("people --source dorset --slice 4/3", "--slice: expected")]
    [InlineData("people --source dorset --slice 2", "--slice: expected")]
    [InlineData("people --source dorset --slice 1/2/3", "--slice: expected")]
    public void What_is_wrong_is_said_in_one_sentence(string args, string expected)
    {
        Assert.Null(Read(args, out var error));
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    private static LoadOptions? Read(string args, out string? error) =>
        LoadOptions.Read(args.Split(' ', StringSplitOptions.RemoveEmptyEntries), out error);
}
