using Lhcre.Record;
using Lhcre.Synthetic.Quality;

namespace Lhcre.Synthetic.Tests;

/// <summary>The made-up people are what the measurement takes them for.</summary>
public sealed class SyntheticPersonTests
{
    private static readonly SyntheticPerson[] People = [.. Enumerable.Range(0, 150).SelectMany(n => SyntheticPerson.Of(7, n, Rates.Fixed))];

    public static TheoryData<string> AllPerturbations => [.. Enum.GetNames<Perturbation>().Except(["Resent", "Disorder"])];

    public static TheoryData<string> AllNegatives => [.. Enum.GetNames<HardNegative>().Except(["NearTwin"])];

    [Fact]
    public void The_same_seed_makes_the_same_bytes()
    {
        var (one, other) = (SyntheticPerson.Of(3, 5, Rates.Fixed).First(), SyntheticPerson.Of(3, 5, Rates.Fixed).First());
        Assert.Equal(one.Fragments.Select(f => f.Version.Content), other.Fragments.Select(f => f.Version.Content));
        Assert.Equal(one.Pushes.SelectMany(p => p).Select(f => f.Key), other.Pushes.SelectMany(p => p).Select(f => f.Key));
        Assert.NotEqual(one.Fragments.Select(f => f.Version.Content), SyntheticPerson.Of(4, 5, Rates.Fixed).First().Fragments.Select(f => f.Version.Content));
    }

    [Theory]
    [MemberData(nameof(AllPerturbations))]
    public void Every_perturbation_happens(string perturbation) =>
        Assert.Contains(People, p => p.Tellings.Any(t => t.Done.Has(Enum.Parse<Perturbation>(perturbation))));

    [Theory]
    [MemberData(nameof(AllNegatives))]
    public void Every_hard_negative_is_told(string negative) =>
        Assert.Contains(People, p => p.Tellings.Any(t => t.Negative == Enum.Parse<HardNegative>(negative)));

    [Fact]
    public void Everything_is_pushed_and_some_of_it_again_and_some_of_it_in_pieces()
    {
        Assert.All(People, p => Assert.Subset(p.Pushes.SelectMany(f => f).ToHashSet(), p.Fragments.ToHashSet()));
        Assert.Contains(People, p => p.Pushes.Sum(f => f.Length) > p.Fragments.Count());
        Assert.Contains(People, p => p.Pushes.Length > 3);
    }

    [Fact]
    public void A_source_uses_an_id_once_and_two_sources_use_the_same_ones()
    {
        Assert.All(People, p => Assert.Equal(p.Tellings.Length, p.Tellings.Select(t => t.Key).Distinct().Count()));
        Assert.Contains(People, p => p.Tellings.GroupBy(t => t.Key.Reference).Any(g => g.Select(t => t.Fact.Number).Distinct().Count() > 1));
    }

    [Fact]
    public void A_reference_names_what_its_source_said_or_what_was_never_sent() => Assert.All(People, person =>
    {
        var keys = person.Tellings.Select(t => t.Key).ToHashSet();
        var targets = person.Fragments.SelectMany(f => f.References).Select(r => r.Target);
        Assert.All(targets, target => Assert.True(keys.Contains(target) || target.Id == "never-sent"));
    });

    [Fact]
    public void Facts_that_look_alike_are_not_one()
    {
        foreach (var group in People.SelectMany(p => p.Tellings.Where(t => t.Negative is not null && !t.IsStranger).GroupBy(t => (p, t.Group))))
        {
            foreach (var same in group.GroupBy(t => (t.Fact.Number, t.Source)))
                Assert.True(same.Count() == 1 || same.Any(t => t.Done.Has(Perturbation.SaidTwice)));
        }
    }

    [Fact]
    public void A_near_twin_is_somebody_else_with_the_same_visits()
    {
        var (person, twin) = SyntheticPerson.Of(7, 1, Rates.None.With(HardNegative.NearTwin, 1000)).ToArray() is [var one, var other] ? (one, other) : default;
        var (mine, theirs) = (Identity(person), Identity(twin));
        Assert.NotEqual(person.Key, twin.Key);
        Assert.NotEqual(mine.NhsDigits, theirs.NhsDigits);
        Assert.NotEqual(mine.Given, theirs.Given);
        Assert.Equal((mine.Family, mine.BirthDate), (theirs.Family, theirs.BirthDate));
        Assert.False(Truth.IsOneFact(person.Tellings[0], twin.Tellings[0]));
        Assert.Equal(Moments(person), Moments(twin));
    }

    [Fact]
    public void A_stranger_has_another_name_and_birth_date_and_is_one_source_against_two()
    {
        var person = SyntheticPerson.Of(7, 1, Rates.None.With(Perturbation.Stranger, 1000)).Single();
        var patients = person.Tellings.Where(t => t.Type == "Patient").ToList();
        var stranger = Assert.Single(patients, t => t.IsStranger);
        Assert.True(patients.Count >= 3);
        Assert.All(patients.Where(t => t != stranger), t =>
        {
            Assert.NotEqual(stranger.Says.Person!.BirthDate, t.Says.Person!.BirthDate);
            Assert.NotEqual(stranger.Says.Person.Family, t.Says.Person.Family);
            Assert.Equal(stranger.Says.Person.NhsDigits, t.Says.Person.NhsDigits);
            Assert.False(Truth.IsOneFact(stranger, t));
        });
        Assert.All(person.Tellings.Where(t => t.IsStranger && t != stranger), t => Assert.Equal(stranger.Key, t.Subject));
    }

    [Theory]
    [InlineData("2024-06-30T23:30:00Z", "2024-07-01")]
    [InlineData("2024-03-31T00:59:00Z", "2024-03-31")]
    [InlineData("2024-10-27T00:30:00Z", "2024-10-27")]
    [InlineData("2024-12-31T23:30:00Z", "2024-12-31")]
    public void A_day_is_one_of_the_UK_calendar(string instant, string day) =>
        Assert.Equal(day, new StatedDate(Precision.Day, DateTimeOffset.Parse(instant, null)).Text(zulu: false));

    [Fact]
    public void An_instant_is_told_in_local_time_or_in_UTC()
    {
        var date = new StatedDate(Precision.Minute, new DateTimeOffset(2024, 6, 30, 23, 30, 5, TimeSpan.Zero));
        Assert.Equal("2024-07-01T00:30:05+01:00", date.Text(zulu: false));
        Assert.Equal("2024-06-30T23:30:05Z", date.Text(zulu: true));
    }

    [Fact]
    public void What_is_masked_of_a_record_is_when_we_heard_of_it_and_nothing_else()
    {
        var person = People[0];
        var fragments = person.Fragments.ToList();
        var (at_once, one_by_one) = (Diary.Of(person.Key, [fragments]), Diary.Of(person.Key, fragments.Select(f => new[] { f })));
        Assert.NotEqual(at_once.LastUpdated, one_by_one.LastUpdated);
        Assert.Equal(Diary.Masked(at_once), Diary.Masked(one_by_one));
        Assert.NotEqual(Diary.Masked(at_once), Diary.Masked(Diary.Of(person.Key, [fragments[1..]])));
    }

    private static Demographics Identity(SyntheticPerson person) => person.Tellings.First(t => t.Type == "Patient").Fact.Person!;

    private static IEnumerable<DateTimeOffset> Moments(SyntheticPerson person) =>
        person.Tellings.Where(t => t.Fact.Number > 0).Select(t => t.Fact.When).OfType<DateTimeOffset>().Distinct().Order();
}
