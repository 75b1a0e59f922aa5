using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Lhcre.Clients.Tests.Clients;

/// <summary>What an operation is called with stands in a Parameters resource, in either of FHIR's formats: the .NET client sends XML unless told otherwise.</summary>
[Collection(nameof(ClientSilo))]
public sealed class OperationInputTests(ClientSilo silo)
{
    private const string Xml = "application/fhir+xml";
    private const string Json = "application/fhir+json";

    [Theory]
    [InlineData(Json, """{"resourceType":"Parameters"}""", HttpStatusCode.OK, "")]
    [InlineData(Xml, """<Parameters xmlns="http://hl7.org/fhir"/>""", HttpStatusCode.OK, "")]
    [InlineData("text/xml; charset=utf-8", """<?xml version="1.0"?><Parameters xmlns="http://hl7.org/fhir"/>""", HttpStatusCode.OK, "")]
    [InlineData(Json, """{"resourceType":"Parameters","parameter":[{"name":"nonsense","valueString":"1"}]}""", HttpStatusCode.BadRequest, "LHC506")]
    [InlineData(Xml, """<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="nonsense"/><valueString value="1"/></parameter></Parameters>""", HttpStatusCode.BadRequest, "LHC506")]
    [InlineData(Json, """{"resourceType":"Parameters",""", HttpStatusCode.BadRequest, "LHC111")]
    [InlineData(Xml, """<Parameters xmlns="http://hl7.org/fhir">""", HttpStatusCode.BadRequest, "LHC111")]
    [InlineData(Xml, """<!DOCTYPE Parameters [<!ENTITY a "a">]><Parameters xmlns="http://hl7.org/fhir"><parameter><name value="&a;"/></parameter></Parameters>""", HttpStatusCode.BadRequest, "LHC111")]
    [InlineData(Xml, "{}", HttpStatusCode.BadRequest, "LHC111")]
    public async Task Is_read_whole_or_refused(string format, string body, HttpStatusCode status, string code)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("Prefer", "handling=strict");
        using var content = new StringContent(body, Encoding.UTF8) { Headers = { ContentType = MediaTypeHeaderValue.Parse(format) } };

        using var answer = await client.PostAsync($"{silo.Fhir}/Patient/{silo.Ann}/$everything", content);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(code, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_read_without_end()
    {
        using var client = new HttpClient();
        var parts = string.Concat(Enumerable.Repeat("""<parameter><name value="start"/><valueDate value="2020"/></parameter>""", 2_000));
        using var content = new StringContent($"""<Parameters xmlns="http://hl7.org/fhir">{parts}</Parameters>""", Encoding.UTF8) { Headers = { ContentType = MediaTypeHeaderValue.Parse(Xml) } };

        using var answer = await client.PostAsync($"{silo.Fhir}/Patient/{silo.Ann}/$everything", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
