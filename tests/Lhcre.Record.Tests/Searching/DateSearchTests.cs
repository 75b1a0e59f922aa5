using System.Globalization;
using CsCheck;
using Lhcre.Record.Searching;

namespace Lhcre.Record.Tests.Searching;

public class DateSearchTests
{
    // HL7 FHIR R4, search.html, "date": the table of examples, row by row. A Period without a beginning or an end is open there.
    [Theory]
    [InlineData("eq2013-01-14", "'2013-01-14T00:00:00Z'", true)]
    [InlineData("eq2013-01-14", "'2013-01-14T10:00:00Z'", true)]
    [InlineData("eq2013-01-14", "'2013-01-15T00:00:00Z'", false)]
    [InlineData("ne2013-01-14", "'2013-01-15T00:00:00Z'", true)]
    [InlineData("ne2013-01-14", "'2013-01-14T00:00:00Z'", false)]
    [InlineData("ne2013-01-14", "'2013-01-14T10:00:00Z'", false)]
    [InlineData("lt2013-01-14T10:00", "'2013-01-14'", true)] // it includes the part of that day before 10 am
    [InlineData("gt2013-01-14T10:00", "'2013-01-14'", true)] // and the part after it
    [InlineData("ge2013-03-14", "{'start':'2013-01-21'}", true)]
    [InlineData("le2013-03-14", "{'start':'2013-01-21'}", true)]
    [InlineData("sa2013-03-14", "{'start':'2013-03-15'}", true)]
    [InlineData("sa2013-03-14", "{'start':'2013-01-21'}", false)]
    [InlineData("sa2013-03-14", "{'end':'2013-01-21'}", false)]
    [InlineData("eb2013-03-14", "{'start':'2013-03-15'}", false)]
    [InlineData("eb2013-03-14", "{'start':'2013-01-21'}", false)]
    [InlineData("eb2013-03-14", "{'end':'2013-01-21'}", true)]
    [InlineData("ap2013-03-14", "'2013-03-14'", true)]
    [InlineData("ap2013-03-14", "'2013-01-21'", true)]
    [InlineData("ap2013-03-14", "'2015-06-15'", false)]
    public void The_specifications_examples_hold(string asked, string stated, bool isFound)
    {
        // "Approximately" is a tenth of the distance from now, here the end of 2014: 65 days.
        var options = Searched.Options with { Now = asked.StartsWith("ap", StringComparison.Ordinal) ? new(2014, 12, 31, 0, 0, 0, TimeSpan.Zero) : Searched.Now };
        Assert.Equal(isFound, IsFound(asked, stated, options));
    }

    [Theory]
    [InlineData("2024", "'2024-06-01'", true)]
    [InlineData("2024", "'2025'", false)]
    [InlineData("2024-06", "'2024'", false)] // all of the stated year would have to be in June
    [InlineData("2024-06", "'2024-06'", true)]
    [InlineData("lt2024-06", "'2024'", true)]
    [InlineData("gt2024-06", "'2024'", true)]
    [InlineData("sa2024-06", "'2024'", false)]
    [InlineData("gt2024-06-01", "'2024-06-01'", false)]
    [InlineData("ge2024-06-01", "'2024-06-01'", true)]
    [InlineData("lt2024-06-01", "'2024-06-01'", false)]
    [InlineData("le2024-06-01", "'2024-06-01'", true)]
    [InlineData("ge2024-06-02", "'2024-06-01'", false)]
    [InlineData("le2024-05-31", "'2024-06-01'", false)]
    [InlineData("2024-07-01", "'2024-06-30T23:30:00Z'", true)] // half past midnight in London
    [InlineData("2024-06-30", "'2024-06-30T23:30:00Z'", false)]
    [InlineData("2024-06-30", "'2024-06-30T22:59:59Z'", true)]
    [InlineData("2024-12-31", "'2024-12-31T23:30:00Z'", true)] // in winter London's midnight is UTC's
    [InlineData("2024-07-01T00:30", "'2024-06-30T23:30:00Z'", true)] // a time without a zone is London's
    [InlineData("2024-07-01T00:30:00Z", "'2024-07-01T02:30:00+02:00'", true)]
    [InlineData("2024-07-01T02:30:00 02:00", "'2024-07-01T00:30:00Z'", true)] // a plus sign that was not escaped
    [InlineData("2024-07-01T00:30Z", "'2024-07-01T00:30:59Z'", true)] // a minute
    [InlineData("2024-07-01T00:30:00Z", "'2024-07-01T00:30:00.123Z'", true)] // a second
    [InlineData("gt2024-07-01T00:30:00.100Z", "'2024-07-01T00:30:00.123Z'", true)]
    [InlineData("gt2024-07-01T00:30:00.123Z", "'2024-07-01T00:30:00.123Z'", false)]
    [InlineData("2024-07-01", "'2024-07-01T10:00:00'", true)] // no zone: nobody's time, and counts as its day
    [InlineData("2024-07-01T10:00", "'2024-07-01T10:00:00'", false)]
    [InlineData("2024", "{'start':'2024-03-01','end':'2024-04-01'}", true)]
    [InlineData("2024", "{'start':'2023-03-01','end':'2024-04-01'}", false)]
    [InlineData("2024", "{'start':'2024-03-01'}", false)]
    [InlineData("le2030", "{'start':'2024-03-01','end':'9999-12-31'}", true)]
    [InlineData("sa2030", "{'start':'9999-12-31'}", true)]
    [InlineData("2013-02-01", "{'event':['2013-02-01','2013-02-01T12:00:00Z']}", true)]
    [InlineData("2013-02", "{'event':['2013-01-31','2013-02-02']}", false)]
    [InlineData("gt2013-02", "{'repeat':{'boundsPeriod':{'start':'2013-01-31','end':'2013-03-24'}}}", true)]
    [InlineData("lt2013-01-31", "{'repeat':{'boundsPeriod':{'start':'2013-01-31','end':'2013-03-24'}}}", false)]
    [InlineData("ge2013", "{'code':{'text':'BD'}}", false)]
    [InlineData("ge2013", "'soon'", false)]
    [InlineData("ne2013", "'0001-01-01'", false)] // what software writes that has no date
    [InlineData("2023,2024-06-01", "'2024-06-01'", true)]
    [InlineData("ge2024-01-01&date=lt2025-01-01", "'2024-06-01'", true)]
    [InlineData("ge2024-01-01&date=lt2024-06-01", "'2024-06-01'", false)]
    public void A_date_is_all_of_what_it_names(string asked, string stated, bool isFound) => Assert.Equal(isFound, IsFound(asked, stated, Searched.Options));

    [Theory]
    [InlineData("tomorrow")]
    [InlineData("2024-13")]
    [InlineData("2024-02-30")]
    [InlineData("2024-02-03T25:00")]
    [InlineData("2024-02-03T10")]
    [InlineData("xx2024")]
    [InlineData("2024-02-03T10:00:00.Z")]
    [InlineData("")]
    public void What_is_no_date_is_refused(string asked) =>
        Assert.Contains(Searched.Query($"Observation?date={asked},2024", Searched.Options).Issues, i => i.Code == IssueCodes.InvalidSearchValue);

    [Fact]
    public void An_instant_falls_on_its_day_of_the_UK_calendar() =>
        Gen.Long[new DateTime(1900, 1, 1).Ticks, new DateTime(2200, 1, 1).Ticks].Sample(ticks =>
        {
            var instant = new DateTimeOffset(ticks, TimeSpan.Zero);
            foreach (var precision in new[] { Precision.Day, Precision.Month, Precision.Year })
            {
                Assert.True(DateRange.TryParse(ClinicalDate.Of(instant).At(precision).ToString(), isAsked: true, out var range));
                Assert.True(range.From <= instant.UtcTicks && instant.UtcTicks <= range.To, $"{instant:O} is not in its {precision}");
            }
        });

    [Fact]
    public void Days_follow_one_another_without_gap_or_overlap() =>
        Gen.Int[700_000, 800_000].Sample(day =>
        {
            Assert.True(DateRange.TryParse(Text(day), isAsked: true, out var first) & DateRange.TryParse(Text(day + 1), isAsked: false, out var next));
            Assert.Equal(first.To + 1, next.From);

            static string Text(int day) => DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        });

    [Fact]
    public void The_prefixes_agree_with_one_another()
    {
        var range = Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20], (from, length) => new DateRange(from, from + length));
        Gen.Select(range, range).Sample((asked, stated) =>
        {
            Assert.NotEqual(Holds(SearchPrefix.Equal), Holds(SearchPrefix.NotEqual));
            Assert.Equal(Holds(SearchPrefix.Greater) || Holds(SearchPrefix.Equal), Holds(SearchPrefix.GreaterOrEqual));
            Assert.Equal(Holds(SearchPrefix.Less) || Holds(SearchPrefix.Equal), Holds(SearchPrefix.LessOrEqual));
            Assert.Equal(Holds(SearchPrefix.StartsAfter), Holds(SearchPrefix.Greater) && !asked.Overlaps(stated));
            Assert.Equal(Holds(SearchPrefix.EndsBefore), Holds(SearchPrefix.Less) && !asked.Overlaps(stated));
            Assert.True(Holds(SearchPrefix.Greater) || Holds(SearchPrefix.Less) || Holds(SearchPrefix.Equal)); // nothing is left out by all

            bool Holds(SearchPrefix prefix) => Prefixed.Holds(prefix, asked, stated);
        });
    }

    private static bool IsFound(string asked, string stated, ReadOptions options)
    {
        var element = stated[0] == '\'' ? "effectiveDateTime" : stated.Contains("event") || stated.Contains("repeat") || stated.Contains("code") ? "effectiveTiming" : "effectivePeriod";
        var record = Searched.Record(("Observation", "o", $"'{element}':{stated}"));
        var query = Searched.Query($"Observation?date={asked}", options);
        Assert.Empty(query.Issues);
        return query.Run(record).Total == 1;
    }
}
