using System.Net;
using System.Text;
using Lhcre.Grains.Journal;
using Lhcre.Silo.Tests.Faults;
using Lhcre.Silo.Tests.Http;
using Lhcre.Silo.Tests.Mllp;
using Lhcre.Silo.Visits;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Visits;

/// <summary>Somebody comes: their record is whole before anybody opens it.</summary>
public sealed class ArrivalTests : IAsyncLifetime
{
    private readonly string _nhs = FreshNhsNumber();
    private HomeSource _wales = null!;
    private TestSilo _silo = null!;

    public async Task InitializeAsync()
    {
        _wales = await HomeSource.Start();
        _wales.Knows(_nhs, "W91001", Observation("weight", "Patient/h1"));
        _silo = new TestSilo(
            async folder => await SqliteJournal.Open(folder.FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None),
            options => options with { Pulls = new PullPlan { Sources = [_wales.Pulled()], Deadline = TimeSpan.Zero } });
        await _silo.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _wales.DisposeAsync();
    }

    [Theory]
    [InlineData("A01")]
    [InlineData("A04")]
    [InlineData("A05")]
    [InlineData("A28")]
    public async Task Who_is_admitted_or_registered_is_pulled_before_anybody_opens_the_record(string trigger)
    {
        await Message(trigger);

        await Pulled();
        // The deadline is zero: what this answer has was there before it was asked for.
        var answer = await _silo.Get($"fhir/Observation?patient.identifier={_nhs}");
        Assert.Single(answer.Resources("match"));
        Assert.DoesNotContain(answer.Codes, c => c.StartsWith("LHC73", StringComparison.Ordinal));
        Assert.Equal(2, _wales.Asked.Count);
    }

    [Fact]
    public async Task A_message_about_somebody_who_is_here_already_or_who_leaves_warms_nothing()
    {
        foreach (var trigger in new[] { "A02", "A08", "A03" })
            await Message(trigger);
        var other = FreshNhsNumber();
        await Message("A01", other);

        await FaultySilo.Until(() => Task.FromResult(_wales.AskedFor(other) == 1));
        Assert.Equal(0, _wales.AskedFor(_nhs));
    }

    [Theory]
    [InlineData("""{"resourceType":"Encounter","id":"v","status":"in-progress","class":{"code":"EMER"},"subject":{"reference":"Patient/p"}}""", "")]
    [InlineData(
        """{"resourceType":"Flag","id":"f","status":"active","code":{"text":"x"},"subject":{"reference":"Patient/p"}}""",
        ""","extension":[{"url":"https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-RegistrationDetails-1","extension":[{"url":"registrationType","valueCodeableConcept":{"coding":[{"code":"T"}]}}]}],"generalPractitioner":[{"identifier":{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"W91001"}}]""")]
    public async Task So_is_who_comes_by_FHIR(string resource, string ofPatient)
    {
        Assert.Equal(HttpStatusCode.OK, (await _silo.Push("dorset", Collection(Patient("p", _nhs, ofPatient), resource))).Status);

        await Pulled();
    }

    [Fact]
    public async Task A_resident_who_is_admitted_is_asked_for_nowhere()
    {
        await _silo.Push("dorset", Collection(Patient("p", _nhs), Observation("o", "Patient/p")));
        var visitor = FreshNhsNumber();
        await Message("A01");
        await Message("A01", visitor);

        await FaultySilo.Until(() => Task.FromResult(_wales.AskedFor(visitor) == 1));
        Assert.Equal(0, _wales.AskedFor(_nhs));
    }

    private async Task Message(string trigger, string? number = null)
    {
        var nhs = number ?? _nhs;
        var text = Messages.Segments(
            Messages.Header($"{trigger}-{nhs}", $"ADT^{trigger}"),
            $"EVN|{trigger}|20260101120000",
            $"PID|1||IW-{nhs}^^^IOW^MR~{nhs}^^^NHS^NH||Vantage^Ann||19510203|F",
            trigger == "A28" ? "PV1|1|N" : $"PV1|1|I|WARD^^^RY1||||||||||||||||V-{nhs}|||||||||||||||||||||||||20260101120000");
        using var content = new StringContent(text, Encoding.UTF8, "application/hl7-v2");
        using var answer = await _silo.Client.PostAsync("sources/isle-of-wight/hl7v2", content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    // By reading at the source's own base: nobody looks the person up.
    private Task Pulled() => FaultySilo.Until(async () => (await _silo.Get("sources/wales/fhir/Observation/weight")).Status == HttpStatusCode.OK);
}
