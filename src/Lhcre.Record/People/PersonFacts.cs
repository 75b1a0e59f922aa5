using System.Collections.Immutable;
using Lhcre.Record.Matching;

namespace Lhcre.Record.People;

/// <summary>
/// By what a person is found where nothing names them: what all Patients of the record say together, so that a maiden name that one source
/// knows finds the person as well as the name that is shown. A Patient that is withheld says nothing. Compared by what it holds.
/// </summary>
public sealed record PersonFacts
{
    /// <summary>The most names from a word on, and the most dates of birth, that a person is found by: what is more is nobody's record.</summary>
    private const int MostNames = 64, MostBirths = 8;

    /// <summary>Nobody is found by this.</summary>
    public static readonly PersonFacts None = new();

    /// <summary>Folded names from each of their words on, in order, each text of a part once.</summary>
    public ImmutableArray<PersonName> Names { get; private init; } = [];

    /// <summary>Dates of birth: days, months or years, in order.</summary>
    public ImmutableArray<ClinicalDate> Births { get; private init; } = [];

    /// <summary>Genders.</summary>
    public Genders Genders { get; private init; }

    /// <summary>Whether nobody is found by this.</summary>
    public bool IsNone => Names.IsEmpty;

    /// <summary>Of a record. None where no Patient of it has both a name and a date of birth: nobody is looked for by one of them alone.</summary>
    public static PersonFacts Of(PatientRecord record) =>
        Of(WrongPatientGuard.Patients(record.Entries).Where(p => !record.WithheldPatients.Contains(p.Key)).SelectMany(p => p.Facts.Parts));

    /// <summary>Of the facts of a person's Patients.</summary>
    public static PersonFacts Of(IEnumerable<FactPart> parts)
    {
        var (names, births, genders) = (new SortedSet<PersonName>(), new SortedSet<ClinicalDate>(ByDay), Genders.None);
        foreach (var part in parts)
        {
            if (part.Element == FactElement.FamilyName)
                names.UnionWith(PersonName.Of(NameParts.Family, part.Value));
            else if (part.Element == FactElement.GivenName)
                names.UnionWith(PersonName.Of(NameParts.Given, part.Value));
            else if (part.Element == FactElement.BirthDate && ClinicalDate.Parse(part.Value) is { Precision: > Precision.None } birth)
                births.Add(birth.At(Precision.Day));
            else if (part.Element == FactElement.Gender)
                genders |= Gender(part.Value);
        }

        if (names.Count == 0 || births.Count == 0)
            return None;
        return new PersonFacts
        {
            // The whole name stands before the same text from a later word on.
            Names = [.. names.DistinctBy(n => (n.Part, n.Text)).Take(MostNames)],
            Births = [.. births.Take(MostBirths)],
            Genders = genders,
        };
    }

    /// <summary>A gender by its FHIR code; none for anything else.</summary>
    internal static Genders Gender(string code) => code switch
    {
        "male" => Genders.Male,
        "female" => Genders.Female,
        "other" => Genders.Other,
        "unknown" => Genders.Unknown,
        _ => Genders.None,
    };

    /// <inheritdoc/>
    public bool Equals(PersonFacts? other) =>
        other is not null && Genders == other.Genders && Names.SequenceEqual(other.Names) && Births.SequenceEqual(other.Births);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Names.Length, Names.FirstOrDefault(), Births.FirstOrDefault(), Genders);

    /// <summary>Without what it holds, which is patient data.</summary>
    public override string ToString() => $"{Names.Length} names, {Births.Length} dates of birth";

    private static readonly Comparer<ClinicalDate> ByDay = Comparer<ClinicalDate>.Create((one, other) =>
        (BirthInterval.FirstDay(one), one.Precision).CompareTo((BirthInterval.FirstDay(other), other.Precision)));
}
