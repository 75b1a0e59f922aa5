using System.Net;
using static Lhcre.Silo.Tests.Data.Examples;
using static Lhcre.Silo.Tests.Http.UnnumberedSilo;

namespace Lhcre.Silo.Tests.Http;

/// <summary>People without a verified NHS number: a baby, a visitor from overseas, a Scot.</summary>
public sealed class UnnumberedPeopleTests(UnnumberedSilo unnumbered) : IClassFixture<UnnumberedSilo>
{
    private const string Chi = "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53";

    // Nobody else's in this run; as a hospital number too.
    private readonly string _nhs = FreshNhsNumber();

    private TestSilo Silo => unnumbered.Http;

    private string Baby => $"baby-{_nhs}";

    private string NumberedId => TestSilo.PatientId(_nhs);

    [Fact]
    public async Task A_person_without_a_number_has_a_record_under_what_the_source_calls_them_and_is_marked_unverified()
    {
        var answer = await Silo.Push("dorset", Collection(Patient(Baby, null), Observation(Baby, $"Patient/{Baby}")));

        Assert.Equal(["201", "201"], answer.EntryStatuses);
        var patient = Assert.Single(await Find(Silo, $"MRN-{Baby}"));
        Assert.True(IsUnverified(patient));
        Assert.Contains("not verified", (await Silo.Get($"fhir/Patient/{patient["id"]!.GetValue<string>()}/$summary", ("Accept", "text/html"))).Body, StringComparison.Ordinal);
        Assert.Matches("^u[a-z2-7]{26}$", patient["id"]!.GetValue<string>());
        Assert.Equal($"dorset Observation/{Baby} dorset Patient/{Baby}", await Shown(Silo, patient["id"]!.GetValue<string>()));
        Assert.Equal(2, (await Silo.Get($"fhir/Observation?patient.identifier={Mrn}|MRN-{Baby}&_include=Observation:subject")).Json["entry"]!.AsArray().Count(e => e!["search"]!["mode"]!.GetValue<string>() != "outcome"));
    }

    [Fact]
    public async Task A_person_with_a_number_is_not_marked()
    {
        await Silo.Push("dorset", Collection(Patient(Baby, _nhs)));

        Assert.False(IsUnverified((await Silo.Everything(_nhs))[0]));
    }

    [Fact]
    public async Task A_Scot_is_known_by_the_CHI_number_without_any_configuration()
    {
        var scot = Patient(Baby, null).Replace(Mrn, Chi, StringComparison.Ordinal);

        Assert.Equal(["201"], (await Silo.Push("isle-of-wight", Collection(scot))).EntryStatuses);
        Assert.Single((await Silo.Get($"fhir/Patient?identifier={Chi}|MRN-{Baby}")).Resources("match"));
    }

    [Fact]
    public async Task What_is_not_configured_to_name_a_person_opens_no_record()
    {
        var answer = await Silo.Push("isle-of-wight", Collection(Patient(Baby, null)));

        Assert.Equal(["LHC302"], answer.Codes);
        Assert.Empty(await Find(Silo, $"MRN-{Baby}"));
    }

    [Fact]
    public async Task One_identifier_at_two_sources_is_two_people_until_somebody_says_otherwise()
    {
        await Silo.Push("dorset", Collection(Patient(Baby, null)));
        var dorset = Assert.Single(await Find(Silo, $"MRN-{Baby}"))["id"]!.GetValue<string>();

        await Silo.Push("hampshire", Collection(Patient(Baby, null)));

        Assert.Equal($"dorset Patient/{Baby}", await Shown(Silo, dorset));
        Assert.Equal(2, (await Find(Silo, $"MRN-{Baby}")).Select(p => p["id"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal(["LHC714"], (await Silo.Get($"fhir/Observation?patient.identifier={Mrn}|MRN-{Baby}")).Codes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_number_that_comes_later_takes_all_that_was_filed_before_along(bool isSamePatient)
    {
        await Silo.Push("dorset", Collection(Patient(Baby, null), Observation($"1-{Baby}", $"Patient/{Baby}"), Observation($"2-{Baby}", $"Patient/{Baby}", "71")));
        await Silo.Put("dorset", $"Observation/2-{Baby}", Observation($"2-{Baby}", $"Patient/{Baby}", "72"));
        var before = Assert.Single(await Find(Silo, $"MRN-{Baby}"))["id"]!.GetValue<string>();

        // Under another id of the source's own, only what the hospital calls the person ties the two.
        var known = isSamePatient ? Patient(Baby, _nhs) : Patient(Baby, _nhs).Replace($"\"id\":\"{Baby}\"", $"\"id\":\"known-{_nhs}\"", StringComparison.Ordinal);
        var answer = await Silo.Push("dorset", Collection(known));

        Assert.Equal(["201"], answer.EntryStatuses);
        var all = $"dorset Observation/1-{Baby} dorset Observation/2-{Baby} dorset Patient/{Baby}{(isSamePatient ? "" : $" dorset Patient/known-{_nhs}")}";
        Assert.Equal(all, await Shown(Silo, NumberedId));
        Assert.Equal(NumberedId, Assert.Single(await Find(Silo, $"MRN-{Baby}"))["id"]!.GetValue<string>());
        Assert.False(IsUnverified((await Silo.Everything(_nhs))[0]));
        Assert.Equal(all, await Shown(Silo, before));
    }

    [Fact]
    public async Task What_comes_after_the_number_without_it_is_the_numbers_too()
    {
        await Silo.Push("dorset", Collection(Patient(Baby, null)));
        await Silo.Push("dorset", Collection(Patient(Baby, _nhs)));

        var other = Patient(Baby, null).Replace($"\"id\":\"{Baby}\"", $"\"id\":\"again-{_nhs}\"", StringComparison.Ordinal);
        await Silo.Push("dorset", Collection(Observation($"3-{Baby}", $"Patient/{Baby}"), other));
        await Silo.Put("dorset", $"Patient/{Baby}", Patient(Baby, null));

        Assert.Equal($"dorset Observation/3-{Baby} dorset Patient/again-{_nhs} dorset Patient/{Baby}", await Shown(Silo, NumberedId));
    }

    [Fact]
    public async Task The_former_id_answers_with_the_present_record_or_says_so_to_whom_that_is_not_enough()
    {
        await Silo.Push("dorset", Collection(Patient(Baby, null), Observation(Baby, $"Patient/{Baby}")));
        var before = Assert.Single(await Find(Silo, $"MRN-{Baby}"))["id"]!.GetValue<string>();
        var observation = (await Silo.Get($"fhir/Observation?patient={before}")).Resources("match")[0]["id"]!.GetValue<string>();
        await Silo.Push("dorset", Collection(Patient(Baby, _nhs)));

        string[] paths =
        [
            $"Patient/{before}", $"Patient/{before}/$everything", $"Observation?patient={before}", $"Observation/{observation}", $"Patient/{before}/$summary", $"Patient/{before}/$explain",
            $"Observation/{observation}/_history", $"_history?patient={before}",
        ];
        foreach (var path in paths)
        {
            var lenient = await Silo.Get($"fhir/{path}");
            Assert.Equal((path, HttpStatusCode.OK), (path, lenient.Status));
            Assert.Equal($"{Silo.Url}/fhir/{path.Replace(before, NumberedId, StringComparison.Ordinal)}", lenient.ContentHeaders.ContentLocation?.ToString());
            Assert.DoesNotContain($"\"id\":\"{before}", lenient.Body, StringComparison.Ordinal);

            var strict = await Silo.Get($"fhir/{path}", ("Prefer", "handling=strict"));
            Assert.Equal((path, HttpStatusCode.Gone), (path, strict.Status));
            Assert.Equal(["LHC713"], strict.Codes);
        }

        // A version is of the record whose version it was.
        Assert.Equal(HttpStatusCode.Gone, (await Silo.Get($"fhir/Observation/{observation}/_history/1")).Status);
    }

    [Fact]
    public async Task Who_is_given_the_hospital_number_that_another_had_before_gets_a_record_of_their_own()
    {
        await Silo.Push("dorset", Collection(Patient(Baby, null)));
        var first = Assert.Single(await Find(Silo, $"MRN-{Baby}"))["id"]!.GetValue<string>();
        await Silo.Put("dorset", $"Patient/{Baby}", Patient(Baby, null).Replace($"MRN-{Baby}", $"MRN-right-{_nhs}", StringComparison.Ordinal));

        await Silo.Push("dorset", Collection(Patient(Baby, null).Replace($"\"id\":\"{Baby}\"", $"\"id\":\"owner-{_nhs}\"", StringComparison.Ordinal)));

        Assert.Equal($"dorset Patient/{Baby}", await Shown(Silo, first));
        Assert.NotEqual(first, Assert.Single(await Find(Silo, $"MRN-{Baby}"))["id"]!.GetValue<string>());
        Assert.Equal(first, Assert.Single(await Find(Silo, $"MRN-right-{_nhs}"))["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_resource_that_names_its_person_by_the_hospital_number_finds_them_in_the_same_push()
    {
        var logical = Observation(Baby, "x").Replace("\"reference\":\"x\"", $"\"identifier\":{{\"system\":\"{Mrn}\",\"value\":\"MRN-{Baby}\"}}", StringComparison.Ordinal);

        Assert.Equal(["201", "201"], (await Silo.Push("dorset", Collection(logical, Patient(Baby, null)))).EntryStatuses);
        Assert.Equal(["201", "201"], (await Silo.Push("dorset", Bundle("transaction",
            [Posted($"urn:uuid:{Guid.NewGuid()}", "Patient", Patient(Baby, _nhs)), Posted($"urn:uuid:{Guid.NewGuid()}", "Observation", logical)]))).EntryStatuses);

        Assert.Equal($"dorset Observation/{Baby} dorset Patient/{Baby}", await Shown(Silo, NumberedId));
    }

    [Fact]
    public async Task A_baby_is_admitted_by_HL7_v2_before_there_is_a_number()
    {
        await Admit("");
        var patient = Assert.Single((await Silo.Get($"fhir/Patient?identifier={Issued}|B{_nhs}")).Resources("match"));
        Assert.True(IsUnverified(patient));
        var shown = await Shown(Silo, patient["id"]!.GetValue<string>());
        Assert.Equal($"isle-of-wight Patient/RCB.B{_nhs}", shown);

        await Admit($"~{_nhs}^^^NHS^NH");
        Assert.Equal(shown, await Shown(Silo, NumberedId));

        async Task Admit(string number)
        {
            var at = number.Length == 0 ? "202605011000" : "202605011100";
            var message = $"MSH|^~\\&|PAS|IOW|||{at}||ADT^A28|c{number.Length}-{_nhs}|P|2.5.1\rEVN|A28\rPID|||B{_nhs}^^^RCB^MR{number}||Baby^Example||20260501|F\r";
            using var content = new StringContent(message, System.Text.Encoding.UTF8);
            content.Headers.ContentType = new("x-application/hl7-v2+er7");
            using var answer = await Silo.Client.PostAsync(new Uri("sources/isle-of-wight/hl7v2", UriKind.Relative), content);
            Assert.Contains("MSA|AA", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_id_and_no_url_that_we_make_holds_what_the_hospital_calls_the_person()
    {
        var answer = await Silo.Put("dorset", $"Patient/{Baby}", Patient(Baby, null).Replace($"MRN-{Baby}", $"secret-{_nhs}", StringComparison.Ordinal));
        var patient = Assert.Single(await Find(Silo, $"secret-{_nhs}"));

        Assert.DoesNotContain("secret", answer.Headers.Location?.ToString() ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("secret", patient["id"]!.GetValue<string>(), StringComparison.Ordinal);
    }
}
