using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>
/// Works out whose each entry of a push is, from the push alone. Order does not matter: each step looks at what the one before it found for
/// all entries.
/// </summary>
internal sealed class PersonClues
{
    private readonly BundleKind? _kind;
    private readonly NumberTrust _trust;
    private readonly ImmutableArray<Fragment?> _fragments;
    private readonly PersonClue?[] _clues;
    private readonly ILookup<EntryKey, int> _byKey;

    // Of which Patient of this push a number is that its sender doubts there.
    private readonly Dictionary<NhsNumber, SortedSet<EntryKey>> _doubted = [];

    private PersonClues(BundleKind? kind, ImmutableArray<Fragment?> fragments, NumberTrust trust)
    {
        (_kind, _fragments, _clues, _trust) = (kind, fragments, new PersonClue?[fragments.Length], trust);
        _byKey = Enumerable.Range(0, fragments.Length)
            .Where(i => fragments[i] is { Kind: FragmentKind.Stated })
            .ToLookup(i => fragments[i]!.Key);
    }

    /// <summary>A clue for each fragment, in their order; Nobody for none.</summary>
    /// <param name="kind">The type of the Bundle; null for a single resource.</param>
    /// <param name="fragments">What was read of the entries.</param>
    /// <param name="trust">Which NHS numbers name anybody.</param>
    public static ImmutableArray<PersonClue> Of(BundleKind? kind, ImmutableArray<Fragment?> fragments, NumberTrust trust)
    {
        var clues = new PersonClues(kind, fragments, trust);
        clues.ReadPatients();
        clues.ReadSubjects();
        clues.AskNeighbours();
        clues.TakeOnlyPerson();
        return [.. clues._clues.Select(c => c ?? new PersonClue.Unknowable(IssueCodes.NoSubject, null))];
    }

    private void ReadPatients()
    {
        for (var i = 0; i < _fragments.Length; i++)
        {
            _clues[i] = _fragments[i] switch
            {
                null => PersonClue.Nobody.One,
                { Kind: not FragmentKind.Stated } withdrawn => new PersonClue.OwnKey(withdrawn.Key),
                { Key.Type: "Patient" } patient => OfPatient(patient),
                _ => null,
            };
        }
    }

    private PersonClue OfPatient(Fragment patient)
    {
        var evidence = new Evidence();
        var given = Identifiers(patient, _trust);
        foreach (var doubted in given.Doubted)
        {
            if (NhsNumber.TryParse(doubted, out var number))
                (_doubted.TryGetValue(number, out var patients) ? patients : _doubted[number] = []).Add(patient.Key);
        }

        evidence.Add(given);
        evidence.Add(patient.Key);
        return evidence.Settle(IssueCodes.NoNhsNumber)!;
    }

    /// <summary>The identifiers of a stated Patient.</summary>
    public static PersonIdentifiers Identifiers(Fragment patient, NumberTrust trust) =>
        PersonIdentifiers.OfPatient(patient.Body.Span, JsonOutline.Whole(patient.Body.Span), trust);

    private void ReadSubjects()
    {
        for (var i = 0; i < _fragments.Length; i++)
        {
            if (_clues[i] is null)
                _clues[i] = OfSubject(_fragments[i]!);
        }
    }

    // Null where the resource leaves it open.
    private PersonClue? OfSubject(Fragment fragment)
    {
        var subject = Subject.Of(fragment, _trust);
        var supports = PatientCompartment.MaySupport(fragment.Key.Type);
        if (!subject.IsStated)
            return supports ? PersonClue.Nobody.One : null;
        var evidence = new Evidence();
        evidence.Add(WithoutDoubted(fragment.Key.Source, subject.Identifiers, evidence));
        foreach (var reference in subject.References)
        {
            if (Fragment.LocalTarget(fragment.Key.Source, reference) is not { } target)
                evidence.IsForeign = true;
            else if (target.Type == "Patient")
                Add(evidence, target);
        }

        // About a group, a device, a place; or about somebody of whom only a name is given.
        return evidence.Settle(IssueCodes.UnknownPerson)
            ?? (supports ? PersonClue.Nobody.One : new PersonClue.Unknowable(IssueCodes.NoSubject, null));
    }

    // A number that this push doubts where it states the Patient names that Patient, and not whoever else has the number.
    private PersonIdentifiers WithoutDoubted(string source, PersonIdentifiers given, Evidence evidence)
    {
        if (_doubted.Count == 0)
            return given;
        var names = given.Names;
        foreach (var name in given.Names)
        {
            if (!NhsNumber.IsSystem(name.System) || !NhsNumber.TryParse(name.Value, out var number) || !_doubted.TryGetValue(number, out var patients)
                || IsStated(number))
                continue;
            names = names.Remove(name);
            foreach (var patient in patients.Where(p => p.Source == source))
                Add(evidence, patient);
        }

        return given with { Names = names };
    }

    private bool IsStated(NhsNumber number)
    {
        for (var i = 0; i < _clues.Length; i++)
        {
            if (_fragments[i] is { Key.Type: "Patient" } && _clues[i] is PersonClue.Named named && named.Number == number)
                return true;
        }

        return false;
    }

    private void Add(Evidence evidence, EntryKey patient)
    {
        evidence.Add(patient);
        foreach (var i in _byKey[patient])
        {
            switch (_clues[i])
            {
                case PersonClue.Named named:
                    evidence.Add(named.Number);
                    break;
                case PersonClue.LookUp lookUp:
                    evidence.Add(lookUp.Identifiers);
                    break;
                case PersonClue.Unknowable:
                    evidence.WaitsFor = patient;
                    break;
            }
        }
    }

    // Through what an entry refers to in this push, and what refers to it, as far as that reaches.
    private void AskNeighbours()
    {
        var open = Enumerable.Range(0, _clues.Length).Where(i => _clues[i] is null).ToList();
        if (open.Count == 0)
            return;
        var neighbours = Neighbours();
        while (open.Count > 0)
        {
            var found = open.Select(i => (Entry: i, Clue: OneOf(neighbours[i].Select(n => _clues[n]))))
                .Where(f => f.Clue is not null)
                .ToList();
            if (found.Count == 0)
                return;
            foreach (var (entry, clue) in found)
                _clues[entry] = clue;
            open.RemoveAll(i => _clues[i] is not null);
        }
    }

    private ILookup<int, int> Neighbours() =>
        Enumerable.Range(0, _fragments.Length)
            .SelectMany(i => _fragments[i]?.References.SelectMany(r => _byKey[r.Target]).Select(target => (From: i, To: target)) ?? [])
            .SelectMany(pair => new[] { pair, (From: pair.To, To: pair.From) })
            .ToLookup(pair => pair.From, pair => pair.To);

    private void TakeOnlyPerson()
    {
        if (_kind is not (BundleKind.Transaction or BundleKind.Message or BundleKind.Document))
            return;
        if (OneOf(_clues) is not { } only || only is PersonClue.Unknowable { WaitsFor: null })
            return;
        for (var i = 0; i < _clues.Length; i++)
            _clues[i] ??= only;
    }

    // The one person whom these name; null where they name nobody, ambiguous where they name several.
    private static PersonClue? OneOf(IEnumerable<PersonClue?> clues)
    {
        var persons = clues.Select(AsDependent).OfType<PersonClue>().OrderBy(Rank, StringComparer.Ordinal).DistinctBy(WhoOf).Take(2).ToList();
        return persons.Count switch
        {
            0 => null,
            1 => persons[0],
            _ => new PersonClue.Unknowable(IssueCodes.AmbiguousPerson, null),
        };
    }

    // What a clue about one entry says of another one that is about the same person.
    private static PersonClue? AsDependent(PersonClue? clue) => clue switch
    {
        PersonClue.Named => clue,
        PersonClue.LookUp lookUp => lookUp with { IfUnknown = IssueCodes.UnknownPerson },
        PersonClue.Unknowable { WaitsFor: not null } => clue,
        _ => null,
    };

    // Which of several clues about one person is handed on: the one that says most, whatever order they came in.
    private static string Rank(PersonClue clue) => clue switch
    {
        PersonClue.Named { Patient: { } patient } => $"0{patient.Id}",
        PersonClue.LookUp lookUp => $"1{ushort.MaxValue - lookUp.Identifiers.Length:D5}{string.Join('\n', lookUp.Identifiers)}",
        _ => "2",
    };

    private static object WhoOf(PersonClue clue) => clue switch
    {
        PersonClue.Named named => named.Number,
        PersonClue.LookUp { Patient: { } patient } => patient,
        PersonClue.Unknowable { WaitsFor: { } patient } => patient,
        _ => clue,
    };
}
