using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Lhcre.Record;
using Lhcre.Record.Summaries;
using Lhcre.Synthetic;
using Xunit.Abstractions;

namespace Lhcre.Intake.Tests.Summaries;

/// <summary>
/// Every summary document reads strictly with the FHIR library and is what the profiles of the IPS (1.1.0, from the real data) demand: of made-up people
/// with all that sources do to facts, of Synthea's, and of those of whom little is known.
/// </summary>
public sealed class SummaryConformanceTests(ITestOutputHelper output) : IDisposable
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("LHCRE_LONG") == "1";
    private static readonly Addresses Home = new("http://127.0.0.1:8080");
    private static readonly SourceSystems Sources = new(SourceSystem.Wessex);
    private static readonly PatientKey Somebody = PatientKey.Parse("pabcdefghijklmnopqrstuvwxyz");
    private static readonly DateTimeOffset Arrival = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static IpsProfiles? _profiles;

    private readonly string _unpacked = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose()
    {
        if (Directory.Exists(_unpacked))
            Directory.Delete(_unpacked, true);
    }

    [Fact]
    public void Of_made_up_people()
    {
        if (Profiles() is not { } documents)
            return;
        foreach (var person in Enumerable.Range(0, IsLong ? 400 : 40).SelectMany(n => SyntheticPerson.Of(20_261_123, n, Rates.Fixed)))
        {
            var record = person.Pushes.Aggregate(PatientRecord.Empty(person.Key, Home), (r, push) => Pushed(r, [.. push]));
            Assert.Equal([], documents.Faults(SummaryDocument.Write(record, Sources, LastDay(record))));
        }

        output.WriteLine(string.Join(", ", documents.Held));
        Assert.All(["AllergyIntolerance", "Condition", "Immunization", "MedicationRequest", "Observation", "Procedure"], type => Assert.Contains(type, documents.Held.Keys));
    }

    [Fact]
    public void Of_people_of_Synthea()
    {
        if (Profiles() is not { } documents || Find("synthea/v2.4-all-617.tar.xz") is not { } archive)
            return;
        foreach (var file in Unpack(archive).Order(StringComparer.Ordinal).Where((_, i) => i % (IsLong ? 1 : 4) == 0))
        {
            var received = FhirIntake.Read(File.ReadAllBytes(file), new Interaction("POST", null, null), "dorset", Home.Source("dorset"));
            var record = Pushed(PatientRecord.Empty(Somebody, Home), [.. received.Entries.Select(e => e.Fragment).OfType<Fragment>()]);
            var now = LastDay(record);
            var started = Stopwatch.GetTimestamp();
            var document = SummaryDocument.Write(record, Sources, now);
            output.WriteLine($"{record.All.Length} resources: {document.Length / 1024} KB in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F1} ms");
            Assert.Equal([], documents.Faults(document));
        }

        output.WriteLine(string.Join(", ", documents.Held));
        Assert.True(documents.Held.Values.Sum() > 500);
    }

    public static TheoryData<string> OfLittle => new()
    {
        // Nothing at all; a person without a name or a birth date; a name of nothing; nobody but a problem.
        "",
        "{'resourceType':'Patient','id':'1'}",
        "{'resourceType':'Patient','id':'1','name':[{'use':'official'}],'birthDate':'1980'}",
        "{'resourceType':'Condition','id':'1','subject':{'identifier':{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9990000018'}}}",
        "{'resourceType':'Patient','id':'1','name':[{'family':'Śmith & <b>Söhne</b>'}],'deceasedDateTime':'2025-12-24'}",
        "{'resourceType':'AllergyIntolerance','id':'1','clinicalStatus':{'coding':[{'code':'active'}]},'code':{'coding':[{'system':'http://snomed.info/sct','code':'716186003'}]},'patient':{'reference':'Patient/never'}}",
        // What is mandatory and not said.
        "{'resourceType':'AllergyIntolerance','id':'1','patient':{'reference':'Patient/1'},'code':{'text':'Nuts'}}",
        "{'resourceType':'Condition','id':'1','code':{'text':'Asthma'},'subject':{'reference':'Patient/1'}}",
        "{'resourceType':'MedicationStatement','id':'1','status':'active','medicationReference':{'reference':'Medication/1'},'subject':{'reference':'Patient/1'}}|{'resourceType':'Medication','id':'1'}",
        "{'resourceType':'MedicationRequest','id':'1','status':'active','intent':'order','medicationReference':{'reference':'#m'},'contained':[{'resourceType':'Medication','id':'m','code':{'text':'Oil'}}],'subject':{'reference':'Patient/1'}}",
        "{'resourceType':'Procedure','id':'1','status':'completed','subject':{'reference':'Patient/1'},'performer':[{'actor':{'reference':'Practitioner/1'}}]}|{'resourceType':'Practitioner','id':'1'}",
        "{'resourceType':'Observation','id':'1','status':'final','code':{'text':'Pulse'},'performer':[{'reference':'Organization/1'},{'reference':'Practitioner/never'}],'specimen':{'reference':'Specimen/1'}}|{'resourceType':'Organization','id':'1','identifier':[{'value':'RDZ'}]}|{'resourceType':'Specimen','id':'1'}",
        "{'resourceType':'DiagnosticReport','id':'1','status':'final','code':{'text':'Bloods'},'subject':{'reference':'Patient/1'},'result':[{'reference':'Observation/1'}]}|{'resourceType':'Observation','id':'1','status':'amended','code':{'text':'Hb'},'effectiveDateTime':'1999','subject':{'reference':'Patient/1'}}",
        // What was given without an order, and what the IPS has a section of where there is any.
        "{'resourceType':'MedicationDispense','id':'1','status':'completed','medicationCodeableConcept':{'text':'Oil'},'subject':{'reference':'Patient/1'}}|{'resourceType':'MedicationAdministration','id':'1','status':'completed','medicationCodeableConcept':{'text':'Oil'},'subject':{'reference':'Patient/1'}}",
        "{'resourceType':'Flag','id':'1','status':'active','code':{'text':'DNACPR'},'subject':{'reference':'Patient/1'}}|{'resourceType':'CarePlan','id':'1','status':'active','intent':'plan','title':'End of life plan','subject':{'reference':'Patient/1'}}",
        "{'resourceType':'Consent','id':'1','status':'active','scope':{'text':'Care'},'category':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/consentcategorycodes','code':'acd'}]}],'patient':{'reference':'Patient/1'},'policyRule':{'text':'Care'}}",
        "{'resourceType':'DeviceUseStatement','id':'1','status':'active','device':{'reference':'Device/1'},'subject':{'reference':'Patient/1'}}|{'resourceType':'Device','id':'1','patient':{'reference':'Patient/1'}}",
        // What was taken back, and comes along with what refers to it.
        "{'resourceType':'Procedure','id':'1','status':'completed','code':{'text':'Scan'},'subject':{'reference':'Patient/1'},'reasonReference':[{'reference':'Condition/1'}]}|{'resourceType':'Condition','id':'1','verificationStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-ver-status','code':'entered-in-error'}]},'code':{'text':'Fall'},'subject':{'reference':'Patient/1'}}",
    };

    [Theory]
    [MemberData(nameof(OfLittle))]
    public void Of_those_of_whom_little_is_known(string resources)
    {
        if (Profiles() is not { } documents)
            return;
        var fragments = resources.Split('|', StringSplitOptions.RemoveEmptyEntries)
            .Select(r => Fragment.Stated("dorset", Encoding.UTF8.GetBytes(r.Replace('\'', '"')), time: Arrival)).ToArray();
        var record = fragments.Length == 0 ? PatientRecord.Empty(Somebody, Home) : Pushed(PatientRecord.Empty(Somebody, Home), fragments);
        Assert.Equal([], documents.Faults(SummaryDocument.Write(record, Sources, Arrival)));
    }

    [Theory]
    [InlineData("Patient-uv-ips", "{'resourceType':'Patient'}", "Patient.name: 0, not 1 to 2147483647", "Patient.birthDate: 0, not 1 to 1")]
    [InlineData("Patient-uv-ips", "{'resourceType':'Patient','name':[{}],'_birthDate':{'extension':[]}}")]
    [InlineData("Observation-results-uv-ips", "{'resourceType':'Observation','status':'amended','code':{},'subject':{'reference':'x'},'effectiveInstant':'x'}", "Observation.status: amended is not final")]
    [InlineData("Procedure-uv-ips", "{'resourceType':'Procedure','status':'completed','code':{},'subject':{},'performedString':'x'}", "Procedure.subject.reference: 0, not 1 to 1")]
    public void The_check_itself_finds_what_is_wrong(string profile, string resource, params string[] faults)
    {
        if (Find("ips/package-1.1.0") is { } folder)
            Assert.Equal(faults, new IpsProfiles(folder).Faults(profile, JsonSerializer.Deserialize<JsonElement>(resource.Replace('\'', '"')), _ => null));
    }

    [Fact]
    public void The_check_itself_misses_no_section_and_no_entry_of_one()
    {
        if (Profiles() is not { } documents)
            return;
        var sound = Encoding.UTF8.GetString(SummaryDocument.Write(PatientRecord.Empty(Somebody, Home), Sources, Arrival));
        Assert.Equal(
            ["Composition.section:sectionAllergies: 0, not 1 to 1"],
            documents.Faults(Encoding.UTF8.GetBytes(sound.Replace("48765-2", "48765-3", StringComparison.Ordinal))));
        Assert.Contains(
            "Composition.section:sectionProblems.entry:problem: 0, not 1 to 2147483647",
            documents.Faults(Encoding.UTF8.GetBytes(sound.Replace("\"resourceType\":\"Condition\"", "\"resourceType\":\"Flag\"", StringComparison.Ordinal))));
    }

    private Documents? Profiles() => Find("ips/package-1.1.0") is { } folder ? new Documents(_profiles ??= new IpsProfiles(folder)) : null;

    private static PatientRecord Pushed(PatientRecord record, Fragment[] fragments)
    {
        var accepted = Merge.Accept(record, fragments, Arrival.AddMinutes(record.Seq)).Fragments;
        return accepted.IsEmpty
            ? record
            : Merge.Apply(record, new RecordRow(record.Seq + 1, PushId.Of("test", $"{record.Seq}"), Arrival.AddMinutes(record.Seq), LogBody.Write(accepted), accepted));
    }

    // So that there is something of the last months.
    private static DateTimeOffset LastDay(PatientRecord record)
    {
        var minutes = record.All.ToArray().Select(r => r.Shown?.Facts.When ?? default).Where(w => w.Precision == Precision.Minute).Select(w => w.Number).DefaultIfEmpty().Max();
        return minutes == 0 ? Arrival : DateTimeOffset.UnixEpoch.AddTicks((minutes * TimeSpan.TicksPerMinute) - DateTimeOffset.UnixEpoch.Ticks);
    }

    private IEnumerable<string> Unpack(string archive)
    {
        Directory.CreateDirectory(_unpacked);
        using var tar = Process.Start("tar", ["-xJf", archive, "-C", _unpacked, "--wildcards", "*/B*.json"]);
        tar.WaitForExit();
        Assert.Equal(0, tar.ExitCode);
        return Directory.EnumerateFiles(_unpacked, "*.json", SearchOption.AllDirectories);
    }

    private string? Find(string path, [CallerFilePath] string here = "")
    {
        var root = Environment.GetEnvironmentVariable("LHCRE_SHARED_DATA") ?? Path.Combine(Path.GetDirectoryName(here)!, "../../../../shared/data");
        var found = Path.Combine(root, path);
        if (Path.Exists(found))
            return found;
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"{path} is not there, and in CI it must be.");
        output.WriteLine($"Not run: {path} is not there. LHCRE_SHARED_DATA names the folder of real data.");
        return null;
    }
}
