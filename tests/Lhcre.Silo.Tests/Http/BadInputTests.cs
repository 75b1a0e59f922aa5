using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Lhcre.Record;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>Whatever comes in, the answer is a coded OperationOutcome, and the process goes on.</summary>
[Collection(nameof(TestSilo))]
public sealed class BadInputTests(TestSilo silo)
{
    private const string Base = "sources/dorset/fhir";

    public static TheoryData<string, string, string, string?, int, string> Rows => new()
    {
        { "malformed", "POST", Base, "{\"resourceType\":", 400, "LHC101" },
        { "truncated", "POST", Base, "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Sm", 400, "LHC101" },
        { "not an object", "POST", Base + "/Patient", "[1,2,3]", 400, "LHC201" },
        { "empty", "POST", Base, "", 400, "LHC102" },
        { "10,000 deep", "POST", Base, string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000), 400, "LHC103" },
        { "no type", "POST", Base + "/Patient", "{\"id\":\"1\"}", 400, "LHC201" },
        { "no FHIR type", "POST", Base + "/Patient", "{\"resourceType\":\"Persona\"}", 400, "LHC201" },
        { "type differs from path", "POST", Base + "/Patient", Observation("1", "Patient/1"), 400, "LHC401" },
        { "type differs from path, PUT", "PUT", Base + "/Patient/1", Observation("1", "Patient/1"), 400, "LHC401" },
        { "id differs from path", "PUT", Base + "/Observation/2", Observation("1", "Patient/1"), 400, "LHC402" },
        { "id of a wrong shape", "PUT", Base + "/Observation/a_b", Observation("a_b", "Patient/1"), 400, "LHC207" },
        { "a resource at the base", "POST", Base, Patient("1", null), 422, "LHC406" },
        { "unknown source", "POST", "sources/kent/fhir", Patient("1", null), 404, "LHC107" },
        { "unknown source, read", "GET", "sources/kent/fhir/Patient/1", null, 404, "LHC107" },
        { "unknown source, parked", "GET", "sources/kent/parked", null, 404, "LHC107" },
        { "unknown path", "GET", "nothing/here", null, 404, "LHC108" },
        { "unknown path of a source", "GET", "sources/dorset/nothing", null, 404, "LHC108" },
        { "unknown type, read", "GET", "fhir/Persona/1", null, 404, "LHC507" },
        { "unknown type, search", "GET", "fhir/Persona?patient=1", null, 404, "LHC507" },
        { "write to the merged record", "PUT", "fhir/Patient/1", Patient("1", null), 405, "LHC110" },
        { "write to the merged base", "POST", "fhir", Patient("1", null), 405, "LHC110" },
        { "delete in the merged record", "DELETE", "fhir/Patient/1", null, 405, "LHC110" },
        { "PATCH at a source", "PATCH", Base + "/Patient/1", Patient("1", null), 405, "LHC109" },
        { "PUT without an id", "PUT", Base + "/Patient", Patient("1", null), 405, "LHC109" },
        { "wrong status code", "POST", Base + "/Observation", Observation("1", "Patient/1").Replace("final", "finished", StringComparison.Ordinal), 422, "LHC204" },
        { "wrong date", "POST", Base + "/Observation", Observation("1", "Patient/1", more: ",\"effectiveDateTime\":\"2020-13-45\""), 422, "LHC202" },
        { "no code", "POST", Base + "/Observation", "{\"resourceType\":\"Observation\",\"status\":\"final\",\"subject\":{\"reference\":\"Patient/1\"}}", 422, "LHC203" },
        { "history Bundle", "POST", Base, Bundle("history", []), 422, "LHC403" },
        { "search without a person", "GET", "fhir/Observation", null, 400, "LHC503" },
        { "search without a person at a source", "GET", Base + "/Observation?code=1", null, 400, "LHC503" },
        { "patient of a wrong shape", "GET", "fhir/Observation?patient=a_b", null, 400, "LHC504" },
        { "unknown merged id", "GET", "fhir/Patient/p" + new string('a', 26), null, 404, "LHC501" },
        { "unknown merged person", "GET", $"fhir/Patient/p{new string('a', 26)}/$everything", null, 404, "LHC501" },
        { "an id that is none of ours", "GET", "fhir/Patient/4711", null, 404, "LHC501" },
        { "_count of parked", "GET", "sources/dorset/parked?_count=0", null, 400, "LHC504" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Is_answered_with_a_code(string what, string method, string path, string? body, int status, string code)
    {
        var answer = await silo.Send(new HttpMethod(method), path, body);

        Assert.True(answer.Codes.Contains(code), $"{what}: {(int)answer.Status} {answer.Body}");
        Assert.Equal((HttpStatusCode)status, answer.Status);
        Assert.Equal("OperationOutcome", answer.Json["resourceType"]!.GetValue<string>());
        Assert.Equal("ready", (await silo.Get("health/ready")).Status == HttpStatusCode.OK ? "ready" : "not ready");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/fhir+xml")]
    [InlineData("application/fhir+json; charset=utf-16")]
    public async Task A_wrong_content_type_is_refused(string contentType)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Patient("1", null)));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        using var response = await silo.Client.PostAsync(Base, content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("LHC105", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/fhir+turtle")]
    [InlineData("text/html")]
    public async Task A_client_that_takes_neither_json_nor_xml_is_told_so(string accept)
    {
        var answer = await silo.Get("fhir/metadata", ("Accept", accept));

        Assert.Equal((HttpStatusCode.NotAcceptable, "LHC106"), (answer.Status, answer.Codes.Single()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_refused(bool lengthIsKnown)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Base);
        request.Content = lengthIsKnown ? new ByteArrayContent(new byte[Limits.BodyBytes + 1]) : new StreamContent(new MemoryStream(new byte[Limits.BodyBytes + 1]));
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/fhir+json");
        request.Headers.TransferEncodingChunked = !lengthIsKnown;
        request.Headers.ExpectContinue = true;

        using var response = await silo.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("LHC104", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_bad_entry_among_good_ones_does_not_stop_the_good_ones()
    {
        var nhs = FreshNhsNumber();
        var bad = Observation("bad-" + nhs, "Patient/mix-" + nhs).Replace("final", "finished", StringComparison.Ordinal);

        var answer = await silo.Push("dorset", Collection(Patient("mix-" + nhs, nhs), bad, Observation("good-" + nhs, "Patient/mix-" + nhs)));

        Assert.Equal(["201", "422", "201"], answer.EntryStatuses);
        Assert.Equal(["LHC204"], answer.Codes);
        Assert.Equal(2, (await silo.Everything(nhs)).Count);
    }

    [Fact]
    public async Task A_transaction_is_all_or_nothing()
    {
        var nhs = FreshNhsNumber();
        var bad = Observation("bad-" + nhs, "Patient/all-" + nhs).Replace("final", "finished", StringComparison.Ordinal);

        var answer = await silo.Push("dorset", Puts("transaction", [($"Patient/all-{nhs}", Patient("all-" + nhs, nhs)), ($"Observation/bad-{nhs}", bad)]));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal(["LHC204", "LHC410"], answer.Codes);
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Get($"fhir/Patient/{TestSilo.PatientId(nhs)}/$everything")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Get($"sources/dorset/fhir/Patient/all-{nhs}")).Status);
    }

    [Fact]
    public async Task A_transaction_concerns_one_person()
    {
        var (one, other) = (FreshNhsNumber(), FreshNhsNumber());
        await silo.Push("dorset", Collection(Patient("known-" + other, other)));

        var both = await silo.Push("dorset", Puts("transaction", [($"Patient/t-{one}", Patient("t-" + one, one)), ($"Patient/t-{other}", Patient("t-" + other, other))]));
        var known = await silo.Push("dorset", Puts("transaction", [($"Patient/t-{one}", Patient("t-" + one, one)), ($"Observation/t-{other}", Observation("t-" + other, "Patient/known-" + other))]));
        var batch = await silo.Push("dorset", Puts("batch", [($"Patient/t-{one}", Patient("t-" + one, one)), ($"Observation/t-{other}", Observation("t-" + other, "Patient/known-" + other))]));

        Assert.Equal(["LHC405"], both.Codes);
        Assert.Equal(["LHC405"], known.Codes);
        Assert.Equal(["201", "201"], batch.EntryStatuses);
    }

    [Fact]
    public async Task Unknown_search_parameters_are_ignored_with_a_warning_or_refused_as_the_client_prefers()
    {
        var nhs = FreshNhsNumber();
        await silo.Push("dorset", Collection(Patient("s-" + nhs, nhs)));
        var path = $"fhir/Observation?patient={TestSilo.PatientId(nhs)}&shoe-size=9";

        var lenient = await silo.Get(path);
        Assert.Equal(["LHC505"], Answer.CodesIn(lenient.Resources("outcome")[^1]));
        Assert.DoesNotContain("shoe-size", lenient.Json["link"]![0]!["url"]!.GetValue<string>(), StringComparison.Ordinal);

        var strict = await silo.Get(path, ("Prefer", "handling=strict"));
        Assert.Equal((HttpStatusCode.BadRequest, "LHC506"), (strict.Status, strict.Codes.Single()));
    }
}
