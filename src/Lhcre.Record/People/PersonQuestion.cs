using System.Collections.Immutable;
using System.Text;

namespace Lhcre.Record.People;

/// <summary>A name that must stand in the Patient as it is served, letter for letter: one of these.</summary>
/// <param name="Part">In which parts.</param>
/// <param name="Values">One of which it is.</param>
public sealed record ExactName(NameParts Part, ImmutableArray<string> Values)
{
    /// <summary>Without the names, which are patient data.</summary>
    public override string ToString() => $"{Part}, one of {Values.Length}";
}

/// <summary>
/// The parameters of a search of Patients across people, read: <c>family</c>, <c>given</c>, <c>name</c>, <c>birthdate</c>, <c>gender</c>.
/// A name and a date of birth belong together, since either alone is many people's.
/// </summary>
/// <param name="Query">Who is looked for; null where <see cref="Issues"/> say why nobody is, or nobody can be.</param>
/// <param name="Exact">What of it an index that folds names cannot tell: to be held against the Patients found.</param>
/// <param name="Issues">Errors; empty where it can be answered.</param>
public sealed record PersonQuestion(PersonQuery? Query, ImmutableArray<ExactName> Exact, ImmutableArray<Issue> Issues)
{
    // So much may be asked at once, in all; a front end asks one or two.
    private const int MostTerms = 8, MostAlternatives = 8, MostIntervals = 3 * MostAlternatives;

    // Longer ranges need a family name: 2.8 million people are born on 33,000 days of 85 years.
    private const int MostDaysWithoutFamilyName = 366, LeastOfFamilyName = 2;

    /// <summary>The parameters that are read, without modifiers.</summary>
    public static IReadOnlyList<string> Parameters { get; } = ["family", "given", "name", "birthdate", "gender"];

    /// <summary>Reads them; other parameters are passed over, and so are those without a value.</summary>
    /// <param name="parameters">Names, with their modifiers, and values, as sent.</param>
    public static PersonQuestion Read(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var names = new List<ImmutableArray<NameStart>>();
        var exact = new List<ExactName>();
        List<BirthInterval>? births = null;
        var genders = new List<Genders>();
        var issues = new List<Issue>();
        foreach (var (name, value) in parameters)
        {
            var (parameter, modifier) = name.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? (name[..colon], name[colon..]) : (name, "");
            if (!Parameters.Contains(parameter) || string.IsNullOrWhiteSpace(value))
                continue;
            var values = Split(value);
            var part = parameter switch { "family" => NameParts.Family, "given" => NameParts.Given, "name" => NameParts.Any, _ => NameParts.None };
            if (modifier.Length > 0 && (modifier != ":exact" || part == NameParts.None))
                issues.Add(new Issue(IssueCodes.SearchModifierRefused, $"{parameter} takes {(part == NameParts.None ? "no modifier" : "the modifier :exact")} in a search across people."));
            else if (values.Count > MostAlternatives)
                issues.Add(Refused(parameter, "takes up to 8 values"));
            else if (parameter == "birthdate")
                issues.AddRange(And(ref births, values) ? [] : [Refused(parameter, "is a year, a month or a day, with one of the prefixes eq, gt, lt, ge, le, sa, eb, ap or none")]);
            else if (parameter == "gender")
                issues.AddRange(Add(genders, values) ? [] : [Refused(parameter, "is male, female, other or unknown")]);
            else if (values.Exists(v => Folded.Text(v).Length == 0))
                issues.Add(Refused(parameter, "has letters in it"));
            else if (modifier == ":exact")
                (names, exact) = ([.. names, [.. values.Select(v => new NameStart(part, PersonName.Cut(Folded.Text(v)), IsWhole: true))]], [.. exact, new(part, [.. values])]);
            else
                names.AddRange(Starts(part, values));
        }

        return issues.Count > 0 ? new(null, [], [.. issues]) : Of(names, exact, births, genders);
    }

    private static PersonQuestion Of(List<ImmutableArray<NameStart>> names, List<ExactName> exact, List<BirthInterval>? births, List<Genders> genders)
    {
        if (names.Count == 0 || births is null)
            return new(null, [], [new Issue(IssueCodes.NameAndBirthDateRequired)]);
        if (names.Count > MostTerms || genders.Count > MostTerms || births.Count > MostIntervals)
            return new(null, [], [new Issue(IssueCodes.PeopleSearchTooWide, "Ask for less at once.")]);
        if (births.Count == 0)
            return new(null, [], []);
        var query = new PersonQuery([.. names], [.. births], [.. genders]);
        var (first, last) = query.Born;
        var isNamed = names.Exists(n => n.All(s => s.Part == NameParts.Family && (s.IsWhole || s.Text.Length >= LeastOfFamilyName)));
        return last - first >= MostDaysWithoutFamilyName && !isNamed
            ? new(null, [], [new Issue(IssueCodes.PeopleSearchTooWide)])
            : new(query, [.. exact], []);
    }

    /// <summary>Without what is asked, which is patient data.</summary>
    public override string ToString() => $"{Query}, {Issues.Length} issues";

    // A family or given name begins so, at one of its words. Of a whole name each word begins one of its parts, in whatever order people write
    // them; (a and b) or c is (a or c) and (b or c).
    private static IEnumerable<ImmutableArray<NameStart>> Starts(NameParts part, List<string> values)
    {
        if (part != NameParts.Any)
            return [[.. values.Select(v => new NameStart(part, PersonName.Cut(Folded.Text(v)), IsWhole: false))]];
        IEnumerable<ImmutableArray<NameStart>> terms = [[]];
        foreach (var value in values)
        {
            NameStart[] words = [.. Folded.Text(value).Split(' ').Take(MostTerms + 1).Select(w => new NameStart(part, PersonName.Cut(w), IsWhole: false))];
            terms = [.. terms.SelectMany(term => words.Select(word => term.Add(word))).Take(MostTerms + 1)];
        }

        return terms;
    }

    // Of each of several parameters one value holds.
    private static bool And(ref List<BirthInterval>? births, List<string> values)
    {
        var any = new List<BirthInterval>();
        foreach (var value in values)
        {
            if (BirthInterval.Read(value.Trim()) is not { } intervals)
                return false;
            any.AddRange(intervals);
        }

        births = births is null ? any : [.. births.SelectMany(one => any.Select(one.And)).OfType<BirthInterval>().Distinct().Take(MostIntervals + 1)];
        return true;
    }

    // A token: a code, with its system before a bar or without.
    private static bool Add(List<Genders> genders, List<string> values)
    {
        var any = Genders.None;
        foreach (var value in values)
        {
            var gender = PersonFacts.Gender(value[(value.LastIndexOf('|') + 1)..].Trim().ToLowerInvariant());
            if (gender == Genders.None)
                return false;
            any |= gender;
        }

        genders.Add(any);
        return true;
    }

    // At commas, but for those behind a backslash (FHIR R4 search.html#escaping). Empty ones are none.
    private static List<string> Split(string value)
    {
        var (values, one) = (new List<string>(), new StringBuilder());
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length)
                one.Append(value[++i]);
            else if (value[i] == ',')
                Take();
            else
                one.Append(value[i]);
        }

        Take();
        return values;

        void Take()
        {
            if (!string.IsNullOrWhiteSpace(one.ToString()))
                values.Add(one.ToString());
            one.Clear();
        }
    }

    private static Issue Refused(string parameter, string because) => new(IssueCodes.InvalidSearchValue, $"{parameter} {because}.");
}
