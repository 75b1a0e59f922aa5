using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>What a search or an operation is asked with in a body is read, or refused: never passed over.</summary>
[Collection(nameof(TestSilo))]
public sealed class PostedQueryTests(TestSilo silo)
{
    private readonly string _nhs = FreshNhsNumber();

    private string Person => TestSilo.PatientId(_nhs);

    public static TheoryData<string, string, string> Forms => new()
    {
        { "Observation/_search", "too many parameters", string.Join('&', Enumerable.Repeat("code=1", 1_025)) },
        { "Observation/_search", "a long name", new string('n', 2_049) + "=1" },
        { "Observation/_search", "a long value", "code=" + new string('v', 5_000_000) },
        { "Patient/{0}/$everything", "too many parameters", string.Join('&', Enumerable.Repeat("_type=Condition", 1_025)) },
        { "Patient/{0}/$summary", "a long name", new string('n', 2_049) + "=1" },
        { "Patient/{0}/$explain", "a long value", "x=" + new string('v', 5_000_000) },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_form_over_what_is_read_of_forms_is_refused(string path, string what, string form)
    {
        var (status, codes) = await Post(path, "application/x-www-form-urlencoded", form);

        Assert.True(status == HttpStatusCode.BadRequest, $"{what}: {status}");
        Assert.Equal(["LHC111"], codes);
    }

    [Theory]
    [InlineData("application/fhir+json", """{"resourceType":"Parameters","parameter":[{"name":"code","valueString":"1"}]}""")]
    [InlineData("application/json", "{}")]
    [InlineData("application/fhir+xml", """<Parameters xmlns="http://hl7.org/fhir"/>""")]
    [InlineData("text/plain", "code=1")]
    [InlineData("multipart/form-data; boundary=x", "--x--")]
    public async Task A_search_is_posted_as_a_form_or_not_at_all(string type, string body)
    {
        Assert.All(
            [await Post($"Observation/_search?patient={Person}", type, body), await Post("../sources/dorset/fhir/Observation/_search?patient=1", type, body)],
            answer => Assert.Equal((HttpStatusCode.UnsupportedMediaType, "LHC105"), (answer.Status, answer.Codes.Single())));
    }

    [Theory]
    [InlineData("application/fhir+json", """{"resourceType":"Patient","id":"1"}""")]
    [InlineData("application/fhir+json", """{"parameter":[]}""")]
    [InlineData("application/fhir+json", """{"resourceType":"Parameters","parameter":{}}""")]
    [InlineData("application/fhir+json", """{"resourceType":"Parameters","parameter":[{"name":"\ud800"}]}""")]
    [InlineData("application/json", "[]")]
    [InlineData("application/fhir+xml", """<Patient xmlns="http://hl7.org/fhir"/>""")]
    [InlineData("text/plain", "start=2020")]
    public async Task An_operation_is_called_with_Parameters(string type, string body)
    {
        foreach (var operation in (string[])["$everything", "$summary", "$explain"])
            Assert.Equal((HttpStatusCode.BadRequest, "LHC111"), await Post($"Patient/{{0}}/{operation}", type, body) is var a ? (a.Status, a.Codes[0]) : default);
    }

    [Fact]
    public async Task Without_a_body_there_is_nothing_to_read()
    {
        await silo.Push("dorset", Collection(Patient("p-" + _nhs, _nhs), Observation("o-" + _nhs, "Patient/p-" + _nhs)));

        Assert.Equal(HttpStatusCode.OK, (await Post("Patient/{0}/$everything", "application/fhir+json", "")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Post("Observation/_search?patient={0}", "application/fhir+json", "")).Status);
        // Of no length that is told beforehand.
        using var request = new HttpRequestMessage(HttpMethod.Post, $"fhir/Patient/{Person}/$everything") { Content = new StringContent("") };
        request.Headers.TransferEncodingChunked = true;
        using var response = await silo.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<(HttpStatusCode Status, IReadOnlyList<string> Codes)> Post(string path, string type, string body)
    {
        using var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var response = await silo.Client.PostAsync("fhir/" + path.Replace("{0}", Person, StringComparison.Ordinal), content);
        return (response.StatusCode, Answer.CodesIn(JsonNode.Parse(await response.Content.ReadAsStringAsync())));
    }
}
