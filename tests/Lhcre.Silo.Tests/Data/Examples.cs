using System.Globalization;
using Lhcre.Record;

namespace Lhcre.Silo.Tests.Data;

/// <summary>Small resources for tests. Every person of a test run has an NHS number of its own in the 999 range.</summary>
internal static class Examples
{
    private static int _last;

    /// <summary>A number that nobody else in this run has.</summary>
    public static string FreshNhsNumber()
    {
        while (true)
        {
            var first9 = 999_500_000 + Interlocked.Increment(ref _last);
            if (NhsNumber.TryComplete(first9, out var number))
                return number.Digits();
        }
    }

    public static string Patient(string id, string? nhsNumber, string more = "") =>
        nhsNumber is null
            ? $$"""{"resourceType":"Patient","id":"{{id}}","identifier":[{"system":"https://example.org/mrn","value":"MRN-{{id}}"}],"name":[{"family":"Śmith","given":["Ann"]}]{{more}}}"""
            : $$"""{"resourceType":"Patient","id":"{{id}}","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{{nhsNumber}}"},{"system":"https://example.org/mrn","value":"MRN-{{id}}"}],"name":[{"family":"Śmith","given":["Ann"]}]{{more}}}""";

    public static string Observation(string id, string patient, string value = "70.10", string more = "") =>
        $$$"""{"resourceType":"Observation","id":"{{{id}}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"subject":{"reference":"{{{patient}}}"},"valueQuantity":{"value":{{{value}}},"unit":"kg"}{{{more}}}}""";

    public static string Practitioner(string id, string family, string more = "") =>
        $$"""{"resourceType":"Practitioner","id":"{{id}}","name":[{"family":"{{family}}"}]{{more}}}""";

    public static string Meta(string lastUpdated, string versionId = "1") =>
        $$""","meta":{"versionId":"{{versionId}}","lastUpdated":"{{lastUpdated}}"}""";

    public static string Collection(params IEnumerable<string> resources) => Bundle("collection", resources.Select(r => $$"""{"resource":{{r}}}"""));

    public static string Puts(string type, params IEnumerable<(string Reference, string Resource)> entries) =>
        Bundle(type, entries.Select(e => $$$"""{"resource":{{{e.Resource}}},"request":{"method":"PUT","url":"{{{e.Reference}}}"}}"""));

    public static string Posted(string fullUrl, string type, string resource) =>
        $$$"""{"fullUrl":"{{{fullUrl}}}","resource":{{{resource}}},"request":{"method":"POST","url":"{{{type}}}"}}""";

    public static string Bundle(string type, IEnumerable<string> entries, string more = "") =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"resourceType":"Bundle","type":"{{type}}"{{more}},"entry":[{{string.Join(',', entries)}}]}""");
}
