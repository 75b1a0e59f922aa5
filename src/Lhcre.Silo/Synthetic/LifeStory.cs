using System.Collections.Immutable;

namespace Lhcre.Silo.Synthetic;

/// <summary>
/// Draws what happened to a person, and who tells it. What happens in one visit is told by the same sources: half of it by one, a third by
/// two, the rest by three. Of what several tell, seven in ten carry the identifier of the source that had it first (by whatever route it
/// came); the others name and date it in their own way, so that only the clinical facts show that it is the same.
/// </summary>
internal sealed class LifeStory
{
    private readonly Dice _dice;
    private readonly SyntheticPerson _person;
    private readonly DateTimeOffset _from;
    private readonly int _days;
    private readonly List<SyntheticFact> _visit = [];
    private readonly Queue<(Concept Code, string Category, Concept Reaction)> _allergies;
    private readonly Queue<(Concept Code, int FromAge)> _conditions;
    private readonly Queue<(Concept Code, string Dose)> _repeats;
    private int _facts;
    private int _coronaDoses;

    private LifeStory(Dice dice, SyntheticPerson person)
    {
        _dice = dice;
        _person = person;
        var age = SyntheticRegion.AsOf.Year - person.BirthDate.Year - 1;
        var born = new DateTimeOffset(person.BirthDate.AddDays(7), new TimeOnly(9, 0), TimeSpan.Zero);
        var longAgo = SyntheticRegion.AsOf.AddYears(-15);
        _from = born > longAgo ? born : longAgo;
        _days = (int)(SyntheticRegion.AsOf - _from).TotalDays;
        _allergies = new(dice.Chance(35) ? [] : dice.Shuffle(KnownCodes.Allergies).Take(dice.Between(1, 3)));
        _conditions = new(dice.Shuffle(KnownCodes.Conditions.Where(c => c.FromAge <= age)));
        _repeats = new(dice.Shuffle(KnownCodes.Repeats));
    }

    /// <summary>As many tellings as asked for (none where that is less than one), by fact and source.</summary>
    public static ImmutableArray<Telling> Tell(Dice dice, SyntheticPerson person, int tellings)
    {
        var story = new LifeStory(dice, person);
        var told = new List<Telling>(Math.Max(tellings, 0) + 16);
        for (var visit = 0; told.Count < tellings; visit++)
        {
            story.Visit(visit);
            told.AddRange(story.Report());
        }

        return [.. told.Take(Math.Max(tellings, 0))];
    }

    private IEnumerable<Telling> Report()
    {
        var sources = Tellers();
        foreach (var fact in _visit)
        {
            var shared = _dice.Chance(70);
            for (var i = 0; i < sources.Count; i++)
            {
                var vague = i > 0 && !shared && _dice.Chance(50);
                var identifier = shared ? sources[0] : _dice.Chance(80) ? sources[i] : null;
                yield return new Telling(fact, sources[i], vague ? Vaguest(fact) : DatePrecision.Instant, identifier);
            }
        }

        _visit.Clear();
    }

    // The first is the one in whose house it happened: more often than not the source that knows the person best.
    private List<string> Tellers()
    {
        var count = _dice.Between(0, 99) switch
        {
            < 50 => 1,
            < 83 => 2,
            _ => 3,
        };
        var others = _dice.Shuffle(_person.Sources);
        if (_dice.Chance(50))
        {
            others.Remove(_person.Sources[0]);
            others.Insert(0, _person.Sources[0]);
        }

        return others[..Math.Min(count, others.Count)];
    }

    private static DatePrecision Vaguest(SyntheticFact fact) =>
        fact is ConditionFact or MedicationFact { Repeat: true } ? DatePrecision.Month : DatePrecision.Day;

    // The first visits make sure of what everybody's record has; then life goes on.
    private void Visit(int visit)
    {
        var when = When();
        switch (visit < 8 ? visit : 8 + _dice.Between(0, 9))
        {
            case 0:
                Allergy(when);
                break;
            case 1 or 8:
                Consultation(when);
                break;
            case 2 or 9:
                Vaccination(when);
                break;
            case 3 or 10 or 11:
                BloodTest(when);
                break;
            case 4 or 12:
                Diagnosis(when);
                break;
            case 5 or 13:
                Prescription(when);
                break;
            case 6 or 14:
                HospitalStay(when);
                break;
            case 7 or 15:
                Lifestyle(when);
                break;
            default:
                Consultation(when);
                break;
        }
    }

    private DateTimeOffset When()
    {
        var day = _from.Date.AddDays(_dice.Between(0, Math.Max(_days - 60, 0)));
        return new DateTimeOffset(day, TimeSpan.Zero).AddMinutes(_dice.Between(7 * 60, 23 * 60));
    }

    private int Next() => _facts++;

    private void Allergy(DateTimeOffset when)
    {
        if (_allergies.Count == 0)
            _visit.Add(new AllergyFact(Next(), KnownCodes.NoKnownAllergy, when, "", null, false));
        while (_allergies.TryDequeue(out var allergy))
            _visit.Add(new AllergyFact(Next(), allergy.Code, when, allergy.Category, allergy.Reaction, _dice.Chance(30)));
    }

    private void Consultation(DateTimeOffset when)
    {
        var encounter = new EncounterFact(Next(), KnownCodes.Consultation, when, "AMB", _dice.Between(8, 25));
        _visit.Add(encounter);
        var systolic = _dice.Between(98, 172);
        _visit.Add(Observation(KnownCodes.BloodPressure, when.AddMinutes(4), "vital-signs", encounter, new Finding.Panel(
        [
            (KnownCodes.Systolic, new Finding.Amount(systolic, "mmHg", "mm[Hg]")),
            (KnownCodes.Diastolic, new Finding.Amount(systolic - _dice.Between(35, 55), "mmHg", "mm[Hg]")),
        ])));
        if (_dice.Chance(60))
            _visit.Add(Observation(KnownCodes.Weight, when.AddMinutes(6), "vital-signs", encounter, Amount(480, 1080, "kg", "kg")));
        if (_dice.Chance(40))
        {
            var (code, dose) = _dice.OneOf(KnownCodes.Acutes);
            _visit.Add(new MedicationFact(Next(), code, when.AddMinutes(9), dose, Repeat: false) { During = encounter });
        }
    }

    private void Vaccination(DateTimeOffset when)
    {
        if (_dice.Chance(40) && when.Year >= 2021)
            _visit.Add(new ImmunizationFact(Next(), KnownCodes.Covid, when, true, ++_coronaDoses));
        else if (_dice.Chance(25))
            _visit.Add(new ImmunizationFact(Next(), KnownCodes.Tetanus, when, true, 1));
        else
            _visit.Add(new ImmunizationFact(Next(), KnownCodes.Influenza, when, _dice.Chance(85), 1));
    }

    private void BloodTest(DateTimeOffset when)
    {
        var results = ImmutableArray.Create(
            Observation(KnownCodes.Potassium, when, "laboratory", null, Amount(34, 56, "mmol/L", "mmol/L")),
            Observation(KnownCodes.Egfr, when, "laboratory", null, new Finding.Amount(_dice.Between(28, 110), "mL/min/1.73m2", "mL/min/{1.73_m2}")));
        if (_dice.Chance(40))
            results = results.Add(Observation(KnownCodes.HbA1c, when, "laboratory", null, new Finding.Amount(_dice.Between(31, 92), "mmol/mol", "mmol/mol")));
        _visit.AddRange(results);
        _visit.Add(new ReportFact(Next(), KnownCodes.BloodTests, when, results));
    }

    private void Diagnosis(DateTimeOffset when)
    {
        if (_conditions.TryDequeue(out var condition))
            _visit.Add(new ConditionFact(Next(), condition.Code, when, _dice.Chance(85)));
        else
            Consultation(when);
    }

    private void Prescription(DateTimeOffset when)
    {
        if (_repeats.TryDequeue(out var repeat))
            _visit.Add(new MedicationFact(Next(), repeat.Code, when, repeat.Dose, Repeat: true));
        else
            BloodTest(when);
    }

    private void HospitalStay(DateTimeOffset when)
    {
        var emergency = _dice.Chance(60);
        var encounter = new EncounterFact(
            Next(),
            emergency ? KnownCodes.EmergencyAdmission : KnownCodes.HospitalAdmission,
            when,
            emergency ? "EMER" : "IMP",
            _dice.Between(90, 6000));
        _visit.Add(encounter);
        _visit.Add(new ProcedureFact(Next(), _dice.OneOf(KnownCodes.Procedures), when.AddMinutes(70)) { During = encounter });
        var letter = emergency ? KnownCodes.DischargeSummary : KnownCodes.ClinicLetter;
        _visit.Add(new DocumentFact(Next(), letter, when.AddDays(5), $"{letter.Display}. Seen and treated; the GP is asked to follow up. Reference {_person.Number}/{_facts}.")
        {
            During = encounter,
        });
    }

    private void Lifestyle(DateTimeOffset when)
    {
        _visit.Add(Observation(KnownCodes.LivesAlone, when, "social-history", null, new Finding.Answer(_dice.Chance(30))));
        _visit.Add(Observation(KnownCodes.AlcoholUnits, when.AddMinutes(1), "social-history", null, new Finding.Count(_dice.Chance(60) ? 0 : _dice.Between(1, 6))));
    }

    private ObservationFact Observation(Concept code, DateTimeOffset when, string category, EncounterFact? during, Finding found) =>
        new(Next(), code, when, category, found) { During = during };

    private Finding.Amount Amount(int fromTenths, int toTenths, string unit, string ucum) =>
        new(new decimal(_dice.Between(fromTenths, toTenths), 0, 0, false, 1), unit, ucum);
}
