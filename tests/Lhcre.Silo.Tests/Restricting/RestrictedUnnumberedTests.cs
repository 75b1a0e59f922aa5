using System.Globalization;
using System.Net;
using Lhcre.Contracts;
using Lhcre.Silo.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using static Lhcre.Silo.Tests.Data.Examples;
using static Lhcre.Silo.Tests.Http.UnnumberedSilo;
using static Lhcre.Silo.Tests.Restricting.RestrictedPerson;

namespace Lhcre.Silo.Tests.Restricting;

/// <summary>Restricted people without a verified NHS number, or of whom it was not known once: what was filed before is about the same person.</summary>
public sealed class RestrictedUnnumberedTests(UnnumberedSilo unnumbered) : IClassFixture<UnnumberedSilo>
{
    private const string Address = $$""","address":[{"city":"{{Word}}"}]""";
    private const string Label = ""","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}""";

    private readonly string _nhs = FreshNhsNumber();

    private TestSilo Silo => unnumbered.Http;

    private string Baby => $"baby-{_nhs}";

    [Fact]
    public async Task The_former_id_of_who_is_restricted_by_now_tells_nothing_of_the_past()
    {
        await Silo.Push("dorset", Collection(Patient(Baby, null, Address), Observation(Baby, $"Patient/{Baby}")));
        var former = Assert.Single(await Find(Silo, $"MRN-{Baby}"))["id"]!.GetValue<string>();
        var at = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture).Replace("+00:00", "Z", StringComparison.Ordinal);
        string[] paths =
        [
            $"Patient/{former}", $"Patient/{former}/$everything", $"Patient/{former}/$everything?_at={at}", $"Patient/{former}/$summary", $"Patient/{former}/$summary?_at={at}",
            $"Patient/{former}/$explain", $"Patient/{former}/_history", $"Patient/{former}/_history/1", $"_history?patient={former}", $"_history?patient={former}&_at={at}",
        ];
        Assert.Contains(Word, (await Silo.Get($"fhir/{paths[0]}")).Body, StringComparison.Ordinal);

        await Silo.Push("dorset", Collection(Patient(Baby, _nhs, Label)));

        foreach (var path in paths)
            Assert.DoesNotContain(Word, (await Silo.Get($"fhir/{path}")).Body, StringComparison.Ordinal);
        var grain = Silo.Parts.GetRequiredService<IGrainFactory>().GetGrain<IPatientGrain>(former);
        foreach (var request in new[] { ReadRequest.Everything, new ReadRequest(null, "Patient", former) { VersionId = 1 }, ReadRequest.Everything with { AsOf = new RecordMoment(1, null) } })
            Assert.Equal(ReadStatus.Gone, (await grain.Read(request, Caller.Development)).Status);
        Assert.All(await grain.History(Caller.Development), version => Assert.Equal("", version.Source));
    }

    [Fact]
    public async Task Of_two_people_who_are_called_alike_the_restricted_one_is_not_told_of()
    {
        await Silo.Push("dorset", Collection(Patient(Baby, null)));
        var open = Assert.Single(await Find(Silo, $"MRN-{Baby}"))["id"]!.GetValue<string>();
        await Silo.Push("hampshire", Collection(Patient(Baby, null, Label)));

        Assert.Equal(open, Assert.Single(await Find(Silo, $"MRN-{Baby}"))["id"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await Silo.Get($"fhir/Observation?patient.identifier={Mrn}|MRN-{Baby}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Silo.Get($"fhir/Patient/$summary?identifier={Mrn}|MRN-{Baby}")).Status);

        await Silo.Put("dorset", $"Patient/{Baby}", Patient(Baby, null, Label));

        foreach (var path in new[] { "Patient?identifier=", "Observation?patient.identifier=", "Patient/$summary?identifier=", "_history?patient.identifier=" })
        {
            var (hidden, nobody) = (await Silo.Get($"fhir/{path}{Mrn}|MRN-{Baby}"), await Silo.Get($"fhir/{path}{Mrn}|nobody"));
            Assert.Equal((nobody.Status, $"{nobody.Headers.ETag}", Sources(nobody)), (hidden.Status, $"{hidden.Headers.ETag}", Sources(hidden)));
            Assert.Equal(nobody.Body.Replace("nobody", "", StringComparison.Ordinal), hidden.Body.Replace($"MRN-{Baby}", "", StringComparison.Ordinal));
        }
    }

    private static string Sources(Answer answer) => string.Join(", ", answer.Headers.TryGetValues("X-LHCRE-Source-Status", out var sources) ? sources : []);
}
