using System.Net;
using System.Text.Json.Nodes;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>
/// CLINICAL.md, "Known failures of others", those that belong to the process; the rest are in Lhcre.Record.Tests. <i>Unmerge refused once
/// anything changed</i> is not here: identities are not merged by anybody yet.
/// </summary>
[Collection(nameof(TestSilo))]
public sealed class KnownFailuresTests(TestSilo silo)
{
    private static readonly string[] Sources = ["dorset", "hampshire", "isle-of-wight"];

    private readonly string _nhs = FreshNhsNumber();

    [Fact]
    public async Task Parallel_creates_that_duplicate()
    {
        // Three sources, eight times each at once, and nobody has heard of her before.
        const string Shared = ""","identifier":[{"system":"https://example.org/results","value":"R1"}]""";
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(n => Task.Run(() => silo.Push(
            Sources[n % 3], Collection(Patient($"{Sources[n % 3]}-{_nhs}", _nhs), Observation($"{Sources[n % 3]}-{_nhs}", $"Patient/{Sources[n % 3]}-{_nhs}", more: Shared))))));

        Assert.All(answers, answer => Assert.All(answer.EntryStatuses, status => Assert.StartsWith("20", status, StringComparison.Ordinal)));
        var everything = await silo.Everything(_nhs);
        Assert.Equal(["Patient", "Observation"], everything.Select(r => r["resourceType"]!.GetValue<string>()));
        Assert.Equal(Sources, Contributors(everything[1]));
    }

    [Fact]
    public async Task Same_identity_writes_within_one_transaction_silently_dropped()
    {
        var transaction = Puts(
            "transaction",
            ($"Patient/t-{_nhs}", Patient($"t-{_nhs}", _nhs)),
            ($"Observation/t-{_nhs}", Observation($"t-{_nhs}", $"Patient/t-{_nhs}", "70")),
            ($"Observation/t-{_nhs}", Observation($"t-{_nhs}", $"Patient/t-{_nhs}", "71")));

        var refused = await silo.Push("dorset", transaction);
        Assert.InRange((int)refused.Status, 400, 499);
        Assert.Contains("LHC409", refused.Codes);
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Get($"fhir/Patient/{TestSilo.PatientId(_nhs)}")).Status);

        // In a batch each entry is an act of its own: both are acknowledged, and the later one stands.
        var batch = await silo.Push("dorset", transaction.Replace("\"transaction\"", "\"batch\"", StringComparison.Ordinal));
        Assert.Equal(["201", "201", "200"], batch.EntryStatuses);
        Assert.Contains("\"value\":71", (await silo.Get($"sources/dorset/fhir/Observation/t-{_nhs}")).Body, StringComparison.Ordinal);
    }

    // There are no notifications yet; each will be of a version, and one change makes one.
    [Fact]
    public async Task Notifications_sent_nineteen_times_for_one_change()
    {
        var first = Collection(Patient($"n-{_nhs}", _nhs), Observation($"n-{_nhs}", $"Patient/n-{_nhs}"));
        await silo.Push("dorset", first);
        var before = await Versions();

        for (var again = 0; again < 19; again++)
            await silo.Push("dorset", first);
        Assert.Equal(before, await Versions());

        await silo.Push("dorset", Collection(Observation($"n-{_nhs}", $"Patient/n-{_nhs}", "71")));
        var after = await Versions();
        Assert.Equal([before[0], $"{int.Parse(before[1], System.Globalization.CultureInfo.InvariantCulture) + 1}"], after);
    }

    // PDS sandbox: 9000000009 and 9000000017, 9693633121 and 9693633148 share birthday and, but for a letter, the name.
    [Fact]
    public async Task Near_twins_are_two_people_by_their_numbers_alone()
    {
        var twin = FreshNhsNumber();
        await silo.Push("dorset", Collection(Patient($"a-{_nhs}", _nhs), Observation($"a-{_nhs}", $"Patient/a-{_nhs}")));
        await silo.Push("dorset", Collection(Patient($"b-{_nhs}", twin), Observation($"b-{_nhs}", $"Patient/b-{_nhs}")));

        Assert.Equal([$"Patient/a-{_nhs}", $"Observation/a-{_nhs}"], (await silo.Everything(_nhs)).SelectMany(References));
        Assert.Equal([$"Patient/b-{_nhs}", $"Observation/b-{_nhs}"], (await silo.Everything(twin)).SelectMany(References));
    }

    private async Task<string[]> Versions() => [.. (await silo.Everything(_nhs)).Select(r => r["meta"]!["versionId"]!.GetValue<string>())];

    private static IEnumerable<string> Contributors(JsonNode resource) =>
        resource["meta"]!["extension"]!.AsArray().Select(e => e!["extension"]![0]!["valueCode"]!.GetValue<string>());

    private static IEnumerable<string> References(JsonNode resource) =>
        resource["meta"]!["extension"]!.AsArray().Select(e => e!["extension"]![1]!["valueString"]!.GetValue<string>());
}
