using System.Globalization;
using System.Net;
using Lhcre.Grains.Journal;
using Lhcre.Silo.Tests.Http;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Faults;

/// <summary>A record in memory is served from memory.</summary>
public sealed class WarmReadTests(FaultySilo silo) : IClassFixture<FaultySilo>
{
    [Theory]
    [InlineData("fhir/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|{0}")]
    [InlineData("fhir/Patient/{1}")]
    [InlineData("fhir/Observation/{2}")]
    [InlineData("fhir/Observation?patient={1}")]
    [InlineData("fhir/Patient/{1}/$everything")]
    public async Task A_warm_read_makes_no_journal_read_and_needs_no_journal(string path)
    {
        var nhs = FreshNhsNumber();
        await silo.Http.Push("dorset", Collection(Patient("warm", nhs), Observation("warm", "Patient/warm")));
        var observation = (await silo.Http.Everything(nhs))[1]["id"]!.GetValue<string>();
        var url = string.Format(CultureInfo.InvariantCulture, path, nhs, TestSilo.PatientId(nhs), observation);
        var before = await silo.Http.Get(url);
        Assert.Equal(HttpStatusCode.OK, before.Status);
        var reads = Reads();

        for (var i = 0; i < 100; i++)
            await silo.Http.Get(url);
        Assert.Equal(reads, Reads());

        silo.Down();
        var meanwhile = await silo.Http.Get(url);
        silo.Back();
        Assert.Equal((HttpStatusCode.OK, before.Body), (meanwhile.Status, meanwhile.Body));

        // But for the round that holds all warm records against the journal.
        int Reads() => silo.Journal.Reads - silo.Journal.Calls(nameof(IJournal.Heads));
    }
}
