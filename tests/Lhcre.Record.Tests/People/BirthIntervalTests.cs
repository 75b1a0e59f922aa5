using CsCheck;
using Lhcre.Record.People;

namespace Lhcre.Record.Tests.People;

/// <summary>What a search for a date of birth finds: FHIR R4 search.html#prefix, where the value and the date are both periods.</summary>
public class BirthIntervalTests
{
    private static readonly Gen<string> Dates =
        Gen.Select(Gen.Int[1979, 1981], Gen.Int[1, 12], Gen.Int[1, 31], Gen.Int[0, 2], (year, month, day, precision) => precision switch
        {
            0 => $"{year}",
            1 => $"{year}-{month:d2}",
            _ => $"{year}-{month:d2}-{Math.Min(day, DateTime.DaysInMonth(year, month)):d2}",
        });

    [Theory]
    [InlineData("1980-05-12", "1980-05-12", true)]
    [InlineData("1980-05-12", "1980-05-13", false)]
    [InlineData("1980-05-12", "1980-05", false)] // who was born in May may not have been born on the 12th
    [InlineData("1980-05", "1980-05-12", true)]
    [InlineData("1980-05", "1980-05", true)]
    [InlineData("1980-05", "1980", false)]
    [InlineData("1980", "1980-05-12", true)]
    [InlineData("1980", "1980", true)]
    [InlineData("1980", "1981-01-01", false)]
    [InlineData("eq1980-05-12", "1980-05-12", true)]
    [InlineData("ge1980-05-12", "1980-05-12", true)]
    [InlineData("ge1980-05-12", "1980", true)] // some of 1980 is later
    [InlineData("gt1980-05-12", "1980-05-12", false)]
    [InlineData("sa1980-05-12", "1980-05", false)]
    [InlineData("le1980", "1980-12-31", true)]
    [InlineData("lt1980", "1980-01-01", false)]
    [InlineData("eb1980-05", "1980", false)]
    [InlineData("ap1980-05-12", "1981", true)]
    [InlineData("ap1980-05-12", "1982-01-01", false)]
    [InlineData("1980-05-12T10:30:00Z", "1980-05-12", true)] // nobody states the minute: the day counts
    public void A_value_finds_the_dates_that_its_prefix_means(string value, string birth, bool isFound) =>
        Assert.Equal(isFound, Finds(value, birth));

    [Fact]
    public void Whatever_the_value_and_the_date_the_periods_compare_as_the_specification_says() =>
        Gen.Select(Gen.OneOf("eq", "gt", "lt", "ge", "le", "sa", "eb"), Dates, Dates).Sample((prefix, value, birth) =>
        {
            var ((low, high), (from, to)) = (Days(value), Days(birth));
            var expected = prefix switch
            {
                "eq" => from >= low && to <= high,
                "gt" => to > high,
                "lt" => from < low,
                "ge" => to > high || (from >= low && to <= high),
                "le" => from < low || (from >= low && to <= high),
                "sa" => from > high,
                _ => to < low,
            };
            Assert.True(expected == Finds(prefix + value, birth), $"{prefix}{value} against {birth}");
        });

    [Theory]
    [InlineData("ne1980-05-12")]
    [InlineData("xx1980")]
    [InlineData("12/05/1980")]
    [InlineData("1980-13")]
    [InlineData("1980-02-30")]
    [InlineData("0001-01-01")]
    [InlineData("80")]
    [InlineData("ge")]
    [InlineData("")]
    public void What_is_no_date_is_not_read(string value) => Assert.Null(BirthInterval.Read(value));

    [Theory]
    [InlineData("ge9999-12-31")]
    [InlineData("lt0002-01-02")]
    [InlineData("ap0002-01-01")]
    [InlineData("ap9999-12-31")]
    public void The_ends_of_time_are_dates_too(string value) =>
        Assert.All(BirthInterval.Read(value)!, i => Assert.True(BirthInterval.FirstDay(i.First) <= BirthInterval.LastDay(i.Last)));

    private static bool Finds(string value, string birth) => BirthInterval.Read(value)!.Any(i => i.Contains(ClinicalDate.Parse(birth)));

    private static (DateOnly, DateOnly) Days(string date)
    {
        var parts = date.Split('-').Select(int.Parse).ToArray();
        return parts.Length switch
        {
            1 => (new(parts[0], 1, 1), new(parts[0], 12, 31)),
            2 => (new(parts[0], parts[1], 1), new DateOnly(parts[0], parts[1], 1).AddMonths(1).AddDays(-1)),
            _ => (new(parts[0], parts[1], parts[2]), new(parts[0], parts[1], parts[2])),
        };
    }
}
