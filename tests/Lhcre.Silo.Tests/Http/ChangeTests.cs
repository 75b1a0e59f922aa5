using System.Net;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>What a later push changes: versions, withdrawals, supporting resources, and pushes that come twice.</summary>
[Collection(nameof(TestSilo))]
public sealed class ChangeTests(TestSilo silo)
{
    private readonly string _nhs = FreshNhsNumber();

    [Fact]
    public async Task A_correction_replaces_and_raises_the_version_of_what_it_changes_only()
    {
        await silo.Push("dorset", Collection(Patient("c-" + _nhs, _nhs), Observation("c-" + _nhs, "Patient/c-" + _nhs, "6.9")));
        var patientBefore = (await silo.Everything(_nhs))[0]["meta"]!["versionId"]!.GetValue<string>();

        var answer = await silo.Put("dorset", $"Observation/c-{_nhs}", Observation("c-" + _nhs, "Patient/c-" + _nhs, "4.1"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var after = await silo.Everything(_nhs);
        Assert.Equal(("4.1", "2"), (after[1]["valueQuantity"]!["value"]!.ToJsonString(), after[1]["meta"]!["versionId"]!.GetValue<string>()));
        Assert.Equal(patientBefore, after[0]["meta"]!["versionId"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_older_result_that_arrives_later_overwrites_nothing()
    {
        await silo.Push("dorset", Collection(Patient("v-" + _nhs, _nhs), Observation("v-" + _nhs, "Patient/v-" + _nhs, "4.1", Meta("2024-05-02T00:00:00Z", "2"))));
        var before = await silo.Get($"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything");

        var answer = await silo.Push("dorset", Collection(Observation("v-" + _nhs, "Patient/v-" + _nhs, "6.9", Meta("2024-05-01T00:00:00Z"))));

        Assert.Equal(["200"], answer.EntryStatuses);
        Assert.Equal(["LHC414"], answer.Codes);
        Assert.Equal(before.Body, (await silo.Get($"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything")).Body);
    }

    [Fact]
    public async Task A_delete_withdraws_and_a_later_statement_brings_back()
    {
        await silo.Push("dorset", Collection(Patient("d-" + _nhs, _nhs), Observation("d-" + _nhs, "Patient/d-" + _nhs)));
        var id = (await silo.Everything(_nhs))[1]["id"]!.GetValue<string>();

        var deleted = await silo.Send(HttpMethod.Delete, $"sources/dorset/fhir/Observation/d-{_nhs}");

        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Single(await silo.Everything(_nhs));
        Assert.Equal("LHC502", (await silo.Get($"fhir/Observation/{id}")).Codes.Single());
        Assert.Equal(HttpStatusCode.Gone, (await silo.Get($"sources/dorset/fhir/Observation/d-{_nhs}")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await silo.Send(HttpMethod.Delete, $"sources/dorset/fhir/Observation/d-{_nhs}")).Status);

        var again = await silo.Put("dorset", $"Observation/d-{_nhs}", Observation("d-" + _nhs, "Patient/d-" + _nhs));
        Assert.Equal(HttpStatusCode.Created, again.Status);
        Assert.Equal(HttpStatusCode.OK, (await silo.Get($"fhir/Observation/{id}")).Status);
    }

    [Fact]
    public async Task A_bundle_of_deletes_finds_its_people_by_its_keys()
    {
        await silo.Push("dorset", Collection(Patient("dd-" + _nhs, _nhs), Observation("dd-" + _nhs, "Patient/dd-" + _nhs)));

        var answer = await silo.Push("dorset", Bundle("batch", [$$$"""{"request":{"method":"DELETE","url":"Observation/dd-{{{_nhs}}}"}}"""]));

        Assert.Equal(["204"], answer.EntryStatuses);
        Assert.Single(await silo.Everything(_nhs));
    }

    [Fact]
    public async Task A_dated_delete_that_overtook_its_resource_waits_for_it()
    {
        await silo.Push("dorset", Collection(Patient("od-" + _nhs, _nhs)));
        var delete = Bundle("batch", [$$$"""{"request":{"method":"DELETE","url":"Observation/od-{{{_nhs}}}"}}"""], ""","timestamp":"2024-05-02T00:00:00Z" """);

        Assert.Equal(["202"], (await silo.Push("dorset", delete)).EntryStatuses);
        await silo.Push("dorset", Collection(Observation("od-" + _nhs, "Patient/od-" + _nhs, more: Meta("2024-05-01T00:00:00Z"))));

        Assert.Single(await silo.Everything(_nhs));
    }

    [Fact]
    public async Task A_practitioner_who_comes_or_changes_later_is_delivered_to_who_refers_to_him()
    {
        var performer = $$""","performer":[{"reference":"Practitioner/p-{{_nhs}}"}]""";
        await silo.Push("dorset", Collection(Patient("pr-" + _nhs, _nhs), Observation("pr-" + _nhs, "Patient/pr-" + _nhs, more: performer)));
        var reference = (await silo.Everything(_nhs))[1]["performer"]![0]!["reference"]!.GetValue<string>();
        Assert.Equal($"{silo.Url}/sources/dorset/fhir/Practitioner/p-{_nhs}", reference);

        Assert.Equal(HttpStatusCode.Created, (await silo.Put("dorset", $"Practitioner/p-{_nhs}", Practitioner("p-" + _nhs, "Before"))).Status);
        var everything = await silo.Everything(_nhs);
        Assert.Equal($"Practitioner/{everything[2]["id"]!.GetValue<string>()}", everything[1]["performer"]![0]!["reference"]!.GetValue<string>());

        Assert.Equal(HttpStatusCode.OK, (await silo.Put("dorset", $"Practitioner/p-{_nhs}", Practitioner("p-" + _nhs, "After"))).Status);
        Assert.Equal("After", (await silo.Everything(_nhs))[2]["name"]![0]!["family"]!.GetValue<string>());
        Assert.Contains("After", (await silo.Get($"sources/dorset/fhir/Practitioner/p-{_nhs}")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_practitioner_whom_nobody_refers_to_is_kept_and_found_by_later_pushes()
    {
        await silo.Push("hampshire", Collection(Practitioner("k-" + _nhs, "Kept")));

        await silo.Push("hampshire", Collection(
            Patient("k-" + _nhs, _nhs), Observation("k-" + _nhs, "Patient/k-" + _nhs, more: $$""","performer":[{"reference":"Practitioner/k-{{_nhs}}"}]""")));

        Assert.Equal(["Patient", "Observation", "Practitioner"], (await silo.Everything(_nhs)).Select(r => r["resourceType"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_same_request_id_with_the_same_bytes_gets_the_first_answer_again()
    {
        var (bundle, id) = (Collection(Patient("r-" + _nhs, _nhs), Observation("r-" + _nhs, "Patient/r-" + _nhs, "1")), ("X-Request-Id", "push-" + _nhs));
        var first = await silo.Push("dorset", bundle, id);
        await silo.Push("dorset", Collection(Observation("r-" + _nhs, "Patient/r-" + _nhs, "2")));

        var again = await silo.Push("dorset", bundle, id);

        Assert.Equal((first.Status, first.Body), (again.Status, again.Body));
        Assert.Equal("2", (await silo.Everything(_nhs))[1]["valueQuantity"]!["value"]!.ToJsonString());
    }

    // A gateway that gives all requests of a client one id, and a source whose Bundles all have one identifier, lose nothing.
    [Fact]
    public async Task The_same_name_with_other_bytes_is_another_push()
    {
        var named = $$"""{"resourceType":"Bundle","type":"collection","identifier":{"system":"urn:example:feed","value":"{{_nhs}}"},"entry":[{"resource":{{Patient("n-" + _nhs, _nhs)}}},{"resource":OBSERVATION}]}""";
        foreach (var value in new[] { "1", "2", "3" })
        {
            var observation = Observation("n-" + _nhs, "Patient/n-" + _nhs, value);
            var answer = value == "3"
                ? await silo.Push("dorset", Collection(observation), ("X-Request-Id", "gateway-" + _nhs))
                : await silo.Push("dorset", named.Replace("OBSERVATION", observation, StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Equal(value, (await silo.Everything(_nhs))[1]["valueQuantity"]!["value"]!.ToJsonString());
        }

        await silo.Push("dorset", Collection(Observation("n-" + _nhs, "Patient/n-" + _nhs, "4")), ("X-Request-Id", "gateway-" + _nhs));
        Assert.Equal("4", (await silo.Everything(_nhs))[1]["valueQuantity"]!["value"]!.ToJsonString());
    }

    [Fact]
    public async Task The_same_request_id_on_another_path_is_another_push()
    {
        await silo.Push("dorset", Collection(Patient("rp-" + _nhs, _nhs)));
        foreach (var id in new[] { "rp1-", "rp2-" })
            await silo.Send(HttpMethod.Put, $"sources/dorset/fhir/Observation/{id}{_nhs}", Observation(id + _nhs, "Patient/rp-" + _nhs), ("X-Request-Id", "trace-" + _nhs));

        await silo.Send(HttpMethod.Delete, $"sources/dorset/fhir/Observation/rp1-{_nhs}", null, ("X-Request-Id", "trace-" + _nhs));

        Assert.Equal(2, (await silo.Everything(_nhs)).Count);
    }

    [Fact]
    public async Task A_bundle_identifier_names_the_push_as_well()
    {
        string Pushed(string value) => Bundle("collection", [$$"""{"resource":{{Patient("bi-" + _nhs, _nhs)}}}""", $$"""{"resource":{{Observation("bi-" + _nhs, "Patient/bi-" + _nhs, value)}}}"""],
            $$$""","identifier":{"system":"https://example.org/push","value":"{{{_nhs}}}"}""");
        await silo.Push("dorset", Pushed("1"));
        await silo.Put("dorset", $"Observation/bi-{_nhs}", Observation("bi-" + _nhs, "Patient/bi-" + _nhs, "2"));

        await silo.Push("dorset", Pushed("1"));

        Assert.Equal("2", (await silo.Everything(_nhs))[1]["valueQuantity"]!["value"]!.ToJsonString());
    }

    [Fact]
    public async Task Many_pushes_at_once_to_one_person_all_land()
    {
        await silo.Push("dorset", Collection(Patient("many-" + _nhs, _nhs)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => silo.Put("dorset", $"Observation/many-{_nhs}-{i}", Observation($"many-{_nhs}-{i}", "Patient/many-" + _nhs))));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.Status));
        Assert.Equal(65, (await silo.Everything(_nhs)).Count);
    }
}
