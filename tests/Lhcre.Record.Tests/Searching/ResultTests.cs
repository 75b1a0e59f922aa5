using System.Globalization;
using CsCheck;
using Lhcre.Record.Searching;
using static Lhcre.Record.Tests.Said;

namespace Lhcre.Record.Tests.Searching;

public class ResultTests
{
    private static readonly PatientRecord Record = Searched.Record(
        ("Patient", "p", "'name':[{'family':'Grün'}],'managingOrganization':{'reference':'Organization/trust'}"),
        ("Encounter", "e", "'subject':{'reference':'Patient/p'},'period':{'start':'2025-01-02'},'serviceProvider':{'reference':'Organization/trust'}"),
        ("Observation", "a", "'subject':{'reference':'Patient/p'},'encounter':{'reference':'Encounter/e'},'effectiveDateTime':'2025-02-01','valueQuantity':{'value':5,'unit':'mg'},'status':'final'"),
        ("Observation", "b", "'hasMember':[{'reference':'Observation/a'},{'reference':'Observation/c'}],'effectiveDateTime':'2025-01-01','valueQuantity':{'value':0.004,'unit':'g'}"),
        ("Observation", "c", "'valueQuantity':{'value':5,'unit':'mg'},'performer':[{'reference':'Organization/trust'}]"),
        ("Organization", "trust", "'name':'Ärzte','partOf':{'reference':'Organization/whole'}"),
        ("Organization", "whole", "'name':'Zoo'"),
        ("Condition", "old", "'onsetDateTime':'2010'"),
        ("Condition", "healed", "'onsetDateTime':'2010','abatementDateTime':'2012-05'"),
        ("Condition", "undated", "'code':{'text':'x'}"),
        ("Provenance", "told", "'target':[{'reference':'Observation/a'}]"));

    [Theory]
    [InlineData("Observation?_sort=date", "b a c")] // without a date: last
    [InlineData("Observation?_sort=-date", "a b c")]
    [InlineData("Observation?_sort=value-quantity", "b a c")] // 4 mg, then equal ones in the record's order
    [InlineData("Observation?_sort=-value-quantity,-date", "a c b")]
    [InlineData("Observation?_sort=status", "a b c")]
    [InlineData("Organization?_sort=name", "trust whole")]
    [InlineData("Organization?_sort=-name", "whole trust")]
    [InlineData("Observation?_sort=_lastUpdated,date", "b a c")]
    [InlineData("Encounter?_sort=patient", "e")]
    public void Matches_are_sorted(string query, string found) => Assert.Equal(found, Searched.Ids(Record, query));

    [Fact]
    public void Matches_are_sorted_by_id()
    {
        var ids = Searched.Found(Record, "Observation?_sort=-_id").Matches.Select(m => m.Id.ToString()).ToArray();
        Assert.Equal(ids.OrderByDescending(i => i, StringComparer.Ordinal), ids);
        Assert.Equal(3, ids.Length);
    }

    [Theory]
    [InlineData("Observation?encounter:missing=false&_include=Observation:encounter", "e")]
    [InlineData("Observation?encounter:missing=false&_include=Observation:encounter&_include=Observation:subject", "e p")]
    [InlineData("Observation?encounter:missing=false&_include=Observation:subject:Patient", "p")]
    [InlineData("Observation?encounter:missing=false&_include=Observation:subject:Device", "")]
    [InlineData("Observation?encounter:missing=false&_include=Observation:encounter&_include=Encounter:service-provider", "e")] // asked of the matches alone
    [InlineData("Observation?encounter:missing=false&_include=Observation:encounter&_include:iterate=Encounter:service-provider", "e trust")]
    [InlineData("Observation?encounter:missing=false&_include:iterate=*", "p e trust whole")]
    [InlineData("Observation?has-member:missing=false&_include=Observation:*", "a c")]
    [InlineData("Observation?_include=Observation:has-member", "")] // matches already
    [InlineData("Encounter?_revinclude=Observation:encounter", "a")]
    [InlineData("Encounter?_revinclude=Observation:encounter&_revinclude:iterate=Observation:has-member", "a b")]
    [InlineData("Observation?encounter:missing=false&_revinclude=Provenance:target", "told")]
    [InlineData("Observation?encounter:missing=false&_revinclude=*", "b told")]
    [InlineData("Organization?partof:missing=false&_revinclude=*", "e c p")]
    public void What_belongs_to_the_matches_is_included(string query, string included) =>
        Assert.Equal(included.Split(' ').Order(), Searched.Included(Record, query).Split(' ').Order());

    [Fact]
    public void What_is_included_belongs_to_the_page()
    {
        var query = Searched.Query("Observation?_sort=date&_include=Observation:encounter&_include=Observation:performer");
        var (first, second, third) = (query.Run(Record, 0, 1), query.Run(Record, 1, 1), query.Run(Record, 2));
        Assert.Equal([3, 3, 3], new[] { first.Total, second.Total, third.Total });
        Assert.Equal([[], ["e"], ["trust"]], new[] { first, second, third }.Select(r => r.Included.Select(i => i.Shown!.Key.Id).ToArray()).ToArray());
    }

    [Fact]
    public void Pages_are_the_whole_without_repeats_or_gaps() =>
        Gen.Select(Gen.Int[1, 5], Gen.Bool).Sample((size, isSorted) =>
        {
            var query = Searched.Query(isSorted ? "Observation?_sort=-date" : "Observation");
            var pages = new List<MergedResource>();
            while (query.Run(Record, pages.Count, size).Matches is { Count: > 0 } page)
                pages.AddRange(page);
            Assert.Equal(query.Run(Record).Matches, pages);
        }, iter: 20);

    [Theory]
    [InlineData("$everything", "p healed old undated e a b c trust whole told")]
    [InlineData("$everything?_type=Observation,Encounter", "e a b c")]
    [InlineData("$everything?_type=Observation&_type=Encounter", "e a b c")] // any of them
    [InlineData("$everything?start=2025", "p old undated e a b c trust whole told")] // a problem lasts until somebody says that it ended
    [InlineData("$everything?end=2009", "p undated c trust whole told")]
    [InlineData("$everything?start=2012-05-15&end=2012-05-15", "p healed old undated c trust whole told")]
    [InlineData("$everything?start=2025-01-15&_type=Observation", "a c")]
    [InlineData("$everything?start=2025-01-15&_type=Encounter", "e")] // a visit without an end goes on
    public void Everything_may_be_narrowed(string query, string found) => Assert.Equal(found, Searched.Ids(Record, query));

    [Fact]
    public void What_changed_since_is_found_by_the_time_that_was_served()
    {
        var diary = Diary.Of(Of(Dorset, "Observation", "1", 1));
        diary.Push(Of(Dorset, "Observation", "2", 1));
        var (first, second) = (Updated("1"), Updated("2"));
        Assert.Equal("1 2", Searched.Ids(diary.Record, $"$everything?_since={first}"));
        Assert.Equal("2", Searched.Ids(diary.Record, $"$everything?_since={second}"));
        Assert.Equal("1", Searched.Ids(diary.Record, $"Observation?_lastUpdated={first}"));
        Assert.Equal("2", Searched.Ids(diary.Record, $"Observation?_lastUpdated=gt{first}"));
        Assert.Equal("1 2", Searched.Ids(diary.Record, $"Observation?_lastUpdated=ge{first}"));

        string Updated(string id) => Instant(diary.Record.ResourceOf(new EntryKey(Dorset, "Observation", id))!.LastUpdated);
    }

    [Theory]
    [InlineData("_profile=https://example.org/P", "o")]
    [InlineData("_profile=https://example.org/Q", "o")] // whatever its version
    [InlineData("_profile=https://example.org/Q|2.0", "o")]
    [InlineData("_profile=https://example.org/Q|3.0", "")]
    [InlineData("_tag=urn:t|x", "o")]
    [InlineData("_tag:not=urn:t|x", "")]
    [InlineData("_security=R", "o")]
    [InlineData("_source=urn:lab:7", "o")]
    public void What_is_said_of_a_resource_as_such_is_found(string query, string found)
    {
        var record = Searched.Record(("Observation", "o",
            "'meta':{'profile':['https://example.org/P','https://example.org/Q|2.0'],'tag':[{'system':'urn:t','code':'x'}],'security':[{'code':'R'}],'source':'urn:lab:7'}"));
        Assert.Equal(found, Searched.Ids(record, $"Observation?{query}"));
    }

    [Fact]
    public void A_disagreement_that_the_record_notes_is_found()
    {
        var record = Diary.Of(
            Of(Dorset, "Observation", "d", 1, $"{Coded("1")},'effectiveDateTime':'2025-01-01T10:00:00Z','valueQuantity':{{'value':1,'unit':'mg'}}"),
            Of(Hampshire, "Observation", "h", 1, $"{Coded("1")},'effectiveDateTime':'2025-01-01T10:00:00Z','valueQuantity':{{'value':2,'unit':'mg'}}")).Record;
        Assert.Equal("disagreement", Searched.Ids(record, "DetectedIssue?code=contested"));
        Assert.Equal("disagreement", Searched.Ids(record, $"DetectedIssue?implicated=Observation/{Id(Hampshire, "Observation", "h")}"));
        Assert.Equal("disagreement", Searched.Included(record, "Observation?_revinclude=DetectedIssue:implicated"));
        Assert.Equal("d h", Searched.Ids(record, "Observation?code=1")); // a search for either finds both
    }

    [Fact]
    public void The_index_finds_what_a_look_at_each_resource_finds()
    {
        var codes = Gen.Int[0, 4].Select(i => string.Create(CultureInfo.InvariantCulture, $"{i}")).List[0, 3];
        Gen.Select(codes.List[0, 30], Gen.Int[0, 5].List[1, 3]).Sample((observations, asked) =>
        {
            var record = Searched.Record([.. observations.Select((o, i) => ("Observation", $"{i:D2}", $"'code':{{'coding':[{string.Join(',', o.Select(c => $"{{'code':'{c}'}}"))}]}}"))]);
            var expected = observations.Select((o, i) => (o, i)).Where(x => asked.Any(a => x.o.Contains($"{a}"))).Select(x => $"{x.i:D2}");
            Assert.Equal(string.Join(' ', expected), Searched.Ids(record, $"Observation?code={string.Join(',', asked)}"));
        }, iter: 100);
    }

    [Fact]
    public void What_was_read_of_a_resource_is_kept_until_it_changes()
    {
        var diary = Diary.Of(Of(Dorset, "Observation", "1", 1, "'status':'final'"), Of(Dorset, "Observation", "2", 1, "'status':'final'"));
        Assert.Equal("1 2", Searched.Ids(diary.Record, "Observation?status=final"));
        var values = diary.Record.OfType("Observation").ToArray().Select(r => r.SearchValues).ToArray();
        diary.Push(Of(Dorset, "Observation", "2", 2, "'status':'amended'"));
        Assert.Equal("1", Searched.Ids(diary.Record, "Observation?status=final"));
        Assert.Same(values[0], diary.Record.OfType("Observation")[0].SearchValues);
        Assert.NotSame(values[1], diary.Record.OfType("Observation")[1].SearchValues);
    }

    [Fact]
    public void Whatever_stands_in_the_elements_a_resource_is_read() =>
        Gen.Select(JsonValues.Objects, Gen.OneOf("Observation", "Patient", "MedicationRequest", "Invoice", "Unheard")).Sample((json, type) =>
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(json);
            foreach (var value in SearchReader.Read(bytes, SearchTable.Table(type).Elements))
            {
                if (value.Form != ValueForm.Dates)
                    Assert.True(SearchValue.In(bytes, value.First).Length + SearchValue.In(bytes, value.Second).Length <= bytes.Length);
            }
        });
}
