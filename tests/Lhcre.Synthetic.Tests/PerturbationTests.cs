using Lhcre.Record;

namespace Lhcre.Synthetic.Tests;

/// <summary>What each perturbation alone makes of two tellings of one fact.</summary>
public sealed class PerturbationTests
{
    private static readonly TrueFact[] Facts = [.. Enumerable.Range(0, 20).SelectMany(n => Story.Of(new Dice(n), Rates.None)).SelectMany(g => g.Facts)];

    [Theory]
    [InlineData("NewId", "Condition", "MustMatch")]
    [InlineData("IdentifierKept", "CarePlan", "MustMatch")]
    [InlineData("OwnIdentifier", "CarePlan", "Other")]
    [InlineData("OwnIdentifier", "Condition", "MustMatch")]
    [InlineData("LocalCodingAdded", "Condition", "MustMatch")]
    [InlineData("LocalCodingOnly", "Condition", "Other")]
    [InlineData("FewerCodings", "Observation", "MustMatch")]
    [InlineData("NoCoding", "AllergyIntolerance", "Other")]
    [InlineData("DayOnly", "Encounter", "MustMatch")]
    [InlineData("MonthOnly", "Procedure", "MustMatch")]
    [InlineData("YearOnly", "Immunization", "MustMatch")]
    [InlineData("Undated", "MedicationStatement", "MustMatch")]
    [InlineData("OtherDay", "MedicationRequest", "Other")]
    [InlineData("Zulu", "Observation", "MustMatch")]
    [InlineData("PeriodForInstant", "Procedure", "MustMatch")]
    [InlineData("Units", "Observation", "MustMatch")]
    [InlineData("Wording", "Condition", "MustMatch")]
    [InlineData("Wording", "DocumentReference", "Other")]
    [InlineData("ByReference", "MedicationStatement", "MustMatch")]
    [InlineData("LeftOut", "MedicationRequest", "MustMatch")]
    [InlineData("LeftOut", "Encounter", "Other")]
    [InlineData("ValueLeftOut", "Observation", "Other")]
    [InlineData("EnteredInError", "Condition", "None")]
    [InlineData("Deleted", "Condition", "None")]
    [InlineData("Refuted", "AllergyIntolerance", "Contested")]
    [InlineData("ContestedStatus", "MedicationStatement", "Contested")]
    [InlineData("ContestedValue", "Observation", "Contested")]
    [InlineData("ContestedDose", "MedicationRequest", "Contested")]
    [InlineData("ContestedCriticality", "AllergyIntolerance", "Contested")]
    [InlineData("Corrected", "MedicationRequest", "MustMatch")]
    public void A_perturbation_makes_of_one_fact_told_twice(string perturbation, string type, string relation)
    {
        var which = Enum.Parse<Perturbation>(perturbation);
        var pairs = Pairs(type, Rates.None.With(which, 1000)).Where(p => p.Right.Done.Has(which)).ToList();
        Assert.NotEmpty(pairs);
        Assert.All(pairs, p => Assert.Equal(relation, $"{Truth.Of(p.Left, p.Right)}"));
        Assert.All(pairs, p => Assert.Equal(Truth.Of(p.Left, p.Right), Truth.Of(p.Right, p.Left)));
        Assert.All(pairs, p => Assert.True(Truth.IsOneFact(p.Left, p.Right)));
    }

    [Theory]
    [InlineData("AllergyIntolerance")]
    [InlineData("Condition")]
    [InlineData("MedicationStatement")]
    [InlineData("MedicationRequest")]
    [InlineData("Immunization")]
    [InlineData("Observation")]
    [InlineData("Procedure")]
    [InlineData("DiagnosticReport")]
    [InlineData("Encounter")]
    [InlineData("DocumentReference")]
    public void What_nobody_perturbs_must_match(string type) =>
        Assert.All(Pairs(type, Rates.None), p => Assert.Equal(Relation.MustMatch, Truth.Of(p.Left, p.Right)));

    [Fact]
    public void What_is_taken_back_under_a_shared_identifier_is_a_conflict()
    {
        var rates = Rates.None.With(Perturbation.IdentifierKept, 1000).With(Perturbation.EnteredInError, 1000);
        var pairs = Pairs("Condition", rates).Where(p => p.Right.Done.Has(Perturbation.IdentifierKept)).ToList();
        Assert.NotEmpty(pairs);
        Assert.All(pairs, p => Assert.Equal(Relation.Withdrawn, Truth.Of(p.Left, p.Right)));
    }

    [Fact]
    public void A_correction_has_two_versions_and_a_deletion_ends_with_one()
    {
        Assert.All(Pairs("Observation", Rates.None.With(Perturbation.Corrected, 1000)).Where(p => p.Right.Done.Has(Perturbation.Corrected)), p => Assert.Equal(2, p.Right.Versions.Length));
        Assert.All(Pairs("Condition", Rates.None.With(Perturbation.Deleted, 1000)), p => Assert.Equal(FragmentKind.Deleted, p.Right.Versions[^1].Kind));
    }

    [Fact]
    public void Versions_ascend_and_their_times_are_declared() => Assert.All(
        SyntheticPerson.Of(1, 1, Rates.Dense).Single().Tellings,
        telling =>
        {
            Assert.All(telling.Versions, v => Assert.True(v.Version.IsDeclared));
            Assert.Equal(telling.Versions.OrderBy(v => v.Version), telling.Versions);
            Assert.All(telling.Versions, v => Assert.Equal(telling.Key, v.Key));
        });

    private static IEnumerable<(Telling Left, Telling Right)> Pairs(string type, Rates rates)
    {
        foreach (var fact in Facts.Where(f => f.Type == type && f.Results.IsEmpty || f.Type == type && type == "DiagnosticReport"))
        {
            var first = new SourceVoice("dorset", new Dice(1), Rates.None);
            var second = new SourceVoice("hampshire", new Dice(1), Rates.None);
            var left = first.Add(new Teller(new Dice(2), Rates.None, fact, null, isExact: false).Tell(first, 1));
            yield return (left, second.Add(new Teller(new Dice(fact.Number), rates, fact, left, isExact: false).Tell(second, 1)));
        }
    }
}
