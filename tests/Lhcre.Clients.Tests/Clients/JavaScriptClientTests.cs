using Xunit.Abstractions;

namespace Lhcre.Clients.Tests.Clients;

/// <summary>The clients that browser apps are written with, unmodified, run by Node.js. Each row is one step of the script of that name in <c>Node</c>.</summary>
[Collection(nameof(ClientSilo))]
public sealed class JavaScriptClientTests(ClientSilo silo, ITestOutputHelper log)
{
    [Theory]
    [InlineData("read", """{"id":"{ann}","family":"Śmith","etag":"W/\"3\"","type":"application/fhir+json; charset=utf-8"}""")]
    [InlineData("search", """{"total":24,"same":true}""")]
    [InlineData("vread", """{"version":"1","status":"final"}""")]
    [InlineData("paging", """{"pages":[7,7,7,3],"distinct":24}""")]
    [InlineData("filter", """["2025-06-15","2025-05-15","2025-04-15","2025-03-15","2025-02-15","2025-01-15"]""")]
    [InlineData("include", """["match MedicationRequest","include Practitioner"]""")]
    [InlineData("summary", """{"type":"document","first":"Composition"}""")]
    [InlineData("history", """{"type":"history","versions":["corrected","final"]}""")]
    [InlineData("everything", """{"total":28,"posted":28}""")]
    [InlineData("resolve", """{"inside":"{ann}","outside":"{ann}"}""")]
    [InlineData("unknown", """{"error":{"status":404,"codes":["LHC501"]}}""")]
    [InlineData("person", """{"error":{"status":400,"codes":["LHC503"]}}""")]
    [InlineData("write", """{"error":{"status":405,"codes":["LHC110"]}}""")]
    public Task Fhir_kit_client(string step, string expected) => Holds(silo.FhirKitClient, step, expected);

    [Theory]
    [InlineData("version", """{"version":"4.0.1","release":4}""")]
    [InlineData("patient", """{"id":"{ann}","family":"Śmith"}""")]
    [InlineData("mine", "24")]
    [InlineData("paging", """{"pages":[7,7,7,3],"distinct":24}""")]
    [InlineData("values", "[67]")]
    [InlineData("summary", "\"document\"")]
    [InlineData("past", """["corrected","final"]""")]
    [InlineData("once", "\"final\"")]
    [InlineData("resolved", """{"requester":"Grey","subject":"{ann}"}""")]
    [InlineData("everything", "28")]
    [InlineData("unknown", """{"error":{"status":404,"codes":["LHC501"]}}""")]
    [InlineData("person", """{"error":{"status":400,"codes":["LHC503"]}}""")]
    [InlineData("write", """{"error":{"status":405,"codes":["LHC110"]}}""")]
    public Task Fhirclient(string step, string expected) => Holds(silo.Fhirclient, step, expected);

    private async Task Holds(JavaScriptClient client, string step, string expected)
    {
        if (await client.Step(step, log) is { } given)
            Assert.Equal(expected.Replace("{ann}", silo.Ann, StringComparison.Ordinal), given);
    }
}
