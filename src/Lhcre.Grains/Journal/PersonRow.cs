using Lhcre.Record;
using Lhcre.Record.People;

namespace Lhcre.Grains.Journal;

/// <summary>A row of <c>person_index</c>, without whose it is: each name with each date of birth.</summary>
/// <param name="Name">A folded name from one of its words on.</param>
/// <param name="Born">The date of birth (<see cref="Code"/>).</param>
/// <param name="Part">Of which part the name is (<see cref="NameParts"/>).</param>
/// <param name="IsWhole">1 where it is the whole name, else 0.</param>
/// <param name="Genders">The person's (<see cref="Record.People.Genders"/>).</param>
internal readonly record struct PersonRow(string Name, int Born, short Part, short IsWhole, short Genders)
{
    /// <summary>How many rows a person has; 0 where nothing is written.</summary>
    public static int Count(PersonFacts? person) => person is null ? 0 : person.Names.Length * person.Births.Length;

    /// <summary>A person's rows, no two with the same name, part and date of birth.</summary>
    public static IEnumerable<PersonRow> Of(PersonFacts person) =>
        from birth in person.Births
        from name in person.Names
        select new PersonRow(name.Text, Code(birth), (short)name.Part, (short)(name.IsWhole ? 1 : 0), (short)person.Genders);

    /// <summary>Four times its first day, and its precision: dates of one precision in their order, and those of another beside them.</summary>
    public static int Code(ClinicalDate birth) => (BirthInterval.FirstDay(birth) * 4) + (int)birth.Precision;

    /// <summary>Without what it holds, which is patient data.</summary>
    public override string ToString() => $"part {Part}";
}
