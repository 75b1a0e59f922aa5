using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Lhcre.Intake.Tests.Summaries;

/// <summary>What every summary document must be, whoever it is of.</summary>
internal sealed partial class Documents(IpsProfiles profiles)
{
    private static readonly Dictionary<string, string> Profiles = new()
    {
        ["Composition"] = "Composition-uv-ips",
        ["Patient"] = "Patient-uv-ips",
        ["AllergyIntolerance"] = "AllergyIntolerance-uv-ips",
        ["Condition"] = "Condition-uv-ips",
        ["MedicationStatement"] = "MedicationStatement-uv-ips",
        ["MedicationRequest"] = "MedicationRequest-uv-ips",
        ["Medication"] = "Medication-uv-ips",
        ["Immunization"] = "Immunization-uv-ips",
        ["Procedure"] = "Procedure-uv-ips",
        ["Observation"] = "Observation-results-uv-ips",
        ["DiagnosticReport"] = "DiagnosticReport-uv-ips",
        ["DeviceUseStatement"] = "DeviceUseStatement-uv-ips",
        ["Organization"] = "Organization-uv-ips",
        ["Practitioner"] = "Practitioner-uv-ips",
        ["PractitionerRole"] = "PractitionerRole-uv-ips",
        ["Specimen"] = "Specimen-uv-ips",
    };

    // What a source said is not taken away: a result that was amended is amended, and a report may be of two categories.
    private static readonly string[] Said = ["Observation.status: ", "DiagnosticReport.status: ", "DiagnosticReport.category: 2,", "DiagnosticReport.category: 3,"];

    // FHIR R4, narrative.html: no script, form, frame, link to a style, nor any attribute of an event.
    private static readonly string[] Allowed =
        ["div", "p", "table", "caption", "thead", "tbody", "tr", "th", "td", "ul", "ol", "li", "strong", "br", "h1", "h2", "h3", "h4", "h5", "h6", "span", "em", "b", "i"];

    /// <summary>How many resources of each type were held against their profile.</summary>
    public SortedDictionary<string, int> Held { get; } = new(StringComparer.Ordinal);

    /// <summary>What is wrong with a document; empty for nothing.</summary>
    public List<string> Faults(byte[] document)
    {
        var bundle = JsonSerializer.Deserialize<JsonElement>(document);
        var entries = bundle.GetProperty("entry").EnumerateArray().ToList();
        var byUrl = new Dictionary<string, JsonElement>();
        var faults = new List<string>();
        foreach (var entry in entries)
        {
            var (url, resource) = (entry.GetProperty("fullUrl").GetString()!, entry.GetProperty("resource"));
            if (!byUrl.TryAdd(url, resource) || !url.EndsWith($"/{TypeOf(resource)}/{resource.GetProperty("id").GetString()}", StringComparison.Ordinal))
                faults.Add($"fullUrl of a {TypeOf(resource)}");
        }

        var server = entries[0].GetProperty("fullUrl").GetString()!.Split("/Composition/")[0];
        JsonElement? Resolve(string reference) => byUrl.TryGetValue(reference.Contains("://", StringComparison.Ordinal) ? reference : $"{server}/{reference}", out var found) ? found : null;

        faults.AddRange(profiles.Faults("Bundle-uv-ips", bundle, Resolve));
        if (Push.StrictFaults(document) is { Length: > 0 } strict)
            faults.Add($"strictly read: {strict}");
        if (TypeOf(entries[0].GetProperty("resource")) != "Composition" || entries.Count(e => TypeOf(e.GetProperty("resource")) == "Composition") != 1)
            faults.Add("The first is the one Composition.");
        if (bundle.GetProperty("identifier") is var identifier && !(identifier.TryGetProperty("system", out _) && identifier.TryGetProperty("value", out _)))
            faults.Add("bdl-9");
        foreach (var resource in byUrl.Values)
            Take(resource, Resolve, faults);
        faults.AddRange(byUrl.Keys.Except(Reached(entries[0].GetProperty("resource"), server, byUrl)).Select(url => $"Nobody refers to a {TypeOf(byUrl[url])}."));
        return faults;
    }

    private void Take(JsonElement resource, Func<string, JsonElement?> resolve, List<string> faults)
    {
        var type = TypeOf(resource);
        if (Profiles.TryGetValue(type, out var profile))
        {
            Held[type] = Held.GetValueOrDefault(type) + 1;
            // Of a problem that was entered in error the profile demands a clinical status, and FHIR forbids one (con-5).
            faults.AddRange(profiles.Faults(profile, resource, resolve)
                .Where(f => !Array.Exists(Said, f.StartsWith) && !(IsEnteredInError(resource) && f.StartsWith("Condition.clinicalStatus: 0,", StringComparison.Ordinal))));
        }

        faults.AddRange(References(resource).Where(r => resolve(r) is null && !r.StartsWith('#') && !Absolute().IsMatch(r)).Select(r => $"{type}: {r} leads nowhere"));
        if (type is "AllergyIntolerance" or "Condition" && resource.TryGetProperty("clinicalStatus", out _) == IsEnteredInError(resource))
            faults.Add($"{type}: ait-1, ait-2, con-5");
        if (type != "Composition")
            return;
        foreach (var text in resource.GetProperty("section").EnumerateArray().Append(resource).Select(s => s.GetProperty("text")))
            Narrative(text.GetProperty("div").GetString()!, faults);
    }

    private static void Narrative(string division, List<string> faults)
    {
        var div = XElement.Parse(division);
        XNamespace xhtml = "http://www.w3.org/1999/xhtml";
        if (div.Name != xhtml + "div" || string.IsNullOrWhiteSpace(div.Value) || div.Descendants().Any(e => e.Name.Namespace != xhtml || !Allowed.Contains(e.Name.LocalName)))
            faults.Add("A narrative is a div of XHTML with something in it.");
        if (div.Descendants().Attributes().Any(a => a.Name.LocalName is not ("scope" or "lang" or "class")))
            faults.Add("An attribute of a narrative.");
    }

    private static HashSet<string> Reached(JsonElement composition, string server, Dictionary<string, JsonElement> byUrl)
    {
        var reached = new HashSet<string> { $"{server}/Composition/{composition.GetProperty("id").GetString()}" };
        var next = new Queue<JsonElement>([composition]);
        while (next.TryDequeue(out var resource))
        {
            foreach (var url in References(resource).Select(r => $"{server}/{r}").Where(u => byUrl.ContainsKey(u) && reached.Add(u)))
                next.Enqueue(byUrl[url]);
        }

        return reached;
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(m =>
            m.NameEquals("reference") && m.Value.ValueKind == JsonValueKind.String ? [m.Value.GetString()!] : References(m.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static bool IsEnteredInError(JsonElement resource) =>
        resource.TryGetProperty("verificationStatus", out var status) && status.GetRawText().Contains("\"entered-in-error\"", StringComparison.Ordinal);

    private static string TypeOf(JsonElement resource) => resource.GetProperty("resourceType").GetString()!;

    [GeneratedRegex("^https?://")]
    private static partial Regex Absolute();
}
