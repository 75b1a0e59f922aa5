using System.Text.Json.Nodes;
using CsCheck;
using Lhcre.Contracts;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Lhcre.Record.People;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>
/// Whatever is pushed, corrected, withdrawn and withheld: whoever a search finds is whoever the Patients of the records say, read from what
/// the sources sent and from nothing that the index is made of.
/// </summary>
public sealed class PeopleIndexTests
{
    private static readonly string[] Sources = ["dorset", "hampshire", "isle-of-wight"];

    private static readonly string[] Families = ["Smith", "Smith-Jones", "O'Neill", "Müller"], Givens = ["Ann", "Anne", "Bob"];

    // Two that differ by more than how people write them, so that some Patients are withheld.
    private static readonly string[] Births = ["1980-05-12", "1980-12-05", "1980", "1951-07-13", ""], Genders = ["female", "male", ""];

    private static readonly Gen<(int Person, string Source, string Kind, string Json)> Changes =
        from person in Gen.Int[1, 3]
        from source in Gen.OneOf(Sources)
        from kind in Gen.Frequency((6, Gen.Const("state")), (2, Gen.Const("delete")), (1, Gen.Const("restart")), (1, Gen.Const("other")), (1, Gen.Const("fold")))
        from family in Gen.OneOf(Families)
        from given in Gen.OneOf(Givens)
        from birth in Gen.OneOf(Births)
        from gender in Gen.OneOf(Genders)
        from isVerified in Gen.Int[0, 4]
        select (person, source, kind, Patient($"{person}", family, given, birth, gender, isVerified == 0));

    [Fact]
    public Task A_search_finds_whoever_the_records_Patients_say() => Changes.Array[1, 12].SampleAsync(
        async changes =>
        {
            await using var journal = new SimulatedJournal();
            var clock = NoonClock();
            var live = new Dictionary<int, LiveRecord>();
            var number = 0;
            foreach (var (person, source, kind, json) in changes)
            {
                if (kind == "restart" || !live.TryGetValue(person, out var record))
                {
                    live[person] = record = new LiveRecord(JournalExamples.Patient(person), journal, Here, clock);
                    await record.Load(default);
                }

                clock.Advance(TimeSpan.FromSeconds(1));
                var key = new EntryKey(source, "Patient", $"{person}");
                if (kind == "fold")
                    await record.Fold(TaskScheduler.Default, default);
                else
                    await record.Push(
                        new PushRequest
                        {
                            Source = source,
                            Push = PushId.Of(source, $"{++number}"),
                            Fragments = new FragmentBatch([kind switch
                            {
                                "delete" => Fragment.Deleted(key),
                                "other" => Stated($$$"""{"resourceType":"Observation","id":"{{{number}}}","status":"final","subject":{"reference":"Patient/{{{person}}}"}}""", source),
                                _ => Stated(json, source),
                            }]),
                        },
                        default);
                await IndexIsTheScan(journal);
            }
        },
        iter: 150,
        threads: 2);

    [Fact]
    public async Task Records_from_before_there_was_an_index_are_described_and_what_is_there_is_left_alone()
    {
        await using var journal = new SimulatedJournal();
        for (var person = 1; person <= 4; person++)
        {
            var live = new LiveRecord(JournalExamples.Patient(person), journal, Here, NoonClock());
            await live.Load(default);
            var said = person == 3
                ? Observation("weight")
                : Stated(Patient($"{person}", "Smith", "Ann", "1980-05-12", "female", isVerified: false), "dorset");
            await live.Push(Push($"{person}", said), default);
            if (person == 2)
                await live.Fold(TaskScheduler.Default, default);
            // As an earlier release left them, but for one.
            if (person != 4)
                await journal.Describe([new(JournalExamples.Patient(person), 1, PersonFacts.None)], default);
        }

        var people = new PeopleIndex(journal, Here, NoonClock());
        var (due, last) = await people.Due(null, default);
        var described = new List<bool>();
        foreach (var patient in due)
            described.Add(await people.Describe(patient, default));

        Assert.Equal((JournalExamples.Patient(4), null), (last, (await people.Due(last, default)).Last));
        Assert.Equal([JournalExamples.Patient(1), JournalExamples.Patient(2), JournalExamples.Patient(3)], due);
        Assert.Equal([true, true, false], described);
        Assert.Equal(
            [JournalExamples.Patient(1), JournalExamples.Patient(2), JournalExamples.Patient(4)],
            await journal.FindPeople(JournalExamples.Who("family=smith&birthdate=1980-05-12"), 10, default));
    }

    private static async Task IndexIsTheScan(SimulatedJournal journal)
    {
        var people = new List<(PatientKey Key, List<JsonNode> Patients)>();
        for (var number = 1; number <= 3; number++)
        {
            var record = new LiveRecord(JournalExamples.Patient(number), journal, Here, NoonClock());
            await record.Load(default);
            people.Add((JournalExamples.Patient(number), await Shown(record.Snapshot, journal)));
        }

        foreach (var family in Families)
        {
            foreach (var birth in Births[..4])
            {
                foreach (var gender in Genders)
                {
                    var prefix = Folded.Text(family)[..3];
                    var query = JournalExamples.Who($"family={prefix}&birthdate={birth}{(gender.Length > 0 ? $"&gender={gender}" : "")}");
                    Assert.Equal(
                        people.Where(p => p.Patients.Any(HasFamily) && p.Patients.Any(IsBorn) && (gender.Length == 0 || p.Patients.Any(IsOf))).Select(p => p.Key),
                        await journal.FindPeople(query, 10, default));

                    bool HasFamily(JsonNode patient) => (string)patient["name"]![0]!["family"]! is var name && name[..3].Replace("ü", "u", StringComparison.Ordinal).Replace("O'N", "one", StringComparison.Ordinal)
                        .Equals(prefix, StringComparison.OrdinalIgnoreCase);
                    bool IsBorn(JsonNode patient) => (string?)patient["birthDate"] is { } date && date.StartsWith(birth, StringComparison.Ordinal);
                    bool IsOf(JsonNode patient) => (string?)patient["gender"] == gender;
                }
            }
        }
    }

    // What the sources say of the person and the record shows.
    private static async Task<List<JsonNode>> Shown(PatientRecord record, SimulatedJournal journal)
    {
        var withheld = record.Withheld.Select(e => e.Key).ToHashSet();
        Entry[] patients = [.. Sources.SelectMany(record.LiveEntriesOf).Where(e => e.Key.Type == "Patient" && !withheld.Contains(e.Key))];
        var words = await RecordWords.Fetch(journal, record.Key, record.RowsToFetch(patients), default);
        return [.. record.Fragments(patients, words).Select(f => JsonNode.Parse(f.AsSent.Span)!)];
    }

    private static string Patient(string id, string family, string given, string birth, string gender, bool isVerified) => $$"""
        {"resourceType":"Patient","id":"{{id}}",{{(isVerified ? Verified : "")}}{{(birth.Length > 0 ? $"\"birthDate\":\"{birth}\"," : "")}}{{(gender.Length > 0 ? $"\"gender\":\"{gender}\"," : "")}}
        "name":[{"family":"{{family}}","given":["{{given}}"]}]}
        """;

    private const string Verified = """
        "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018","extension":[
        {"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus","valueCodeableConcept":{"coding":[
        {"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland","code":"01"}]}}]}],
        """;
}
