using System.Net;
using Lhcre.Contracts;
using Lhcre.Record;
using Lhcre.Silo.Operations;
using Microsoft.Extensions.DependencyInjection;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>What sources are told, and what is read, while what one of them sends is quarantined.</summary>
[Collection(nameof(TestSilo))]
public sealed class QuarantineTests(TestSilo silo)
{
    private readonly string _nhs = FreshNhsNumber();

    [Fact]
    public async Task A_source_that_is_withdrawn_is_told_so_and_is_shown_when_it_is_brought_back()
    {
        await Put("dorset", "ann", "Example");
        await Put("hampshire", "bee", "Example");
        var withdrawn = new Quarantine(PushId.Of("operator", _nhs), "hampshire", "a wrong mapping", default, null);
        await Order(withdrawn);

        var (put, again) = (await Put("hampshire", "bee", "Sample"), await Put("hampshire", "bee", "Sample"));

        Assert.Equal((HttpStatusCode.Accepted, "LHC700"), (put.Status, put.Codes.Single()));
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.DoesNotContain("hampshire", await Everything(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Get($"sources/hampshire/fhir/Patient/bee-{_nhs}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await silo.Get($"sources/dorset/fhir/Patient/ann-{_nhs}")).Status);

        await Order(new QuarantineEnd(PushId.Of("operator", $"end {_nhs}"), "hampshire", "mended", withdrawn.Id));
        Assert.Contains("hampshire", await Everything(), StringComparison.Ordinal);
        Assert.Contains("Sample", (await silo.Get($"sources/hampshire/fhir/Patient/bee-{_nhs}")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_moved_to_the_wrong_person_is_back_and_found_there()
    {
        var (bob, id) = (FreshNhsNumber(), $"weight-{_nhs}");
        await silo.Push("dorset", Collection(Patient($"ann-{_nhs}", _nhs), Observation(id, $"Patient/ann-{_nhs}", more: Meta("2026-01-01T09:00:00Z"))));
        var from = DateTimeOffset.UtcNow;
        await silo.Push("dorset", Collection(Patient($"bob-{_nhs}", bob), Observation(id, $"Patient/bob-{_nhs}", more: Meta("2026-01-02T09:00:00Z"))));
        Assert.DoesNotContain(id, await Everything(), StringComparison.Ordinal);
        var wrong = new Quarantine(PushId.Of("operator", _nhs), "dorset", "filed under the wrong person", from, DateTimeOffset.UtcNow);

        // Twice, as for everybody: what one record lets go of, the other claims.
        foreach (var person in new[] { _nhs, bob, _nhs, bob })
            await Order(wrong, person);

        Assert.Contains(id, await Everything(), StringComparison.Ordinal);
        // The record is there still, as one of which all was withdrawn.
        Assert.Equal(0, (await silo.Get($"fhir/Patient/{TestSilo.PatientId(bob)}/$everything")).Json["total"]!.GetValue<int>());
        Assert.Contains($"Patient/ann-{_nhs}", (await silo.Get($"sources/dorset/fhir/Observation/{id}")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await silo.Send(HttpMethod.Delete, $"sources/dorset/fhir/Observation/{id}")).Status);
        Assert.DoesNotContain(id, await Everything(), StringComparison.Ordinal);
    }

    private Task<Answer> Put(string source, string id, string family) => silo.Put(
        source, $"Patient/{id}-{_nhs}",
        $$"""{"resourceType":"Patient","id":"{{id}}-{{_nhs}}","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{{_nhs}}"}],"name":[{"family":"{{family}}"}]}""");

    private async Task Order(Correction correction, string? person = null) => Assert.Contains(
        (await silo.Parts.GetRequiredService<PatientCalls>().Correct(PatientKey.Parse(TestSilo.PatientId(person ?? _nhs)), CorrectionRequest.Of(correction), Caller.Development)).Status,
        new[] { PushStatus.Applied, PushStatus.Unchanged });

    private async Task<string> Everything() => string.Join('\n', (await silo.Everything(_nhs)).Select(r => r.ToJsonString()));
}
