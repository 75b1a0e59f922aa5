using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Faults;

/// <summary>Pushes that are sent again, or arrive in another order than they were said in, when something had to be put aside.</summary>
public sealed class ResendTests(FaultySilo silo) : IClassFixture<FaultySilo>
{
    private readonly string _nhs = FreshNhsNumber();

    [Fact]
    public async Task What_could_not_be_put_aside_the_first_time_is_taken_in_with_the_push_that_had_taken_in_the_rest()
    {
        var (patient, id) = ("Patient/r-" + _nhs, ("X-Request-Id", "rest-" + _nhs));
        // One names the person by number, the other by a Patient who has not come yet.
        var numbered = Observation("numbered-" + _nhs, patient).Replace(
            $$"""{"reference":"{{patient}}"}""", $$$"""{"identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{{{_nhs}}}"}}""", StringComparison.Ordinal);
        var bundle = Collection(numbered, Observation("referring-" + _nhs, patient));

        silo.Journal.Fail(JournalFault.Refused, verb: nameof(IJournal.Park));
        Assert.Equal(["201", "503"], (await silo.Http.Push("dorset", bundle, id)).EntryStatuses);
        await silo.Http.Push("dorset", Collection(Patient("r-" + _nhs, _nhs)));

        Assert.Equal(["200", "201"], (await silo.Http.Push("dorset", bundle, id)).EntryStatuses);
        Assert.Equal(["Patient", "Observation", "Observation"], await silo.Types(_nhs));
    }

    [Fact]
    public async Task Of_two_withdrawals_that_overtook_what_they_withdraw_the_later_one_counts_too()
    {
        var key = "Observation/w-" + _nhs;
        await silo.Http.Push("dorset", Collection(Patient("w-" + _nhs, _nhs)));
        foreach (var hour in new[] { "10", "14" })
            Assert.Equal(["202"], (await silo.Http.Push("dorset", At(hour, Withdrawal(key)))).EntryStatuses);

        await silo.Http.Push("dorset", At("12", Stated(Observation("w-" + _nhs, "Patient/w-" + _nhs))));

        Assert.Equal(["Patient"], await silo.Types(_nhs));
    }

    [Fact]
    public async Task A_source_that_changes_its_mind_twice_while_nobody_is_known_is_believed_the_last_time()
    {
        foreach (var value in new[] { "1", "2", "1" })
            await silo.Http.Put("dorset", "Observation/m-" + _nhs, Observation("m-" + _nhs, "Patient/m-" + _nhs, value));

        await silo.Http.Push("dorset", Collection(Patient("m-" + _nhs, _nhs)));

        Assert.Equal("1", (await silo.Http.Everything(_nhs))[1]["valueQuantity"]!["value"]!.ToJsonString());
    }

    [Fact]
    public async Task The_same_words_put_aside_again_are_put_aside_once()
    {
        var before = await Parked();
        foreach (var _ in new[] { 1, 2, 3 })
            await silo.Http.Put("dorset", "Observation/o-" + _nhs, Observation("o-" + _nhs, "Patient/o-" + _nhs));

        Assert.Equal(before + 1, await Parked());
    }

    [Fact]
    public async Task A_withdrawal_of_a_practitioner_that_overtook_him_stays()
    {
        var gp = "gp-" + _nhs;
        await silo.Http.Push("dorset", Collection(Patient("g-" + _nhs, _nhs), Observation("g-" + _nhs, "Patient/g-" + _nhs, more: $$""","performer":[{"reference":"Practitioner/{{gp}}"}]""")));

        Assert.Equal(["204"], (await silo.Http.Push("dorset", At("14", Withdrawal("Practitioner/" + gp)))).EntryStatuses);
        await silo.Http.Push("dorset", At("12", Stated(Practitioner(gp, "Before"))));

        Assert.Equal(["Patient", "Observation"], await silo.Types(_nhs));
    }

    [Fact]
    public async Task The_same_words_in_a_later_version_outrank_what_comes_between_the_two()
    {
        var gp = "same-" + _nhs;
        foreach (var (hour, family) in new[] { ("10", "Same"), ("14", "Same"), ("12", "Other") })
            await silo.Http.Push("dorset", At(hour, Stated(Practitioner(gp, family))));

        Assert.Contains("Same", (await silo.Http.Get($"sources/dorset/fhir/Practitioner/{gp}")).Body, StringComparison.Ordinal);
    }

    private async Task<int> Parked() => (await silo.Journal.Parked("dorset", null, 1, default)).Total;

    private static string At(string hour, string entry) => Bundle("batch", [entry], $$""","timestamp":"2025-03-01T{{hour}}:00:00Z" """);

    private static string Stated(string resource)
    {
        var parts = resource.Split('"');
        return $$$"""{"resource":{{{resource}}},"request":{"method":"PUT","url":"{{{parts[3]}}}/{{{parts[7]}}}"}}""";
    }

    private static string Withdrawal(string reference) => $$$"""{"request":{"method":"DELETE","url":"{{{reference}}}"}}""";
}
