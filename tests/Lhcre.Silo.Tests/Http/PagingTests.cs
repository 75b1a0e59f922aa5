using System.Net;
using System.Text.Json.Nodes;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>Pages, as a client walks through them by their <c>next</c> links while sources go on pushing.</summary>
[Collection(nameof(TestSilo))]
public sealed class PagingTests(TestSilo silo)
{
    private const int Before = 23;

    private readonly string _nhs = FreshNhsNumber();

    private string Id => TestSilo.PatientId(_nhs);

    public static TheoryData<string> Queries { get; } =
        ["Observation?patient={0}&_count=5", "Observation?patient={0}&_sort=-date,_id&_count=4", "Patient/{0}/$everything?_count=7", "_history?patient={0}&_count=6"];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Nothing_is_repeated_or_skipped_whatever_is_pushed_meanwhile(string query)
    {
        await silo.Push("dorset", Collection([Patient("pg-" + _nhs, _nhs), .. Enumerable.Range(0, Before).Select(n => Weight(n, 70))]));
        var path = "fhir/" + string.Format(null, query, Id);
        var expected = Keys((await silo.Get(path[..(path.IndexOf("_count", StringComparison.Ordinal) - 1)])).Json);
        var pushing = new CancellationTokenSource();
        var pushes = Push(pushing.Token);

        var (walked, total) = (new List<string>(), 0);
        var page = await silo.Get(path);
        while (true)
        {
            Assert.Equal(HttpStatusCode.OK, page.Status);
            walked.AddRange(Keys(page.Json));
            total = page.Json["total"]!.GetValue<int>();
            if (Link(page.Json, "next") is not { } next)
                break;
            await Task.Delay(20);
            page = await silo.Get(next);
        }

        await pushing.CancelAsync();
        var pushed = await pushes;

        Assert.True(pushed > 0, "nothing was pushed between the pages");
        Assert.Equal(walked.Distinct(), walked);
        Assert.Equal(total, walked.Count);
        // The version of the first page may already have some of the new ones; nothing of before is missing in it.
        if (!query.Contains("_history", StringComparison.Ordinal))
            Assert.Superset(expected.Select(k => k.Split('@')[0]).ToHashSet(), walked.Select(k => k.Split('@')[0]).ToHashSet());
        else
            Assert.Superset(expected.ToHashSet(), walked.ToHashSet());
    }

    [Theory]
    [InlineData("_page=", "LHC504")]
    [InlineData("_page=x", "LHC504")]
    [InlineData("_page=1-0-5", "LHC504")]
    [InlineData("_page=1-0-5-0", "LHC535")]
    [InlineData("_page=999999-0-5-3", "LHC536")]
    public async Task A_page_that_there_never_was_is_refused_with_a_code(string page, string code)
    {
        await silo.Push("dorset", Collection(Patient("pg-" + _nhs, _nhs), Weight(1, 70)));

        var answer = await silo.Get($"fhir/Observation?patient={Id}&{page}", ("Prefer", "handling=lenient"));

        Assert.Contains(code, answer.Codes);
    }

    private async Task<int> Push(CancellationToken stop)
    {
        var count = 0;
        for (var n = Before; !stop.IsCancellationRequested; n++, count++)
            Assert.Equal(HttpStatusCode.OK, (await silo.Push("dorset", Collection(Weight(n, 70), Weight(n % Before, 71 + n)))).Status);
        return count;
    }

    private string Weight(int number, int kilograms) => $$$"""
        {"resourceType":"Observation","id":"w{{{number}}}-{{{_nhs}}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},
         "subject":{"reference":"Patient/pg-{{{_nhs}}}"},"effectiveDateTime":"{{{new DateTime(2024, 1, 1).AddDays(number):yyyy-MM-dd}}}T09:00:00Z",
         "valueQuantity":{"value":{{{kilograms}}},"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}
        """;

    private static List<string> Keys(JsonNode bundle) =>
        [.. bundle["entry"]?.AsArray().Where(e => e!["search"]?["mode"]?.GetValue<string>() is null or "match")
            .Select(e => $"{e!["fullUrl"]?.GetValue<string>() ?? e["request"]!["url"]!.GetValue<string>()}@{e["response"]?["etag"]?.GetValue<string>() ?? e["resource"]?["meta"]?["versionId"]?.GetValue<string>()}") ?? []];

    private static string? Link(JsonNode bundle, string relation) =>
        bundle["link"]!.AsArray().FirstOrDefault(l => l!["relation"]!.GetValue<string>() == relation)?["url"]!.GetValue<string>();
}
