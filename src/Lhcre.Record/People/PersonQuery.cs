using System.Collections.Immutable;

namespace Lhcre.Record.People;

/// <summary>What one name must begin with, folded; or be, as a whole.</summary>
/// <param name="Part">Of which parts, one of which suffices.</param>
/// <param name="Text">Folded, at most <see cref="PersonName.MostLetters"/>, never empty.</param>
/// <param name="IsWhole">Whether it is the whole name.</param>
public readonly record struct NameStart(NameParts Part, string Text, bool IsWhole)
{
    /// <summary>Whether a name is such a one.</summary>
    public bool Matches(PersonName name) =>
        (Part & name.Part) != NameParts.None
        && (IsWhole ? name.IsWhole && name.Text == Text : name.Text.StartsWith(Text, StringComparison.Ordinal));

    /// <summary>Without the name, which is patient data.</summary>
    public override string ToString() => $"{Part} of {Text.Length} letters";
}

/// <summary>Who is looked for across people: all that is said holds, each for some name, the date of birth, and the genders that are stated.</summary>
/// <param name="Names">Of each one alternative holds for one of the person's names. At least one, each of at least one.</param>
/// <param name="Births">One of them holds one of the person's dates of birth.</param>
/// <param name="Genders">Of each one is the person's; none for anybody's.</param>
public sealed record PersonQuery(
    ImmutableArray<ImmutableArray<NameStart>> Names, ImmutableArray<BirthInterval> Births, ImmutableArray<Genders> Genders)
{
    /// <summary>Whether it is this person. What an index answers is what this says of each person.</summary>
    public bool Matches(PersonFacts person) =>
        Names.All(alternatives => alternatives.Any(start => person.Names.Any(start.Matches)))
        && Births.Any(interval => person.Births.Any(interval.Contains))
        && Genders.All(asked => (asked & person.Genders) != People.Genders.None);

    /// <summary>The first and the last day on which whoever is looked for may have been born, as days since 0001-01-01.</summary>
    public (int First, int Last) Born => (Births.Min(i => BirthInterval.FirstDay(i.First)), Births.Max(i => BirthInterval.LastDay(i.Last)));

    /// <summary>Without what is looked for, which is patient data.</summary>
    public override string ToString() => $"{Names.Length} names, {Births.Length} intervals of birth";
}
