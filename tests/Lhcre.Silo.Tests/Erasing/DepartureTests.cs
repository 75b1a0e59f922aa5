using System.Net;
using System.Text;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Erasing;
using Lhcre.Silo.Tests.Faults;
using Lhcre.Silo.Tests.Http;
using Lhcre.Silo.Tests.Mllp;
using Microsoft.Extensions.DependencyInjection;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Erasing;

/// <summary>Somebody goes: what was pulled for the visit is held for some days more.</summary>
public sealed class DepartureTests(VisitSilo.Embedded silo) : IClassFixture<VisitSilo.Embedded>
{
    private readonly string _nhs = FreshNhsNumber();

    private TestSilo Http => silo.Http;

    private PatientKey Person => PatientKey.Parse(TestSilo.PatientId(_nhs));

    [Fact]
    public async Task A_discharge_ends_the_lease_some_days_later_and_a_pull_before_that_does_not_put_it_off()
    {
        await Pulled();

        await Message("A03");

        await FaultySilo.Until(async () => (await Lease()).IsDischarged);
        Assert.InRange((await Lease()).Until - silo.Clock.GetUtcNow(), TimeSpan.FromDays(2.9), TimeSpan.FromDays(3));
        silo.Clock.Shift(TimeSpan.FromDays(1));
        Knows("2");
        Assert.Single((await Http.Get($"fhir/Observation?patient.identifier={_nhs}")).Resources("match"));
        Assert.True((await Lease()).IsDischarged);
        silo.Clock.Shift(TimeSpan.FromDays(3));
        await silo.EndLeases();
        Assert.Empty(await silo.Journal.Leases(Person, default));
        Assert.Equal(HttpStatusCode.NotFound, (await Http.Get($"sources/wales/fhir/Observation/o-{_nhs}")).Status);
    }

    [Fact]
    public async Task So_does_a_visit_that_has_just_finished_and_none_that_finished_long_ago()
    {
        await Pulled();

        await Push("old", ""","period":{"end":"2020-01-01"}""");
        await Push("open", "", "in-progress");
        Assert.False((await Lease()).IsDischarged);
        await Push("now", $$""","period":{"end":"{{silo.Clock.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}}"}""");

        await FaultySilo.Until(async () => (await Lease()).IsDischarged);
    }

    [Fact]
    public async Task What_is_due_is_told_until_it_is_erased()
    {
        await Pulled();
        silo.Clock.Shift(TimeSpan.FromDays(20));

        Assert.Equal(1, (await Http.Get("sources/wales/leases")).Json["due"]!.GetValue<int>());
        await Http.Parts.GetRequiredService<LeaseRounds>().Round(CancellationToken.None);

        Assert.Equal(0, (await Http.Get("sources/wales/leases")).Json["due"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.NotFound, (await Http.Get($"sources/wales/fhir/Observation/o-{_nhs}")).Status);
    }

    private async Task<Lease> Lease() => Assert.Single(await silo.Journal.Leases(Person, default));

    private async Task Pulled()
    {
        Knows("1");
        Assert.Single((await Http.Get($"fhir/Observation?patient.identifier={_nhs}")).Resources("match"));
    }

    private void Knows(string value) => silo.Wales.KnowsOnly(_nhs, Patient($"h-{_nhs}", _nhs), Observation($"o-{_nhs}", $"Patient/h-{_nhs}", value));

    private async Task Push(string id, string more, string status = "finished") => Assert.Equal(HttpStatusCode.OK, (await Http.Push("dorset", Collection(
        Patient($"p-{_nhs}", _nhs), $$$"""{"resourceType":"Encounter","id":"{{{id}}}-{{{_nhs}}}","status":"{{{status}}}","class":{"code":"IMP"},"subject":{"reference":"Patient/p-{{{_nhs}}}"}{{{more}}}}"""))).Status);

    private async Task Message(string trigger)
    {
        var text = Messages.Segments(
            Messages.Header($"{trigger}-{_nhs}", $"ADT^{trigger}"), $"EVN|{trigger}|20260101120000", $"PID|1||IW-{_nhs}^^^IOW^MR~{_nhs}^^^NHS^NH||Vantage^Ann||19510203|F",
            $"PV1|1|I|WARD^^^RY1||||||||||||||||V-{_nhs}|||||||||||||||||||||||||20260101120000");
        using var content = new StringContent(text, Encoding.UTF8, "application/hl7-v2");
        using var answer = await Http.Client.PostAsync("sources/isle-of-wight/hl7v2", content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
