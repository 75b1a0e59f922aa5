using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Lhcre.Clients.Tests.Node;
using Lhcre.Processes;
using Lhcre.Record;
using Lhcre.Silo.Load;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Clients.Tests.Clients;

/// <summary>
/// The program's <c>serve</c> with synthetic people in it, as its <c>demo</c> pushes them, and one person of whom every resource is known: Ann,
/// 24 weights, the first of them corrected; a medicine with who asked for it; an allergy of which two sources tell.
/// </summary>
public sealed class ClientSilo : IAsyncLifetime
{
    /// <summary>Ann's weights: one a month from January 2024 on, of 60 kg and half a kilogram more each month; the first one corrected to 61.5 kg.</summary>
    public const int Weights = 24;

    /// <summary>What Ann has: herself, the weights, an allergy, a medicine, a practitioner.</summary>
    public const int Resources = Weights + 4;

    private const int People = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-clients-");
    private SiloProcess _silo = null!;

    /// <summary>The merged record's base.</summary>
    public string Fhir => $"{_silo.Url}/fhir";

    /// <summary>A source's base.</summary>
    public string Source => $"{_silo.Url}/sources/dorset/fhir";

    /// <summary>Ann's NHS number, of the half of the test range that no other synthetic person's is of.</summary>
    public string Nhs { get; } = Number(999_400_000);

    /// <summary>Her Patient.id in the merged record.</summary>
    public string Ann { get; private set; } = null!;

    /// <summary>The id of her first weight there, which has two versions.</summary>
    public string Corrected { get; private set; } = null!;

    internal JavaScriptClient FhirKitClient { get; private set; } = null!;

    internal JavaScriptClient Fhirclient { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        NodePackages.Begin();
        _silo = await SiloProcess.Serve(Path.Combine(_folder.FullName, "data"));
        var demo = await DemoPush.Run(_silo.Client, new Uri(_silo.Url), TimeProvider.System, People);
        Assert.Equal(People, demo.People.Count);
        var patient = $$"""{"resourceType":"Patient","id":"ann","identifier":[{"system":"{{NhsNumber.System}}","value":"{{Nhs}}"}],"name":[{"family":"Śmith","given":["Ann"]}],"birthDate":"1970-01-02","gender":"female"}""";
        await Push("dorset", HttpMethod.Post, "", Collection([patient, Allergy("a"), Doctor, Medicine, .. Enumerable.Range(0, Weights).Select(n => Weight(n, 60m + (n / 2m)))]));
        await Push("dorset", HttpMethod.Put, "/Observation/w0", Weight(0, 61.5m).Replace("\"final\"", "\"corrected\"", StringComparison.Ordinal));
        await Push("hampshire", HttpMethod.Post, "", Collection(patient, Allergy("h")));
        Ann = await Id($"Patient?identifier={NhsNumber.System}|{Nhs}", p => true);
        Corrected = await Id($"Observation?patient={Ann}", o => o["status"]!.GetValue<string>() == "corrected");
        (FhirKitClient, Fhirclient) = (new JavaScriptClient("fhir-kit-client.mjs", this), new JavaScriptClient("fhirclient.mjs", this));
    }

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    // A weight as it was measured on the 15th of the n-th month.
    private static string Weight(int n, decimal kilograms) => FormattableString.Invariant(
        $$$"""{"resourceType":"Observation","id":"w{{{n}}}","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"subject":{"reference":"Patient/ann"},"effectiveDateTime":"{{{2024 + (n / 12)}}}-{{{1 + (n % 12):D2}}}-15","valueQuantity":{"value":{{{kilograms}}},"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}""");

    private static string Allergy(string id) =>
        $$$"""{"resourceType":"AllergyIntolerance","id":"{{{id}}}","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"active"}]},"code":{"coding":[{"system":"http://snomed.info/sct","code":"91936005"}]},"patient":{"reference":"Patient/ann"}}""";

    private const string Doctor = """{"resourceType":"Practitioner","id":"dr","name":[{"family":"Grey"}]}""";

    private const string Medicine =
        """{"resourceType":"MedicationRequest","id":"m","status":"active","intent":"order","medicationCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"322236009"}]},"subject":{"reference":"Patient/ann"},"requester":{"reference":"Practitioner/dr"},"authoredOn":"2025-03-01"}""";

    private static string Number(int first9)
    {
        while (true)
        {
            if (NhsNumber.TryComplete(first9++, out var number))
                return number.Digits();
        }
    }

    private async Task Push(string source, HttpMethod method, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/fhir+json"));
        using var request = new HttpRequestMessage(method, $"sources/{source}/fhir{path}") { Content = content };
        using var response = await _silo.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<string> Id(string search, Func<JsonNode, bool> isIt)
    {
        var found = JsonNode.Parse(await _silo.Client.GetStringAsync($"fhir/{search}"))!["entry"]!.AsArray().Select(e => e!["resource"]!);
        return found.Single(r => r["resourceType"]!.GetValue<string>() != "OperationOutcome" && isIt(r))["id"]!.GetValue<string>();
    }
}

[CollectionDefinition(nameof(ClientSilo))]
public sealed class ClientSiloCollection : ICollectionFixture<ClientSilo>;
