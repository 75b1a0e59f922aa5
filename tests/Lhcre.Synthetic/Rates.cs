using System.Collections.Immutable;

namespace Lhcre.Synthetic;

/// <summary>How often each perturbation and each hard negative happens, in thousandths of the cases to which it can apply.</summary>
internal sealed record Rates
{
    private static readonly string[] Remembered = ["Condition", "Procedure", "Immunization", "MedicationStatement"];

    /// <summary>
    /// The rates of every published table. They were set, like <see cref="QualityOptions"/>' seeds, before any rule was tuned against them,
    /// and stay as they are: another guess of how sources differ is another table.
    /// </summary>
    public static readonly Rates Fixed = new()
    {
        Perturbations = new Dictionary<Perturbation, int>
        {
            [Perturbation.NewId] = 950,
            [Perturbation.IdentifierKept] = 300,
            [Perturbation.OwnIdentifier] = 500,
            [Perturbation.LocalCodingAdded] = 250,
            [Perturbation.LocalCodingOnly] = 60,
            [Perturbation.FewerCodings] = 200,
            [Perturbation.NoCoding] = 20,
            [Perturbation.DayOnly] = 40,
            [Perturbation.MonthOnly] = 3,
            [Perturbation.YearOnly] = 2,
            [Perturbation.Undated] = 2,
            [Perturbation.OtherDay] = 10,
            [Perturbation.Zulu] = 400,
            [Perturbation.PeriodForInstant] = 50,
            [Perturbation.Units] = 300,
            [Perturbation.Wording] = 400,
            [Perturbation.ByReference] = 150,
            [Perturbation.LeftOut] = 60,
            [Perturbation.ValueLeftOut] = 10,
            [Perturbation.EnteredInError] = 15,
            [Perturbation.Deleted] = 15,
            [Perturbation.Refuted] = 20,
            [Perturbation.ContestedStatus] = 25,
            [Perturbation.ContestedValue] = 25,
            [Perturbation.ContestedDose] = 30,
            [Perturbation.ContestedCriticality] = 25,
            [Perturbation.Diacritics] = 150,
            [Perturbation.MaidenName] = 30,
            [Perturbation.TransposedBirthDate] = 20,
            [Perturbation.ShortGivenName] = 40,
            [Perturbation.Deceased] = 10,
            [Perturbation.SaidTwice] = 15,
            [Perturbation.Corrected] = 20,
            [Perturbation.Resent] = 50,
            [Perturbation.Disorder] = 300,
            [Perturbation.Stranger] = 20,
        }.ToImmutableDictionary(),
        Negatives = new Dictionary<HardNegative, int>
        {
            [HardNegative.SameDayRepeat] = 80,
            [HardNegative.TwelveHoursApart] = 60,
            [HardNegative.SuccessiveYears] = 150,
            [HardNegative.LateralityInCode] = 100,
            [HardNegative.LateralityInBodySite] = 100,
            [HardNegative.VaccineDoses] = 500,
            [HardNegative.NotDone] = 60,
            [HardNegative.MedicationCourses] = 300,
            [HardNegative.Strengths] = 150,
            [HardNegative.TwoHospitals] = 60,
            [HardNegative.SiblingCodes] = 120,
            [HardNegative.NoKnownAllergy] = 60,
            [HardNegative.NearTwin] = 20,
        }.ToImmutableDictionary(),
    };

    /// <summary>Nobody perturbs anything, and nothing looks alike.</summary>
    public static readonly Rates None = new();

    /// <summary>Everything goes wrong several times as often: for orders of arrival, where what meets what matters, and not how often.</summary>
    public static readonly Rates Dense = Fixed with
    {
        Perturbations = Fixed.Perturbations.ToImmutableDictionary(p => p.Key, p => Math.Max(p.Value, Math.Min(p.Value * 5, 250))),
        Negatives = Fixed.Negatives.ToImmutableDictionary(p => p.Key, p => p.Key == HardNegative.NearTwin ? 0 : Math.Max(p.Value, 400)),
    };

    private ImmutableDictionary<Perturbation, int> Perturbations { get; init; } = ImmutableDictionary<Perturbation, int>.Empty;

    private ImmutableDictionary<HardNegative, int> Negatives { get; init; } = ImmutableDictionary<HardNegative, int>.Empty;

    /// <summary>The rate of a perturbation of a type. What people remember is dated less exactly than what a machine wrote down.</summary>
    public int Of(Perturbation perturbation, string type) => (perturbation, Perturbations.GetValueOrDefault(perturbation)) switch
    {
        (Perturbation.DayOnly, var rate) when Remembered.Contains(type) => rate * 8,
        (Perturbation.MonthOnly or Perturbation.YearOnly or Perturbation.Undated, var rate) when Remembered.Contains(type) => rate * 5,
        // Plans have nothing else by which they could be known again, and documents come with theirs.
        (Perturbation.IdentifierKept, var rate) when type is "CarePlan" or "DocumentReference" => Math.Min(rate * 2, 1000),
        (_, var rate) => rate,
    };

    /// <summary>The rate of a hard negative.</summary>
    public int Of(HardNegative negative) => Negatives.GetValueOrDefault(negative);

    /// <summary>The same with one rate set.</summary>
    public Rates With(Perturbation perturbation, int rate) => this with { Perturbations = Perturbations.SetItem(perturbation, rate) };

    /// <summary>The same with one rate set.</summary>
    public Rates With(HardNegative negative, int rate) => this with { Negatives = Negatives.SetItem(negative, rate) };
}
