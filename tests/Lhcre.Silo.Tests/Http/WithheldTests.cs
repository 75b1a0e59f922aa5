using System.Net;
using System.Text.Json.Nodes;
using Lhcre.Record;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>Another person's resources under somebody's NHS number: withheld from the record, and in sight of an operator.</summary>
[Collection(nameof(TestSilo))]
public sealed class WithheldTests(TestSilo silo)
{
    private readonly string _nhs = FreshNhsNumber();

    [Fact]
    public async Task They_are_in_no_merged_answer_and_are_listed_as_parked_with_a_reason()
    {
        await PushBoth();

        var everything = await silo.Everything(_nhs);
        Assert.Equal(["Patient/ann", "Observation/ann"], everything.Where(r => !IsIssue(r)).SelectMany(Contributed));
        // Whoever reads the record is told that something is withheld, and whose.
        var issue = everything.Single(IsIssue);
        Assert.Contains("hampshire", issue["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains($"{silo.Url}/sources/hampshire/fhir/Patient/bob-{_nhs}", issue["implicated"]!.AsArray().Select(i => i!["reference"]!.GetValue<string>()));
        var parked = await Parked();
        Assert.Equal(["Observation", "Patient"], parked.Select(p => p["resourceType"]!.GetValue<string>()).Order());
        Assert.All(parked, p => Assert.Equal(("LHC307", null), (p["code"]!.GetValue<string>(), p["waitsFor"])));
        Assert.All(parked, p => Assert.StartsWith("Withheld", p["reason"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.Equal("Sample", parked.Single(p => p["resourceType"]!.GetValue<string>() == "Patient")["resource"]!["name"]![0]!["family"]!.GetValue<string>());
    }

    [Fact]
    public async Task Whoever_pushed_them_is_told_at_once_and_again()
    {
        await silo.Push("dorset", Collection(Person("ann-", "Example", "Ann", "1980-01-01")));
        var bob = Person("bob-", "Sample", "Bob", "1951-07-13");

        var (first, again) = (await silo.Push("hampshire", Collection(bob)), await silo.Push("hampshire", Collection(bob)));
        var put = await silo.Put("hampshire", $"Patient/bob-{_nhs}", bob);

        Assert.All([first, again], a => Assert.Equal(("202", "LHC307"), (a.EntryStatuses.Single(), a.Codes.Single())));
        Assert.Equal((HttpStatusCode.Accepted, "LHC307"), (put.Status, put.Codes.Single()));
    }

    [Fact]
    public async Task Their_own_source_reads_them_still()
    {
        await PushBoth();

        Assert.Equal(HttpStatusCode.OK, (await silo.Get($"sources/hampshire/fhir/Observation/bob-{_nhs}")).Status);
    }

    [Fact]
    public async Task Explain_tells_that_they_are_withheld()
    {
        await PushBoth();
        var id = new MergedId(PatientKey.Parse(TestSilo.PatientId(_nhs)), new EntryKey("hampshire", "Observation", "bob-" + _nhs).Hash());

        var explained = (await silo.Get($"fhir/Observation/{id}/$explain")).Json["parameter"]!.AsArray();
        var person = (await silo.Get($"fhir/Patient/{id.Patient}/$explain")).Json["parameter"]!.AsArray();

        Assert.Equal(("withheld", "LHC307"), (Value(explained, "status"), Value(explained, "code")));
        Assert.Equal($"{silo.Url}/sources/hampshire/fhir/Observation/bob-{_nhs}", Value(Part(explained, "member"), "reference"));
        Assert.Equal(("shown", "hampshire"), (Value(person, "status"), Value(Part(person, "withheld"), "source")));
    }

    [Fact]
    public async Task No_push_of_anything_else_releases_them()
    {
        await PushBoth();

        // The Patient that the withheld result is filed under has a person: whatever else waits for such a one is released by it.
        await silo.Push("hampshire", Collection(Observation("more-" + _nhs, "Patient/bob-" + _nhs)));
        await silo.Push("dorset", Collection(Observation("more-" + _nhs, "Patient/ann-" + _nhs)));

        Assert.Equal(3, (await Parked()).Count);
        Assert.Equal(3, (await silo.Everything(_nhs)).Count(r => !IsIssue(r)));
    }

    [Fact]
    public async Task Corrected_by_their_source_they_are_shown()
    {
        await PushBoth();

        await silo.Put("hampshire", "Patient/bob-" + _nhs, Person("bob-", "Example", "Ann", "1980-01-01"));

        Assert.Empty(await Parked());
        Assert.Equal(
            ["Observation/ann", "Observation/bob", "Patient/ann", "Patient/bob"],
            (await silo.Everything(_nhs)).SelectMany(Contributed).Distinct().Order());
    }

    private async Task PushBoth()
    {
        await silo.Push("dorset", Collection(Person("ann-", "Example", "Ann", "1980-01-01"), Observation("ann-" + _nhs, "Patient/ann-" + _nhs)));
        await silo.Push("hampshire", Collection(Person("bob-", "Sample", "Bob", "1951-07-13"), Observation("bob-" + _nhs, "Patient/bob-" + _nhs, "80")));
    }

    private string Person(string id, string family, string given, string birthDate) => $$"""
        {"resourceType":"Patient","id":"{{id}}{{_nhs}}","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{{_nhs}}"}],
         "name":[{"family":"{{family}}","given":["{{given}}"]}],"birthDate":"{{birthDate}}"}
        """;

    private async Task<List<JsonNode>> Parked() =>
    [
        .. (await silo.Get("sources/hampshire/parked?_count=1000")).Json["parked"]!.AsArray().Select(p => p!)
            .Where(p => p["resourceId"]!.GetValue<string>().EndsWith(_nhs, StringComparison.Ordinal)),
    ];

    private IEnumerable<string> Contributed(JsonNode resource) => resource["meta"]!["extension"]!.AsArray()
        .Where(e => e!["url"]!.GetValue<string>().EndsWith("/contributor", StringComparison.Ordinal))
        .Select(e => e!["extension"]![1]!["valueString"]!.GetValue<string>().Replace("-" + _nhs, "", StringComparison.Ordinal));

    private static bool IsIssue(JsonNode resource) => resource["resourceType"]!.GetValue<string>() == "DetectedIssue";

    private static JsonArray Part(JsonArray parameters, string name) => parameters.Single(p => p!["name"]!.GetValue<string>() == name)!["part"]!.AsArray();

    private static string Value(JsonArray parameters, string name) =>
        parameters.Single(p => p!["name"]!.GetValue<string>() == name)!.AsObject().Single(m => m.Key.StartsWith("value", StringComparison.Ordinal)).Value!.GetValue<string>();
}
