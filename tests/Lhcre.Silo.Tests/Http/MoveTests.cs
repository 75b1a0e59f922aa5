using System.Net;
using System.Text.Json.Nodes;
using Lhcre.Contracts;
using Microsoft.Extensions.DependencyInjection;
using static Lhcre.Silo.Tests.Data.Examples;
using static Lhcre.Silo.Tests.Http.UnnumberedSilo;

namespace Lhcre.Silo.Tests.Http;

/// <summary>What a source files under the wrong person is moved to the right one, stays there whatever the source sends, and comes back when the move ends.</summary>
[Collection(nameof(TestSilo))]
public sealed class MoveTests(TestSilo silo)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Nobody else's in this run.
    private readonly (string Ann, string Bob, string Cat) _nhs = (FreshNhsNumber(), FreshNhsNumber(), FreshNhsNumber());

    private (string Ann, string Bob, string Cat) Ids => (TestSilo.PatientId(_nhs.Ann), TestSilo.PatientId(_nhs.Bob), TestSilo.PatientId(_nhs.Cat));

    private string Weight => $"weight-{_nhs.Ann}";

    private string Pulse => $"pulse-{_nhs.Ann}";

    [Fact]
    public async Task What_is_about_somebody_else_is_in_their_record_and_back_when_the_move_has_ended()
    {
        await PushAll();
        var (ann, bob) = (await Said(silo, Ids.Ann), await Said(silo, Ids.Bob));

        var done = await Done(await Move($"entry=Observation/{Weight}"));

        Assert.Equal(("move", "the wrong sticker", "A. Operator"), (Text(done, "kind"), Text(done, "reason"), Text(done, "by")));
        Assert.Equal(($"Observation/{Pulse} Patient/ann", $"Observation/{Weight} Patient/bob"), (await Shows(Ids.Ann), await Shows(Ids.Bob)));
        // Its source finds its own words.
        Assert.Contains("70", (await silo.Get($"sources/dorset/fhir/Observation/{Weight}")).Body, StringComparison.Ordinal);
        // It is theirs, and nobody follows it to the other one.
        Assert.Equal($"Patient/{Ids.Bob}", (await silo.Get($"fhir/Observation?patient={Ids.Bob}")).Resources("match").Single()["subject"]!["reference"]!.GetValue<string>());
        Assert.All(await Task.WhenAll(Reasons(Ids.Ann), Reasons(Ids.Bob)), reasons => Assert.Contains("the wrong sticker", reasons));

        await Release(done);
        Assert.Equal((ann, bob), (await Said(silo, Ids.Ann), await Said(silo, Ids.Bob)));
    }

    [Fact]
    public async Task What_the_source_sends_of_it_later_goes_there_too_and_is_the_first_persons_when_the_move_has_ended()
    {
        await PushAll();
        var done = await Done(await Move($"entry=Observation/{Weight}"));

        var later = await silo.Push("dorset", Collection(Observation(Weight, "Patient/ann-" + _nhs.Ann, "71", Meta("2026-02-01T09:00:00Z")), Observation(Pulse, "Patient/ann-" + _nhs.Ann, "66", Meta("2026-02-01T09:00:00Z"))));

        Assert.Contains("LHC760", later.Codes);
        Assert.All(later.EntryStatuses, status => Assert.StartsWith("200", status, StringComparison.Ordinal));
        Assert.Contains("71", await Said(silo, Ids.Bob), StringComparison.Ordinal);
        Assert.Contains("66", await Said(silo, Ids.Ann), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await silo.Send(HttpMethod.Delete, $"sources/dorset/fhir/Observation/{Weight}")).Status);
        Assert.Equal("Patient/bob", await Shows(Ids.Bob));
        await silo.Push("dorset", Collection(Observation(Weight, "Patient/ann-" + _nhs.Ann, "72", Meta("2026-02-02T09:00:00Z"))));

        await Release(done);
        Assert.Equal(($"Observation/{Pulse} Observation/{Weight} Patient/ann", "Patient/bob"), (await Shows(Ids.Ann), await Shows(Ids.Bob)));
        Assert.Contains("72", await Said(silo, Ids.Ann), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_push_about_either_of_the_two_withdraws_nothing_that_was_moved()
    {
        await PushAll();
        var done = await Done(await Move($"entry=Observation/{Weight}"));

        await Whole(Patient($"ann-{_nhs.Ann}", _nhs.Ann), Observation(Pulse, $"Patient/ann-{_nhs.Ann}", more: Meta("2026-01-01T09:00:00Z")));
        await Whole(Patient($"bob-{_nhs.Ann}", _nhs.Bob));

        Assert.Equal(($"Observation/{Pulse} Patient/ann", $"Observation/{Weight} Patient/bob"), (await Shows(Ids.Ann), await Shows(Ids.Bob)));
        // As if it had never been moved: it was left out of what was whole.
        await Release(done);
        Assert.Equal(($"Observation/{Pulse} Patient/ann", "Patient/bob"), (await Shows(Ids.Ann), await Shows(Ids.Bob)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_the_source_says_itself_whose_it_is_that_counts(bool isOfTheSame)
    {
        await PushAll();
        await silo.Push("dorset", Collection(Patient($"cat-{_nhs.Ann}", _nhs.Cat)));
        var done = await Done(await Move($"entry=Observation/{Weight}"));

        await silo.Push("dorset", Collection(Observation(Weight, isOfTheSame ? $"Patient/bob-{_nhs.Ann}" : $"Patient/cat-{_nhs.Ann}", "73", Meta("2026-03-01T09:00:00Z"))));

        var expected = isOfTheSame ? ($"Observation/{Weight} Patient/bob", "Patient/cat") : ("Patient/bob", $"Observation/{Weight} Patient/cat");
        Assert.Equal(expected, (await Shows(Ids.Bob), await Shows(Ids.Cat)));
        await Release(done);
        Assert.Equal(expected, (await Shows(Ids.Bob), await Shows(Ids.Cat)));
        Assert.Equal($"Observation/{Pulse} Patient/ann", await Shows(Ids.Ann));
    }

    [Fact]
    public async Task A_Patient_moves_with_all_that_is_filed_under_them_also_later()
    {
        await PushAll();
        var (ann, bob) = (await Said(silo, Ids.Ann), await Said(silo, Ids.Bob));
        var done = await Done(await Move($"unit=ann-{_nhs.Ann}"));
        Assert.Equal(("", $"Observation/{Pulse} Observation/{Weight} Patient/ann Patient/bob"), (await Shows(Ids.Ann), await Shows(Ids.Bob)));

        await silo.Push("dorset", Collection(Observation($"new-{_nhs.Ann}", $"Patient/ann-{_nhs.Ann}"), ByName($"named-{_nhs.Ann}")));
        Assert.Equal("", await Shows(Ids.Ann));
        foreach (var id in new[] { "new", "named" })
        {
            Assert.Contains($"Observation/{id}-{_nhs.Ann}", await Shown(silo, Ids.Bob), StringComparison.Ordinal);
            await silo.Send(HttpMethod.Delete, $"sources/dorset/fhir/Observation/{id}-{_nhs.Ann}");
        }

        await Release(done);
        Assert.Equal((ann, bob), (await Said(silo, Ids.Ann), await Said(silo, Ids.Bob)));
    }

    [Fact]
    public async Task What_would_move_is_shown_before_and_nothing_is_written()
    {
        await PushAll();
        var before = await silo.Get($"fhir/Patient/{Ids.Ann}");

        var preview = await silo.Send(HttpMethod.Post, $"sources/dorset/$move?{Parameters($"unit=ann-{_nhs.Ann}")}&preview=true");

        Assert.Equal((HttpStatusCode.OK, "preview"), (preview.Status, Text(preview.Json, "state")));
        Assert.Equal([$"Observation/{Pulse}", $"Observation/{Weight}", $"Patient/ann-{_nhs.Ann}"], preview.Json["entries"]!.AsArray().Select(e => Text(e!, "entry")));
        Assert.Equal(before.Headers.ETag, (await silo.Get($"fhir/Patient/{Ids.Ann}")).Headers.ETag);
        Assert.DoesNotContain(Ids.Ann, (await silo.Get("sources/dorset/corrections")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "LHC761", 400)]
    [InlineData("entry=weight", "LHC761", 400)]
    [InlineData("entry=Observation/1&unit=p", "LHC761", 400)]
    [InlineData("entry=Observation/1&preview=maybe", "LHC761", 400)]
    [InlineData("entry=Observation/1&persn=p", "LHC761", 400)]
    [InlineData("entry=Observation/1&to=", "LHC761", 400)]
    [InlineData("entry=Observation/nobody-has-it", "LHC763", 404)]
    [InlineData("unit=nobody", "LHC763", 404)]
    public async Task What_is_not_clear_is_refused(string given, string code, int status)
    {
        await PushAll();

        var answer = await silo.Send(HttpMethod.Post, $"sources/dorset/$move?{Parameters(given)}");

        Assert.Equal((status, code), ((int)answer.Status, answer.Codes.Single()));
    }

    [Fact]
    public async Task It_takes_two_people_and_what_is_moved_is_not_moved_twice()
    {
        await PushAll();
        var nobody = TestSilo.PatientId(FreshNhsNumber());
        foreach (var (from, to) in new[] { (Ids.Ann, Ids.Ann), (Ids.Ann, nobody), (nobody, Ids.Bob), (Ids.Ann, "bob") })
            Assert.Equal("LHC762", (await silo.Send(HttpMethod.Post, $"sources/dorset/$move?person={from}&to={to}&entry=Observation/{Weight}&reason=r&by=b")).Codes.Single());
        await silo.Push("dorset", Collection(Patient($"cat-{_nhs.Ann}", _nhs.Cat)));
        var path = (await Move($"entry=Observation/{Weight}")).ContentHeaders.ContentLocation;
        await Done(path!.ToString());

        Assert.Equal(path, (await Move($"entry=Observation/{Weight}")).ContentHeaders.ContentLocation);
        Assert.Equal("LHC764", (await silo.Send(HttpMethod.Post, $"sources/dorset/$move?person={Ids.Ann}&to={Ids.Cat}&entry=Observation/{Weight}&reason=r&by=b")).Codes.Single());
    }

    private async Task PushAll()
    {
        await silo.Push("dorset", Collection(
            Patient($"ann-{_nhs.Ann}", _nhs.Ann), Observation(Weight, $"Patient/ann-{_nhs.Ann}", "70", Meta("2026-01-01T09:00:00Z")), Observation(Pulse, $"Patient/ann-{_nhs.Ann}", "65", Meta("2026-01-01T09:00:00Z"))));
        await silo.Push("dorset", Collection(Patient($"bob-{_nhs.Ann}", _nhs.Bob)));
    }

    // By what the source calls the person alone.
    private string ByName(string id) =>
        $$$"""{"resourceType":"Observation","id":"{{{id}}}","status":"final","code":{"text":"x"},"subject":{"identifier":{"system":"https://example.org/mrn","value":"MRN-ann-{{{_nhs.Ann}}}"} } }""";

    private Task<Answer> Whole(params string[] resources) => silo.Push("dorset", Collection(resources), headers: ("X-Lhcre-Extent", "whole"));

    private string Parameters(string given) => $"person={Ids.Ann}&to={Ids.Bob}&reason=the+wrong+sticker&by=A.+Operator{(given.Length == 0 ? "" : "&")}{given}";

    private Task<Answer> Move(string given) => silo.Send(HttpMethod.Post, $"sources/dorset/$move?{Parameters(given)}");

    private async Task Release(JsonNode move) =>
        await Done(await silo.Send(HttpMethod.Post, $"sources/dorset/$release?move={Text(move, "id")}&reason=it+was+right"));

    private Task<JsonNode> Done(Answer ordered)
    {
        Assert.Equal(HttpStatusCode.Accepted, ordered.Status);
        return Done(ordered.ContentHeaders.ContentLocation!.ToString());
    }

    private async Task<JsonNode> Done(string path)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var standing = (await silo.Get(path.TrimStart('/'))).Json;
            if (Text(standing, "state") == "done")
                return standing;
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }

    private async Task<string> Shows(string patientId) =>
        (await Shown(silo, patientId)).Replace($"-{_nhs.Ann}", "", StringComparison.Ordinal).Replace("dorset ", "", StringComparison.Ordinal) is var shown
            ? shown.Replace("Observation/pulse", $"Observation/{Pulse}", StringComparison.Ordinal).Replace("Observation/weight", $"Observation/{Weight}", StringComparison.Ordinal)
            : "";

    private async Task<string> Reasons(string patientId) => string.Join(' ', (await silo.Parts.GetRequiredService<IGrainFactory>().GetGrain<IPatientGrain>(patientId).History(Caller.Development)).Select(v => v.Corrects));

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
