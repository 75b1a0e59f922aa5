using System.Net;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Tests.Http;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Parked;

public abstract partial class ParkedSpec
{
    /// <summary>Letters whose sender's fault was ours, or has been mended since; and those of which it was not.</summary>
    public static TheoryData<string, string, HttpStatusCode, string, string> Letters => new()
    {
        { "one that is read now", "known", HttpStatusCode.OK, "filed", "" },
        { "a Bundle", "bundle", HttpStatusCode.OK, "filed", "" },
        { "one of nobody who is known", "unknown", HttpStatusCode.OK, "filed", "obs LHC303" },
        { "one whose content is wrong still", "wrong", (HttpStatusCode)422, "refused", "bad LHC202" },
        { "a Bundle with a wrong entry beside a good one", "mixed", (HttpStatusCode)422, "refused", "bad LHC202" },
        { "no resource at all", "text", HttpStatusCode.BadRequest, "refused", "bad LHC202" },
        { "another resource than it says", "type", HttpStatusCode.BadRequest, "refused", "bad LHC202" },
    };

    [Fact]
    public async Task A_patient_who_named_nobody_is_filed_once_the_source_has_named_the_person()
    {
        var nameless = Patient("pat-" + _nhs, null).Replace($"MRN-pat-{_nhs}", $"MRN-{_nhs}", StringComparison.Ordinal);
        await Http.Push("dorset", Collection(nameless));
        var id = Text(await Item("pat"), "id");
        await Http.Push("dorset", Collection(Patient(_nhs, _nhs)));
        Assert.Equal("pat LHC302", await Listed());

        var (first, again) = (await Resubmit(id), await Resubmit(id));

        Assert.Equal((HttpStatusCode.OK, "filed", id, "parked"), (first.Status, Text(first.Json, "became"), Text(first.Json, "id"), Text(first.Json, "kind")));
        Assert.Equal((first.Status, first.Body), (again.Status, again.Body));
        Assert.Equal("", await Listed());
        Assert.Equal(["Patient/" + _nhs, "Patient/pat-" + _nhs], (await Http.Everything(_nhs)).SelectMany(Contributors).Order());
    }

    [Fact]
    public async Task What_still_has_nobody_stays_with_its_reason()
    {
        await Http.Push("dorset", Collection(Observation("obs-" + _nhs, "Patient/none-" + _nhs)));
        var id = Text(await Item("obs"), "id");

        var (first, again) = (await Resubmit(id), await Resubmit(id));

        Assert.Equal((HttpStatusCode.Accepted, "parked", "LHC303"), (first.Status, Text(first.Json, "became"), first.Codes.Single()));
        Assert.Equal((first.Status, first.Body), (again.Status, again.Body));
        Assert.Equal(id, Text(await Item("obs"), "id"));
    }

    [Fact]
    public async Task What_came_from_the_future_is_filed_when_that_is_here()
    {
        await Http.Push("dorset", Collection(Patient("pat-" + _nhs, _nhs)));
        await Http.Push("dorset", Collection(Observation("obs-" + _nhs, "Patient/pat-" + _nhs, "1", Meta(Ahead(hours: 30)))));
        var id = Text(await Item("obs"), "id");
        Assert.Equal("parked", Text((await Resubmit(id)).Json, "became"));

        silo.Clock.Shift(TimeSpan.FromHours(7));

        Assert.Equal("filed", Text((await Resubmit(id)).Json, "became"));
        Assert.Equal("", await Listed());
        Assert.Equal(2, (await Http.Everything(_nhs)).Count);
    }

    [Fact]
    public async Task What_waits_for_another_reason_by_now_is_released_when_that_ends()
    {
        await Http.Push("dorset", Collection(Observation("obs-" + _nhs, "Patient/pat-" + _nhs, "1", Meta(Ahead(hours: 30)))));
        silo.Clock.Shift(TimeSpan.FromHours(7));

        var id = Text(await Item("obs"), "id");
        var (answer, again) = (await Resubmit(id), await Resubmit(id));

        Assert.Equal((HttpStatusCode.Accepted, "LHC303"), (answer.Status, answer.Codes.Single()));
        Assert.Equal((answer.Status, answer.Body), (again.Status, again.Body));
        Assert.Equal("obs LHC303", await Listed());
        await Http.Push("dorset", Collection(Patient("pat-" + _nhs, _nhs)));
        Assert.Equal("", await Listed());
        Assert.Equal(2, (await Http.Everything(_nhs)).Count);
    }

    [Fact]
    public async Task What_was_said_later_outranks_what_is_filed_later()
    {
        await Http.Push("dorset", Collection(Patient("pat-" + _nhs, _nhs)));
        await Http.Push("dorset", Collection(Observation("obs-" + _nhs, "Patient/pat-" + _nhs, "1", Meta(Ahead(hours: 30)))));
        var id = Text(await Item("obs"), "id");
        silo.Clock.Shift(TimeSpan.FromHours(60));
        await Http.Push("dorset", Collection(Observation("obs-" + _nhs, "Patient/pat-" + _nhs, "2", Meta(Ahead(hours: 0)))));

        var answer = await Resubmit(id);

        Assert.Equal((HttpStatusCode.OK, "filed", IssueCodes.Superseded.Code), (answer.Status, Text(answer.Json, "became"), answer.Codes.Single()));
        Assert.Equal("2", (await Http.Everything(_nhs))[1]["valueQuantity"]!["value"]!.ToJsonString());
    }

    [Fact]
    public async Task A_withdrawal_is_filed_like_everything_else()
    {
        await Http.Send(HttpMethod.Delete, $"sources/dorset/fhir/Observation/obs-{_nhs}");
        var id = Text(await Item("obs"), "id");
        Assert.Equal("parked", Text((await Resubmit(id)).Json, "became"));

        await Http.Push("dorset", Collection(Patient("pat-" + _nhs, _nhs), Observation("other-" + _nhs, "Patient/pat-" + _nhs)));

        Assert.Equal("obs LHC303", await Listed());
    }

    [Fact]
    public async Task What_has_been_released_meanwhile_is_not_there_any_more()
    {
        await Http.Push("dorset", Collection(Observation("obs-" + _nhs, "Patient/pat-" + _nhs)));
        var id = Text(await Item("obs"), "id");
        await Http.Push("dorset", Collection(Patient("pat-" + _nhs, _nhs)));

        foreach (var answer in new[] { await Resubmit(id), await Discard(id), await Resubmit("unknown") })
            Assert.Equal((HttpStatusCode.NotFound, "LHC310"), (answer.Status, answer.Codes.Single()));
    }

    [Fact]
    public async Task Many_who_resubmit_the_same_at_once_file_it_once()
    {
        var nameless = Patient("pat-" + _nhs, null).Replace($"MRN-pat-{_nhs}", $"MRN-{_nhs}", StringComparison.Ordinal);
        await Http.Push("dorset", Collection(nameless));
        var id = Text(await Item("pat"), "id");
        await Http.Push("dorset", Collection(Patient(_nhs, _nhs)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Resubmit(id)));

        Assert.Single(answers.Select(a => (a.Status, a.Body)).Distinct());
        Assert.Equal(2, (await silo.Journal.Load(PatientKey.Parse(TestSilo.PatientId(_nhs)), default)).Head.Seq);
    }

    [Theory]
    [MemberData(nameof(Letters))]
    public async Task A_letter_is_filed_as_if_it_came_now(string because, string body, HttpStatusCode status, string became, string left)
    {
        await Http.Push("dorset", Collection(Patient("pat-" + _nhs, _nhs)));
        var (json, type) = Body(body);
        var letter = Letter(json, type);
        await silo.Journal.Refuse([letter], default);

        var (first, again) = (await Resubmit(letter.Id), await Resubmit(letter.Id));

        Assert.True((status, became) == (first.Status, Text(first.Json, "became")), $"{because}: {first.Body}");
        Assert.Equal((first.Status, first.Body), (again.Status, again.Body));
        Assert.Equal(left, await Listed());
        Assert.Equal(body is "known" or "bundle" or "mixed" ? 2 : 1, (await Http.Everything(_nhs)).Count);
        Assert.Equal(became == "refused", first.Json["outcome"]!["issue"]!.AsArray().Any(i => Text(i!, "severity") == "error"));
    }

    [Fact]
    public async Task What_a_record_withholds_stays_as_long_as_it_does()
    {
        await Withheld();
        var id = Text(await Item("bob"), "id");

        var answer = await Resubmit(id);

        Assert.Equal((HttpStatusCode.Accepted, "parked", "LHC307"), (answer.Status, Text(answer.Json, "became"), answer.Codes.Single()));
        Assert.Equal("bob LHC307", await Listed());
    }

    [Fact]
    public async Task What_a_record_withheld_under_other_rules_and_shows_now_leaves_the_list()
    {
        await Http.Push("dorset", Collection(Patient("pat-" + _nhs, _nhs)));
        // As an earlier release, with other rules, had parked it in the commit of the row.
        var person = PatientKey.Parse(TestSilo.PatientId(_nhs));
        var fragment = LogBody.Read((await silo.Journal.Load(person, default)).Rows.Single().Body).Single();
        var id = Withholding.IdOf(person, fragment.Key);
        await silo.Journal.Park([new ParkedResource(id, "dorset", silo.Clock.GetUtcNow(), default, "LHC307", "Withheld.", "Patient", null, LogBody.Write([fragment]))], default);

        var answer = await Resubmit(id);

        Assert.Equal((HttpStatusCode.OK, "filed"), (answer.Status, Text(answer.Json, "became")));
        Assert.Equal("", await Listed());
        Assert.Equal(1, (await silo.Journal.Load(person, default)).Head.Seq);
    }

    // A Patient of another person under the same number.
    private async Task Withheld()
    {
        await Http.Push("hampshire", Collection(Demographics("ann", "Example", "1980-01-01", verified: true)));
        await Http.Push("dorset", Collection(Demographics("bob", "Sample", "1951-07-13", verified: false)));
        Assert.Equal("bob LHC307", await Listed());
    }

    private string Demographics(string id, string family, string born, bool verified)
    {
        // A number without a status is believed, and still less than a verified one.
        var status = verified
            ? """
              ,"extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus","valueCodeableConcept":{"coding":[
              {"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland","code":"01"}]}}]
              """
            : "";
        return $$$"""
            {"resourceType":"Patient","id":"{{{id}}}-{{{_nhs}}}","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{{{_nhs}}}"{{{status}}}}],
            "name":[{"family":"{{{family}}}","given":["{{{id}}}"]}],"birthDate":"{{{born}}}"}
            """;
    }

    private (string Json, string Type) Body(string name)
    {
        var good = Observation("obs-" + _nhs, "Patient/pat-" + _nhs);
        var wrong = Observation("wrong-" + _nhs, "Patient/pat-" + _nhs).Replace("final", "finished", StringComparison.Ordinal);
        return name switch
        {
            "known" => (good, "Observation"),
            "bundle" => (Collection(good), "Bundle"),
            "unknown" => (Observation("obs-" + _nhs, "Patient/none-" + _nhs), "Observation"),
            "wrong" => (wrong, "Observation"),
            "mixed" => (Collection(good, wrong), "Bundle"),
            "type" => (good, "Patient"),
            _ => ("no JSON " + _nhs, ""),
        };
    }

    private string Ahead(int hours) => silo.Clock.GetUtcNow().AddHours(hours).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null);

    private static IEnumerable<string> Contributors(System.Text.Json.Nodes.JsonNode resource) => resource["meta"]!["extension"]!.AsArray()
        .Where(e => Text(e!, "url").EndsWith("/contributor", StringComparison.Ordinal)).Select(e => Text(e!["extension"]![1]!, "valueString"));
}
