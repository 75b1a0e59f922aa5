using System.Globalization;
using CsCheck;
using Xunit.Abstractions;

namespace Lhcre.Record.Tests;

/// <summary>CLINICAL.md: dates compare at the coarser precision; an instant is turned into its UK calendar day before it is compared with a date.</summary>
public class ClinicalDateTests(ITestOutputHelper output)
{
    private static readonly Gen<ClinicalDate> Dates = Gen.OneOf(
        Gen.Const(default(ClinicalDate)),
        Gen.Int[1, 9999].Select(n => new ClinicalDate(Precision.Year, n)),
        Gen.Int[0, (9999 * 12) - 1].Select(n => new ClinicalDate(Precision.Month, n)),
        Gen.Int[0, DateOnly.MaxValue.DayNumber].Select(n => new ClinicalDate(Precision.Day, n)),
        Gen.Int[0, int.MaxValue].Select(n => new ClinicalDate(Precision.Minute, n)),
        // Close together, so that they meet.
        Gen.Int[0, 60 * 24 * 400].Select(n => new ClinicalDate(Precision.Minute, ClinicalDate.Parse("2024-01-01T00:00Z").Number + n)),
        Gen.Int[0, 400].Select(n => new ClinicalDate(Precision.Day, ClinicalDate.Parse("2024-01-01").Number + n)),
        Gen.Int[0, 12].Select(n => new ClinicalDate(Precision.Month, ClinicalDate.Parse("2024-01").Number + n)));

    [Theory]
    [InlineData("2024", Precision.Year, "2024")]
    [InlineData("2024-05", Precision.Month, "2024-05")]
    [InlineData("2024-12", Precision.Month, "2024-12")]
    [InlineData("2024-01", Precision.Month, "2024-01")]
    [InlineData("2024-05-12", Precision.Day, "2024-05-12")]
    [InlineData("2024-02-29", Precision.Day, "2024-02-29")]
    [InlineData("0002", Precision.Year, "0002")]
    [InlineData("9999-12-31", Precision.Day, "9999-12-31")]
    [InlineData("2024-05-12T09:30:00Z", Precision.Minute, "2024-05-12T09:30Z")]
    [InlineData("2024-05-12T09:30:59.999999999Z", Precision.Minute, "2024-05-12T09:30Z")]
    [InlineData("2024-05-12T09:30:60Z", Precision.Minute, "2024-05-12T09:30Z")]
    [InlineData("2024-05-12T09:30Z", Precision.Minute, "2024-05-12T09:30Z")]
    [InlineData("2024-05-12T09:30:00+01:00", Precision.Minute, "2024-05-12T08:30Z")]
    [InlineData("2024-05-12T00:30:00+05:30", Precision.Minute, "2024-05-11T19:00Z")]
    [InlineData("2024-05-12T23:30:00-05:00", Precision.Minute, "2024-05-13T04:30Z")]
    [InlineData("2024-05-12T09:30:00", Precision.Day, "2024-05-12")] // nobody's minute
    [InlineData("2024-05-12T09:30", Precision.Day, "2024-05-12")]
    [InlineData("2024-05-12T09:30:00.5", Precision.Day, "2024-05-12")]
    [InlineData("9999-12-31T09:30:00Z", Precision.Day, "9999-12-31")] // "for ever" has no minute that could be counted
    [InlineData("", Precision.None, "")]
    [InlineData("0001-01-01T00:00:00Z", Precision.None, "")] // what software writes that has none
    [InlineData("0001-01-01", Precision.None, "")]
    [InlineData("0000", Precision.None, "")]
    [InlineData("202", Precision.None, "")]
    [InlineData("20245", Precision.None, "")]
    [InlineData("2024-", Precision.None, "")]
    [InlineData("2024-5", Precision.None, "")]
    [InlineData("2024-13", Precision.None, "")]
    [InlineData("2024-00", Precision.None, "")]
    [InlineData("2024/05", Precision.None, "")]
    [InlineData("2024-05/12", Precision.None, "")]
    [InlineData("2023-02-29", Precision.None, "")]
    [InlineData("2024-05-00", Precision.None, "")]
    [InlineData("2024-05-12 09:30:00Z", Precision.None, "")]
    [InlineData("2024-05-12T", Precision.None, "")]
    [InlineData("2024-05-12T09", Precision.None, "")]
    [InlineData("2024-05-12T24:00:00Z", Precision.None, "")]
    [InlineData("2024-05-12T09:60:00Z", Precision.None, "")]
    [InlineData("2024-05-12T09:30:61Z", Precision.None, "")]
    [InlineData("2024-05-12T09:30:Z", Precision.None, "")]
    [InlineData("2024-05-12T09:30:00z", Precision.None, "")]
    [InlineData("2024-05-12T09:30:00+1:00", Precision.None, "")]
    [InlineData("2024-05-12T09:30:00+15:00", Precision.None, "")]
    [InlineData("2024-05-12T09:30:00+01:00x", Precision.None, "")]
    [InlineData("12/05/2024", Precision.None, "")]
    [InlineData("+024", Precision.None, "")]
    [InlineData(" 024", Precision.None, "")]
    public void A_date_is_read_at_its_own_precision(string text, Precision precision, string expected)
    {
        var date = ClinicalDate.Parse(text);
        Assert.Equal((precision, expected), (date.Precision, date.ToString()));
    }

    [Theory]
    [InlineData("2024-06-30T23:30:00Z", "2024-07-01")]
    [InlineData("2024-06-30T22:59:00Z", "2024-06-30")]
    [InlineData("2024-06-30T23:00:00Z", "2024-07-01")]
    [InlineData("2024-12-31T23:59:00Z", "2024-12-31")]
    [InlineData("2024-06-30T00:10:00+01:00", "2024-06-30")] // as a UK system writes it
    [InlineData("2024-03-30T23:30:00Z", "2024-03-30")] // summer begins on Sunday the 31st
    [InlineData("2024-03-31T00:59:00Z", "2024-03-31")]
    [InlineData("2024-03-31T23:00:00Z", "2024-04-01")]
    [InlineData("2024-10-26T23:00:00Z", "2024-10-27")] // and ends on Sunday the 27th
    [InlineData("2024-10-27T23:00:00Z", "2024-10-27")]
    [InlineData("2026-03-28T23:30:00Z", "2026-03-28")]
    [InlineData("2026-03-29T23:30:00Z", "2026-03-30")]
    [InlineData("2026-10-24T23:30:00Z", "2026-10-25")]
    [InlineData("2026-10-25T23:30:00Z", "2026-10-25")]
    [InlineData("2024-01-12T00:30:00+01:00", "2024-01-11")] // a French clock, a UK day
    public void An_instant_is_on_its_UK_day(string instant, string day)
    {
        Assert.Equal(day, ClinicalDate.Parse(instant).At(Precision.Day).ToString());
        Assert.Equal(ClinicalDate.Parse(instant), ClinicalDate.Of(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void The_UK_day_is_that_of_London_in_every_hour_since_1996()
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById("Europe/London", out var london))
        {
            output.WriteLine("This machine has no time zone data: Europe/London is not held against it.");
            return;
        }

        for (var at = new DateTimeOffset(1996, 1, 1, 0, 30, 0, TimeSpan.Zero); at.Year < 2040; at = at.AddHours(1))
            Assert.Equal(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, london).DateTime).DayNumber, ClinicalDate.Of(at).At(Precision.Day).Number);
    }

    [Theory]
    [InlineData("2024-06-30T23:30:00Z", "2024-07-01", true)]
    [InlineData("2024-06-30T23:30:00Z", "2024-06-30", false)]
    [InlineData("2024-06-30T23:30:00Z", "2024-07", true)]
    [InlineData("2024-06-30T23:30:00Z", "2024-06", false)]
    [InlineData("2023-12-31T23:30:00Z", "2023", true)]
    [InlineData("2024-05-12", "2024", true)]
    [InlineData("2024-05-12", "2024-05", true)]
    [InlineData("2024-05-12", "2024-06", false)]
    [InlineData("2024-05-12", "2024-05-13", false)]
    [InlineData("2024-05-12T09:30:10Z", "2024-05-12T10:30:50+01:00", true)]
    [InlineData("2024-05-12T09:30:00Z", "2024-05-12T09:31:00Z", false)]
    [InlineData("2024-05-12T09:30:00", "2024-05-12T17:00:00Z", true)]
    [InlineData("2024-05-12", "", true)]
    [InlineData("", "", true)]
    public void Dates_agree_that_are_equal_at_the_coarser_precision(string one, string other, bool expected) =>
        Assert.Equal(expected, ClinicalDate.Parse(one).AgreesWith(ClinicalDate.Parse(other)));

    [Fact]
    public void Agreement_is_mutual_and_everything_agrees_with_itself_with_nothing_and_with_its_coarser_self() =>
        Gen.Select(Dates, Dates, Gen.Int[0, 4]).Sample(
            (one, other, precision) =>
            {
                Assert.Equal(one.AgreesWith(other), other.AgreesWith(one));
                Assert.True(one.AgreesWith(one));
                Assert.True(one.AgreesWith(default));
                Assert.True(one.AgreesWith(one.At((Precision)precision)));
            },
            iter: 20_000);

    [Fact]
    public void Coarser_by_way_of_another_precision_is_the_same() =>
        Gen.Select(Dates, Gen.Int[0, 4], Gen.Int[0, 4]).Sample(
            (date, one, other) =>
            {
                var (finer, coarser) = ((Precision)Math.Max(one, other), (Precision)Math.Min(one, other));
                Assert.Equal(date.At(coarser), date.At(finer).At(coarser));
                Assert.Equal((Precision)Math.Min((int)date.Precision, (int)coarser), date.At(coarser).Precision);
            },
            iter: 20_000);

    [Fact]
    public void What_is_written_is_read_as_the_same_and_sorts_as_it_was() =>
        Gen.Select(Dates, Dates).Where((one, other) => one.Precision == other.Precision && !IsInYear1(one) && !IsInYear1(other)).Sample(
            (one, other) =>
            {
                Assert.Equal(one, ClinicalDate.Parse(one.ToString()));
                Assert.Equal(int.Sign(one.Number.CompareTo(other.Number)), int.Sign(string.CompareOrdinal(one.ToString(), other.ToString())));
            },
            iter: 10_000);

    private static bool IsInYear1(ClinicalDate date) => date.At(Precision.Year).Number == 1 && date.Precision != Precision.None;
}
