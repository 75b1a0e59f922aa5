using Lhcre.Intake;

namespace Lhcre.Silo.Tests.Restricting;

/// <summary>Every interaction of <c>/fhir</c> about one person, in every form.</summary>
internal sealed class Interactions
{
    private const string Json = "application/fhir+json", Xml = "application/fhir+xml", Page = "text/html";

    // Of nobody: what is served, and how the feeds stand. And what erases, whose answer is a code and nothing of the person: EraseSpec holds it to that.
    private static readonly string[] OfNobody = ["/fhir/metadata", "/fhir/$source-status", "/fhir/Patient/{id}/$erase"];

    private readonly List<Interaction> _all = [];

    private Interactions()
    {
    }

    /// <summary>All of them; fails where the server offers one that is not asked here.</summary>
    /// <param name="person">Whose record.</param>
    /// <param name="nhs">Their NHS number.</param>
    /// <param name="resources">All that is shown of them, as <c>Type/id</c>.</param>
    /// <param name="versions">All versions there are of anything.</param>
    /// <param name="times">When each came about.</param>
    /// <param name="offered">What the server offers, as the OpenAPI document lists it.</param>
    public static IReadOnlyList<Interaction> Of(string person, string nhs, string[] resources, string[] versions, string[] times, IEnumerable<string> offered)
    {
        var identifier = $"identifier=https://fhir.nhs.uk/Id/nhs-number%7C{nhs}";
        var asked = new Interactions();
        asked.OfTypes(person, identifier, [.. resources.Select(r => r.Split('/')[0]).Distinct()]);
        asked.OfResources(resources, versions);
        asked.OfTheRecord(person, times);
        asked.Summaries(person, nhs, identifier, times);
        foreach (var one in asked._all.Where(a => a.Path is var path && (path.EndsWith("/$everything", StringComparison.Ordinal) || path.EndsWith("/$summary", StringComparison.Ordinal))).ToArray())
            asked._all.Add(one with { IsStrict = true });
        foreach (var kind in asked._all.GroupBy(a => a.Kind).Where(k => k.First().Method == "GET").ToArray())
            asked._all.Add(kind.First() with { Kind = kind.Key.Replace("GET", "HEAD", StringComparison.Ordinal) });
        Assert.Equal(offered.Select(OfItsType).Where(o => !OfNobody.Contains(o.Split(' ')[1])).Distinct().Order(), asked._all.Select(a => a.Kind).Distinct().Order());
        return asked._all;
    }

    private void OfTypes(string person, string identifier, string[] shown)
    {
        foreach (var type in FhirTypes.All)
        {
            Ask("GET /fhir/{type}", $"fhir/{type}?{Named(type)}={person}");
            Ask("GET /fhir/{type}/_history", $"fhir/{type}/_history?patient={person}");
        }

        foreach (var type in shown)
        {
            Ask("GET /fhir/{type}", $"fhir/{type}?{Named(type)}={person}", Xml);
            Ask("GET /fhir/{type}", $"fhir/{type}?{Named(type)}={person}&_include=*&_revinclude=*&_sort=-_lastUpdated");
            Ask("GET /fhir/{type}", $"fhir/{type}?{Named(type)}={person}&_revinclude=Provenance:target&_count=2");
            Ask("GET /fhir/{type}", $"fhir/{type}?{(type == "Patient" ? "" : "patient.")}{identifier}&_elements=id,performer,author,identifier,address,meta,text");
            Ask("POST /fhir/{type}/_search", $"fhir/{type}/_search", form: $"{Named(type)}={person}&_include=*");
            Ask("POST /fhir/{type}/_search", $"fhir/{type}/_search", form: $"{Named(type)}={person}&_summary=true");
        }

        Ask("GET /fhir/{type}", $"fhir/Patient?{identifier}");
        Ask("GET /fhir/{type}", $"fhir/Patient?{identifier}", Xml);
        Ask("GET /fhir/{type}", "fhir/Patient?family=Restricted&birthdate=1970-05-04");
    }

    private void OfResources(string[] resources, string[] versions)
    {
        foreach (var resource in resources)
        {
            Ask("GET /fhir/{type}/{id}", $"fhir/{resource}");
            Ask("GET /fhir/{type}/{id}", $"fhir/{resource}", Xml);
            Ask("GET /fhir/{type}/{id}", $"fhir/{resource}?_summary=true");
            Ask("GET /fhir/{type}/{id}/_history", $"fhir/{resource}/_history");
            Ask("GET /fhir/{type}/{id}/$explain", $"fhir/{resource}/$explain");
            Ask("POST /fhir/{type}/{id}/$explain", $"fhir/{resource}/$explain");
            foreach (var version in versions)
                Ask("GET /fhir/{type}/{id}/_history/{version}", $"fhir/{resource}/_history/{version}");
        }
    }

    private void OfTheRecord(string person, string[] times)
    {
        string[] queries = ["", "?_revinclude=Provenance:target", "?_elements=address,performer,meta", "?_summary=text", "?_count=3", "?_pretty=true", "?_type=Organization,Patient", .. times.Select(t => $"?_at={t}")];
        foreach (var query in queries)
        {
            Ask("GET /fhir/Patient/{id}/$everything", $"fhir/Patient/{person}/$everything{query}");
            Ask("GET /fhir/Patient/{id}/$everything", $"fhir/Patient/{person}/$everything{query}", Xml);
        }

        Ask("POST /fhir/Patient/{id}/$everything", $"fhir/Patient/{person}/$everything", form: """{"resourceType":"Parameters"}""");
        Ask("GET /fhir/_history", $"fhir/_history?patient={person}", Xml);
        foreach (var query in (string[])["", .. times.Select(t => $"&_at={t}")])
            Ask("GET /fhir/_history", $"fhir/_history?patient={person}{query}");
    }

    private void Summaries(string person, string nhs, string identifier, string[] times)
    {
        foreach (var accept in (string[])[Json, Xml, Page])
        {
            foreach (var query in (string[])["", .. times.Select(t => $"?_at={t}")])
                Ask("GET /fhir/Patient/{id}/$summary", $"fhir/Patient/{person}/$summary{query}", accept);
            Ask("POST /fhir/Patient/{id}/$summary", $"fhir/Patient/{person}/$summary", accept);
            Ask("GET /fhir/Patient/$summary", $"fhir/Patient/$summary?{identifier}", accept);
            Ask("POST /fhir/Patient/$summary", "fhir/Patient/$summary", accept, $$$"""
                {"resourceType":"Parameters","parameter":[{"name":"identifier","valueIdentifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{{{nhs}}}"}}]}
                """);
        }
    }

    private void Ask(string kind, string path, string accept = Json, string? form = null) => _all.Add(new Interaction(kind, path, form, accept));

    // How a search names its person.
    private static string Named(string type) => type == "Patient" ? "_id" : "patient";

    private static string OfItsType(string offered) =>
        offered.Split(' ') is [var method, var path] && path.Split('/') is ["", "fhir", var type] && FhirTypes.IsResource(type) ? $"{method} /fhir/{{type}}" : offered;
}
