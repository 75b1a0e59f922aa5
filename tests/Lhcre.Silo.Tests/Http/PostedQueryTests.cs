using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>What a search or an operation is asked with in a body is read, or refused: never passed over.</summary>
[Collection(nameof(TestSilo))]
public sealed class PostedQueryTests(TestSilo silo)
{
    private readonly string _person = TestSilo.PatientId(FreshNhsNumber());

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

    private async Task<(HttpStatusCode Status, IReadOnlyList<string> Codes)> Post(string path, string type, string body)
    {
        using var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var response = await silo.Client.PostAsync("fhir/" + path.Replace("{0}", _person, StringComparison.Ordinal), content);
        return (response.StatusCode, Answer.CodesIn(JsonNode.Parse(await response.Content.ReadAsStringAsync())));
    }
}
