using System.Text.Json;
using Lhcre.Record;

namespace Lhcre.Clients.Tests.Validity;

/// <summary>Asks for one person in every way that is served.</summary>
internal sealed class ServedRecord
{
    private readonly Served _served;
    private readonly string _patient;
    private readonly List<(string Type, string Id)> _resources = [];

    private ServedRecord(Served served, string patient) => (_served, _patient) = (served, patient);

    /// <summary>The person who has an NHS number, found by it; null where nobody has it.</summary>
    public static async Task<ServedRecord?> Find(Served served, string number)
    {
        var found = Resources(await served.Get($"fhir/Patient?identifier={NhsNumber.System}|{number}"));
        if (found is not [var (_, id)])
            return null;
        var record = new ServedRecord(served, id);
        record._resources.AddRange(Resources(await served.Get($"fhir/Patient/{id}/$everything")));
        return record;
    }

    /// <summary>How many resources <c>$everything</c> has.</summary>
    public int Count => _resources.Count;

    /// <summary>The whole of it, in the other ways: with where it comes from, page by page, as a summary, and its past.</summary>
    public async Task Whole()
    {
        await _served.Get($"fhir/Patient/{_patient}/$everything?_revinclude=Provenance:target");
        await _served.Get($"fhir/Patient/{_patient}/$everything?_count=50");
        await _served.Get($"fhir/Patient/{_patient}/$summary");
        await _served.Get($"fhir/Patient/{_patient}/_history");
    }

    /// <summary>Searches of each type that it has, and one of its resources, every <paramref name="every"/>-th type: alone (as XML too), its versions, its explanation.</summary>
    public async Task EachType(int every = 1)
    {
        var first = _resources.DistinctBy(r => r.Type).Where((_, n) => n % every == 0);
        foreach (var (type, id) in first)
        {
            await _served.Get($"fhir/{type}?patient={_patient}&_count=20");
            await _served.GetBoth($"fhir/{type}/{id}");
            await _served.Get($"fhir/{type}/{id}/$explain");
            await _served.Get($"fhir/{type}/{id}/_history");
        }
    }

    private static List<(string Type, string Id)> Resources(byte[] bundle)
    {
        using var json = JsonDocument.Parse(bundle, new JsonDocumentOptions { MaxDepth = 128 });
        return json.RootElement.TryGetProperty("entry", out var entries)
            ? [.. entries.EnumerateArray().Where(e => e.TryGetProperty("search", out var search) && search.GetProperty("mode").ValueEquals("match"))
                .Select(e => e.GetProperty("resource"))
                .Select(r => (r.GetProperty("resourceType").GetString()!, r.GetProperty("id").GetString()!))]
            : [];
    }
}
