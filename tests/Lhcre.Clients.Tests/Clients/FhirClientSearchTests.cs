using System.Net;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;

namespace Lhcre.Clients.Tests.Clients;

/// <summary>The official .NET client, unmodified: searches, pages, parts of the record, its past and its summary, in either format.</summary>
[Collection(nameof(ClientSilo))]
public sealed class FhirClientSearchTests(ClientSilo silo)
{
    public static TheoryData<ResourceFormat> Formats { get; } = [ResourceFormat.Xml, ResourceFormat.Json];

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_goes_through_pages_of_the_size_that_it_asks_for(ResourceFormat format)
    {
        using var client = Client(format);
        var (sizes, seen, totals) = (new List<int>(), new HashSet<string>(), new HashSet<int?>());

        for (var page = await client.SearchAsync<Observation>([$"patient={silo.Ann}"], pageSize: 7); page is not null; page = await client.ContinueAsync(page))
        {
            sizes.Add(Matches(page).Count());
            seen.UnionWith(Matches(page).Select(r => r.Id!));
            totals.Add(page.Total);
        }

        Assert.Equal([7, 7, 7, 3], sizes);
        Assert.Equal(ClientSilo.Weights, seen.Count);
        Assert.Equal([ClientSilo.Weights], totals);
    }

    [Theory]
    [InlineData(12, "code=http://loinc.org|29463-7", "date=ge2025-01-01")]
    [InlineData(1, "code=29463-7", "date=2025-03")]
    [InlineData(0, "code=http://snomed.info/sct|29463-7")]
    [InlineData(24, "category=vital-signs")]
    [InlineData(3, "value-quantity=gt70|http://unitsofmeasure.org|kg")]
    [InlineData(1, "status=corrected")]
    [InlineData(23, "status:not=corrected")]
    [InlineData(2, "date=2025-03,2025-04")]
    [InlineData(6, "date=ge2025-01-01", "date=lt2025-07-01")]
    public async System.Threading.Tasks.Task It_finds_what_fits(int expected, params string[] criteria)
    {
        using var client = Client(ResourceFormat.Json);
        string[] all = [$"patient={silo.Ann}", .. criteria];

        var got = await client.SearchAsync<Observation>(all);
        var posted = await client.SearchUsingPostAsync<Observation>(all);

        Assert.Equal((expected, expected), (got!.Total, Matches(got).Count()));
        Assert.Equal(Matches(got).Select(r => r.Id), Matches(posted).Select(r => r.Id));
    }

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_has_them_sorted(ResourceFormat format)
    {
        using var client = Client(format);
        var newestFirst = new SearchParams().Where($"patient={silo.Ann}").OrderBy("date", SortOrder.Descending).LimitTo(5);

        var found = await client.SearchAsync<Observation>(newestFirst);

        Assert.Equal(
            ["2025-12-15", "2025-11-15", "2025-10-15", "2025-09-15", "2025-08-15"],
            Matches(found).Cast<Observation>().Select(o => ((FhirDateTime)o.Effective!).Value));
    }

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_has_referenced_resources_included(ResourceFormat format)
    {
        using var client = Client(format);

        var found = await client.SearchAsync<MedicationRequest>([$"patient={silo.Ann}"], includes: ["MedicationRequest:requester", "MedicationRequest:subject"]);

        var request = Assert.IsType<MedicationRequest>(Assert.Single(Matches(found)));
        var included = found!.Entry.Where(e => e.Search!.Mode == Bundle.SearchEntryMode.Include).Select(e => $"{e.Resource!.TypeName}/{e.Resource.Id}");
        Assert.Equal([request.Subject.Reference, request.Requester!.Reference], included.Order());
    }

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_asks_for_less(ResourceFormat format)
    {
        using var client = Client(format);
        string[] ofAnn = [$"patient={silo.Ann}"];

        var count = await client.SearchAsync<Observation>(ofAnn, summary: SummaryType.Count);
        var summary = await client.SearchAsync<Observation>(ofAnn, summary: SummaryType.True);

        Assert.Equal((ClientSilo.Weights, 0), (count!.Total, Matches(count).Count()));
        Assert.Equal(ClientSilo.Weights, Matches(summary).Count());
        Assert.All(Matches(summary), r => Assert.Contains(r.Meta!.Tag, t => t.Code == "SUBSETTED"));
    }

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_finds_people_by_name_and_date_of_birth(ResourceFormat format)
    {
        using var client = Client(format);

        var found = await client.SearchAsync<Patient>(["family=smith", "birthdate=1970-01-02"]);
        var nobody = await client.SearchAsync<Patient>(["family=smith", "birthdate=1970-01-03"]);

        Assert.Equal([silo.Ann], Matches(found).Select(r => r.Id));
        Assert.Empty(Matches(nobody));
    }

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_takes_a_part_of_the_record(ResourceFormat format)
    {
        using var client = Client(format);
        var ann = ResourceIdentity.Build("Patient", silo.Ann);

        var period = await client.FetchPatientRecordAsync(ann, new FhirDateTime("2025-01-01"), new FhirDateTime("2025-03-31")) as Bundle;
        var types = await client.InstanceOperationAsync(ann, "everything", new Parameters { { "_type", new FhirString("MedicationRequest") } }) as Bundle;

        Assert.Equal(["2025-01-15", "2025-02-15", "2025-03-15"], Matches(period).OfType<Observation>().Select(o => ((FhirDateTime)o.Effective!).Value).Order());
        Assert.Equal(["MedicationRequest"], Matches(types).Select(r => r.TypeName));
    }

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_takes_the_summary(ResourceFormat format)
    {
        using var client = Client(format);
        var ann = ResourceIdentity.Build("Patient", silo.Ann);

        var got = Assert.IsType<Bundle>(await client.InstanceOperationAsync(ann, "summary", useGet: true));
        var posted = Assert.IsType<Bundle>(await client.InstanceOperationAsync(ann, "summary", new Parameters()));

        Assert.All([got, posted], document => Assert.Equal(Bundle.BundleType.Document, document.Type));
        var composition = Assert.IsType<Composition>(got.Entry[0].Resource);
        Assert.Equal("60591-5", composition.Type.Coding.Single().Code);
        Assert.Contains("48765-2", composition.Section.Select(s => s.Code!.Coding.Single().Code));
        Assert.Contains(got.Entry.Select(e => e.Resource), r => r is Patient { BirthDate: "1970-01-02" });
    }

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_reads_a_version_and_the_history(ResourceFormat format)
    {
        using var client = Client(format);

        var present = await client.ReadAsync<Observation>($"Observation/{silo.Corrected}");
        var first = await client.ReadAsync<Observation>($"Observation/{silo.Corrected}/_history/1");
        var history = await client.HistoryAsync($"Observation/{silo.Corrected}");
        var refused = await Assert.ThrowsAsync<FhirOperationException>(() => client.ReadAsync<Observation>($"Observation/{silo.Corrected}/_history/99"));

        Assert.Equal((ObservationStatus.Corrected, 61.5m), (present!.Status, ((Quantity)present.Value!).Value));
        Assert.Equal((ObservationStatus.Final, 60.0m, "1"), (first!.Status, ((Quantity)first.Value!).Value, first.Meta!.VersionId));
        Assert.Equal(Bundle.BundleType.History, history!.Type);
        Assert.Equal([present.Meta!.VersionId, "1"], history.Entry.Select(e => e.Resource!.Meta!.VersionId));
        Assert.True(first.IsExactly(history.Entry[1].Resource!));
        Assert.All(history.Entry, e => Assert.True(e.Request is not null && e.Response?.Status is not null && e.Response.LastModified is not null));
        Assert.Equal(HttpStatusCode.NotFound, refused.Status);
    }

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_pages_through_a_history(ResourceFormat format)
    {
        using var client = Client(format);
        var versions = new List<string?>();

        for (var page = await client.HistoryAsync($"Observation/{silo.Corrected}", pageSize: 1); page is not null; page = await client.ContinueAsync(page))
            versions.Add(Assert.Single(page.Entry).Resource!.Meta!.VersionId);

        Assert.Equal(["2", "1"], versions);
    }

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_is_told_of_a_value_that_is_none(ResourceFormat format)
    {
        using var client = Client(format);

        var refused = await Assert.ThrowsAsync<FhirOperationException>(() => client.SearchAsync<Observation>([$"patient={silo.Ann}", "date=yesterday"]));

        Assert.Equal((HttpStatusCode.BadRequest, "LHC504"), (refused.Status, refused.Outcome!.Issue.Single().Details!.Coding.Single().Code));
    }

    private FhirClient Client(ResourceFormat format) => new(silo.Fhir, new FhirClientSettings { PreferredFormat = format });

    private static IEnumerable<Resource> Matches(Bundle? found) => found!.Entry.Where(e => e.Search!.Mode == Bundle.SearchEntryMode.Match).Select(e => e.Resource!);
}
