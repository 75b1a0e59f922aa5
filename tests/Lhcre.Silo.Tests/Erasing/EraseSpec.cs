using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Erasing;

/// <summary>
/// What was pulled for a visit is gone after it, and a person after <c>$erase</c>, from everything on disk: the same search that finds nothing then finds each value before.
/// </summary>
public abstract partial class EraseSpec(VisitSilo silo)
{
    private string[] Pulled => Own("WalesFamily@@", "WALES-MRN-77@@", "Heol y Bont 1@@", "31.415@@", "wales-obs@@", "DrWalesUsed@@", "DrWalesUnused@@", "wales-used@@", "wales-unused@@", "wales words@@");
    private string[] Pushed => Own("DorsetFamily@@", "dorset-visit@@", "Dorset ward@@");

    private readonly string _nhs = FreshNhsNumber();

    private string[] Unused => Own("DrWalesUnused@@", "wales-unused@@");

    private TestSilo Http => silo.Http;

    private string Person => TestSilo.PatientId(_nhs);

    [Fact]
    public async Task After_a_lease_not_one_value_of_what_was_pulled_is_left_and_what_was_pushed_is_as_if_it_had_never_been_there()
    {
        await PushVisit();
        var never = await Served();
        Knows();
        Assert.Equal(HttpStatusCode.OK, (await Http.Get($"fhir/Patient?identifier={_nhs}")).Status);
        await Fold();
        await Http.Push("dorset", Collection(Own(Encounter("dorset-later@@", "Dorset ward@@"))));
        var before = await silo.ReadDisk();
        Assert.All(Pulled.Except(Unused), value => Assert.NotEmpty(before.PlacesOf(value)));
        // What is about nobody and nobody refers to is not even kept.
        Assert.All(Unused, value => Assert.Empty(before.PlacesOf(value)));
        var lease = Assert.Single(await silo.Journal.Leases(PatientKey.Parse(Person), default));
        Assert.Equal(("wales", TimeSpan.FromDays(14)), (lease.Source, lease.Until - lease.From));
        Assert.Equal(0, (await Http.Get("sources/wales/leases")).Json["due"]!.GetValue<int>());

        silo.Clock.Shift(TimeSpan.FromDays(15));
        await silo.EndLeases();

        var after = await silo.ReadDisk();
        Assert.All(Pulled, value => Assert.Empty(after.PlacesOf(value)));
        Assert.All(Pushed, value => Assert.NotEmpty(after.PlacesOf(value)));
        AssertOverwritten(before, after, Pulled);
        Assert.Empty(await silo.Journal.Leases(PatientKey.Parse(Person), default));
        Assert.Equal(HttpStatusCode.NotFound, (await Http.Get($"sources/wales/fhir/Observation/{Own("wales-obs@@")[0]}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Http.Get($"sources/dorset/fhir/Encounter/{Own("dorset-visit@@")[0]}")).Status);
        // As it was before anything was pulled, with what was pushed since, but for our own stamps.
        Assert.Equal(never, (await Served()).Where(r => !r.Contains("dorset-later", StringComparison.Ordinal)));
        Assert.Contains(await Versions(), v => v.Corrects is not null);
    }

    [Fact]
    public async Task Who_comes_again_is_pulled_anew_for_another_lease()
    {
        Knows();
        Assert.Single((await Http.Get($"fhir/Observation?patient.identifier={_nhs}")).Resources("match"));
        silo.Clock.Shift(TimeSpan.FromDays(15));
        await silo.EndLeases();
        Assert.Empty((await silo.ReadDisk()).PlacesOf(Own("WalesFamily@@")[0]));

        Assert.Single((await Http.Get($"fhir/Observation?patient.identifier={_nhs}")).Resources("match"));

        Assert.True(Assert.Single(await silo.Journal.Leases(PatientKey.Parse(Person), default)).Until > silo.Clock.GetUtcNow().AddDays(13));
        await silo.EndLeases();
        Assert.NotEmpty((await silo.ReadDisk()).PlacesOf(Own("WalesFamily@@")[0]));
    }

    [Fact]
    public async Task A_person_is_erased_on_order_with_all_that_any_source_said_and_all_that_is_set_aside()
    {
        await PushVisit();
        Knows();
        await Http.Get($"fhir/Patient?identifier={_nhs}");
        await Fold();
        await Http.Push("hampshire", Collection(Patient($"hants-p{_nhs[^6..]}", _nhs)));
        var ahead = Observation("hants-parked@@", "Patient/hants-p@@", more: Meta("2999-01-01T00:00:00Z"));
        Assert.Equal(["LHC306"], (await Http.Push("hampshire", Collection(Own(ahead)), ("X-Request-Id", "one"))).Codes);
        await silo.Journal.Refuse([RefusedLetter.Of("hampshire", silo.Clock.GetUtcNow(), IssueCodes.Withheld, LetterForm.Hl7V2, "ADT^A01", "c1", Encoding.UTF8.GetBytes($"PID|1||{_nhs[..3]} {_nhs[3..6]} {_nhs[6..]}^^^NHS||{Own("LetterFamily@@")[0]}"))], default);
        await silo.Journal.Refuse([RefusedLetter.Of("hampshire", silo.Clock.GetUtcNow(), IssueCodes.Withheld, LetterForm.Hl7V2, "ADT^A01", "c2", Encoding.UTF8.GetBytes($"PID|1||{FreshNhsNumber()}^^^NHS||{Own("OtherFamily@@")[0]}"))], default);
        var before = await silo.ReadDisk();
        string[] values = [.. Pulled.Except(Unused), .. Pushed, .. Own("MRN-hants-p@@", "hants-parked@@", "LetterFamily@@")];
        Assert.All(values, value => Assert.NotEmpty(before.PlacesOf(value)));

        var erased = await Http.Send(HttpMethod.Post, $"fhir/Patient/{Person}/$erase?reason=court+order&by=the+Caldicott+guardian&confirm={Person}");
        await silo.Scrubbed();

        Assert.Equal((HttpStatusCode.OK, "LHC742"), (erased.Status, Assert.Single(erased.Codes)));
        Assert.All(values, value => Assert.DoesNotContain(value, erased.Body, StringComparison.Ordinal));
        Assert.DoesNotContain("dorset", erased.Body, StringComparison.OrdinalIgnoreCase);
        var after = await silo.ReadDisk();
        Assert.All(values, value => Assert.Empty(after.PlacesOf(value)));
        Assert.NotEmpty(after.PlacesOf(Own("OtherFamily@@")[0]));
        AssertOverwritten(before, after, values);
        Assert.Empty(await Served());
        Assert.Contains(await Versions(), v => v.Corrects == "court order");
        // Once is enough, and what is pushed from then on is taken in.
        Assert.Equal("LHC743", Assert.Single((await Http.Send(HttpMethod.Post, $"fhir/Patient/{Person}/$erase?reason=again&by=me&confirm={Person}")).Codes));
        await PushVisit();
        Assert.NotEmpty(await Served());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?reason=why&by=me")]
    [InlineData("?reason=why&by=me&confirm=another")]
    [InlineData("?reason=&by=me&confirm={id}")]
    [InlineData("?reason=why&confirm={id}")]
    [InlineData("?reason=why&by=me&confirm={id}&source=dorset")]
    public async Task Nobody_is_erased_without_a_reason_a_name_and_the_id_again(string query)
    {
        await PushVisit();

        var answer = await Http.Send(HttpMethod.Post, $"fhir/Patient/{Person}/$erase{query.Replace("{id}", Person, StringComparison.Ordinal)}");

        Assert.Equal((HttpStatusCode.BadRequest, "LHC741"), (answer.Status, Assert.Single(answer.Codes)));
        Assert.NotEmpty(await Served());
    }

    // Raw bytes too: neither a value nor a stretch of a body that is stored no longer.
    private void AssertOverwritten(Disk before, Disk after, string[] values)
    {
        var raw = silo.RawFiles();
        if (raw.Length == 0)
            return;
        Assert.All(values, value => Assert.Equal(-1, raw.AsSpan().IndexOf(Encoding.UTF8.GetBytes(value))));
        var still = after.Bodies.Select(Convert.ToHexString).ToHashSet();
        var gone = before.Bodies.Where(b => b.Length > 200 && !still.Contains(Convert.ToHexString(b))).ToList();
        Assert.NotEmpty(gone);
        Assert.All(gone, body => Assert.Equal(-1, raw.AsSpan().IndexOf(body.AsSpan(100, 48))));
    }

    private void Knows() => silo.Wales.KnowsOnly(_nhs, Own(
        """
        {"resourceType":"Patient","id":"h@@","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"NUMBER"},{"system":"https://wales.example/mrn","value":"WALES-MRN-77@@"}],
        "name":[{"family":"WalesFamily@@"}],"birthDate":"1971-02-03","address":[{"line":["Heol y Bont 1@@"]}],
        "generalPractitioner":[{"identifier":{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"W91001"}}]}
        """,
        Observation("wales-obs@@", "Patient/h@@", "31.415@@", ""","performer":[{"reference":"Practitioner/wales-used@@"}],"note":[{"text":"wales words@@"}]"""),
        Practitioner("wales-used@@", "DrWalesUsed@@"),
        Practitioner("wales-unused@@", "DrWalesUnused@@")));

    private async Task PushVisit() => Assert.Equal(HttpStatusCode.OK, (await Http.Push("dorset", Collection(Own(
        """{"resourceType":"Patient","id":"dorset-p@@","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"NUMBER"}],"name":[{"family":"DorsetFamily@@"}]}""",
        Encounter("dorset-visit@@", "Dorset ward@@"))))).Status);

    // Of this test and no other, all of which are on the same disk.
    private string[] Own(params string[] texts) => [.. texts.Select(t => t.Replace("@@", _nhs[^6..], StringComparison.Ordinal).Replace("NUMBER", _nhs, StringComparison.Ordinal))];

    private static string Encounter(string id, string words) =>
        $$$"""{"resourceType":"Encounter","id":"{{{id}}}","status":"finished","class":{"code":"IMP"},"period":{"end":"2020-01-01"},"subject":{"reference":"Patient/dorset-p@@"},"reasonCode":[{"text":"{{{words}}}"}]}""";

    // So that there is history, and live chunks of what was pulled.
    private async Task Fold()
    {
        var record = new Grains.LiveRecord(PatientKey.Parse(Person), silo.Journal, new Addresses(Http.Url), silo.Clock);
        await record.Load(default);
        await record.Fold(TaskScheduler.Default, default);
    }

    private IPatientGrain Grain => Http.Parts.GetRequiredService<IGrainFactory>().GetGrain<IPatientGrain>(Person);

    private async Task<IReadOnlyList<RecordVersion>> Versions() => await Grain.History(Caller.Development);

    // By nobody who would have anybody asked.
    private async Task<IReadOnlyList<string>> Served() =>
        [.. (await Grain.Read(ReadRequest.Everything, Caller.Development)).Entries.Select(e => Stamps().Replace(Encoding.UTF8.GetString(e), ""))];

    [GeneratedRegex("\"versionId\":\"[0-9]+\",\"lastUpdated\":\"[^\"]+\"|\"identifiedDateTime\":\"[^\"]+\"")]
    private static partial Regex Stamps();
}

public sealed class EraseEmbeddedTests(VisitSilo.Embedded silo) : EraseSpec(silo), IClassFixture<VisitSilo.Embedded>;

public sealed class ErasePostgresTests(VisitSilo.Postgres silo) : EraseSpec(silo), IClassFixture<VisitSilo.Postgres>;
