namespace Lhcre.Record.Tests.Searching;

/// <summary>JSON lets any character of a text be written as an escape (RFC 8259, section 7); .NET's own writer does so with <c>+</c> and <c>&lt;</c>.</summary>
public class EscapedTextTests
{
    private const string Date = "2021-06-02T10:00:00.000+01:00";

    public static TheoryData<string> WaysToWriteADate =>
    [
        Date,
        Date.Replace("+", "\\u002B", StringComparison.Ordinal),
        Date.Replace("-", "\\u002d", StringComparison.Ordinal),
        Escaped(Date),
    ];

    [Theory]
    [MemberData(nameof(WaysToWriteADate))]
    public void A_date_is_found_however_it_is_written(string date)
    {
        foreach (var effective in new[]
        {
            $"'effectiveDateTime':'{date}'",
            $"'effectiveInstant':'{date}'",
            $"'effectivePeriod':{{'start':'{date}','end':'{date}'}}",
            $"'effectiveTiming':{{'event':['{date}']}}",
            $"'effectiveTiming':{{'repeat':{{'boundsPeriod':{{'start':'{date}','end':'{date}'}}}}}}",
        })
        {
            var record = Searched.Record(("Observation", "o", effective));
            Assert.Equal("o", Searched.Ids(record, "Observation?date=2021-06-02"));
            Assert.Equal("o", Searched.Ids(record, "Observation?date=ge2021-06-02T09:00:00Z&date=lt2021-06-02T09:00:01Z"));
            Assert.Equal("", Searched.Ids(record, "Observation?date:missing=true"));
        }
    }

    [Theory]
    [MemberData(nameof(WaysToWriteADate))]
    public void A_date_is_put_in_order_however_it_is_written(string date)
    {
        var record = Searched.Record(("Observation", "after", "'effectiveDateTime':'2022'"), ("Observation", "it", $"'effectiveDateTime':'{date}'"), ("Observation", "before", "'effectiveDateTime':'2020'"));
        Assert.Equal("before it after", Searched.Ids(record, "Observation?_sort=date"));
        Assert.Equal("after it before", Searched.Ids(record, "Observation?_sort=-date"));
    }

    [Theory]
    [MemberData(nameof(WaysToWriteADate))]
    public void A_date_of_care_falls_within_a_time_however_it_is_written(string date)
    {
        var record = Searched.Record(("Observation", "o", $"'effectiveDateTime':'{date}'"), ("Condition", "c", $"'onsetDateTime':'2019','abatementDateTime':'{date}'"));
        Assert.Equal("c o", Searched.Ids(record, "$everything?start=2021&end=2021"));
        Assert.Equal("", Searched.Ids(record, "$everything?start=2022"));
    }

    [Theory]
    [InlineData("Observation?code=4548-4", true)]
    [InlineData("Observation?code=http://loinc.org|4548-4", true)]
    [InlineData("Observation?code:text=sugar", true)]
    [InlineData("Observation?value-quantity=lt5||mmol/L", true)]
    [InlineData("Observation?value-quantity=gt5||mmol/L", false)]
    [InlineData("Observation?performer=https://elsewhere.example/Practitioner/1", true)]
    [InlineData("Observation?performer:Practitioner=https://elsewhere.example/Practitioner/1", true)]
    [InlineData("Observation?performer=1", true)]
    [InlineData("Observation?performer=2", false)]
    [InlineData("Observation?derived-from=https://elsewhere.example/Observation/7", true)]
    [InlineData("Observation?_profile=https://elsewhere.example/Profile", true)]
    [InlineData("Observation?_profile=https://elsewhere.example/Profile|2", true)]
    [InlineData("Observation?_profile=https://elsewhere.example/Profile|3", false)]
    [InlineData("Observation?_sort=code,date,value-quantity,performer", true)]
    public void All_that_is_searched_is_found_however_it_is_written(string query, bool isFound)
    {
        foreach (var write in new Func<string, string>[] { text => text, Escaped, text => text.Replace("/", "\\/", StringComparison.Ordinal) })
        {
            var record = Searched.Record(("Observation", "o", $$"""
                'meta':{'profile':['{{write("https://elsewhere.example/Profile|2")}}']},
                'code':{'coding':[{'system':'{{write("http://loinc.org")}}','code':'{{write("4548-4")}}','display':'{{write("Sugar")}}'}]},
                'valueQuantity':{'value':5,'comparator':'{{write("<")}}','unit':'{{write("mmol/L")}}','code':'{{write("mmol/L")}}'},
                'performer':[{'reference':'{{write("https://elsewhere.example/Practitioner/1")}}'}],
                'derivedFrom':[{'reference':'{{write("https://elsewhere.example/Observation/7")}}'}]
                """));
            Assert.Equal(isFound ? "o" : "", Searched.Ids(record, query));
        }
    }

    [Fact]
    public void The_type_of_a_reference_counts_however_it_is_written()
    {
        foreach (var reference in new[] { "https://elsewhere.example/Practitioner/1", "https:\\/\\/elsewhere.example\\/Practitioner\\/1", Escaped("https://elsewhere.example/Practitioner/1") })
        {
            var record = Searched.Record(("Encounter", "e", $"'participant':[{{'individual':{{'reference':'{reference}'}}}}]"));
            Assert.Equal("e", Searched.Ids(record, "Encounter?practitioner=https://elsewhere.example/Practitioner/1"));
        }
    }

    private static string Escaped(string text) => string.Concat(text.Select(c => $"\\u{(int)c:x4}"));
}
