using System.Net;
using System.Text.Json.Nodes;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

[Collection(nameof(TestSilo))]
public sealed class PushAndReadTests(TestSilo silo)
{
    private readonly string _nhs = FreshNhsNumber();

    [Fact]
    public async Task A_transaction_comes_out_merged_with_its_references_at_merged_resources()
    {
        var (patientUrn, observationUrn) = ($"urn:uuid:6f0d3c1e-0000-4000-8000-01{_nhs}", $"urn:uuid:6f0d3c1e-0000-4000-8000-02{_nhs}");
        var withoutId = Patient("x", _nhs).Replace("\"id\":\"x\",", "", StringComparison.Ordinal);
        var pushed = await silo.Push("dorset", Bundle("transaction",
        [
            Posted(patientUrn, "Patient", withoutId),
            Posted(observationUrn, "Observation", Observation("w-" + _nhs, patientUrn)),
        ]));

        Assert.Equal(HttpStatusCode.OK, pushed.Status);
        Assert.Equal(["201", "201"], pushed.EntryStatuses);
        var everything = await silo.Everything(_nhs);
        Assert.Equal(["Patient", "Observation"], everything.Select(r => r["resourceType"]!.GetValue<string>()));
        var (patient, observation) = (everything[0], everything[1]);
        Assert.Equal(TestSilo.PatientId(_nhs), patient["id"]!.GetValue<string>());
        Assert.Equal($"Patient/{TestSilo.PatientId(_nhs)}", observation["subject"]!["reference"]!.GetValue<string>());
        Assert.Equal("70.10", observation["valueQuantity"]!["value"]!.ToJsonString());
        Assert.Equal(54, observation["id"]!.GetValue<string>().Length);
        Assert.Equal(["dorset", $"Observation/w-{_nhs}"], Contributors(observation).SelectMany(c => new[] { c.Source, c.Reference }));
    }

    [Fact]
    public async Task Three_sources_make_one_patient_and_a_shared_business_identifier_makes_one_resource()
    {
        foreach (var source in new[] { "dorset", "hampshire", "isle-of-wight" })
        {
            var shared = $$""","identifier":[{"system":"https://example.org/lab","value":"R-{{_nhs}}"}]""";
            await silo.Push(source, Collection(Patient(source + _nhs, _nhs), Observation($"{source}-{_nhs}", $"Patient/{source}{_nhs}", more: shared)));
        }

        var everything = await silo.Everything(_nhs);
        Assert.Equal(2, everything.Count);
        Assert.All(everything, r => Assert.Equal(["dorset", "hampshire", "isle-of-wight"], Contributors(r).Select(c => c.Source)));
    }

    [Fact]
    public async Task A_member_of_a_cluster_answers_under_its_own_hash_with_the_present_location()
    {
        var shared = $$""","identifier":[{"system":"https://example.org/lab","value":"L-{{_nhs}}"}]""";
        await silo.Push("hampshire", Collection(Patient("h" + _nhs, _nhs), Observation("h" + _nhs, $"Patient/h{_nhs}", more: shared)));
        var before = (await silo.Everything(_nhs))[1]["id"]!.GetValue<string>();
        await silo.Push("dorset", Collection(Patient("d" + _nhs, _nhs), Observation("d" + _nhs, $"Patient/d{_nhs}", more: shared)));
        var after = (await silo.Everything(_nhs))[1]["id"]!.GetValue<string>();

        Assert.NotEqual(before, after);
        var answer = await silo.Get($"fhir/Observation/{before}");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(after, answer.Json["id"]!.GetValue<string>());
        Assert.EndsWith($"/fhir/Observation/{after}", answer.ContentHeaders.ContentLocation!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_reads_its_own_words_byte_for_byte()
    {
        var sent = Observation("own-" + _nhs, $"Patient/own-{_nhs}", "1.50", ""","note":[{"text":"caf\u00e9  \"as sent\""}]""");
        await silo.Push("dorset", Collection(Patient("own-" + _nhs, _nhs), "  " + sent.Replace(",\"status\"", " ,\n\t\"status\"", StringComparison.Ordinal)));

        var one = await silo.Get($"sources/dorset/fhir/Observation/own-{_nhs}");
        Assert.Equal(sent.Replace(",\"status\"", " ,\n\t\"status\"", StringComparison.Ordinal), one.Body);
        var search = await silo.Get($"sources/dorset/fhir/Observation?patient=own-{_nhs}");
        Assert.Equal($"own-{_nhs}", search.Json["entry"]![0]!["resource"]!["id"]!.GetValue<string>());
        var all = await silo.Get($"sources/dorset/fhir/Patient/own-{_nhs}/$everything");
        Assert.Equal(2, all.Json["total"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Get($"sources/hampshire/fhir/Observation/own-{_nhs}")).Status);
    }

    [Theory]
    [InlineData("fhir/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|{0}")]
    [InlineData("fhir/Patient?identifier=http://fhir.nhs.net/Id/nhs-number|{0}")]
    [InlineData("fhir/Patient?identifier={0}")]
    [InlineData("fhir/Patient/?identifier={0}")]
    [InlineData("fhir/Patient?identifier=https://example.org/mrn|MRN-find-{0}")]
    [InlineData("fhir/Patient?_id={1}")]
    [InlineData("fhir/Patient?_format=json&identifier={0}")]
    [InlineData("fhir/Observation?patient={1}")]
    [InlineData("fhir/Observation?patient=Patient/{1}")]
    [InlineData("fhir/Observation?subject={2}/fhir/Patient/{1}")]
    [InlineData("sources/dorset/fhir/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|{0}")]
    [InlineData("sources/dorset/fhir/Patient?identifier=https://example.org/mrn|MRN-find-{0}")]
    [InlineData("sources/dorset/fhir/Patient?_id=find-{0}")]
    [InlineData("sources/dorset/fhir/Observation?patient=Patient/find-{0}")]
    public async Task One_resource_is_found_by(string query)
    {
        await silo.Push("dorset", Collection(Patient("find-" + _nhs, _nhs), Observation("find-" + _nhs, "Patient/find-" + _nhs)));

        var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, query, _nhs, TestSilo.PatientId(_nhs), silo.Url);
        var answer = await silo.Get(path);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(("searchset", 1), (answer.Json["type"]!.GetValue<string>(), answer.Json["total"]!.GetValue<int>()));
        Assert.Single(answer.Resources("match"));
    }

    // R4: "irrespective of the value of the system property". Nobody can be looked up so, and an empty answer would say that there is nobody.
    [Theory]
    [InlineData("Patient?identifier=MRN-find-{0}")]
    [InlineData("Patient?identifier=|MRN-find-{0}")]
    [InlineData("Observation?patient.identifier=MRN-find-{0}")]
    [InlineData("Observation?subject:Patient.identifier=MRN-find-{0}")]
    public async Task A_local_identifier_without_its_system_is_refused(string query)
    {
        await silo.Push("dorset", Collection(Patient("find-" + _nhs, _nhs)));

        var answer = await silo.Get("fhir/" + string.Format(null, query, _nhs));

        Assert.Equal((HttpStatusCode)400, answer.Status);
        Assert.Equal(["LHC504"], answer.Codes);
        Assert.Contains("name the system of a local identifier", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_type_that_FHIR_does_not_have_is_no_empty_answer()
    {
        await silo.Push("dorset", Collection(Patient("find-" + _nhs, _nhs), Observation("find-" + _nhs, "Patient/find-" + _nhs)));
        var path = $"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything";

        var (some, none) = (await silo.Get($"{path}?_type=Observation,Observaton"), await silo.Get($"{path}?_type=Observaton"));
        var strict = await silo.Get($"{path}?_type=Observaton", ("Prefer", "handling=strict"));

        Assert.Contains("LHC505", some.Codes);
        Assert.Contains("LHC505", none.Codes);
        Assert.Equal((1, 2), (some.Resources("match").Count, none.Resources("match").Count));
        Assert.Equal(["LHC506"], strict.Codes);
        Assert.DoesNotContain("LHC505", (await silo.Get($"{path}?_type=ValueSet")).Codes);
        Assert.Equal(2, (await silo.Get($"{path}?_type=Observation&_type=Patient")).Resources("match").Count);
    }

    [Theory]
    [InlineData("fhir")]
    [InlineData("sources/dorset/fhir")]
    public async Task A_search_may_come_as_a_form(string fhirBase)
    {
        await silo.Push("dorset", Collection(Patient("form-" + _nhs, _nhs)));
        using var form = new FormUrlEncodedContent([new("identifier", $"https://fhir.nhs.uk/Id/nhs-number|{_nhs}")]);

        using var response = await silo.Client.PostAsync($"{fhirBase}/Patient/_search", form);

        Assert.Equal(1, JsonNode.Parse(await response.Content.ReadAsStringAsync())!["total"]!.GetValue<int>());
    }

    [Fact]
    public async Task An_answer_that_has_not_changed_is_not_sent_again()
    {
        await silo.Push("dorset", Collection(Patient("etag-" + _nhs, _nhs)));
        var path = $"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything";
        var etag = (await silo.Get(path)).Headers.ETag!.ToString();

        var again = await silo.Get(path, ("If-None-Match", $"\"other\", {etag}"));
        Assert.Equal((HttpStatusCode.NotModified, ""), (again.Status, again.Body));

        Assert.Equal(HttpStatusCode.NotModified, (await silo.Get(path, ("If-None-Match", etag[2..]))).Status);
        Assert.Equal(HttpStatusCode.NotModified, (await silo.Get(path, ("If-None-Match", "*"))).Status);

        await silo.Push("dorset", Collection(Observation("etag-" + _nhs, "Patient/etag-" + _nhs)));
        Assert.Equal(HttpStatusCode.OK, (await silo.Get(path, ("If-None-Match", etag))).Status);
    }

    [Fact]
    public async Task Pushing_the_same_again_changes_no_version_and_no_byte()
    {
        var bundle = Collection(Patient("same-" + _nhs, _nhs), Observation("same-" + _nhs, "Patient/same-" + _nhs));
        await silo.Push("dorset", bundle);
        var before = await silo.Get($"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything");

        var again = await silo.Push("dorset", bundle);

        Assert.Equal(["200", "200"], again.EntryStatuses);
        var after = await silo.Get($"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything");
        Assert.Equal(before.Body, after.Body);
        Assert.Equal(before.Headers.ETag, after.Headers.ETag);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Compression_is_for_those_who_ask(string encoding)
    {
        await silo.Push("dorset", Collection(Patient("zip-" + _nhs, _nhs)));
        var path = $"fhir/Patient/{TestSilo.PatientId(_nhs)}";

        Assert.Empty((await silo.Get(path)).ContentHeaders.ContentEncoding);
        Assert.Equal([encoding], (await silo.Get(path, ("Accept-Encoding", encoding))).ContentHeaders.ContentEncoding);
    }

    [Theory]
    [InlineData("application/json", "application/json")]
    [InlineData("application/fhir+json", "application/fhir+json")]
    [InlineData("*/*", "application/fhir+json")]
    [InlineData("text/html, application/json;q=0.9", "application/json")]
    public async Task Answers_are_json_by_the_name_that_was_asked_for(string accept, string contentType)
    {
        var answer = await silo.Get("fhir/metadata", ("Accept", accept));

        Assert.Equal((HttpStatusCode.OK, contentType), (answer.Status, answer.ContentHeaders.ContentType!.MediaType));
    }

    [Fact]
    public async Task Head_answers_like_get_without_the_body()
    {
        await silo.Push("dorset", Collection(Patient("head-" + _nhs, _nhs)));

        var answer = await silo.Send(HttpMethod.Head, $"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything");

        Assert.Equal((HttpStatusCode.OK, ""), (answer.Status, answer.Body));
        Assert.NotNull(answer.Headers.ETag);
    }

    private static IEnumerable<(string Source, string Reference)> Contributors(JsonNode resource) =>
        resource["meta"]!["extension"]!.AsArray()
            .Where(e => e!["url"]!.GetValue<string>().EndsWith("/contributor", StringComparison.Ordinal))
            .Select(e => (e!["extension"]![0]!["valueCode"]!.GetValue<string>(), e["extension"]![1]!["valueString"]!.GetValue<string>()));
}
