using System.Net;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Silo.Tests.Http;
using Lhcre.Silo.Tests.Mllp;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Faults;

/// <summary>What a silo writes to its console while it takes in, serves and refuses a person with unmistakable values.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task Nothing_that_is_logged_holds_an_NHS_number_a_name_or_a_sources_own_id()
    {
        var nhs = FreshNhsNumber();
        string[] secrets = [nhs, "Unmistakable", "patient-4711", "observation-4712", "practitioner-4713", "control-4714", "visit-4715", "MRN-", "1951-02-03", "19510203"];
        var port = TestSilo.FreePort();
        var (log, console) = (new StringWriter(), Console.Out);
        // The console's logger takes the writer as it is when the silo is built.
        Console.SetOut(TextWriter.Synchronized(log));
        var silo = new FaultySilo(new SimulatedJournal(), o => o with { Mllp = new Dictionary<string, int> { ["isle-of-wight"] = port } });
        try
        {
            await silo.InitializeAsync();
            await Everything(silo, nhs);
            await EveryMessage(silo, port, nhs);
        }
        finally
        {
            await silo.DisposeAsync();
            Console.SetOut(console);
        }

        var text = log.ToString();
        Assert.Contains("The journal is unavailable", text, StringComparison.Ordinal);
        Assert.Contains("failed with InvalidOperationException", text, StringComparison.Ordinal);
        Assert.Contains("a message from 127.0.0.1 was answered AR: LHC610", text, StringComparison.Ordinal);
        Assert.Contains("dorset: a message from 127.0.0.1 over HTTP was answered AR: LHC605", text, StringComparison.Ordinal);
        Assert.Contains("taking in a message of HL7 v2 failed with InvalidOperationException", text, StringComparison.Ordinal);
        Assert.Contains("was cut: LHC630", text, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
    }

    private static async Task EveryMessage(FaultySilo silo, int port, string nhs)
    {
        var person = Messages.Person("control-4714", nhs, "Unmistakable");
        await using (var sender = await MllpSender.Connect(port))
        {
            await sender.Ask(person.Replace("ADT^A28", "XYZ^Unmistakable", StringComparison.Ordinal));
            await sender.Ask(person + person);
            using var content = new StringContent(person + person, System.Text.Encoding.UTF8, "text/plain");
            using var answer = await silo.Http.Client.PostAsync("sources/dorset/hl7v2", content);
            await sender.Ask(person.Replace("PV1|1|N", "PV1|1|I|||||||||||||||||visit-4715", StringComparison.Ordinal).Replace(nhs, "9990000000", StringComparison.Ordinal));
            await sender.Send(person[..100] + "\v" + person);
            await sender.Answer();
            silo.Journal.Before = verb => verb is nameof(IJournal.Append) or nameof(IJournal.FindSupporting) or nameof(IJournal.FindAnswer)
                ? throw new InvalidOperationException($"Unmistakable {nhs} control-4714 in {verb}") : Task.CompletedTask;
            await sender.Ask(person.Replace("Ann", "Anne", StringComparison.Ordinal));
            silo.Down();
            await sender.Ask(person.Replace("Ann", "Anna", StringComparison.Ordinal));
            silo.Back();
        }

        await using (var half = await MllpSender.Connect(port))
            await half.SendRaw("\v" + person[..200]);
        await using var last = await MllpSender.Connect(port);
        await last.Ask(person);
    }

    private static async Task Everything(FaultySilo silo, string nhs)
    {
        var patient = Patient("patient-4711", nhs, ""","name":[{"family":"Unmistakable"}]""").Replace("\"name\":[{\"family\":\"Śmith\",\"given\":[\"Ann\"]}],", "", StringComparison.Ordinal);
        var observation = Observation("observation-4712", "Patient/patient-4711", more: ""","performer":[{"reference":"Practitioner/practitioner-4713"}]""");
        string[] reads =
        [
            $"fhir/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|{nhs}", $"fhir/Patient/{TestSilo.PatientId(nhs)}/$everything", $"fhir/Patient?family=Unmistakable&identifier={nhs}",
            "sources/dorset/fhir/Patient/patient-4711/$everything", "sources/dorset/fhir/Observation/observation-4712", "sources/dorset/parked",
            "sources/dorset/fhir/Patient?identifier=https://example.org/mrn|MRN-patient-4711", "fhir/Observation/observation-4712",
        ];

        silo.Down(nameof(IJournal.Append), nameof(IJournal.Load));
        await silo.Http.Push("dorset", Collection(patient, observation));
        silo.Back();
        Assert.Equal(["201", "201", "201"], (await silo.Http.Push("dorset", Collection(patient, observation, Practitioner("practitioner-4713", "Unmistakable")))).EntryStatuses);
        await silo.Http.Put("dorset", "Observation/observation-4712", Observation("observation-4712", "Patient/patient-4711", "71"));
        await silo.Http.Push("hampshire", Collection(Patient("patient-4711", null), Observation("observation-4712", "Patient/patient-4711")));
        await silo.Http.Push("dorset", $$"""{"resourceType":"Patient","id":"patient-4711","name":"Unmistakable {{nhs}}","birthDate":"Unmistakable"}""");
        await silo.Http.Push("dorset", $$"""{"resourceType":"Patient","Unmistakable {{nhs}}""");
        const string People = "fhir/Patient?family=Unmistakable&given:exact=Unmistakable&birthdate=1951-02-03";
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.Get(People)).Status);
        silo.Down(nameof(IJournal.FindPeople));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await silo.Http.Get(People)).Status);
        silo.Back();
        foreach (var path in reads)
            Assert.NotEqual(HttpStatusCode.InternalServerError, (await silo.Http.Get(path)).Status);

        // Failures of every kind, with values in an exception's own text, and in calls that wait too long or find nobody.
        silo.Down();
        foreach (var path in reads)
            await silo.Http.Get(path);
        silo.Journal.Before = verb => throw new InvalidOperationException($"Unmistakable {nhs} patient-4711 in {verb}");
        foreach (var path in reads)
            await silo.Http.Get(path);
        await silo.Http.Push("dorset", Collection(patient, observation), ("X-Request-Id", "request-1"));
        silo.Back();

        silo.Journal.Fail(JournalFault.LostReply, verb: nameof(IJournal.Append));
        await silo.Http.Send(HttpMethod.Delete, "sources/dorset/fhir/Observation/observation-4712");
    }
}
