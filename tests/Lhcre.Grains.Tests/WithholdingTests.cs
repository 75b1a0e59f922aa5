using System.Text.Json;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Microsoft.Extensions.Time.Testing;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>What the wrong-patient guard withholds is parked in the commit that withholds it, and leaves by the one that ends it.</summary>
public sealed class WithholdingTests : IAsyncDisposable
{
    private const string Other = "hampshire";

    private readonly SimulatedJournal _journal = new();
    private readonly FakeTimeProvider _clock = NoonClock();

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task It_is_listed_with_its_code_and_its_own_words_and_written_with_the_row()
    {
        var live = await Activation();
        await live.Push(Of("1", Source, Ann()), default);
        var writes = _journal.Writes;

        var answer = await live.Push(Of("2", Other, Bob(), Result("7")), default);

        Assert.Equal([FragmentOutcome.Withheld, FragmentOutcome.Withheld], answer.Outcomes.AsEnumerable());
        Assert.Equal(writes + 1, _journal.Writes);
        var parked = await Parked();
        Assert.Equal(["Observation LHC307", "Patient LHC307"], parked.Select(p => $"{p.Type} {p.Code}").Order());
        Assert.All(parked, p => Assert.Equal((null, Noon.AddMilliseconds(1), IssueCodes.Withheld.Meaning), (p.WaitsFor, p.At, p.Reason)));
        Assert.Equal(["Observation/result", "Patient/bob"], Words(parked).Select(f => f.Key.Reference).Order());
        Assert.All(parked, p => Assert.Equal((LogBody.RowFormat, (byte)PatientRecord.MergeRules, false), (p.Body.Span[0], p.Body.Span[1], Withholding.IsOfOtherRules(p))));
        // Of Ann, and that something is withheld: whoever reads the record is told.
        string[] shown = [.. (await live.Read(ReadRequest.Everything, default)).Entries.Select(e => JsonDocument.Parse(e).RootElement.GetProperty("resource").GetProperty("resourceType").GetString()!)];
        Assert.Equal(["Patient", "DetectedIssue"], shown);
    }

    [Fact]
    public async Task A_name_that_is_withheld_does_not_find_the_record_until_it_is_no_longer()
    {
        var live = await Activation();
        await live.Push(Of("1", Other, Bob()), default);
        Assert.Equal([JournalExamples.Ann], await Find("family=sample&birthdate=1951-07-13"));

        await live.Push(Of("2", Source, Ann()), default);

        Assert.Empty(await Find("family=sample&birthdate=1951-07-13"));
        Assert.Empty(await Find("given=bob&birthdate=1980-01-01"));
        Assert.Equal([JournalExamples.Ann], await Find("family=example&birthdate=1980-01-01"));

        await live.Push(Of("3", Other, Bob(birthDate: "1980-01-01")), default);

        Assert.Equal([JournalExamples.Ann], await Find("family=sample&birthdate=1980-01-01"));

        Task<IReadOnlyList<PatientKey>> Find(string query) => _journal.FindPeople(JournalExamples.Who(query), 10, default);
    }

    [Fact]
    public async Task It_leaves_the_list_when_its_source_has_corrected_the_person()
    {
        var live = await Withheld();

        await live.Push(Of("3", Other, Bob(birthDate: "1980-01-01")), default);

        Assert.Empty(await Parked());
        Assert.NotEmpty((await live.Read(new ReadRequest(null, "Observation"), default)).Entries);
    }

    [Fact]
    public async Task A_new_version_takes_the_place_of_the_one_that_is_parked()
    {
        var live = await Withheld();

        await live.Push(Of("3", Other, Result("8")), default);

        var parked = await Parked();
        Assert.Equal(2, parked.Count);
        Assert.Contains("\"8\"", System.Text.Encoding.UTF8.GetString(Words(parked).Single(f => f.Key.Type == "Observation").AsSent.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_its_source_withdraws_is_parked_no_longer()
    {
        var live = await Withheld();

        await live.Push(Of("3", Other, Fragment.Deleted(new EntryKey(Other, "Observation", "result"))), default);

        Assert.Equal(["Patient"], (await Parked()).Select(p => p.Type));
    }

    [Fact]
    public async Task What_comes_to_be_withheld_long_after_it_was_pushed_is_parked_in_its_own_words()
    {
        var live = await Activation();
        await live.Push(Of("1", Other, Bob(), Result("7")), default);
        await live.Fold(TaskScheduler.Default, default);

        await live.Push(Of("2", Source, Ann()), default);

        Assert.Equal(["Observation/result", "Patient/bob"], Words(await Parked()).Select(f => f.Key.Reference).Order());
    }

    [Fact]
    public async Task Released_by_hand_it_is_back_with_the_first_push_to_the_next_activation()
    {
        await Withheld();
        var before = await Parked();
        await _journal.Unpark([before[0].Id], default);

        var next = await Activation();
        await next.Push(Of("4", Source, Observation("pulse")), default);

        Assert.Equal(before.Select(p => p.Id).Order(), (await Parked()).Select(p => p.Id).Order());
    }

    [Fact]
    public async Task Another_push_to_the_record_changes_nothing_of_it()
    {
        var live = await Withheld();
        var before = (await Parked()).Select(JournalExamples.Text).ToList();
        _clock.Advance(TimeSpan.FromMinutes(1));

        await live.Push(Of("3", Source, Observation("pulse")), default);
        await (await Activation()).Push(Of("4", Source, Observation("weight")), default);

        Assert.Equal(before, (await Parked()).Select(JournalExamples.Text));
    }

    [Fact]
    public void The_id_under_which_it_is_parked_tells_nothing_and_is_of_this_record_alone()
    {
        var key = new EntryKey(Other, "Observation", "result-4711");
        string[] ids = [Withholding.IdOf(JournalExamples.Ann, key), Withholding.IdOf(JournalExamples.Bob, key), Withholding.IdOf(JournalExamples.Ann, Key("Observation", "result-4711"))];

        Assert.Equal(3, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{32}$", id));
        Assert.Equal(ids[0], Withholding.IdOf(JournalExamples.Ann, key));
    }

    private async Task<LiveRecord> Withheld()
    {
        var live = await Activation();
        await live.Push(Of("1", Source, Ann()), default);
        await live.Push(Of("2", Other, Bob(), Result("7")), default);
        Assert.Equal(2, (await Parked()).Count);
        return live;
    }

    private async Task<LiveRecord> Activation()
    {
        var live = new LiveRecord(JournalExamples.Ann, _journal, Here, _clock);
        await live.Load(default);
        return live;
    }

    private async Task<IReadOnlyList<ParkedResource>> Parked() => (await _journal.Parked(Other, null, 10, default)).Page;

    private static IEnumerable<Fragment> Words(IEnumerable<ParkedResource> parked) => parked.Select(p => LogBody.Read(p.Body).Single());

    private static PushRequest Of(string name, string source, params IEnumerable<Fragment> fragments) =>
        new() { Source = source, Push = PushId.Of(source, name), Fragments = new FragmentBatch([.. fragments]) };

    // Verified by PDS, so that hers is the record.
    private static Fragment Ann() => Stated("""
        {"resourceType":"Patient","id":"ann","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018","extension":[
        {"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus","valueCodeableConcept":{"coding":[
        {"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland","code":"01"}]}}]}],
        "name":[{"family":"Example","given":["Ann"]}],"birthDate":"1980-01-01"}
        """, Source);

    private static Fragment Bob(string birthDate = "1951-07-13") =>
        Stated($$"""{"resourceType":"Patient","id":"bob","name":[{"family":"Sample","given":["Bob"]}],"birthDate":"{{birthDate}}"}""", Other);

    private static Fragment Result(string value) =>
        Stated($$$"""{"resourceType":"Observation","id":"result","status":"final","subject":{"reference":"Patient/bob"},"valueString":"{{{value}}}"}""", Other);
}
