using Lhcre.Silo.Fhir;
using Microsoft.Extensions.Primitives;

namespace Lhcre.Silo.Tests.Negotiating;

/// <summary>FHIR http.html#mime-type and RFC 9110 section 12.5.1, as tables.</summary>
public sealed class AcceptTests
{
    [Theory]
    [InlineData(null, "application/fhir+json")]
    [InlineData("", "application/fhir+json")]
    [InlineData("*/*", "application/fhir+json")]
    [InlineData("application/*", "application/fhir+json")]
    [InlineData("application/fhir+json", "application/fhir+json")]
    [InlineData("application/json", "application/json")]
    [InlineData("Application/JSON", "application/json")]
    [InlineData("text/json", "text/json")]
    [InlineData("application/fhir+xml", "application/fhir+xml")]
    [InlineData("application/xml", "application/xml")]
    [InlineData("text/xml", "text/xml")]
    [InlineData("text/*", "text/json")]
    [InlineData("application/fhir+json; charset=utf-8", "application/fhir+json")]
    [InlineData("application/fhir+json;fhirVersion=4.0", "application/fhir+json")]
    [InlineData("application/fhir+json;fhirVersion=\"4.0\"", "application/fhir+json")]
    [InlineData("application/fhir+json;fhirVersion=5.0", null)]
    [InlineData("application/fhir+json;fhirVersion=5.0, application/json", "application/json")]
    [InlineData("application/xml;q=0.5, application/json;q=0.4", "application/xml")]
    [InlineData("application/xml;q=0.4, application/json;q=0.5", "application/json")]
    [InlineData("application/fhir+xml, application/fhir+json", "application/fhir+xml")]
    [InlineData("application/json, application/fhir+json", "application/json")]
    [InlineData("*/*, application/xml", "application/xml")]
    [InlineData("application/fhir+json;q=0.1, */*", "application/json")]
    [InlineData("application/fhir+json;q=0, */*;q=0.1", "application/json")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml")]
    [InlineData("text/html, application/json;q=0.9", "application/json")]
    [InlineData("application/json;q=0", null)]
    [InlineData("application/json;q=nonsense", null)]
    [InlineData("application/json;q=1.5", null)]
    [InlineData("text/html", null)]
    [InlineData("application/pdf", null)]
    [InlineData("application/fhir+turtle", null)]
    [InlineData("nonsense", null)]
    public void The_header_chooses(string? accept, string? expected) => Assert.Equal(expected, Accept.Choose(default, accept)?.Name);

    [Theory]
    [InlineData("json", "application/fhir+json")]
    [InlineData("xml", "application/fhir+xml")]
    [InlineData("application/fhir+json", "application/fhir+json")]
    [InlineData("application/fhir json", "application/fhir+json")]
    [InlineData("application/fhir xml", "application/fhir+xml")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/xml", "application/xml")]
    [InlineData("text/xml", "text/xml")]
    [InlineData("application/fhir+json; fhirVersion=4.0", "application/fhir+json")]
    [InlineData("html", null)]
    [InlineData("text/html", null)]
    [InlineData("ttl", null)]
    [InlineData("csv", null)]
    public void The_parameter_outranks_the_header(string format, string? expected)
    {
        Assert.Equal(expected, Accept.Choose(format, "application/xml")?.Name);
        Assert.Equal(expected, Accept.Choose(format, "application/pdf")?.Name);
    }

    [Fact]
    public void Two_formats_are_none() => Assert.Null(Accept.Choose(new StringValues(["json", "xml"]), default));

    [Theory]
    [InlineData(null, "text/html", "text/html")]
    [InlineData("html", null, "text/html")]
    [InlineData(null, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html")]
    [InlineData(null, "*/*", "application/fhir+json")]
    [InlineData(null, null, "application/fhir+json")]
    public void What_has_a_page_is_written_as_html_for_those_who_ask(string? format, string? accept, string expected) =>
        Assert.Equal(expected, Accept.Choose(format, accept, hasPage: true)?.Name);

    [Fact]
    public void Several_headers_are_one_list() =>
        Assert.Equal("application/xml", Accept.Choose(default, new StringValues(["application/json;q=0.5", "application/xml;q=0.6"]))?.Name);
}
