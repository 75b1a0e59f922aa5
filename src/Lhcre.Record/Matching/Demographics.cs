using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;

namespace Lhcre.Record.Matching;

/// <summary>
/// How the demographics of two Patients under one NHS number relate: what is shown as a conflict, and what is so different that one of them
/// must be somebody else (CLINICAL.md, "Wrong patient guard").
/// </summary>
internal static class Demographics
{
    private const int LeastOfPrefix = 3;

    private static readonly ImmutableArray<FactElement> Elements =
        [FactElement.BirthDate, FactElement.Deceased, FactElement.FamilyName, FactElement.GivenName, FactElement.Gender];

    // Common English given names with those of their short forms that are no prefixes of them. What is not here and no prefix counts as
    // another name, which alone withholds nothing: the date of birth must differ as well.
    private static readonly FrozenDictionary<string, string> ShortFor = new[]
    {
        "alexander sandy", "ann anne nancy", "anthony tony", "charles charlie chuck", "david dave", "edward ted ned", "eleanor nell",
        "elizabeth beth betty bess lizzie liz", "gerald gerry jerry", "henry harry hal", "james jim jimmy jamie", "joanna jo", "john jack johnny",
        "katherine kate katie kathy catherine cathy kathryn", "leonard len", "margaret maggie meg peggy", "mary molly polly", "michael mick mike",
        "richard dick rick", "robert bob bobby", "ronald ron", "sarah sally", "stephen steve steven", "william bill billy",
    }.Select(line => line.Split(' ')).SelectMany(names => names.Skip(1).Select(name => (name, names[0]))).ToFrozenDictionary(n => n.name, n => n.Item2);

    /// <summary>The elements in which the Patients of one record differ, however little, in order.</summary>
    public static ImmutableArray<FactElement> Differences(IReadOnlyList<Entry> patients) =>
    [
        .. Elements.Where(element => patients.SelectMany((one, i) => patients.Skip(i + 1).Select(other => (one, other)))
            .Any(pair => Differ(Of(pair.one, element), Of(pair.other, element), element))),
    ];

    /// <summary>
    /// Whether two Patients clearly contradict each other: both the date of birth and the name differ, each by more than how people write
    /// them. Day and month transposed, another surname, accents and short forms are small differences.
    /// </summary>
    public static bool Contradict(Entry one, Entry other) =>
        BirthDatesDiffer(Of(one, FactElement.BirthDate), Of(other, FactElement.BirthDate))
        && (NamesDiffer(one, other, FactElement.FamilyName) || NamesDiffer(one, other, FactElement.GivenName));

    private static FactPart[] Of(Entry patient, FactElement element) => [.. patient.Facts.Parts.Where(p => p.Element == element)];

    private static bool Differ(FactPart[] one, FactPart[] other, FactElement element)
    {
        // That somebody has died is not hidden by one who has not heard of it.
        if (element == FactElement.Deceased && one.Length + other.Length > 0 && (one.Length == 0 || other.Length == 0))
            return one.Concat(other).Any(p => p is { Form: "", Value: "true" });
        if (one.Length == 0 || other.Length == 0)
            return false;
        var common = one.Select(p => p.Form).Intersect(other.Select(p => p.Form)).ToList();
        return common.Any(form => !one.Where(p => p.Form == form).Any(p => other.Any(o => o.Form == form && Same(p.Value, o.Value, element))));
    }

    private static bool Same(string one, string other, FactElement element) =>
        one == other || (element is FactElement.BirthDate or FactElement.Deceased
            && ClinicalDate.Parse(one) is { Precision: > Precision.None } date && ClinicalDate.Parse(other) is { Precision: > Precision.None } of && date.AgreesWith(of));

    private static bool BirthDatesDiffer(FactPart[] one, FactPart[] other) =>
        one.Length > 0 && other.Length > 0 && !one.Any(p => other.Any(o => Same(p.Value, o.Value, FactElement.BirthDate) || Transposed(p.Value, o.Value)));

    private static bool Transposed(string one, string other) =>
        DateOnly.TryParseExact(one, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && DateOnly.TryParseExact(other, "yyyy-dd-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var transposed)
        && date == transposed;

    private static bool NamesDiffer(Entry one, Entry other, FactElement element)
    {
        var (names, others) = (Of(one, element), Of(other, element));
        return names.Length > 0 && others.Length > 0 && !names.Any(n => others.Any(o => AreAlike(n.Value, o.Value, element)));
    }

    private static bool AreAlike(string one, string other, FactElement element)
    {
        if (one == other)
            return true;
        if (element != FactElement.GivenName)
            return false;
        var (full, otherFull) = (ShortFor.GetValueOrDefault(one, one), ShortFor.GetValueOrDefault(other, other));
        return full == otherFull || IsCutShort(full, otherFull) || IsCutShort(one, other);
    }

    // An initial, or the name cut short; of what is a short form itself, such as Jo, two letters suffice.
    private static bool IsCutShort(string one, string other)
    {
        var (shorter, longer) = one.Length < other.Length ? (one, other) : (other, one);
        return (shorter.Length is 1 or >= LeastOfPrefix || ShortFor.ContainsKey(shorter)) && longer.StartsWith(shorter, StringComparison.Ordinal);
    }
}
