using System.Net;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Erasing;

/// <summary>Somebody is erased whose number came later: what went over into its record stands in the one from before too.</summary>
public sealed class EraseUnnumberedTests(UnnumberedSilo silo) : IClassFixture<UnnumberedSilo>
{
    private readonly string _nhs = FreshNhsNumber();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_erased_in_both(bool isAskedByTheOldKey)
    {
        var id = $"p{_nhs}";
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.Push("dorset", Collection(Patient(id, null), Observation($"o{_nhs}", $"Patient/{id}")))).Status);
        var local = TestSilo.Pseudonym.For("dorset", UnnumberedSilo.Mrn, $"MRN-{id}");
        Assert.NotEmpty(await Said(local));
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.Push("dorset", Collection(Patient(id, _nhs)))).Status);
        var person = PatientKey.Parse(TestSilo.PatientId(_nhs));
        Assert.NotEmpty(await Said(person));
        Assert.NotEmpty(await Said(local));

        var asked = isAskedByTheOldKey ? local : person;
        var answer = await silo.Http.Send(HttpMethod.Post, $"fhir/Patient/{asked}/$erase?reason=why&by=me&confirm={asked}");

        Assert.Equal(["LHC742"], answer.Codes);
        Assert.Empty(await Said(person));
        Assert.Empty(await Said(local));
        Assert.Equal(["LHC743"], (await silo.Http.Send(HttpMethod.Post, $"fhir/Patient/{asked}/$erase?reason=why&by=me&confirm={asked}")).Codes);
    }

    private async Task<IEnumerable<Fragment>> Said(PatientKey patient) =>
        RecordWords.Rows(await silo.Http.Parts.GetRequiredService<IJournal>().LoadLog(patient, default)).SelectMany(r => r.Fragments);
}
