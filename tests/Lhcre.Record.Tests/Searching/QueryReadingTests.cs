using CsCheck;
using Lhcre.Record.Searching;

namespace Lhcre.Record.Tests.Searching;

public class QueryReadingTests
{
    [Theory]
    [InlineData("Observation?colour=red", "LHC505", "LHC506")]
    [InlineData("Observation?code=x&colour=red", "LHC505", "LHC506")]
    [InlineData("Observation?code.x=1", "LHC505", "LHC506")] // a token leads nowhere
    [InlineData("Observation?encounter.colour=red", "LHC505", "LHC506")]
    [InlineData("Observation?encounter:Location.name=x", "LHC505", "LHC506")] // no target of it
    [InlineData("Observation?encounter.condition.encounter.class=AMB", "LHC505", "LHC506")] // three steps
    [InlineData("Observation?focus.status=final", "LHC505", "LHC506")] // anything: which type?
    [InlineData("Observation?_sort=colour", "LHC505", "LHC506")]
    [InlineData("Observation?_sort=date,code-value-quantity", "LHC505", "LHC506")]
    [InlineData("Observation?_include=Observation:code", "LHC505", "LHC506")]
    [InlineData("Observation?_include=Observation", "LHC505", "LHC506")]
    [InlineData("Observation?_revinclude=Colour:of", "LHC505", "LHC506")]
    [InlineData("Observation?_has:Provenance:target:agent=x", "LHC505", "LHC506")]
    [InlineData("Observation?_since=2024", "LHC505", "LHC506")] // of operations
    [InlineData("Observation?code=", "LHC505", "LHC506")]
    [InlineData("$everything?code=x", "LHC505", "LHC506")]
    [InlineData("$everything?_sort=date", "LHC505", "LHC506")]
    [InlineData("Observation?code:above=x", "LHC523", "LHC523")]
    [InlineData("Observation?date:exact=2024", "LHC523", "LHC523")]
    [InlineData("Observation?encounter:Patient=x", "LHC523", "LHC523")]
    [InlineData("Patient?family:not=x", "LHC523", "LHC523")]
    [InlineData("Observation?code-value-quantity:missing=true", "LHC523", "LHC523")]
    [InlineData("Observation?code=a|b|c", "LHC504", "LHC504")]
    [InlineData("Observation?code=|", "LHC504", "LHC504")]
    [InlineData("Observation?code=a,,b", "LHC504", "LHC504")]
    [InlineData("Observation?code:missing=maybe", "LHC504", "LHC504")]
    [InlineData("Observation?code-value-quantity=8480-6", "LHC504", "LHC504")]
    [InlineData("Observation?value-string=--", "LHC504", "LHC504")]
    [InlineData("Observation?encounter.date=never", "LHC504", "LHC504")]
    [InlineData("Observation?_lastUpdated=never", "LHC504", "LHC504")]
    [InlineData("Observation?_count=-1", "LHC504", "LHC504")]
    [InlineData("Observation?_count=many", "LHC504", "LHC504")]
    [InlineData("Observation?_total=yes", "LHC504", "LHC504")]
    [InlineData("Observation?_summary=short", "LHC504", "LHC504")]
    [InlineData("$everything?_since=never", "LHC504", "LHC504")]
    [InlineData("$everything?start=2024-13", "LHC504", "LHC504")]
    public void What_is_not_understood_is_said(string query, string leniently, string strictly)
    {
        Assert.Equal([leniently], Searched.Query(query).Issues.Select(i => i.Code.Code));
        Assert.Equal([strictly], Searched.Query(query, Searched.Options with { IsStrict = true }).Issues.Select(i => i.Code.Code));
    }

    [Fact]
    public void A_search_has_only_so_many_values()
    {
        Assert.Empty(Searched.Query(With(Limits.SearchValues)).Issues);
        Assert.Equal([IssueCodes.SearchTooLong], Searched.Query(With(Limits.SearchValues + 1)).Issues.Select(i => i.Code));

        static string With(int values) => $"Observation?status=final&code={string.Join(',', Enumerable.Range(1, values - 1))}";
    }

    [Theory]
    [InlineData("Observation?code=x&colour=red&_count=5&_format=json", "code=x _count=5 _format=json")]
    [InlineData("Observation?_sort=-date,colour", "")]
    [InlineData("Observation?patient:Patient=abc&date=ge2024&date=lt2025&_elements=code&_summary=true&_pretty=true&_total=accurate", "patient:Patient=abc date=ge2024 date=lt2025 _elements=code _summary=true _pretty=true _total=accurate")]
    [InlineData("$everything?_since=2024&start=2024&end=2025&_type=Observation&_count=5&start=x", "_since=2024 start=2024 end=2025 _type=Observation _count=5")]
    public void What_is_understood_is_repeated_in_its_own_words(string query, string understood) =>
        Assert.Equal(understood, string.Join(' ', Searched.Query(query).Understood.Select(p => $"{p.Key}={p.Value}")));

    [Fact]
    public void What_was_understood_is_the_whole_query()
    {
        var query = Searched.Query("Observation?patient=abc&colour=red&_count=3&_sort=-date&_revinclude=Provenance:target");
        var again = SearchQuery.Read("Observation", query.Understood, Searched.Options with { IsStrict = true });
        Assert.Empty(again.Issues);
        Assert.Equal((query.Count, query.Patient, query.IncludesProvenance, query.IsTotalOnly), (again.Count, again.Patient, again.IncludesProvenance, again.IsTotalOnly));
        Assert.Equal(query.Understood.AsEnumerable(), again.Understood.AsEnumerable());
    }

    [Theory]
    [InlineData("Observation?_count=5", 5, false)]
    [InlineData("Observation?_count=0", 0, true)]
    [InlineData("Observation?_summary=count", null, true)]
    [InlineData("Observation?_summary=true", null, false)]
    [InlineData("$everything?_count=7", 7, false)]
    public void What_the_answer_is_to_be_like_is_told(string query, int? count, bool isTotalOnly) =>
        Assert.Equal((count, isTotalOnly), (Searched.Query(query).Count, Searched.Query(query).IsTotalOnly));

    [Theory]
    [InlineData("Observation?_revinclude=Provenance:target", true)]
    [InlineData("Observation?_revinclude=Provenance:*", true)]
    [InlineData("Observation?_revinclude=*", true)]
    [InlineData("$everything?_revinclude=Provenance:target", true)]
    [InlineData("Observation?_revinclude=Provenance:agent", false)]
    [InlineData("Observation?_revinclude=Observation:has-member", false)]
    [InlineData("Observation?_include=Provenance:target", false)]
    public void Where_things_come_from_may_be_asked_for(string query, bool isAsked) => Assert.Equal(isAsked, Searched.Query(query).IncludesProvenance);

    [Fact]
    public void Values_are_split_where_nothing_is_escaped() =>
        Gen.Select(Gen.String["ab,|$\\ "].Array[1, 4], Gen.Char[",|$"]).Sample((values, separator) =>
        {
            var joined = string.Join(separator, values.Select(Escaped));
            Assert.Equal(values, SearchText.Split(joined, separator));

            static string Escaped(string value) => string.Concat(value.Select(c => c is ',' or '|' or '$' or '\\' ? $"\\{c}" : $"{c}"));
        });
}
