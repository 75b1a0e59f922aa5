using System.Text;
using Lhcre.Silo.Imports;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Imports;

public sealed class ImportPlanTests
{
    private const string Base = "http://record.example/sources/dorset/fhir";

    private static List<ReadLine> Read(params IEnumerable<string> lines) =>
        [.. lines.Select((text, i) => new ImportLine(i + 1, Encoding.UTF8.GetBytes(text))).Select(line => new ReadLine(line, line.Read("dorset", Base)))];

    private static IEnumerable<int> Sizes(IEnumerable<int> people) => Assert.Single(ImportPlan.Waves(Read(people.SelectMany((lines, person) =>
        Enumerable.Range(0, lines).Select(n => Observation($"o{person}-{n}", $"Patient/p{person}")))))).Select(step => step.Lines.Length);

    private static string Told(IEnumerable<IReadOnlyList<ImportStep>> waves) => string.Join(
        " then ", waves.Select(wave => string.Join(" | ", wave.Select(step => $"{(step.IsBatch ? "" : "each ")}{string.Join(' ', step.Lines.Select(l => l.Line.Number))}"))));

    [Fact]
    public void Who_is_named_comes_before_who_must_be_known_and_lines_of_a_person_stand_together()
    {
        var lines = Read(
            Observation("1", "Patient/a"),
            Observation("2", "Patient/b"),
            Patient("b", FreshNhsNumber()),
            Observation("4", "Patient/a"),
            Practitioner("p", "Who"),
            Patient("a", FreshNhsNumber()),
            Observation("7", "Patient/b"));

        Assert.Equal("3 5 6 then 1 4 2 7", Told(ImportPlan.Waves(lines)));
    }

    [Fact]
    public void Bundles_keep_to_themselves_and_those_of_one_person_come_one_after_the_other()
    {
        var nhs = FreshNhsNumber();
        var lines = Read(
            Collection(Patient("a", nhs), Observation("1", "Patient/a")),
            Patient("c", FreshNhsNumber()),
            Collection(Patient("b", FreshNhsNumber())),
            Collection(Patient("a", nhs), Observation("2", "Patient/a")),
            Collection(Observation("3", "Patient/a")));

        Assert.Equal("2 | each 1 4 | each 3 then each 5", Told(ImportPlan.Waves(lines)));
    }

    // Each number is a person with so many lines.
    [Theory]
    [InlineData(new[] { 1 }, new[] { 1 })]
    [InlineData(new[] { 128 }, new[] { 128 })]
    [InlineData(new[] { 100, 29, 99, 1 }, new[] { 100, 128, 1 })]
    [InlineData(new[] { 60, 300, 5 }, new[] { 60, 128, 128, 49 })]
    public void A_batch_keeps_a_person_together_and_is_not_larger_than_one_commit_takes_well(int[] people, int[] batches) =>
        Assert.Equal(batches, Sizes(people));

    [Fact]
    public void A_batch_is_not_of_more_people_than_a_live_push_can_wait_for() =>
        Assert.Equal([32, 32, 6], Sizes(Enumerable.Repeat(1, 70)));

    [Fact]
    public void Nothing_is_no_wave() => Assert.Empty(ImportPlan.Waves([]));
}
