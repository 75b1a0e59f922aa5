using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;
using Lhcre.Silo.Tests.Data;

namespace Lhcre.Silo.Tests.Http;

/// <summary>The official client of Hl7.Fhir.R4, unmodified, over real HTTP.</summary>
[Collection(nameof(TestSilo))]
public sealed class FhirClientTests(TestSilo silo)
{
    private readonly string _nhs = Examples.FreshNhsNumber();

    [Fact]
    public async System.Threading.Tasks.Task It_pushes_a_transaction_and_reads_searches_and_calls_everything()
    {
        using var source = Client("sources/dorset/fhir");
        using var merged = Client("fhir");
        var transaction = new TransactionBuilder(source.Endpoint).Update($"fc-{_nhs}", Person()).Update($"fc-{_nhs}", Weight()).ToBundle();
        transaction.Type = Bundle.BundleType.Transaction;

        var response = await source.TransactionAsync(transaction);
        Assert.All(response!.Entry, e => Assert.StartsWith("201", e.Response!.Status, StringComparison.Ordinal));

        var found = await merged.SearchAsync<Patient>([$"identifier=https://fhir.nhs.uk/Id/nhs-number|{_nhs}"]);
        var patient = Assert.IsType<Patient>(found!.Entry.Single(e => e.Search!.Mode == Bundle.SearchEntryMode.Match).Resource);
        Assert.Equal("Śmith", patient.Name[0].Family);

        var everything = Assert.IsType<Bundle>(await merged.FetchPatientRecordAsync(ResourceIdentity.Build("Patient", patient.Id)));
        Assert.Equal(2, everything.Entry.Count(e => e.Search!.Mode == Bundle.SearchEntryMode.Match));
        var observation = everything.Entry.Select(e => e.Resource).OfType<Observation>().Single();
        var read = await merged.ReadAsync<Observation>($"Observation/{observation.Id}");
        Assert.True(observation.IsExactly(read!));
        Assert.Equal(70.10m, Assert.IsType<Quantity>(read!.Value).Value);
        var byPatient = await merged.SearchAsync<Observation>([$"patient={patient.Id}"]);
        Assert.Equal(1, byPatient!.Total);
    }

    [Fact]
    public async System.Threading.Tasks.Task It_creates_updates_and_deletes_single_resources()
    {
        using var source = Client("sources/hampshire/fhir");
        var person = Person();
        person.Id = null;

        var created = await source.CreateAsync(person);
        Assert.False(string.IsNullOrEmpty(created!.Id));
        created.BirthDate = "1970-01-01";
        var updated = await source.UpdateAsync(created);
        Assert.Equal("1970-01-01", updated!.BirthDate);
        await source.DeleteAsync($"Patient/{created.Id}");

        var gone = await Assert.ThrowsAsync<FhirOperationException>(() => source.ReadAsync<Patient>($"Patient/{created.Id}"));
        Assert.Equal("LHC502", gone.Outcome!.Issue.Single().Details!.Coding.Single().Code);
    }

    [Theory]
    [InlineData("fhir")]
    [InlineData("sources/dorset/fhir")]
    public async System.Threading.Tasks.Task It_reads_what_the_server_can_do(string fhirBase)
    {
        using var client = Client(fhirBase);

        var statement = await client.CapabilityStatementAsync();

        Assert.Equal(FHIRVersion.N4_0_1, statement!.FhirVersion);
        foreach (var resource in statement.Rest.Single().Resource.Where(r => r.Type is "Patient" or "Observation" or "Practitioner"))
        {
            foreach (var parameter in resource.SearchParam)
            {
                var answer = await silo.Get($"{fhirBase}/{resource.Type}?{parameter.Name}=x", ("Prefer", "handling=strict"));
                Assert.DoesNotContain("LHC506", answer.Codes);
            }
        }
    }

    // It speaks XML unless it is told to speak JSON, which is what is served so far.
    private FhirClient Client(string fhirBase) => new($"{silo.Url}/{fhirBase}", new FhirClientSettings { PreferredFormat = ResourceFormat.Json });

    private Patient Person() => new()
    {
        Id = $"fc-{_nhs}",
        Identifier = [new Identifier("https://fhir.nhs.uk/Id/nhs-number", _nhs)],
        Name = [new HumanName { Family = "Śmith", Given = ["Ann"] }],
    };

    private Observation Weight() => new()
    {
        Id = $"fc-{_nhs}",
        Status = ObservationStatus.Final,
        Code = new CodeableConcept("http://loinc.org", "29463-7"),
        Subject = new ResourceReference($"Patient/fc-{_nhs}"),
        Value = new Quantity(70.10m, "kg"),
    };
}
