using System.Text.Json.Nodes;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Silo.Tests.Http;

/// <summary>A silo that takes hospital numbers for names of people.</summary>
public sealed class UnnumberedSilo : IAsyncLifetime
{
    internal const string Mrn = "https://example.org/mrn";

    /// <summary>The numbers that the hospital RCB gives, as its HL7 v2 messages name them (CX.4).</summary>
    internal const string Issued = "https://fhir.wessexcarerecords.org.uk/Id/isle-of-wight/RCB";

    internal TestSilo Http { get; } = new(
        async folder => await SqliteJournal.Open(folder.FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None), TakesMrn);

    public Task InitializeAsync() => Http.InitializeAsync();

    public Task DisposeAsync() => Http.DisposeAsync();

    internal static ServeOptions TakesMrn(ServeOptions options) => options with
    {
        Sources = [.. options.Sources.Select(s => s with { PersonSystems = [s.Id == "isle-of-wight" ? Issued : Mrn, .. SourceSystem.NationalSystems] })],
    };

    /// <summary>Whom a search by a hospital number finds.</summary>
    internal static async Task<IReadOnlyList<JsonNode>> Find(TestSilo silo, string mrn) =>
        (await silo.Get($"fhir/Patient?identifier={Mrn}|{mrn}")).Resources("match");

    /// <summary>The contributors of all that is shown of a person, by id, each as <c>source Type/id</c>; none for nobody.</summary>
    internal static async Task<string> Shown(TestSilo silo, string patientId)
    {
        var answer = await silo.Get($"fhir/Patient/{patientId}/$everything");
        return string.Join(' ', answer.Resources("match").SelectMany(Contributors).Order(StringComparer.Ordinal));
    }

    /// <summary>The same with all that is said, less our own stamps.</summary>
    internal static async Task<string> Said(TestSilo silo, string patientId)
    {
        var resources = (await silo.Get($"fhir/Patient/{patientId}/$everything")).Resources("match");
        foreach (var meta in resources.Select(r => r["meta"]!.AsObject()))
        {
            meta.Remove("versionId");
            meta.Remove("lastUpdated");
        }

        return string.Join('\n', resources.Select(r => r.ToJsonString()));
    }

    internal static bool IsUnverified(JsonNode patient) => patient["meta"]!["extension"]!.AsArray()
        .Any(e => e!["url"]!.GetValue<string>() == "https://fhir.wessexcarerecords.org.uk/StructureDefinition/unverified-identity" && e["valueBoolean"]!.GetValue<bool>());

    private static IEnumerable<string> Contributors(JsonNode resource) => resource["meta"]!["extension"]!.AsArray()
        .Where(e => e!["url"]!.GetValue<string>().EndsWith("/contributor", StringComparison.Ordinal))
        .Select(e => $"{e!["extension"]![0]!["valueCode"]!.GetValue<string>()} {e["extension"]![1]!["valueString"]!.GetValue<string>()}");
}
