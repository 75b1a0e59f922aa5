using System.Globalization;
using CsCheck;
using Lhcre.Intake.V2.Mapping;

namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>Dates and times of HL7 v2 as FHIR's.</summary>
public class DtmTests
{
    [Theory]
    [InlineData("2026", "2026")]
    [InlineData("202607", "2026-07")]
    [InlineData("20260704", "2026-07-04")]
    [InlineData("2026070409", "2026-07-04")]
    [InlineData("202607040930", "2026-07-04T09:30:00+01:00")]
    [InlineData("20260704093015", "2026-07-04T09:30:15+01:00")]
    [InlineData("20260104093015", "2026-01-04T09:30:15+00:00")]
    [InlineData("20260704093015.1", "2026-07-04T09:30:15.1+01:00")]
    [InlineData("20260704093015.1234", "2026-07-04T09:30:15.1234+01:00")]
    // Java and .NET write more digits than the standard has: they are cut.
    [InlineData("20260704093015.123456", "2026-07-04T09:30:15.1234+01:00")]
    [InlineData("20260704093015.123456789+0000", "2026-07-04T09:30:15.1234+00:00")]
    [InlineData("20260704093015.", "2026-07-04T09:30:15+01:00")]
    [InlineData("202607040930+0200", "2026-07-04T09:30:00+02:00")]
    [InlineData("202607040930-0530", "2026-07-04T09:30:00-05:30")]
    [InlineData(" 20260704 ", "2026-07-04")]
    [InlineData("20240229", "2024-02-29")]
    // The hour that comes twice is the first, and the one that never comes the later.
    [InlineData("202610250130", "2026-10-25T01:30:00+01:00")]
    [InlineData("202603290130", "2026-03-29T01:30:00+00:00")]
    public void A_date_keeps_the_precision_in_which_it_was_sent(string dtm, string expected) => Assert.Equal(expected, Dtm.DateTime(dtm));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("202")]
    [InlineData("20261")]
    [InlineData("20261301")]
    [InlineData("20260230")]
    [InlineData("20250229")]
    [InlineData("202607042400")]
    [InlineData("202607040960")]
    [InlineData("20260704093060")]
    [InlineData("20260704.5")]
    [InlineData("20260704093015.1234567890")]
    [InlineData("20260704093015.1x")]
    [InlineData("2026-07-04")]
    [InlineData("04/07/2026")]
    [InlineData("202607040930+01")]
    [InlineData("202607040930+1500")]
    [InlineData("202607040930+0160")]
    [InlineData("202607040930+-100")]
    [InlineData("00000101")]
    [InlineData("99990101")]
    [InlineData("٢٠٢٦")]
    [InlineData("today")]
    public void What_is_no_date_is_none(string? dtm)
    {
        Assert.Null(Dtm.DateTime(dtm));
        Assert.Null(Dtm.Date(dtm));
        Assert.Null(Dtm.Instant(dtm));
        Assert.Null(Dtm.Digits(dtm));
    }

    [Fact]
    public void An_instant_is_the_same_in_all_its_forms_and_digits_are_in_its_order() =>
        Gen.Select(Gen.DateTime[new DateTime(1001, 1, 2), new DateTime(9998, 12, 30)], Gen.Int[-14 * 60, 14 * 60]).Array[2].Sample(drawn =>
        {
            var (first, second) = (Offset(drawn[0]), Offset(drawn[1]));

            Assert.Equal(first, DateTimeOffset.Parse(Dtm.Instant(Text(first))!, CultureInfo.InvariantCulture));
            Assert.Equal(Dtm.Instant(Text(first)), Dtm.DateTime(Text(first)));
            Assert.Equal(
                Math.Sign(first.CompareTo(second)), Math.Sign(decimal.Parse(Dtm.Digits(Text(first))!, null).CompareTo(decimal.Parse(Dtm.Digits(Text(second))!, null))));
        }, iter: 2_000);

    [Fact]
    public void Nothing_that_a_field_holds_throws_and_what_is_read_is_FHIR() =>
        Gen.Char["0123456789+-. TZ"].Array[0, 24].Sample(
            text => Assert.Matches(@"^$|^\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d)?)?)?$", Dtm.DateTime(new string(text)) ?? ""), iter: 5_000);

    private static DateTimeOffset Offset((DateTime At, int Minutes) drawn) =>
        new(new DateTime(drawn.At.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond), TimeSpan.FromMinutes(drawn.Minutes));

    private static string Text(DateTimeOffset at) =>
        at.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + at.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
}
