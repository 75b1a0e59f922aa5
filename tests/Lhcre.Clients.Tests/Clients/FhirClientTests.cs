using System.Net;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;

namespace Lhcre.Clients.Tests.Clients;

/// <summary>The official .NET client, unmodified: what its callers take for granted of a FHIR server.</summary>
[Collection(nameof(ClientSilo))]
public sealed class FhirClientTests(ClientSilo silo)
{
    private const string Weight = "http://loinc.org|29463-7";

    private static readonly ResourceFormat[] Spoken = [ResourceFormat.Xml, ResourceFormat.Json];

    /// <summary>The formats in which it talks; XML unless it is told otherwise.</summary>
    public static TheoryData<ResourceFormat> Formats { get; } = [.. Spoken];

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_reads_what_the_server_can_do(ResourceFormat format)
    {
        using var client = Client(format, verify: true);

        var statement = await client.CapabilityStatementAsync();

        Assert.Equal(FHIRVersion.N4_0_1, statement!.FhirVersion);
        var observation = statement.Rest.Single().Resource.Single(r => r.Type == "Observation");
        Assert.Contains(CapabilityStatement.TypeRestfulInteraction.Read, observation.Interaction.Select(i => i.Code!.Value));
        Assert.Contains("patient", observation.SearchParam.Select(p => p.Name));
    }

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_finds_a_person_by_number_and_reads_her(ResourceFormat format)
    {
        using var client = Client(format);

        var found = await client.SearchAsync<Patient>([$"identifier=https://fhir.nhs.uk/Id/nhs-number|{silo.Nhs}"]);
        var patient = Assert.IsType<Patient>(Assert.Single(Matches(found)));
        var read = await client.ReadAsync<Patient>($"Patient/{patient.Id}");

        Assert.Equal(silo.Ann, patient.Id);
        Assert.Equal("Śmith", patient.Name.Single().Family);
        Assert.True(patient.IsExactly(read!));
    }

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_reads_again_only_what_has_changed(ResourceFormat format)
    {
        using var client = Client(format);
        var patient = await client.ReadAsync<Patient>($"Patient/{silo.Ann}");

        // It gives nothing for a 304.
        var same = await Assert.ThrowsAsync<FhirOperationException>(() => client.ReadAsync<Patient>($"Patient/{silo.Ann}", ifNoneMatch: patient!.Meta!.VersionId));
        var other = await client.ReadAsync<Patient>($"Patient/{silo.Ann}", ifNoneMatch: "999999");
        var refreshed = await client.RefreshAsync(patient!);

        Assert.Equal(HttpStatusCode.NotModified, same.Status);
        Assert.True(patient!.IsExactly(other!));
        Assert.True(patient.IsExactly(refreshed!));
    }

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_takes_the_whole_record(ResourceFormat format)
    {
        using var client = Client(format);

        var everything = await All(client, await client.FetchPatientRecordAsync(ResourceIdentity.Build("Patient", silo.Ann)) as Bundle);
        var posted = await All(client, await client.InstanceOperationAsync(ResourceIdentity.Build("Patient", silo.Ann), "everything", new Parameters()) as Bundle);

        Assert.Equal(ClientSilo.Resources, everything.Count);
        Assert.Equal(everything.Select(r => r.TypeName).Order(), posted.Select(r => r.TypeName).Order());
        var allergy = Assert.Single(everything.OfType<AllergyIntolerance>());
        Assert.Equal(["dorset", "hampshire"], allergy.Meta!.Extension.Select(e => e.GetExtensionValue<Code>("source")!.Value));
    }

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_searches_by_get_and_by_post(ResourceFormat format)
    {
        using var client = Client(format);

        var got = await All(client, await client.SearchAsync<Observation>([$"patient={silo.Ann}"]));
        var posted = await All(client, await client.SearchUsingPostAsync<Observation>([$"patient=Patient/{silo.Ann}"]));

        Assert.Equal(ClientSilo.Weights, got.Count);
        Assert.Equal(got.Select(r => r.Id), posted.Select(r => r.Id));
    }

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_asks_where_each_resource_comes_from(ResourceFormat format)
    {
        using var client = Client(format);

        var found = await client.SearchAsync<AllergyIntolerance>([$"patient={silo.Ann}"], revIncludes: ["Provenance:target"]);

        Assert.Single(Matches(found));
        var origin = Assert.IsType<Provenance>(Assert.Single(found!.Entry, e => e.Search!.Mode == Bundle.SearchEntryMode.Include).Resource);
        Assert.Equal($"AllergyIntolerance/{Matches(found).Single().Id}", origin.Target.Single().Reference);
    }

    [Theory]
    [InlineData("Patient/pabcdefghijklmnopqrstuvwxyz", HttpStatusCode.NotFound, "LHC501")]
    [InlineData("Patient/999", HttpStatusCode.NotFound, "LHC501")]
    [InlineData("Observation", HttpStatusCode.BadRequest, "LHC503")]
    [InlineData("Observation?code=29463-7", HttpStatusCode.BadRequest, "LHC503")]
    [InlineData("Patients/1", HttpStatusCode.NotFound, "LHC507")]
    public async System.Threading.Tasks.Task It_is_told_what_is_wrong(string path, HttpStatusCode status, string code)
    {
        foreach (var format in Spoken)
        {
            using var client = Client(format);

            var refused = await Assert.ThrowsAsync<FhirOperationException>(() => client.GetAsync(path));

            Assert.Equal(status, refused.Status);
            Assert.Contains(code, Codes(refused.Outcome!));
        }
    }

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_is_told_what_was_not_understood_or_refused_if_it_so_prefers(ResourceFormat format)
    {
        using var lenient = Client(format);
        using var strict = Client(format);
        strict.Settings.PreferredParameterHandling = SearchParameterHandling.Strict;
        string[] criteria = [$"patient={silo.Ann}", "nonsense=1"];

        var found = await lenient.SearchAsync<Observation>(criteria);
        var refused = await Assert.ThrowsAsync<FhirOperationException>(() => strict.SearchAsync<Observation>(criteria));

        Assert.Equal(ClientSilo.Weights, found!.Total);
        Assert.DoesNotContain("nonsense", found.SelfLink!.Query, StringComparison.Ordinal);
        Assert.Contains("LHC505", found.Entry.Where(e => e.Search!.Mode == Bundle.SearchEntryMode.Outcome).SelectMany(e => Codes((OperationOutcome)e.Resource!)));
        Assert.Equal(["LHC506"], Codes(refused.Outcome!));
    }

    [Theory, MemberData(nameof(Formats))]
    public async System.Threading.Tasks.Task It_takes_compressed_answers(ResourceFormat format)
    {
        using var plain = Client(format);
        using var packed = Client(format);
        packed.Settings.PreferCompressedResponses = true;

        var one = await plain.FetchPatientRecordAsync(ResourceIdentity.Build("Patient", silo.Ann));
        var other = await packed.FetchPatientRecordAsync(ResourceIdentity.Build("Patient", silo.Ann));

        Assert.True(one!.IsExactly(other!));
    }

    [Fact]
    public async System.Threading.Tasks.Task It_is_told_that_the_merged_record_is_not_written_to()
    {
        using var client = Client(ResourceFormat.Json);

        var created = await Assert.ThrowsAsync<FhirOperationException>(() => client.CreateAsync(new Patient { Active = true }));
        var deleted = await Assert.ThrowsAsync<FhirOperationException>(() => client.DeleteAsync($"Patient/{silo.Ann}"));

        Assert.All([created, deleted], refused => Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.Status));
        Assert.All([created, deleted], refused => Assert.NotNull(refused.Outcome));
    }

    private FhirClient Client(ResourceFormat format, bool verify = false) =>
        new(silo.Fhir, new FhirClientSettings { PreferredFormat = format, VerifyFhirVersion = verify });

    private static IEnumerable<Resource> Matches(Bundle? found) => found!.Entry.Where(e => e.Search!.Mode == Bundle.SearchEntryMode.Match).Select(e => e.Resource!);

    private static IEnumerable<string> Codes(OperationOutcome outcome) => outcome.Issue.Select(i => i.Details!.Coding.Single().Code!);

    // The matches of all pages.
    private static async Task<List<Resource>> All(FhirClient client, Bundle? page)
    {
        var found = new List<Resource>();
        for (; page is not null; page = await client.ContinueAsync(page))
            found.AddRange(Matches(page));
        return found;
    }
}
