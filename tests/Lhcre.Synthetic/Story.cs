namespace Lhcre.Synthetic;

/// <summary>Draws what is true about a person: about forty facts over ten years, in groups of what belongs together.</summary>
internal sealed class Story
{
    private static readonly DateTimeOffset From = new(2015, 1, 4, 0, 0, 0, TimeSpan.Zero);
    private const int Days = 3800;

    private readonly Dice _dice;
    private readonly Rates _rates;
    private readonly List<FactGroup> _groups = [];
    private int _numbered;

    private Story(Dice dice, Rates rates) => (_dice, _rates) = (dice, rates);

    public static List<FactGroup> Of(Dice dice, Rates rates)
    {
        var story = new Story(dice, rates);
        story.Allergies();
        story.Conditions();
        story.Medications();
        story.Immunizations();
        story.Observations();
        story.Procedures();
        story.Reports();
        story.Encounters();
        story.Papers();
        return story._groups;
    }

    private bool Is(HardNegative negative) => _dice.Thousandths(_rates.Of(negative));

    private TrueFact Fact(string type, Concept? what = null, DateTimeOffset? when = null) => new() { Number = ++_numbered, Type = type, What = what, When = when };

    private void Add(params TrueFact[] facts) => _groups.Add(new FactGroup([.. facts]));

    private void Add(HardNegative negative, params TrueFact[] facts) => _groups.Add(new FactGroup([.. facts], negative));

    // One in eight lies within an hour of midnight in UTC, where summer time makes another day of it.
    private DateTimeOffset Moment()
    {
        var day = From.AddDays(_dice.Between(0, Days));
        var second = _dice.Thousandths(125) ? _dice.Between(82_800, 89_999) : _dice.Between(27_000, 68_000);
        return day.AddSeconds(second);
    }

    private void Allergies()
    {
        var drawn = _dice.Shuffled(Clinic.Allergies).Take(_dice.Between(0, 3)).ToList();
        foreach (var what in drawn)
            Add(Allergy(what));
        if (Is(HardNegative.SiblingCodes))
            Add(HardNegative.SiblingCodes, Allergy(Clinic.SiblingAllergies.Item1), Allergy(Clinic.SiblingAllergies.Item2));
        else if (drawn.Count > 0 && Is(HardNegative.NoKnownAllergy))
            Add(HardNegative.NoKnownAllergy, Fact("AllergyIntolerance", Clinic.NoKnownAllergy) with { Status = "active", Verification = "confirmed" });
        else if (drawn.Count == 0)
            Add(Fact("AllergyIntolerance", Clinic.NoKnownAllergy) with { Status = "active", Verification = "confirmed" });
    }

    private TrueFact Allergy(Concept what) => Fact("AllergyIntolerance", what) with
    {
        Status = _dice.Thousandths(900) ? "active" : "resolved",
        Verification = "confirmed",
        Criticality = _dice.Of(["low", "high"]),
    };

    private void Conditions()
    {
        foreach (var what in _dice.Shuffled(Clinic.Conditions).Take(_dice.Between(1, 4)))
            Add(Condition(what, Moment()));
        if (Is(HardNegative.SiblingCodes))
        {
            var (one, other) = _dice.Of(Clinic.SiblingConditions);
            var when = Moment();
            Add(HardNegative.SiblingCodes, Condition(one, when), Condition(other, when));
        }

        if (Is(HardNegative.LateralityInCode))
        {
            var (right, left) = _dice.Of(Clinic.SidesInCode);
            var when = Moment();
            Add(HardNegative.LateralityInCode, Condition(right, when), Condition(left, when));
        }

        if (Is(HardNegative.LateralityInBodySite))
        {
            var when = Moment();
            Add(
                HardNegative.LateralityInBodySite,
                Condition(Clinic.KneePain, when) with { BodySite = Clinic.Knees.Right },
                Condition(Clinic.KneePain, when) with { BodySite = Clinic.Knees.Left });
        }
    }

    private TrueFact Condition(Concept what, DateTimeOffset when) => Fact("Condition", what, when) with
    {
        Status = _dice.Thousandths(800) ? "active" : "resolved",
        Verification = "confirmed",
    };

    private void Medications()
    {
        foreach (var type in new[] { "MedicationStatement", "MedicationRequest" })
        {
            foreach (var (what, amount, unit) in _dice.Shuffled(Clinic.Products).Take(_dice.Between(1, 3)))
            {
                var course = Medication(type, what, Moment(), amount, unit);
                if (Is(HardNegative.MedicationCourses))
                    Add(HardNegative.MedicationCourses, course, course with { Number = ++_numbered, When = course.When!.Value.AddDays(_dice.Between(40, 500)) });
                else
                    Add(course);
            }

            if (!Is(HardNegative.Strengths))
                continue;
            var (weaker, stronger) = _dice.Of(Clinic.ProductStrengths);
            var when = Moment();
            Add(HardNegative.Strengths, Medication(type, weaker, when, 1, Clinic.Tablet), Medication(type, stronger, when, 1, Clinic.Tablet));
        }
    }

    private TrueFact Medication(string type, Concept what, DateTimeOffset when, decimal amount, UnitSpelling[] unit) => Fact(type, what, when) with
    {
        Status = _dice.Thousandths(600) ? "active" : "ended",
        Dose = new Dose(amount, unit, _dice.Between(1, 4)),
    };

    private void Immunizations()
    {
        foreach (var what in _dice.Shuffled(Clinic.Vaccines).Take(_dice.Between(0, 2)))
            Add(Vaccination(what, Moment()));
        if (Is(HardNegative.SuccessiveYears))
        {
            var first = new DateTimeOffset(_dice.Between(2016, 2021), 10, _dice.Between(1, 28), 10, _dice.Between(0, 59), 0, TimeSpan.Zero);
            Add(HardNegative.SuccessiveYears, [.. Enumerable.Range(0, _dice.Between(2, 4)).Select(n => Vaccination(Clinic.Influenza, first.AddYears(n).AddDays(_dice.Between(0, 20))))]);
        }

        if (Is(HardNegative.VaccineDoses))
        {
            var first = Moment();
            Add(HardNegative.VaccineDoses, Vaccination(Clinic.Covid, first), Vaccination(Clinic.Covid, first.AddDays(_dice.Between(21, 84))));
        }

        if (Is(HardNegative.NotDone))
        {
            var given = Vaccination(Clinic.Influenza with { }, Moment().AddYears(-12));
            Add(HardNegative.NotDone, given, given with { Number = ++_numbered, Status = "not-done" });
        }
    }

    private TrueFact Vaccination(Concept what, DateTimeOffset when) => Fact("Immunization", what, when) with { Status = "completed" };

    private void Observations()
    {
        foreach (var measurement in _dice.Shuffled(Clinic.Measurements).Take(_dice.Between(2, 4)))
            Repeated(when => Measured(measurement, when));
        if (_dice.Thousandths(700))
            Repeated(Pressure);
        if (_dice.Thousandths(300))
            Repeated(when => Observed(Clinic.LivesAlone, when, new Finding.Flag(_dice.Thousandths(300))));
        if (_dice.Thousandths(300))
            Repeated(when => Observed(Clinic.AlcoholUnits, when, new Finding.Count(_dice.Thousandths(500) ? 0 : _dice.Between(1, 12))));
        if (_dice.Thousandths(300))
            Repeated(when => Observed(Clinic.Smoking, when, new Finding.Coded(_dice.Of(Clinic.SmokingStates))));
        if (_dice.Thousandths(200))
            Repeated(when => Observed(Clinic.UrineAppearance, when, new Finding.Words(_dice.Of(Clinic.Appearances))));
        if (Is(HardNegative.LateralityInBodySite))
        {
            var when = Moment();
            Add(HardNegative.LateralityInBodySite, Pressure(when) with { BodySite = Clinic.Arms.Right }, Pressure(when) with { BodySite = Clinic.Arms.Left });
        }
    }

    private void Repeated(Func<DateTimeOffset, TrueFact> at)
    {
        var first = Moment();
        if (Is(HardNegative.SameDayRepeat))
            Add(HardNegative.SameDayRepeat, [.. Enumerable.Range(0, _dice.Between(2, 3)).Select(n => at(first.AddMinutes(n * _dice.Between(2, 60))))]);
        else if (Is(HardNegative.TwelveHoursApart))
            Add(HardNegative.TwelveHoursApart, at(first), at(first.AddHours(12)));
        else if (Is(HardNegative.SuccessiveYears))
            Add(HardNegative.SuccessiveYears, [.. Enumerable.Range(0, _dice.Between(2, 3)).Select(n => at(first.AddDays((365 * n) + _dice.Between(0, 20))))]);
        else
            Add(at(first));
    }

    private TrueFact Observed(Concept what, DateTimeOffset when, Finding found) => Fact("Observation", what, when) with { Found = found };

    private TrueFact Measured(Measurement measurement, DateTimeOffset when) => Observed(measurement.What, when, Amount(measurement));

    private Finding.Amount Amount(Measurement measurement)
    {
        var scale = measurement.Places == 0 ? 1 : 10;
        return new Finding.Amount(_dice.Between((int)(measurement.Low * scale), (int)(measurement.High * scale)) / (decimal)scale, measurement.Unit);
    }

    private TrueFact Pressure(DateTimeOffset when) => Fact("Observation", Clinic.BloodPressure, when) with
    {
        Components = [(Clinic.Systolic.What, Amount(Clinic.Systolic)), (Clinic.Diastolic.What, Amount(Clinic.Diastolic))],
    };

    private void Procedures()
    {
        foreach (var what in _dice.Shuffled(Clinic.Procedures).Take(_dice.Between(1, 2)))
        {
            var when = Moment();
            if (_dice.Thousandths(_rates.Of(HardNegative.SameDayRepeat) / 4))
                Add(HardNegative.SameDayRepeat, Done(what, when), Done(what, when.AddMinutes(_dice.Between(40, 200))));
            else
                Add(Done(what, when));
        }

        if (Is(HardNegative.LateralityInBodySite))
        {
            var when = Moment();
            Add(
                HardNegative.LateralityInBodySite,
                Done(Clinic.HipReplacement, when) with { BodySite = Clinic.Hips.Right },
                Done(Clinic.HipReplacement, when) with { BodySite = Clinic.Hips.Left });
        }
    }

    private TrueFact Done(Concept what, DateTimeOffset when) => Fact("Procedure", what, when) with { Status = "done" };

    private void Reports()
    {
        foreach (var (what, measurements) in _dice.Shuffled(Clinic.Reports).Take(_dice.Between(1, 2)))
        {
            if (Is(HardNegative.TwelveHoursApart))
            {
                var first = Moment();
                Add(HardNegative.TwelveHoursApart, [.. Report(what, measurements, first), .. Report(what, measurements, first.AddHours(12))]);
            }
            else
            {
                Add([.. Report(what, measurements, Moment())]);
            }
        }
    }

    private TrueFact[] Report(Concept what, Measurement[] measurements, DateTimeOffset when)
    {
        TrueFact[] results = [.. measurements.Select(m => Measured(m, when))];
        return [.. results, Fact("DiagnosticReport", what, when) with { Results = [.. results] }];
    }

    private void Encounters()
    {
        for (var n = _dice.Between(1, 3); n > 0; n--)
            Add(Visit(Moment(), _dice.Of(Clinic.Classes), _dice.Of(Clinic.Organisations)));
        if (!Is(HardNegative.TwoHospitals))
            return;
        var (when, kind, first) = (Moment(), _dice.Of(Clinic.Classes), _dice.Between(0, Clinic.Organisations.Length - 2));
        Add(HardNegative.TwoHospitals, Visit(when, kind, Clinic.Organisations[first]), Visit(when, kind, Clinic.Organisations[first + 1]));
    }

    private TrueFact Visit(DateTimeOffset when, string kind, (string, string) organisation) =>
        Fact("Encounter", when: when) with { Class = kind, Organisation = organisation };

    private void Papers()
    {
        for (var n = _dice.Between(1, 3); n > 0; n--)
            Add(Fact("DocumentReference", when: Moment()) with { Document = $"Letter {_dice.Between(0, int.MaxValue - 1)}" });
        for (var n = _dice.Between(1, 3); n > 0; n--)
            Add(Fact("CarePlan", when: Moment()));
    }
}
