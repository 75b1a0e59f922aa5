using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Tests.Http;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Parked;

/// <summary>What an operator sees of what came and is in no record, and does about it: over HTTP, on every store.</summary>
public abstract partial class ParkedSpec(ParkedSilo silo)
{
    private const string List = "sources/dorset/parked";

    private readonly string _nhs = FreshNhsNumber();

    // What other tests have left behind came before.
    private readonly string _since = silo.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", null);

    private TestSilo Http => silo.Http;

    /// <summary>What is set aside in <see cref="Some"/>, and how it is asked for.</summary>
    public static TheoryData<string, string> Filters => new()
    {
        { "", "obs pat obs2 bad adt" },
        { "&kind=parked", "obs pat obs2" },
        { "&kind=refused", "bad adt" },
        { "&code=LHC303", "obs obs2" },
        { "&code=LHC302", "pat" },
        { "&code=LHC901", "" },
        { "&type=Observation", "obs obs2 bad" },
        { "&type=ADT%5EA01", "adt" },
        { "&type=Observation&kind=refused", "bad" },
        { "&state=open", "obs pat obs2 bad adt" },
        { "&state=discarded", "gone" },
        { "&state=discarded&kind=refused", "" },
        { "&_count=2", "obs pat" },
        { "&before=2020-01-01T00:00:00Z", "" },
        { "&_format=json&_pretty=true", "obs pat obs2 bad adt" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task They_are_listed_by_what_they_are(string filters, string expected)
    {
        await Some();

        var answer = await Http.Get($"{List}?since={_since}{filters}");

        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.Status, answer.ContentHeaders.ContentType!.MediaType));
        Assert.Equal(expected, string.Join(' ', Items(answer).Select(Name)));
        Assert.Equal("no-store, private", answer.Headers.CacheControl!.ToString());
        var (total, totals) = (answer.Json["total"]!.GetValue<int>(), answer.Json["totals"]!.AsObject().ToDictionary(t => t.Key, t => t.Value!.GetValue<int>()));
        var code = filters.Split("code=") is [_, var rest] ? rest : null;
        Assert.Equal(code is null ? totals.Values.Sum() : totals.GetValueOrDefault(code), total);
        if (filters.Length == 0)
            Assert.Equal(["LHC202 1", "LHC302 1", "LHC303 2", "LHC601 1"], totals.Select(t => $"{t.Key} {t.Value}"));
    }

    [Theory]
    [InlineData("_count=0", "LHC504")]
    [InlineData("_count=1001", "LHC504")]
    [InlineData("_count=2&_count=3", "LHC504")]
    [InlineData("code=", "LHC504")]
    [InlineData("code=lhc303", "LHC504")]
    [InlineData("code=LHC303,LHC301", "LHC504")]
    [InlineData("since=2026-11-01", "LHC504")]
    [InlineData("before=yesterday", "LHC504")]
    [InlineData("kind=letters", "LHC504")]
    [InlineData("state=closed", "LHC504")]
    [InlineData("after=0123456789abcdef", "LHC504")]
    [InlineData("after=99999999999999999999-x", "LHC504")]
    [InlineData("cod=LHC303", "LHC506")]
    public async Task What_cannot_be_read_of_a_question_is_refused(string query, string code)
    {
        var answer = await Http.Get($"{List}?{query}");

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer.Codes.Single()));
        Assert.StartsWith(query.Split('=')[0], $"{answer.Json["issue"]![0]!["diagnostics"]}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "GET")]
    [InlineData("/1", "GET")]
    [InlineData("/1/$resubmit", "POST")]
    [InlineData("/1/$discard", "POST")]
    public async Task There_is_no_other_form_of_it_and_no_other_source(string path, string method)
    {
        var xml = await Http.Send(new HttpMethod(method), List + path, method == "POST" ? "{}" : null, ("Accept", "application/fhir+xml"));
        var kent = await Http.Send(new HttpMethod(method), List.Replace("dorset", "kent", StringComparison.Ordinal) + path, method == "POST" ? "{}" : null);

        Assert.Equal((HttpStatusCode.NotAcceptable, HttpStatusCode.NotFound, "LHC107"), (xml.Status, kent.Status, kent.Codes.Single()));
    }

    [Fact]
    public async Task Pages_lead_through_all_of_it_once_though_one_is_filed_and_others_come_meanwhile()
    {
        foreach (var n in Enumerable.Range(0, 7))
            await Http.Push("dorset", Collection(Observation($"page{n}-{_nhs}", $"Patient/page{n}-{_nhs}")));
        var (seen, url) = (new List<string>(), $"{List}?_count=2&code=LHC303&kind=parked&type=Observation&since={_since}&before=2100-01-01T00:00:00%2B01:00");
        while (true)
        {
            var page = await Http.Get(url);
            seen.AddRange(Items(page).Select(Name));
            if (page.Json["next"]?.GetValue<string>() is not { } next)
                break;
            url = next.TrimStart('/');
            Assert.StartsWith("/" + List, next, StringComparison.Ordinal);
            if (seen.Count == 2)
            {
                // The last of the page is filed; another comes.
                await Http.Push("dorset", Collection(Patient($"page1-{_nhs}", _nhs)));
                await Http.Push("dorset", Collection(Observation($"page9-{_nhs}", $"Patient/page9-{_nhs}")));
            }
        }

        Assert.Equal(["page0", "page1", "page2", "page3", "page4", "page5", "page6", "page9"], seen);
    }

    [Fact]
    public async Task A_page_of_large_resources_holds_fewer_than_were_asked_for_and_leads_on()
    {
        var words = new byte[300 * 1024];
        foreach (var n in Enumerable.Range(0, 25))
        {
            new Random(n).NextBytes(words);
            await Http.Push("dorset", Collection(Observation($"large{n:00}-{_nhs}", $"Patient/large-{_nhs}", more: $$""","note":[{"text":"{{Convert.ToBase64String(words)}}"}]""")));
        }

        var first = await Http.Get($"{List}?_count=25&since={_since}");
        var rest = await Http.Get(first.Json["next"]!.GetValue<string>().TrimStart('/'));

        Assert.Equal(Enumerable.Range(0, 25).Select(n => $"large{n:00}"), Items(first).Concat(Items(rest)).Select(Name));
        Assert.InRange(Items(first).Count(), 1, 24);
        Assert.Null(rest.Json["next"]);
    }

    [Fact]
    public async Task A_letter_is_told_whole_where_it_is_asked_for_by_itself_and_by_its_length_in_a_list()
    {
        byte[] message = [.. "MSH|^~\\&|"u8, 0xFF, 13];
        var letter = RefusedLetter.Of("dorset", silo.Clock.GetUtcNow(), IssueCodes.InvalidValue, LetterForm.Hl7V2, "ADT^A01", "c-" + _nhs, message);
        await silo.Journal.Refuse([letter], default);

        var listed = Items(await Http.Get($"{List}?since={_since}")).Single();
        var whole = await Http.Get($"{List}/{letter.Id}");

        Assert.Equal((message.Length, null, "hl7v2", "ADT^A01", "c-" + _nhs), (listed["length"]!.GetValue<int>(), listed["message"], Text(listed, "form"), Text(listed, "messageType"), Text(listed, "name")));
        Assert.Equal(message, Convert.FromBase64String(Text(whole.Json, "message")));
        Assert.Equal(HttpStatusCode.NotFound, (await Http.Get($"sources/hampshire/parked/{letter.Id}")).Status);
        Assert.Equal("LHC310", (await Http.Get($"{List}/unknown")).Codes.Single());
    }

    [Fact]
    public async Task What_is_refused_over_HTTP_is_told_to_its_sender_and_kept_nowhere()
    {
        var whole = await Http.Push("dorset", "{\"resourceType\":\"Bundle\"");
        var entry = await Http.Push("dorset", Collection(Observation("x-" + _nhs, "Patient/x").Replace("final", "finished", StringComparison.Ordinal)));

        Assert.Equal((HttpStatusCode.BadRequest, "422"), (whole.Status, entry.EntryStatuses.Single()));
        Assert.Empty(Items(await Http.Get($"{List}?since={_since}")));
    }

    // Two that wait, one that names nobody, a resource and a message that were refused, one that is discarded.
    private async Task Some()
    {
        foreach (var resource in new[] { Observation("obs-" + _nhs, "Patient/none-" + _nhs), Patient("pat-" + _nhs, null), Observation("obs2-" + _nhs, "Patient/none-" + _nhs), Observation("gone-" + _nhs, "Patient/none-" + _nhs) })
            Assert.Equal(["202"], (await Http.Push("dorset", Collection(resource))).EntryStatuses);
        var bad = Letter(Observation("bad-" + _nhs, "Patient/none-" + _nhs));
        var adt = RefusedLetter.Of("dorset", silo.Clock.GetUtcNow(), IssueCodes.InvalidValue with { Code = "LHC601" }, LetterForm.Hl7V2, "ADT^A01", "adt-" + _nhs, Encoding.UTF8.GetBytes("MSH " + _nhs));
        await silo.Journal.Refuse([bad], default);
        await silo.Journal.Refuse([adt], default);
        await Discard((await Item("gone"))["id"]!.GetValue<string>());
    }

    private RefusedLetter Letter(string body, string type = "Observation") =>
        RefusedLetter.Of("dorset", silo.Clock.GetUtcNow(), IssueCodes.InvalidValue, LetterForm.Fhir, type, "bad-" + _nhs, Encoding.UTF8.GetBytes(body));

    private async Task<JsonNode> Item(string name) => Items(await Http.Get($"{List}?since={_since}&_count=1000")).Single(i => Name(i) == name);

    private async Task<string> Listed(string state = "open") =>
        string.Join(' ', Items(await Http.Get($"{List}?since={_since}&state={state}")).Select(i => $"{Name(i)} {Text(i, "code")}"));

    private Task<Answer> Discard(string id, string by = "an operator", string reason = "a test") =>
        Http.Send(HttpMethod.Post, $"{List}/{id}/$discard", new JsonObject { ["reason"] = reason, ["by"] = by }.ToJsonString());

    private Task<Answer> Resubmit(string id) => Http.Send(HttpMethod.Post, $"{List}/{id}/$resubmit");

    private static IEnumerable<JsonNode> Items(Answer answer) => answer.Json["parked"]!.AsArray().Select(item => item!);

    private static string Name(JsonNode item) => (item["resourceId"] ?? item["name"])!.GetValue<string>().Split('-')[0];

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}

public sealed class EmbeddedParkedTests(ParkedSilo.Embedded silo) : ParkedSpec(silo), IClassFixture<ParkedSilo.Embedded>;

public sealed class PostgresParkedTests(ParkedSilo.Postgres silo) : ParkedSpec(silo), IClassFixture<ParkedSilo.Postgres>;
