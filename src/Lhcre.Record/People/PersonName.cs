namespace Lhcre.Record.People;

/// <summary>Which parts of a name.</summary>
[Flags]
public enum NameParts : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The family name.</summary>
    Family = 1,

    /// <summary>The first given name.</summary>
    Given = 2,

    /// <summary>Either.</summary>
    Any = Family | Given,
}

/// <summary>Administrative genders, of which a person may have several where sources differ.</summary>
[Flags]
public enum Genders : byte
{
    /// <summary>None stated.</summary>
    None = 0,

    /// <summary><c>male</c>.</summary>
    Male = 1,

    /// <summary><c>female</c>.</summary>
    Female = 2,

    /// <summary><c>other</c>.</summary>
    Other = 4,

    /// <summary><c>unknown</c>.</summary>
    Unknown = 8,
}

/// <summary>A folded name from the beginning of one of its words on: <c>van der berg</c>, <c>der berg</c> and <c>berg</c> are three of one name.</summary>
/// <param name="Part">Of which part: one of the two.</param>
/// <param name="Text">Folded (<see cref="Folded.Text"/>), at most <see cref="MostLetters"/> UTF-16 units, never empty.</param>
/// <param name="IsWhole">Whether it is the name from its first word on.</param>
public readonly record struct PersonName(NameParts Part, string Text, bool IsWhole) : IComparable<PersonName>
{
    /// <summary>What is longer is cut, and so is what is looked for: an index has no room for more.</summary>
    public const int MostLetters = 64;

    /// <summary>Order by part and text; of one text the whole name first.</summary>
    public int CompareTo(PersonName other)
    {
        var order = Part.CompareTo(other.Part);
        if (order == 0)
            order = string.CompareOrdinal(Text, other.Text);
        return order != 0 ? order : other.IsWhole.CompareTo(IsWhole);
    }

    /// <summary>A folded name from each of its words on.</summary>
    internal static IEnumerable<PersonName> Of(NameParts part, string folded)
    {
        for (var at = 0; at < folded.Length;)
        {
            yield return new PersonName(part, Cut(folded[at..]), at == 0);
            var space = folded.IndexOf(' ', at);
            at = space < 0 ? folded.Length : space + 1;
        }
    }

    /// <summary>At most <see cref="MostLetters"/> of a text, and no half of a character.</summary>
    internal static string Cut(string text) =>
        text.Length <= MostLetters ? text : text[..(char.IsHighSurrogate(text[MostLetters - 1]) ? MostLetters - 1 : MostLetters)].TrimEnd(' ');

    /// <summary>Without the name, which is patient data.</summary>
    public override string ToString() => $"{Part}, {(IsWhole ? "whole" : "from a later word on")}";
}
