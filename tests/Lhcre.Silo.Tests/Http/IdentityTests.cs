using System.Net;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>Whose a resource is: from the push, from what came before, or nobody's yet.</summary>
[Collection(nameof(TestSilo))]
public sealed class IdentityTests(TestSilo silo)
{
    private readonly string _nhs = FreshNhsNumber();

    [Theory]
    [InlineData("9000000015", "LHC301")]
    [InlineData("1111111111", "LHC301")]
    [InlineData("12345", "LHC301")]
    [InlineData(null, "LHC302")]
    public async Task A_patient_without_a_valid_NHS_number_is_parked_in_sight(string? number, string code)
    {
        var id = $"parked-{_nhs}";

        var answer = await silo.Push("isle-of-wight", Collection(Patient(id, number), Observation(id, $"Patient/{id}")));

        Assert.Equal(["202", "202"], answer.EntryStatuses);
        Assert.Equal([code, "LHC303"], answer.Codes);
        var parked = (await silo.Get("sources/isle-of-wight/parked?_count=1000")).Json["parked"]!.AsArray()
            .Where(p => p!["resourceId"]!.GetValue<string>() == id)
            .Select(p => (p!["code"]!.GetValue<string>(), p["resource"]!["resourceType"]!.GetValue<string>()));
        Assert.Equal([(code, "Patient"), ("LHC303", "Observation")], parked.Order().OrderByDescending(p => p.Item2));
    }

    [Fact]
    public async Task What_was_parked_lands_when_its_patient_comes()
    {
        await silo.Push("dorset", Collection(Observation("early-" + _nhs, "Patient/late-" + _nhs)));
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Get($"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything")).Status);

        await silo.Push("dorset", Collection(Patient("late-" + _nhs, _nhs)));

        Assert.Equal(["Patient", "Observation"], (await silo.Everything(_nhs)).Select(r => r["resourceType"]!.GetValue<string>()));
        Assert.DoesNotContain("early-" + _nhs, (await silo.Get("sources/dorset/parked?_count=1000")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_parked_does_not_replace_what_came_after_it()
    {
        await silo.Put("dorset", $"Patient/stale-{_nhs}", Patient("stale-" + _nhs, null).Replace("Ann", "Old", StringComparison.Ordinal));

        var corrected = await silo.Put("dorset", $"Patient/stale-{_nhs}", Patient("stale-" + _nhs, _nhs).Replace("Ann", "New", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.Created, corrected.Status);
        Assert.Equal("New", (await silo.Everything(_nhs))[0]["name"]![0]!["given"]![0]!.GetValue<string>());
        Assert.Contains(_nhs, (await silo.Get($"sources/dorset/fhir/Patient/stale-{_nhs}")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delete_of_what_is_parked_holds_when_its_patient_comes()
    {
        await silo.Put("dorset", $"Observation/gone-{_nhs}", Observation("gone-" + _nhs, "Patient/gone-" + _nhs));

        var deleted = await silo.Send(HttpMethod.Delete, $"sources/dorset/fhir/Observation/gone-{_nhs}");
        await silo.Push("dorset", Collection(Patient("gone-" + _nhs, _nhs)));

        Assert.Equal(HttpStatusCode.Accepted, deleted.Status);
        Assert.Equal(["Patient"], (await silo.Everything(_nhs)).Select(r => r["resourceType"]!.GetValue<string>()));
        Assert.DoesNotContain("gone-" + _nhs, (await silo.Get("sources/dorset/parked?_count=1000")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_without_a_patient_finds_the_person_by_the_reference()
    {
        await silo.Push("dorset", Collection(Patient("ref-" + _nhs, _nhs)));

        var answer = await silo.Put("dorset", $"Observation/ref-{_nhs}", Observation("ref-" + _nhs, "Patient/ref-" + _nhs));

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(2, (await silo.Everything(_nhs)).Count);
    }

    [Fact]
    public async Task A_patient_without_an_NHS_number_is_found_by_its_local_identifier()
    {
        await silo.Push("dorset", Collection(Patient("loc-" + _nhs, _nhs)));
        var other = Patient("loc-" + _nhs, null).Replace($"\"id\":\"loc-{_nhs}\"", $"\"id\":\"new-{_nhs}\"", StringComparison.Ordinal);

        var answer = await silo.Push("dorset", Collection(other));

        Assert.Equal(["201"], answer.EntryStatuses);
        Assert.Equal(HttpStatusCode.OK, (await silo.Get($"sources/dorset/fhir/Patient/new-{_nhs}")).Status);
    }

    [Fact]
    public async Task A_subject_may_be_named_by_NHS_number_alone()
    {
        var observation = Observation("num-" + _nhs, "x").Replace("\"reference\":\"x\"", $"\"identifier\":{{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"{_nhs}\"}}", StringComparison.Ordinal);

        var answer = await silo.Push("hampshire", Collection(observation));

        Assert.Equal(["201"], answer.EntryStatuses);
        Assert.Equal("Observation", (await silo.Everything(_nhs)).Single()["resourceType"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_batch_holds_several_people()
    {
        var other = FreshNhsNumber();

        await silo.Push("dorset", Collection(
            Patient("a-" + _nhs, _nhs), Patient("b-" + other, other), Observation("a-" + _nhs, "Patient/a-" + _nhs), Observation("b-" + other, "Patient/b-" + other)));

        Assert.Equal(2, (await silo.Everything(_nhs)).Count);
        Assert.Equal(2, (await silo.Everything(other)).Count);
    }

    [Fact]
    public async Task What_is_stated_of_another_person_later_leaves_the_first()
    {
        var other = FreshNhsNumber();
        await silo.Push("dorset", Collection(Patient("m1-" + _nhs, _nhs), Patient("m2-" + _nhs, other), Observation("move-" + _nhs, "Patient/m1-" + _nhs)));

        await silo.Put("dorset", $"Observation/move-{_nhs}", Observation("move-" + _nhs, "Patient/m2-" + _nhs));

        Assert.Equal(["Patient"], (await silo.Everything(_nhs)).Select(r => r["resourceType"]!.GetValue<string>()));
        Assert.Equal(2, (await silo.Everything(other)).Count);
        Assert.Equal(HttpStatusCode.OK, (await silo.Get($"sources/dorset/fhir/Observation/move-{_nhs}")).Status);
    }

    [Fact]
    public async Task An_older_version_that_arrives_later_does_not_take_it_back()
    {
        var other = FreshNhsNumber();
        await silo.Push("dorset", Collection(Patient("o1-" + _nhs, _nhs), Patient("o2-" + _nhs, other)));
        await silo.Push("dorset", Collection(Observation("old-" + _nhs, "Patient/o2-" + _nhs, more: Meta("2024-02-01T00:00:00Z", "2"))));

        await silo.Push("dorset", Collection(Observation("old-" + _nhs, "Patient/o1-" + _nhs, more: Meta("2024-01-01T00:00:00Z"))));

        Assert.Single(await silo.Everything(_nhs));
        Assert.Equal(2, (await silo.Everything(other)).Count);
    }

    [Fact]
    public async Task A_version_from_the_future_is_parked()
    {
        var tomorrow = DateTimeOffset.UtcNow.AddHours(25).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);
        await silo.Push("dorset", Collection(Patient("f-" + _nhs, _nhs)));

        var answer = await silo.Push("dorset", Collection(Observation("f-" + _nhs, "Patient/f-" + _nhs, more: Meta(tomorrow))));

        Assert.Equal("202 LHC306", $"{answer.EntryStatuses.Single()} {answer.Codes.Single()}");
        Assert.Single(await silo.Everything(_nhs));
    }

    [Fact]
    public async Task No_url_and_no_id_that_we_make_holds_an_NHS_number()
    {
        await silo.Push("dorset", Collection(Patient("u-" + _nhs, _nhs)));

        foreach (var resource in await silo.Everything(_nhs))
            Assert.DoesNotContain(_nhs, resource["id"]!.GetValue<string>(), StringComparison.Ordinal);
    }
}
