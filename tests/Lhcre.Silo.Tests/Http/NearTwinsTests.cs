using static Lhcre.Silo.Tests.Data.Examples;
using static Lhcre.Silo.Tests.Http.UnnumberedSilo;

namespace Lhcre.Silo.Tests.Http;

/// <summary>Near twins never become one, whatever is pushed in whatever order; and what was filed before the numbers came ends where it belongs.</summary>
public sealed class NearTwinsTests(UnnumberedSilo unnumbered) : IClassFixture<UnnumberedSilo>
{
    private const string Demographics = ",\"gender\":\"female\",\"birthDate\":\"2026-05-01\"";

    private TestSilo Silo => unnumbered.Http;

    /// <summary>The steps of two babies of one birth, of one family, with one first name between them as hospitals write it: before and after their numbers.</summary>
    public static TheoryData<string> Orders()
    {
        var data = new TheoryData<string>();
        foreach (var order in Permutations("aAbB"))
            data.Add(order);
        // The first of them sends the number in doubt, and it is the other's.
        foreach (var order in Permutations("xAbB"))
            data.Add(order);
        return data;
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task They_are_two_people_in_every_order(string order)
    {
        var (ann, amy) = (FreshNhsNumber(), FreshNhsNumber());
        foreach (var step in order)
            await Silo.Push("dorset", Step(step, ann, amy));

        Assert.Equal($"dorset Observation/o-{ann} dorset Patient/t-{ann}", await Shown(Silo, TestSilo.PatientId(ann)));
        Assert.Equal($"dorset Observation/o-{amy} dorset Patient/t-{amy}", await Shown(Silo, TestSilo.PatientId(amy)));
    }

    /// <summary>Pairs of numbers of PDS's own test people, who share demographics.</summary>
    [Theory]
    [InlineData("9000000009", "9000000017")]
    [InlineData("9693633679", "9693633687")]
    [InlineData("9693633121", "9693633148")]
    public async Task The_twins_of_PDS_are_two_people_from_every_source(string one, string other)
    {
        foreach (var source in new[] { "dorset", "hampshire", "isle-of-wight" })
        {
            await Silo.Push(source, Collection(Patient($"t-{one}", one, Demographics), Observation($"o-{one}", $"Patient/t-{one}")));
            await Silo.Push(source, Collection(Patient($"t-{other}", other, Demographics), Observation($"o-{other}", $"Patient/t-{other}")));
        }

        foreach (var (twin, sibling) in new[] { (one, other), (other, one) })
        {
            var shown = await Shown(Silo, TestSilo.PatientId(twin));
            Assert.Equal(6, shown.Split(' ').Count(w => w.EndsWith(twin, StringComparison.Ordinal)));
            Assert.DoesNotContain(sibling, shown, StringComparison.Ordinal);
        }
    }

    // Small: before the number; capital: with it; x: with the sibling's number in doubt.
    private static string Step(char step, string ann, string amy)
    {
        var twin = step is 'b' or 'B' ? amy : ann;
        var version = char.IsUpper(step) ? Meta("2026-05-03T00:00:00Z", "2") : Meta("2026-05-02T00:00:00Z");
        var patient = step switch
        {
            'x' => NumberStatusTests.With("04", Patient($"t-{twin}", amy, Demographics + version)),
            _ => Patient($"t-{twin}", char.IsUpper(step) ? twin : null, Demographics + version),
        };
        return char.IsUpper(step) ? Collection(patient) : Collection(patient, Observation($"o-{twin}", $"Patient/t-{twin}", more: Meta("2026-05-02T00:00:00Z")));
    }

    private static IEnumerable<string> Permutations(string steps) => steps.Length < 2 ? [steps]
        : steps.SelectMany(first => Permutations(steps.Remove(steps.IndexOf(first, StringComparison.Ordinal), 1)).Select(rest => first + rest));
}
