using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>Pushes that say that they are all that their source says of a person: <c>X-Lhcre-Extent</c>.</summary>
[Collection(nameof(TestSilo))]
public sealed class ExtentTests(TestSilo silo)
{
    private const string Header = "X-Lhcre-Extent";

    private readonly string _nhs = FreshNhsNumber();

    [Fact]
    public async Task What_is_left_out_of_a_whole_push_is_withdrawn_and_the_answer_says_how_much()
    {
        await Push("dorset", 1, [Condition("a"), Condition("b"), Condition("c"), Weight("w")]);

        var answer = await Push("dorset", 2, [Condition("a")], (Header, "whole; types=Condition"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["whole; withdrawn=2"], answer.Headers.GetValues(Header));
        var told = Assert.Single(answer.Json["entry"]![0]!["response"]!["outcome"]!["issue"]!.AsArray())!;
        Assert.Equal(("information", "LHC323", "2 withdrawn"), ($"{told["severity"]}", $"{told["details"]!["coding"]![0]!["code"]}", $"{told["diagnostics"]}"));
        Assert.Equal(["Condition a", "Observation w", "Patient p"], await Shown("dorset"));
        Assert.Equal(HttpStatusCode.Gone, (await silo.Get($"sources/dorset/fhir/Condition/b-{_nhs}")).Status);
        Assert.Equal(["Condition a", "Observation w", "Patient p"], [.. (await silo.Everything(_nhs)).Select(r => Words(r, false)).Order(StringComparer.Ordinal)]);
    }

    [Fact]
    public async Task Without_types_it_is_whole_of_all_of_them()
    {
        await Push("dorset", 1, [Condition("a"), Weight("w")]);

        var answer = await Push("dorset", 2, [], (Header, "Whole"));

        Assert.Equal(["whole; withdrawn=2"], answer.Headers.GetValues(Header));
        Assert.Equal(["Patient p"], await Shown("dorset"));
    }

    [Fact]
    public async Task The_same_again_under_its_id_or_another_withdraws_nothing_more()
    {
        await Push("dorset", 1, [Condition("a"), Condition("b")]);
        var first = await Push("dorset", 2, [Condition("a")], (Header, "whole"), ("X-Request-Id", "e-" + _nhs));

        var (again, other) = (await Push("dorset", 2, [Condition("a")], (Header, "whole"), ("X-Request-Id", "e-" + _nhs)), await Push("dorset", 2, [Condition("a")], (Header, "whole")));

        Assert.Equal((first.Status, first.Body, "whole; withdrawn=1"), (again.Status, again.Body, Assert.Single(again.Headers.GetValues(Header))));
        Assert.Equal((HttpStatusCode.OK, "whole; withdrawn=0"), (other.Status, Assert.Single(other.Headers.GetValues(Header))));
        Assert.Equal(["Condition a", "Patient p"], await Shown("dorset"));
    }

    [Fact]
    public async Task One_that_comes_late_withdraws_nothing_that_was_said_since_and_what_comes_late_after_one_is_history()
    {
        await Push("dorset", 3, [Condition("a")]);
        await Push("dorset", 2, [], (Header, "whole"));
        var late = await Push("dorset", 1, [Condition("b")]);

        Assert.Contains("LHC414", late.Codes);
        Assert.Equal(["Condition a", "Patient p"], await Shown("dorset"));
    }

    [Fact]
    public async Task Nothing_is_withdrawn_where_an_entry_is_refused_or_parked_and_the_answer_says_so()
    {
        await Push("dorset", 1, [Condition("a"), Condition("b")]);
        var ahead = DateTimeOffset.UtcNow.AddDays(3).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        string[] held = [Condition("x").Replace("\"subject\"", "\"clinicalStatus\":[1,2],\"subject\"", StringComparison.Ordinal), Condition("x", Meta(ahead))];
        foreach (var (entry, i) in held.Select((e, i) => (e, i)))
        {
            var answer = await Push("dorset", 2 + i, [entry], (Header, "whole"), ("X-Request-Id", $"h{i}-{_nhs}"));

            Assert.Equal(["held"], answer.Headers.GetValues(Header));
            Assert.Contains("LHC324", answer.Codes);
            Assert.Equal(["Condition a", "Condition b", "Patient p"], await Shown("dorset"));
        }

        // Mended, it is taken.
        Assert.Equal(["whole; withdrawn=1"], (await Push("dorset", 4, [Condition("a")], (Header, "whole"))).Headers.GetValues(Header));
    }

    [Fact]
    public async Task One_that_was_held_is_held_again_under_its_id()
    {
        var parked = Observation("o-" + _nhs, "Patient/none-" + _nhs);
        (string, string)[] headers = [(Header, "whole"), ("X-Request-Id", "h-" + _nhs)];

        var (first, again) = (await Push("dorset", 1, [parked], headers), await Push("dorset", 1, [parked], headers));

        Assert.Equal(("held", "held"), (Assert.Single(first.Headers.GetValues(Header)), Assert.Single(again.Headers.GetValues(Header))));
        Assert.Equal((first.Status, first.Body), (again.Status, again.Body));
    }

    [Theory]
    [InlineData("part", HttpStatusCode.BadRequest, "LHC320")]
    [InlineData("", HttpStatusCode.BadRequest, "LHC320")]
    [InlineData("whole; kinds=Condition", HttpStatusCode.BadRequest, "LHC320")]
    [InlineData("whole; types=", HttpStatusCode.BadRequest, "LHC320")]
    [InlineData("whole; types=Condition,", HttpStatusCode.BadRequest, "LHC320")]
    [InlineData("whole; types=Conditions", HttpStatusCode.BadRequest, "LHC320")]
    [InlineData("whole; types=Condition; types=Procedure", HttpStatusCode.BadRequest, "LHC320")]
    [InlineData("whole; types=Condition,Patient", HttpStatusCode.UnprocessableEntity, "LHC321")]
    [InlineData("whole; types=Practitioner", HttpStatusCode.UnprocessableEntity, "LHC321")]
    public async Task What_cannot_be_read_is_refused_and_nothing_is_taken_in(string header, HttpStatusCode status, string code)
    {
        await Push("dorset", 1, [Condition("a")]);

        var answer = await Push("dorset", 2, [Condition("b")], (Header, header));

        Assert.Equal((status, code), (answer.Status, Assert.Single(answer.Codes)));
        Assert.Equal(["Condition a", "Patient p"], await Shown("dorset"));
    }

    [Fact]
    public async Task It_is_one_persons_or_refused()
    {
        var other = FreshNhsNumber();
        string[] pushes =
        [
            Collection(Patient("p-" + _nhs, _nhs), Patient("p-" + other, other)),
            Bundle("batch", [Posted("urn:uuid:00000000-0000-4000-8000-000000000001", "Practitioner", Practitioner("x-" + _nhs, "X"))]),
            Bundle("collection", []),
        ];
        foreach (var push in pushes)
        {
            var answer = await silo.Push("dorset", push, (Header, "whole"));
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "LHC322"), (answer.Status, Assert.Single(answer.Codes)));
        }

        var single = await silo.Send(HttpMethod.Put, $"sources/dorset/fhir/Patient/p-{_nhs}", Patient("p-" + _nhs, _nhs), (Header, "whole"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "LHC322"), (single.Status, Assert.Single(single.Codes)));
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Get($"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything")).Status);
    }

    [Fact]
    public async Task Without_a_time_it_is_as_of_its_arrival_and_says_so()
    {
        await Push("dorset", 1, [Condition("a")]);

        var answer = await silo.Push("dorset", Collection(Patient("p-" + _nhs, _nhs)), (Header, "whole"));

        Assert.Equal(["LHC323", "LHC325"], answer.Codes);
        Assert.Equal(["Patient p"], await Shown("dorset"));
    }

    [Fact]
    public async Task What_it_withdrew_is_in_the_history_and_was_there_before()
    {
        await Push("dorset", 1, [Condition("a")]);
        var before = (await silo.Everything(_nhs)).Single(r => $"{r["resourceType"]}" == "Condition");
        await Push("dorset", 2, [], (Header, "whole"));

        var history = (await silo.Get($"fhir/Condition/{before["id"]}/_history")).Json["entry"]!.AsArray();

        Assert.Equal(["DELETE", "PUT"], history.Select(e => $"{e!["request"]!["method"]}"));
        Assert.Equal(HttpStatusCode.Gone, (await silo.Get($"fhir/Condition/{before["id"]}")).Status);
    }

    private Task<Answer> Push(string source, int day, string[] entries, params (string, string)[] headers) => silo.Push(
        source,
        Bundle("collection", entries.Prepend(Patient("p-" + _nhs, _nhs)).Select(r => $$"""{"resource":{{r}}}"""), $$""","timestamp":"2026-03-0{{day}}T02:00:00Z" """),
        headers);

    private string Condition(string id, string more = "") =>
        $$$"""{"resourceType":"Condition","id":"{{{id}}}-{{{_nhs}}}","code":{"text":"{{{id}}}"},"subject":{"reference":"Patient/p-{{{_nhs}}}"}{{{more}}}}""";

    private string Weight(string id) => Observation($"{id}-{_nhs}", $"Patient/p-{_nhs}");

    private async Task<string[]> Shown(string source) =>
        [.. (await silo.Get($"sources/{source}/fhir/Patient/p-{_nhs}/$everything")).Resources("match").Select(r => Words(r, true)).Order(StringComparer.Ordinal)];

    private static string Words(JsonNode resource, bool isOwn) => $"{resource["resourceType"]} " + (
        isOwn ? $"{resource["id"]}".Split('-')[0]
        : $"{resource["resourceType"]}" switch { "Patient" => "p", "Observation" => "w", _ => $"{resource["code"]!["text"]}" });
}
