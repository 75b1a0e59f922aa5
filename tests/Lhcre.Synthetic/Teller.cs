using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Lhcre.Record;

namespace Lhcre.Synthetic;

/// <summary>Decides how one source tells one fact: every perturbation that can apply is thrown for by its own rate.</summary>
internal sealed class Teller
{
    private readonly Dice _dice;
    private readonly Rates _rates;
    private readonly TrueFact _fact;
    private readonly Telling? _first;
    private readonly bool _isExact;
    private Perturbations _done;
    private TrueFact _says;

    /// <summary>One that tells one fact.</summary>
    /// <param name="dice">Decides.</param>
    /// <param name="rates">How often.</param>
    /// <param name="fact">What is told.</param>
    /// <param name="first">How the source told it that had it first; null where this is that source.</param>
    /// <param name="isExact">Whether it happened here, so that the source knows the minute.</param>
    public Teller(Dice dice, Rates rates, TrueFact fact, Telling? first, bool isExact) =>
        (_dice, _rates, _fact, _says, _first, _isExact) = (dice, rates, fact, fact, first, isExact);

    private bool IsFirst => _first is null;

    /// <summary>The telling, but for what is the source's own: its references.</summary>
    /// <param name="voice">Who tells.</param>
    /// <param name="person">Whose fact.</param>
    public Telling Tell(SourceVoice voice, int person)
    {
        Contest();
        LeaveOut();
        var date = Date();
        var codings = Codings();
        Happens(Perturbation.Zulu, date.Precision == Precision.Minute);
        Happens(Perturbation.PeriodForInstant, date.Precision > Precision.None && _fact.Type is not ("MedicationRequest" or "Immunization"));
        Happens(Perturbation.Units, _says.Found is Finding.Amount || _says.Dose is not null || !_says.Components.IsEmpty);
        Happens(Perturbation.Wording, true);
        Happens(Perturbation.ByReference, _fact.Type.StartsWith("Medication", StringComparison.Ordinal) && !codings.IsEmpty);
        var isNew = Happens(Perturbation.NewId, !IsFirst);
        var names = NamesOf(voice.Source);
        if (!Happens(Perturbation.EnteredInError, true))
            Happens(Perturbation.Deleted, true);
        Happens(Perturbation.Corrected, !_done.Has(Perturbation.Deleted) && (_says.Found is not null || _says.Dose is not null));
        return new Telling
        {
            Fact = _fact,
            Person = person,
            Says = _says,
            Key = isNew || _first is null ? voice.NewKey(_fact.Type) : voice.KeyLike(_first.Key),
            Done = _done,
            Codings = codings,
            Names = names,
            Date = date,
            Manner = _dice.Between(0, 1_000_000),
            IsHashed = _dice.Thousandths(300),
        };
    }

    /// <summary>Another finding of the same kind.</summary>
    public static Finding Another(Finding found) => found switch
    {
        Finding.Amount amount => amount with { Number = amount.Number + (amount.Number >= 20 ? 7 : 0.7m) },
        Finding.Flag flag => new Finding.Flag(!flag.IsSo),
        Finding.Count count => new Finding.Count(count.Number + 1),
        Finding.Coded coded => new Finding.Coded(Clinic.SmokingStates[(Array.IndexOf(Clinic.SmokingStates, coded.Concept) + 1) % Clinic.SmokingStates.Length]),
        Finding.Words words => new Finding.Words(words.Text + " with sediment"),
        _ => found,
    };

    private bool Happens(Perturbation perturbation, bool canApply)
    {
        var happens = canApply && _dice.Thousandths(_rates.Of(perturbation, _fact.Type));
        if (happens)
            _done = _done.With(perturbation);
        return happens;
    }

    // Whoever had it first says what is so; who tells it after them may have heard otherwise.
    private void Contest()
    {
        var isAssessed = _fact.Type is "AllergyIntolerance" or "Condition" && !_fact.IsOfAbsence;
        if (Happens(Perturbation.Refuted, !IsFirst && isAssessed))
            _says = _says with { Verification = "refuted" };
        var isTaken = _fact.Type is "MedicationStatement" or "MedicationRequest";
        if (Happens(Perturbation.ContestedStatus, !IsFirst && (isAssessed || isTaken)))
            _says = _says with { Status = _fact.Status != "active" ? "active" : isTaken ? "ended" : "inactive" };
        if (Happens(Perturbation.ContestedCriticality, !IsFirst && _fact.Criticality is not null))
            _says = _says with { Criticality = _fact.Criticality == "low" ? "high" : "low" };
        if (Happens(Perturbation.ContestedDose, !IsFirst && _fact.Dose is not null))
            _says = _says with { Dose = _fact.Dose! with { Amount = _fact.Dose.Amount * 2 } };
        if (Happens(Perturbation.ContestedValue, !IsFirst && (_fact.Found is not null || !_fact.Components.IsEmpty)))
        {
            _says = _says with
            {
                Found = _fact.Found is { } found ? Another(found) : null,
                Components = [.. _fact.Components.Select((c, n) => n == 0 ? (c.What, (Finding.Amount)Another(c.Found)) : c)],
            };
        }
    }

    private void LeaveOut()
    {
        if (Happens(Perturbation.LeftOut, _fact.Criticality is not null || _fact.Dose is not null || _fact.Organisation is not null || _fact.Type == "Condition"))
        {
            _says = _says with
            {
                Criticality = null,
                Dose = null,
                Organisation = null,
                Verification = _says.Verification == "refuted" ? "refuted" : null,
            };
        }

        if (Happens(Perturbation.ValueLeftOut, _fact.Type == "Observation"))
            _says = _says with { Found = null, Components = [] };
    }

    private StatedDate Date()
    {
        if (_fact.When is not { } when || _fact.Type is "DocumentReference" or "CarePlan")
            return StatedDate.None;
        if (_isExact)
            return new StatedDate(Precision.Minute, when);
        // A wrong day is wrong in any month, and stays in it: a slip of the pen, not another course.
        if (Happens(Perturbation.OtherDay, true))
            when = when.AddDays(when.Day < 15 ? 3 : -3);
        if (Happens(Perturbation.Undated, true))
            return StatedDate.None;
        if (Happens(Perturbation.YearOnly, true))
            return new StatedDate(Precision.Year, when);
        if (Happens(Perturbation.MonthOnly, true))
            return new StatedDate(Precision.Month, when);
        return new StatedDate(Happens(Perturbation.DayOnly, true) ? Precision.Day : Precision.Minute, when);
    }

    private ImmutableArray<Coding> Codings()
    {
        if (_fact.What is not { } what || Happens(Perturbation.NoCoding, !_fact.IsOfAbsence))
            return [];
        if (Happens(Perturbation.LocalCodingOnly, true))
            return [what.Local];
        var codings = ImmutableArray.CreateBuilder<Coding>();
        var isFewer = Happens(Perturbation.FewerCodings, what.Also is not null);
        if (!isFewer || _dice.Thousandths(500))
            codings.Add(what.Main);
        if (what.Also is { } also && (!isFewer || codings.Count == 0))
            codings.Add(also);
        if (Happens(Perturbation.LocalCodingAdded, true))
            codings.Insert(_dice.Between(0, codings.Count), what.Local);
        return codings.ToImmutable();
    }

    private ImmutableArray<string> NamesOf(string source)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        if (_first is not null && Happens(Perturbation.IdentifierKept, _first.Names.Any(IsIdentifier)))
            names.AddRange(_first.Names.Where(IsIdentifier));
        if (IsFirst ? _dice.Thousandths(800) : Happens(Perturbation.OwnIdentifier, true))
        {
            // A visit number often comes bare: unique within its hospital only.
            var isBare = _fact.Type == "Encounter" && IsFirst && _dice.Thousandths(500);
            names.Add(isBare ? $"|V{_fact.Number}" : $"https://ids.{source}.example/{_fact.Type}|{source[0]}{_fact.Number}");
        }

        // The same letter has the same hash, unless it was rendered anew.
        if (_fact.Document is { } document)
            names.Add($"sha1|{Hash(_done.Has(Perturbation.Wording) ? $"{document} ({source})" : document)}");
        return names.ToImmutable();
    }

    private static bool IsIdentifier(string name) => !name.StartsWith("sha1|", StringComparison.Ordinal);

    [SuppressMessage("Security", "CA5350", Justification = "FHIR's Attachment.hash is a SHA-1, and guards nothing.")]
    private static string Hash(string text) => Convert.ToBase64String(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
}
