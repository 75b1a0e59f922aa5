using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Silo.Synthetic;

/// <summary>
/// Makes synthetic people. The same arguments give the same bytes on every machine; person n depends on the seed and on n, not on how many
/// people are made. Two seeds make other people of the same NHS numbers, so one store takes people of one seed.
/// </summary>
public static class SyntheticRegion
{
    /// <summary>The day on which every story ends: no date that a source states lies behind it.</summary>
    public static readonly DateTimeOffset AsOf = new(2025, 6, 30, 12, 0, 0, TimeSpan.Zero);

    /// <summary>How many people there can be: 249,999, two first-nine-digit numbers for each.</summary>
    public const int MaxPeople = 249_999;

    /// <summary>Resources beside the facts in each source's Bundle: Patient, two Organizations, two Practitioners.</summary>
    internal const int ResourcesBesideFacts = 5;

    private const int FirstNine = 999_500_000;

    /// <summary>The people 0 to <paramref name="count"/> - 1, made as they are asked for.</summary>
    /// <param name="count">0 to <see cref="MaxPeople"/>.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="resourcesPerPerson">See <see cref="Person"/>.</param>
    public static IEnumerable<SyntheticPerson> People(int count, int seed = 1, int? resourcesPerPerson = null) =>
        Enumerable.Range(0, count).Select(number => Person(number, seed, resourcesPerPerson));

    /// <summary>One person.</summary>
    /// <param name="number">0 to <see cref="MaxPeople"/> - 1.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="resourcesPerPerson">
    /// Resources over all of the person's sources, before merging: at least 20. By default 40 to 80, for a holiday maker 14 to 24.
    /// </param>
    public static SyntheticPerson Person(int number, int seed = 1, int? resourcesPerPerson = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, MaxPeople);
        if (resourcesPerPerson is { } asked)
            ArgumentOutOfRangeException.ThrowIfLessThan(asked, 20, nameof(resourcesPerPerson));
        var dice = new Dice(seed, number);
        var kind = dice.Between(0, 9) switch
        {
            < 6 => PersonKind.Resident,
            < 8 => PersonKind.Student,
            _ => PersonKind.HolidayMaker,
        };
        var sources = Sources(dice, kind);
        var home = kind == PersonKind.HolidayMaker ? "away" : sources[0];
        var female = dice.Chance(51);
        var born = Birth(dice, kind);
        var person = new SyntheticPerson
        {
            Number = number,
            Seed = seed,
            NhsNumber = Number(number),
            Kind = kind,
            GivenNames = [.. dice.Shuffle(female ? WessexNames.Female : WessexNames.Male).Take(dice.Between(1, 2))],
            FamilyName = dice.OneOf(WessexNames.Family),
            Gender = female ? "female" : "male",
            BirthDate = born,
            Addresses = Addresses(dice, kind, home, sources),
            Phone = $"07700 900{dice.Between(0, 999):D3}",
            Practice = WessexPlaces.Practice(dice, home),
            Sources = sources,
            Tellings = [],
        };
        var resources = resourcesPerPerson ?? (kind == PersonKind.HolidayMaker ? dice.Between(14, 24) : dice.Between(40, 80));
        return person with { Tellings = LifeStory.Tell(dice, person, resources - (ResourcesBesideFacts * sources.Length)) };
    }

    // Two consecutive first-nine-digit numbers of which the first is even differ in their last digit only, so their check sums differ by
    // two, and at most one of them would need the check digit 10 that is never issued.
    private static NhsNumber Number(int person) =>
        NhsNumber.TryComplete(FirstNine + (person * 2), out var number) || NhsNumber.TryComplete(FirstNine + (person * 2) + 1, out number)
            ? number
            : throw new InvalidOperationException("Of two consecutive numbers one has a check digit.");

    private static ImmutableArray<string> Sources(Dice dice, PersonKind kind)
    {
        string[] outside = ["dorset", "isle-of-wight"];
        return kind switch
        {
            PersonKind.Resident => [.. dice.Shuffle(SourceVoice.Wessex.Select(v => v.Source))],
            _ => [dice.OneOf(outside), "hampshire"],
        };
    }

    private static DateOnly Birth(Dice dice, PersonKind kind)
    {
        var age = kind switch
        {
            PersonKind.Resident => dice.Between(1, 96),
            PersonKind.Student => dice.Between(18, 24),
            _ => dice.Between(4, 80),
        };
        return DateOnly.FromDateTime(AsOf.UtcDateTime).AddYears(-age).AddDays(-dice.Between(0, 364));
    }

    private static ImmutableArray<SyntheticAddress> Addresses(Dice dice, PersonKind kind, string home, ImmutableArray<string> sources)
    {
        var first = WessexPlaces.Address(dice, "home", WessexPlaces.Town(dice, home));
        return kind switch
        {
            PersonKind.Resident => [first],
            PersonKind.Student => [first, WessexPlaces.Address(dice, "temp", WessexPlaces.Town(dice, "hampshire"))],
            _ => [first, WessexPlaces.Address(dice, "temp", WessexPlaces.Town(dice, sources[0]))],
        };
    }
}
