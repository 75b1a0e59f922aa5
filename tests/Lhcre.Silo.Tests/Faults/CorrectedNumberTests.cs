using Lhcre.Silo.Tests.Http;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Faults;

/// <summary>A source had a person under another's NHS number, and sends the same resources again in the same versions.</summary>
public sealed class CorrectedNumberTests(FaultySilo silo) : IClassFixture<FaultySilo>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_sent_again_in_the_same_version_is_in_one_record_and_not_in_two(bool smallerFirst)
    {
        string[] people = [FreshNhsNumber(), FreshNhsNumber()];
        people = [.. people.OrderBy(TestSilo.PatientId, StringComparer.Ordinal)];
        var (wrong, right) = smallerFirst ? (people[0], people[1]) : (people[1], people[0]);
        var id = "corrected-" + wrong;
        var observation = Observation(id, $"Patient/{id}", more: Meta("2024-01-01T00:00:00Z"));

        await silo.Http.Push("dorset", Collection(Patient(id, wrong, Meta("2024-01-01T00:00:00Z")), observation));
        await silo.Http.Push("dorset", Collection(Patient(id, right, Meta("2024-02-01T00:00:00Z", "2")), observation));

        Assert.Equal(["Observation", "Patient"], (await silo.Types(wrong)).Concat(await silo.Types(right)).Order());
        Assert.Contains("Patient", await silo.Types(right));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_sent_again_after_the_correction_was_taken_back_is_in_one_record_and_not_in_none(bool smallerFirst)
    {
        string[] people = [FreshNhsNumber(), FreshNhsNumber()];
        people = [.. people.OrderBy(TestSilo.PatientId, StringComparer.Ordinal)];
        var (first, other) = smallerFirst ? (people[0], people[1]) : (people[1], people[0]);
        var id = "back-" + first;
        var corrected = Observation(id, $"Patient/{id}", "2", Meta("2024-02-01T00:00:00Z", "2"));

        await silo.Http.Push("dorset", Collection(Patient(id, first, Meta("2024-01-01T00:00:00Z")), Observation(id, $"Patient/{id}", "1", Meta("2024-01-01T00:00:00Z"))));
        await silo.Http.Push("dorset", Collection(Patient(id, other, Meta("2024-02-01T00:00:00Z", "2")), corrected));
        await silo.Http.Push("dorset", Collection(Patient(id, first, Meta("2024-03-01T00:00:00Z", "3")), corrected));

        Assert.Equal(["Observation", "Patient"], (await silo.Types(first)).Concat(await silo.Types(other)).Order());
    }
}
