using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using static Lhcre.Silo.Tests.Data.Examples;
using static Lhcre.Silo.Tests.Restricting.RestrictedPerson;

namespace Lhcre.Silo.Tests.Restricting;

/// <summary>Nothing that is answered of a restricted person tells where they are (CLINICAL.md, "Restricted"): every interaction there is, before, while and after.</summary>
public sealed class RestrictedTests : IAsyncLifetime
{
    private const string Header = "X-LHCRE-Source-Status";

    private readonly string _nhs = FreshNhsNumber();
    private readonly TestSilo _silo = new(
        async folder => await SqliteJournal.Open(folder.FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None), o => o with { Sources = Trusts });

    public async Task InitializeAsync()
    {
        await _silo.InitializeAsync();
        for (var n = 0; n < 3; n++)
            await Pushed(n, Says(n, _nhs));
    }

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task No_interaction_that_the_server_offers_tells_where_a_restricted_person_is()
    {
        var asked = await Asked();
        // What is asked for again is kept in its form.
        await Answered([.. asked.Where(a => a.Kind.StartsWith("GET", StringComparison.Ordinal) && !a.Path.Contains("_history", StringComparison.Ordinal))]);
        var before = await Answered(asked);
        Assert.All(asked.Where(a => a.Method != "HEAD").Select(a => a.Kind).Distinct(), kind => Assert.True(asked.Any(a => a.Kind == kind && BodyTells(before[a])), $"{kind} never tells where anybody is, so that this test says nothing of it."));

        await Pushed(1, Patient(1, _nhs, 2, "R"));

        var restricted = await Answered(asked);
        None(asked.Where(a => Tells(restricted[a])).Select(a => $"{a} {restricted[a].Status} {Around(restricted[a])}"));
        None(asked.Where(a => restricted[a].Status == HttpStatusCode.InternalServerError).Select(a => $"{a}"));
        // Nor is a client told that it holds the answer already.
        var again = await Answered([.. asked.Where(a => a.Method == "GET" && before[a].Headers.ETag is not null)], a => ("If-None-Match", $"{before[a].Headers.ETag}"));
        None(again.Where(a => a.Value.Status == HttpStatusCode.NotModified || Tells(a.Value)).Select(a => $"{a.Key} {a.Value.Status}"));

        await Pushed(1, Patient(1, _nhs, 3, null));

        var after = await Answered(asked);
        None(asked.Where(a => BodyTells(before[a]) && !BodyTells(after[a])).Select(a => $"{a}"));
    }

    [Theory]
    [InlineData("R")]
    [InlineData("V")]
    public async Task What_is_clinical_is_answered_and_that_something_is_left_out_is_told(string label)
    {
        var before = await Everything();
        await Pushed(2, Patient(2, _nhs, 2, label));

        var answer = await _silo.Get($"fhir/Patient/{Person}/$everything");

        Assert.Equal(["LHC720"], answer.Codes.Where(c => c.StartsWith("LHC72", StringComparison.Ordinal)));
        var shown = answer.Resources("match");
        Assert.Equal(
            before.Select(Name).Where(n => Restriction.Shows(n.Split('/')[0])),
            shown.Select(Name));
        var patient = shown.Single(r => Type(r) == "Patient");
        Assert.Equal((label, "Restricted", _nhs), (patient["meta"]!["security"]![0]!["code"]!.GetValue<string>(), patient["name"]![0]!["family"]!.GetValue<string>(), patient["identifier"]!.AsArray().Single()!["value"]!.GetValue<string>()));
        Assert.Contains(Clinical, answer.Body);
        Assert.Contains("70.10", answer.Body);
        Assert.Equal(["*; incomplete"], answer.Headers.GetValues(Header));
        // Each source answers its own base as before.
        Assert.Contains(Word, (await _silo.Get($"sources/{Trusts[0].Id}/fhir/Patient/{Id(0, "patient")}/$everything")).Body);
    }

    [Theory]
    [InlineData("Encounter?patient={0}&service-provider={Organization}")]
    [InlineData("Encounter?patient={0}&location={Location}")]
    [InlineData("Encounter?patient={0}&participant={Practitioner}")]
    [InlineData("Encounter?patient={0}&service-provider.name=" + Word)]
    [InlineData("Observation?patient={0}&performer={Practitioner}")]
    [InlineData("Observation?patient={0}&identifier=" + Word + "-{1}")]
    [InlineData("Patient?_id={0}&_source=https://" + Word + ".example/system")]
    [InlineData("Organization?patient={0}&name=" + Word)]
    [InlineData("Organization?patient={0}")]
    [InlineData("Provenance?patient={0}")]
    [InlineData("Patient?_id={0}&address=" + Word)]
    [InlineData("Patient?_id={0}&address-postalcode=" + Word)]
    [InlineData("Patient?_id={0}&phone=" + Word)]
    [InlineData("Patient?_id={0}&general-practitioner={Organization}")]
    [InlineData("Patient?_id={0}&identifier=https://" + Word + ".example/mrn|" + Word + "-{1}-0")]
    [InlineData("Patient?identifier=https://" + Word + ".example/mrn|" + Word + "-{1}-0")]
    [InlineData("Condition?patient.identifier=https://" + Word + ".example/mrn|" + Word + "-{1}-1")]
    public async Task Nothing_is_found_by_what_is_hidden(string query)
    {
        foreach (var resource in await Everything())
            query = query.Replace($"{{{Type(resource)}}}", Name(resource), StringComparison.Ordinal);
        var path = $"fhir/{string.Format(null, query, Person, _nhs)}";
        // One that is not known here is none that could find anything.
        var before = await _silo.Get(path);
        Assert.True(before.Codes.Contains("LHC505") || Total(before) > 0, path);
        await Pushed(0, Patient(0, _nhs, 2, "R"));

        var answer = await _silo.Get(path);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        if (!before.Codes.Contains("LHC505"))
            Assert.Equal(0, Total(answer));
    }

    [Fact]
    public async Task A_local_identifier_of_a_restricted_person_is_answered_as_one_of_nobody()
    {
        await Pushed(0, Patient(0, _nhs, 2, "R"));
        string[] systems = [$"https://{Word}.example/mrn%7C{Word}-{_nhs}-0", $"https://{Word}.example/mrn%7C{Word}-nobody"];

        foreach (var path in (string[])["fhir/Patient?identifier={0}", "fhir/Observation?patient.identifier={0}", "fhir/_history?patient.identifier={0}", "fhir/Patient/$summary?identifier={0}"])
        {
            var (known, unknown) = (await _silo.Get(string.Format(null, path, systems[0])), await _silo.Get(string.Format(null, path, systems[1])));
            Assert.Equal((unknown.Status, $"{unknown.Headers.ETag}", unknown.Headers.GetValues(Header).Single()), (known.Status, $"{known.Headers.ETag}", known.Headers.GetValues(Header).Single()));
            Assert.Equal(unknown.Body.Replace("nobody", "", StringComparison.Ordinal), known.Body.Replace($"{_nhs}-0", "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_grain_client_is_told_no_more_than_any_other()
    {
        var grain = _silo.Parts.GetRequiredService<IGrainFactory>().GetGrain<IPatientGrain>(Person);
        await Pushed(0, Patient(0, _nhs, 2, "R"));
        ReadRequest[] requests =
        [
            ReadRequest.Everything, new(null, "Organization"), new(null, "Patient", Person), new(null, "Patient", Person) { Operation = ReadOperation.Explain }, new() { Operation = ReadOperation.WithProvenance },
            new() { Operation = ReadOperation.History }, new() { AsOf = new RecordMoment(2, null) }, new() { Operation = ReadOperation.Summary }, new() { Operation = ReadOperation.SummaryPage },
        ];

        foreach (var request in requests)
        {
            var answer = await grain.Read(request, default!);
            Assert.True(answer.IsRestricted);
            Assert.All(answer.Entries.Concat(answer.Beside), e => Assert.DoesNotContain(Word, System.Text.Encoding.UTF8.GetString(e), StringComparison.OrdinalIgnoreCase));
        }

        Assert.All(await grain.History(default!), version => Assert.Empty(version.Source));
    }

    [Fact]
    public async Task When_the_restriction_ends_everything_is_as_it_was()
    {
        var before = await Everything();
        await Pushed(0, Patient(0, _nhs, 2, "R"));
        await Everything();
        await Pushed(0, Patient(0, _nhs, 3, null));

        var after = await Everything();

        Assert.Equal(before.Select(Unstamped), after.Select(Unstamped));
    }

    private string Person => TestSilo.PatientId(_nhs);

    private async Task Pushed(int n, params string[] resources)
    {
        var answer = await _silo.Push(Trusts[n].Id, Collection(resources));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body);
    }

    private async Task<IReadOnlyList<JsonNode>> Everything() => await _silo.Everything(_nhs);

    private async Task<IReadOnlyList<Interaction>> Asked()
    {
        var offered = (await _silo.Get("openapi.json")).Json["paths"]!.AsObject()
            .Where(p => p.Key.StartsWith("/fhir", StringComparison.Ordinal)).SelectMany(p => p.Value!.AsObject().Select(m => $"{m.Key.ToUpperInvariant()} {p.Key}"));
        var versions = (await _silo.Get($"fhir/_history?patient={Person}")).Json["entry"]!.AsArray().Select(e => e!["response"]!);
        return Interactions.Of(
            Person, _nhs, [.. (await Everything()).Select(Name)], [.. versions.Select(v => v["etag"]!.GetValue<string>().Trim('W', '/', '"')).Distinct()],
            [.. versions.Select(v => v["lastModified"]!.GetValue<string>()).Distinct()], offered.Distinct());
    }

    private async Task<Dictionary<Interaction, Answer>> Answered(IReadOnlyList<Interaction> asked, Func<Interaction, (string, string)>? header = null)
    {
        var answers = new ConcurrentDictionary<Interaction, Answer>();
        await Parallel.ForEachAsync(asked, async (one, _) => answers[one] = await one.Answered(_silo, header is null ? [] : [header(one)]));
        return new Dictionary<Interaction, Answer>(answers);
    }

    private static void None(IEnumerable<string> found)
    {
        var all = found.ToList();
        Assert.True(all.Count == 0, $"{all.Count}:\n{string.Join('\n', all.Take(40))}");
    }

    // In the body and in every header; what a client asked with is echoed in links, and asks with none of it here.
    private static bool Tells(Answer answer) =>
        BodyTells(answer) || answer.Headers.Concat(answer.ContentHeaders).Any(h => h.Value.Any(v => v.Contains(Word, StringComparison.OrdinalIgnoreCase)));

    private static bool BodyTells(Answer answer) =>
        answer.Body.Contains(Word, StringComparison.OrdinalIgnoreCase) || answer.Body.Contains(Encoded, StringComparison.Ordinal);

    private static string Around(Answer answer)
    {
        var at = answer.Body.IndexOf(Word, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? string.Join(' ', answer.Headers.Where(h => h.Value.Any(v => v.Contains(Word, StringComparison.OrdinalIgnoreCase))).Select(h => h.Key)) : answer.Body[Math.Max(at - 120, 0)..Math.Min(at + 40, answer.Body.Length)];
    }

    private static int Total(Answer answer) => answer.Json["total"]!.GetValue<int>();

    private static string Type(JsonNode resource) => resource["resourceType"]!.GetValue<string>();

    private static string Name(JsonNode resource) => $"{Type(resource)}/{resource["id"]!.GetValue<string>()}";

    private static string Unstamped(JsonNode resource)
    {
        var copy = resource.DeepClone();
        copy["meta"]!.AsObject().Remove("versionId");
        copy["meta"]!.AsObject().Remove("lastUpdated");
        // The source's own stamp of the Patient that was pushed again.
        return copy.ToJsonString().Replace("2026-01-03T00:00:00", "2026-01-01T00:00:00", StringComparison.Ordinal);
    }
}
