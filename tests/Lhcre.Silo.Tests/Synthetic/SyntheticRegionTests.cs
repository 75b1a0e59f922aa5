using CsCheck;
using Lhcre.Record;
using Lhcre.Silo.Synthetic;

namespace Lhcre.Silo.Tests.Synthetic;

public class SyntheticRegionTests
{
    private static readonly List<SyntheticPerson> People = [.. SyntheticRegion.People(60)];

    [Fact]
    public void The_same_arguments_give_the_same_bytes() =>
        Gen.Select(Gen.Int[0, 5000], Gen.Int, Gen.Int[20, 120]).Sample(
            (number, seed, size) =>
            {
                var once = SyntheticRegion.Person(number, seed, size).Pushes().ToList();
                var again = SyntheticRegion.Person(number, seed, size).Pushes().ToList();
                return once.Count == again.Count && once.Zip(again).All(p => p.First.Bundle.AsSpan().SequenceEqual(p.Second.Bundle));
            },
            iter: 50);

    [Fact]
    public void A_person_does_not_depend_on_how_many_there_are()
    {
        var few = SyntheticRegion.People(3, seed: 7).SelectMany(p => p.Pushes()).Select(p => p.Bundle);
        var many = SyntheticRegion.People(9, seed: 7).Take(3).SelectMany(p => p.Pushes()).Select(p => p.Bundle);
        Assert.Equal(few, many);
    }

    [Fact]
    public void Another_seed_makes_other_people_of_the_same_numbers()
    {
        var one = SyntheticRegion.Person(5, seed: 1);
        var two = SyntheticRegion.Person(5, seed: 2);
        Assert.Equal(one.NhsNumber, two.NhsNumber);
        Assert.NotEqual(one.Pushes().First().Bundle, two.Pushes().First().Bundle);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(57)]
    [InlineData(500)]
    public void Everybody_has_as_many_resources_as_asked_for(int resources)
    {
        Assert.All(SyntheticRegion.People(4, resourcesPerPerson: resources), person =>
        {
            Assert.Equal(resources, person.Pushes().Sum(p => p.Resources));
            Assert.Equal(resources, person.Pushes().Sum(p => ReadBundles.Resources(p).Count()));
        });
    }

    [Fact]
    public void Fewer_than_twenty_resources_are_not_to_be_had() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticRegion.Person(0, resourcesPerPerson: 19));

    [Fact]
    public void Residents_and_students_have_forty_to_eighty_resources_and_holiday_makers_few() =>
        Assert.All(People, person => Assert.InRange(
            person.Pushes().Sum(p => p.Resources),
            person.Kind == PersonKind.HolidayMaker ? 14 : 40,
            person.Kind == PersonKind.HolidayMaker ? 24 : 80));

    [Fact]
    public void There_are_residents_students_and_holiday_makers() =>
        Assert.Equal(Enum.GetValues<PersonKind>(), People.Select(p => p.Kind).Distinct().Order());

    [Fact]
    public void Nhs_numbers_are_valid_all_different_and_from_the_upper_half_of_the_test_range()
    {
        int[] numbers = [.. Enumerable.Range(0, 5000), SyntheticRegion.MaxPeople - 1];
        var digits = numbers.Select(n => SyntheticRegion.Person(n, resourcesPerPerson: 20).NhsNumber.Digits()).ToList();
        Assert.Equal(digits.Count, digits.Distinct().Count());
        Assert.All(digits, d =>
        {
            Assert.True(NhsNumber.TryParse(d, out _));
            Assert.InRange(long.Parse(d), 999_500_0000, 999_999_9999);
        });
    }

    [Fact]
    public void Nobody_outside_the_region_can_be_asked_for()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticRegion.Person(SyntheticRegion.MaxPeople));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticRegion.Person(-1));
    }

    [Fact]
    public void Some_facts_are_told_once_some_twice_some_three_times()
    {
        var tellers = People.SelectMany(p => p.Tellings.GroupBy(t => t.Fact, ReferenceEqualityComparer.Instance).Select(g => g.Count())).ToList();
        Assert.Equal([1, 2, 3], tellers.Distinct().Order());
        Assert.InRange(tellers.Count(n => n > 1) / (double)tellers.Count, 0.3, 0.7);
    }

    [Fact]
    public void Of_the_facts_that_several_tell_some_share_an_identifier_and_some_do_not()
    {
        var shared = People
            .SelectMany(p => p.Tellings.GroupBy(t => t.Fact, ReferenceEqualityComparer.Instance))
            .Where(g => g.Count() > 1)
            .Select(g => g.All(t => t.IdentifierOf is not null) && g.Select(t => t.IdentifierOf).Distinct().Count() == 1)
            .ToList();
        Assert.InRange(shared.Count(s => s) / (double)shared.Count, 0.5, 0.9);
    }

    [Fact]
    public void Sources_date_the_same_fact_with_different_precision() =>
        Assert.Equal(Enum.GetValues<DatePrecision>(), People.SelectMany(p => p.Tellings).Select(t => t.Precision).Distinct().Order());

    [Fact]
    public void Every_kind_of_clinical_resource_occurs()
    {
        string[] types =
        [
            "AllergyIntolerance", "Condition", "DiagnosticReport", "DocumentReference", "Encounter", "Immunization", "MedicationRequest",
            "MedicationStatement", "Observation", "Procedure",
        ];
        Assert.Equal(types, People.SelectMany(p => p.Facts).Select(f => f.Type).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void False_and_zero_occur_as_values()
    {
        var observations = People.SelectMany(p => p.Facts).OfType<ObservationFact>().ToList();
        Assert.Contains(observations, o => o.Found is Finding.Answer { Value: false });
        Assert.Contains(observations, o => o.Found is Finding.Count { Value: 0 });
        Assert.Contains(observations, o => o.Found is Finding.Panel);
    }

    [Fact]
    public void Names_hold_letters_beyond_ascii() => Assert.Contains(People, p => p.Name.Any(c => c > 127));

    [Fact]
    public void A_person_as_text_gives_no_name_and_no_number_away()
    {
        Assert.All(People, p =>
        {
            Assert.DoesNotContain(p.FamilyName, p.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(p.NhsNumber.Digits(), p.ToString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void No_two_people_at_work_have_one_gmc_number()
    {
        var workers = SyntheticRegion.People(2000, resourcesPerPerson: 20)
            .Select(p => WessexNames.Practitioner(p.Practice, p.Number % 3))
            .Concat(SourceVoice.Wessex.SelectMany(v => Enumerable.Range(0, 5).Select(n => WessexNames.Practitioner(WessexPlaces.Hospital(v.Source), n))))
            .Distinct()
            .ToList();
        Assert.InRange(workers.Count, 200, 300);
        Assert.Equal(workers.Count, workers.Select(w => w.GmcNumber).Distinct().Count());
    }
}
