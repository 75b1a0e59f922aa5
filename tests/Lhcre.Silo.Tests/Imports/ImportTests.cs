using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Lhcre.Silo.Imports;
using Lhcre.Silo.Tests.Http;
using static Lhcre.Silo.Tests.Data.Examples;
using static Lhcre.Silo.Tests.Imports.ImportHttp;

namespace Lhcre.Silo.Tests.Imports;

[Collection(nameof(TestSilo))]
public sealed class ImportTests(TestSilo silo)
{
    private readonly string _nhs = FreshNhsNumber();

    private HttpClient Client => silo.Client;

    private async Task<IReadOnlyList<string>> Types() => [.. (await silo.Everything(_nhs)).Select(r => r["resourceType"]!.GetValue<string>()).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Lines_of_resources_and_of_Bundles_are_in_the_record_when_the_import_is_done()
    {
        var id = $"imp-{_nhs}";
        var path = await Client.Accepted(
            "dorset",
            Patient(id, _nhs),
            Observation($"{id}-1", $"Patient/{id}", more: ""","performer":[{"reference":"Practitioner/imp-doctor"}]"""),
            "",
            Collection(Observation($"{id}-2", $"Patient/{id}", "71.0"), Observation($"{id}-3", $"Patient/{id}", "72.0")),
            Practitioner("imp-doctor", "Importer"));

        var done = await Client.Until(path);

        Assert.StartsWith("/sources/dorset/imports/", path, StringComparison.Ordinal);
        Assert.Equal((5, 0, 0, 0), Counts(done));
        Assert.Equal((4, 4), (done["lines"]!["total"]!.GetValue<int>(), done["lines"]!["done"]!.GetValue<int>()));
        Assert.Equal(["Observation", "Observation", "Observation", "Patient", "Practitioner"], await Types());
        Assert.Empty(done["refused"]!.AsArray());
    }

    [Fact]
    public async Task The_same_lines_again_change_nothing()
    {
        var id = $"twice-{_nhs}";
        string[] lines = [Patient(id, _nhs, Meta("2026-01-02T03:04:05Z")), Observation(id, $"Patient/{id}", more: Meta("2026-01-02T03:04:05Z"))];

        Assert.Equal((2, 0, 0, 0), await Client.Carried("dorset", lines));
        Assert.Equal((0, 2, 0, 0), await Client.Carried("dorset", lines));
        Assert.Equal(["Observation", "Patient"], await Types());
    }

    [Fact]
    public async Task Files_of_one_type_each_come_in_any_order_and_what_waits_for_its_Patient_is_released()
    {
        var id = $"late-{_nhs}";
        Assert.Equal((0, 0, 2, 0), await Client.Carried("dorset", Observation($"{id}-1", $"Patient/{id}"), Observation($"{id}-2", $"Patient/{id}", "1.0")));

        Assert.Equal((1, 0, 0, 0), await Client.Carried("dorset", Patient(id, _nhs)));

        await Faults.FaultySilo.Until(async () => (await Types()).Count == 3);
        Assert.Equal(["Observation", "Observation", "Patient"], await Types());
    }

    [Fact]
    public async Task In_one_import_a_Patient_who_comes_behind_her_resources_parks_none_of_them()
    {
        var id = $"behind-{_nhs}";
        var lines = Enumerable.Range(0, 300).Select(n => Observation($"{id}-{n}", $"Patient/{id}", $"{n}.0")).Append(Patient(id, _nhs));

        Assert.Equal((301, 0, 0, 0), await Client.Carried("dorset", lines));
        Assert.Equal(301, (await Types()).Count);
    }

    [Fact]
    public async Task An_import_of_several_pieces_carries_out_Patients_before_what_refers_to_them()
    {
        var id = $"long-{_nhs}";
        var note = $$""","note":[{"text":"{{new string('x', 20_000)}}"}]""";
        var lines = Enumerable.Range(0, 150).Select(n => Observation($"{id}-{n}", $"Patient/{id}", $"{n}.0", note)).Append(Patient(id, _nhs)).ToList();
        Assert.True(lines.Sum(l => l.Length) > 2 * PieceText.Full);

        Assert.Equal((151, 0, 0, 0), await Client.Carried("dorset", lines));
    }

    [Fact]
    public async Task Every_line_that_is_refused_is_told_with_its_number_and_code_and_harms_no_other()
    {
        var id = $"bad-{_nhs}";
        var path = await Client.Accepted(
            "dorset",
            "{\"resourceType\":\"Patient\",",
            Patient(id, _nhs),
            "{\"id\":\"no-type\"}",
            "{\"resourceType\":\"Nonsense\"}",
            Collection(Observation($"{id}-1", $"Patient/{id}"), Observation($"{id}-2", $"Patient/{id}").Replace("final", "finished", StringComparison.Ordinal)),
            Observation($"{id}-3", $"Patient/{id}").Replace("final", "finished", StringComparison.Ordinal),
            Bundle("searchset", []),
            "[]",
            Observation($"{id}-4", $"Patient/{id}", "1.5"));

        var done = await Client.Until(path);

        Assert.Equal((3, 0, 0, 7), Counts(done));
        Assert.Equal(["1 LHC101", "3 LHC201", "4 LHC507", "5.1 LHC204", "6 LHC204", "7 LHC403", "8 LHC201"], Refusals(done));
        Assert.Equal(2, done["codes"]!["LHC204"]!.GetValue<int>());
        Assert.Equal(["Observation", "Observation", "Patient"], await Types());
        // Nothing of what was sent stands in it.
        Assert.DoesNotContain(_nhs, done.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_lines_are_told_page_by_page()
    {
        var path = await Client.Accepted("dorset", Enumerable.Repeat("nonsense", 5));
        await Client.Until(path);

        var (lines, next) = (new List<string>(), $"{path}?_count=2");
        while (next is not null)
        {
            var page = await Client.Standing(next);
            lines.AddRange(Refusals(page));
            next = page["next"]?.GetValue<string>();
        }

        Assert.Equal(Enumerable.Range(1, 5).Select(n => $"{n} LHC101"), lines);
    }

    [Fact]
    public async Task A_transaction_on_a_line_is_all_or_nothing_and_of_one_person()
    {
        var id = $"tx-{_nhs}";
        var path = await Client.Accepted(
            "dorset",
            Puts("transaction", ($"Patient/{id}", Patient(id, _nhs)), ($"Observation/{id}", Observation(id, $"Patient/{id}").Replace("final", "x", StringComparison.Ordinal))),
            Puts("transaction", ($"Patient/{id}-a", Patient($"{id}-a", FreshNhsNumber())), ($"Patient/{id}-b", Patient($"{id}-b", FreshNhsNumber()))));

        var done = await Client.Until(path);

        Assert.Equal((0, 0, 0, 4), Counts(done));
        Assert.Equal(["1 LHC410", "2 LHC405"], Refusals(done));
    }

    [Fact]
    public async Task A_body_may_be_gzip()
    {
        var id = $"gz-{_nhs}";
        var answer = await Client.Import("dorset", Lines(Patient(id, _nhs)), isPacked: true);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal((1, 0, 0, 0), Counts(await Client.Until(answer.ContentHeaders.ContentLocation!.ToString())));
    }

    [Fact]
    public async Task The_same_request_id_gets_the_same_import_and_sources_do_not_share_theirs()
    {
        var body = Lines(Patient($"once-{_nhs}", _nhs));
        var first = await Client.Import("dorset", body, name: $"r-{_nhs}");
        await Client.Until(first.ContentHeaders.ContentLocation!.ToString());

        var again = await Client.Import("dorset", body, name: $"r-{_nhs}");
        var other = await Client.Import("hampshire", body, name: $"r-{_nhs}");

        Assert.Equal(first.ContentHeaders.ContentLocation, again.ContentHeaders.ContentLocation);
        Assert.Equal("done", again.Json["state"]!.GetValue<string>());
        Assert.NotEqual(first.Json["id"]!.GetValue<string>(), other.Json["id"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Get($"sources/hampshire/imports/{first.Json["id"]}")).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_body_under_the_same_request_id_is_refused_and_not_taken_for_the_first(bool isPacked)
    {
        var name = $"taken-{_nhs}";
        var body = Lines(Patient($"first-{_nhs}", _nhs));
        var first = await Client.Import("dorset", body, name);

        var other = await Client.Import("dorset", Lines(Patient($"first-{_nhs}", _nhs), Patient($"second-{_nhs}", _nhs)), name, isPacked: isPacked);

        Assert.Equal((HttpStatusCode.Conflict, "LHC647"), (other.Status, Assert.Single(other.Codes)));
        Assert.Equal(first.ContentHeaders.ContentLocation, (await Client.Import("dorset", body, name, isPacked: true)).ContentHeaders.ContentLocation);
        Assert.Equal((1, 0, 0, 0), Counts(await Client.Until(first.ContentHeaders.ContentLocation!.ToString())));
    }

    public static TheoryData<string, string, string, bool, int, string> Refused => new()
    {
        { "application/fhir+json", "{}", "", false, 415, "LHC640" },
        { "application/fhir+ndjson; charset=latin1", "{}", "", false, 415, "LHC640" },
        { "application/fhir+ndjson", "{}", "br", false, 415, "LHC640" },
        { "application/fhir+ndjson", "", "", false, 400, "LHC642" },
        { "application/fhir+ndjson", "\n  \n\r\n", "", false, 400, "LHC642" },
        { "application/fhir+ndjson", "{}", "gzip", false, 400, "LHC646" },
        { "application/fhir+ndjson", "{\"resourceType\":\"Basic\"}\n", "gzip", true, 400, "LHC646" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_body_that_cannot_be_taken_in_is_refused_whole(string media, string body, string coding, bool isHalf, int status, string code)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        using var content = new ByteArrayContent(isHalf ? Packed(bytes)[..^12] : bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", media);
        if (coding.Length > 0)
            content.Headers.ContentEncoding.Add(coding);
        var before = (await silo.Get("sources/isle-of-wight/imports")).Json["imports"]!.AsArray().Count;

        using var response = await Client.PostAsync("sources/isle-of-wight/$import", content);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal([code], Answer.CodesIn(JsonNode.Parse(await response.Content.ReadAsStringAsync())));
        Assert.Equal(before, (await silo.Get("sources/isle-of-wight/imports")).Json["imports"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("sources/dorset/imports/unknown", 404, "LHC643")]
    [InlineData("sources/nowhere/imports", 404, "LHC107")]
    [InlineData("sources/dorset/imports?_count=0", 400, "LHC504")]
    [InlineData("sources/dorset/imports/unknown?_count=1001", 400, "LHC504")]
    public async Task What_is_not_there_is_told(string path, int status, string code)
    {
        var answer = await silo.Get(path);
        Assert.Equal((status, code), ((int)answer.Status, Assert.Single(answer.Codes)));
    }

    [Fact]
    public async Task What_is_told_of_imports_has_no_other_form_than_JSON() =>
        Assert.Equal(HttpStatusCode.NotAcceptable, (await silo.Get("sources/dorset/imports?_format=xml")).Status);

    [Fact]
    public async Task A_source_lists_its_imports_the_latest_first()
    {
        var one = await Client.Accepted("hampshire", Patient($"l1-{_nhs}", _nhs));
        var two = await Client.Accepted("hampshire", Patient($"l2-{_nhs}", _nhs));
        await Client.Until(two);

        var page = (await silo.Get("sources/hampshire/imports?_count=2")).Json;
        Assert.Equal([two, one], page["imports"]!.AsArray().Select(i => $"/sources/hampshire/imports/{i!["id"]}"));
        Assert.Contains("after=", page["next"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_one_that_was_done_stays_done()
    {
        var path = await Client.Accepted("dorset", Patient($"c-{_nhs}", _nhs));
        await Client.Until(path);

        var answer = await silo.Send(HttpMethod.Delete, path.TrimStart('/'));

        Assert.Equal((HttpStatusCode.OK, "done"), (answer.Status, answer.Json["state"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Send(HttpMethod.Delete, "sources/dorset/imports/unknown")).Status);
    }
}
