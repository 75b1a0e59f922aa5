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
    private readonly ImmutableArray<Fragment?> _fragments;
    private readonly PersonClue?[] _clues;
    private readonly ILookup<EntryKey, int> _byKey;

    private PersonClues(BundleKind? kind, ImmutableArray<Fragment?> fragments)
    {
        (_kind, _fragments, _clues) = (kind, fragments, new PersonClue?[fragments.Length]);
        _byKey = Enumerable.Range(0, fragments.Length)
            .Where(i => fragments[i] is { Kind: FragmentKind.Stated })
            .ToLookup(i => fragments[i]!.Key);
    }

    /// <summary>A clue for each fragment, in their order; Nobody for none.</summary>
    public static ImmutableArray<PersonClue> Of(BundleKind? kind, ImmutableArray<Fragment?> fragments)
    {
        var clues = new PersonClues(kind, fragments);
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

    private static PersonClue OfPatient(Fragment patient)
    {
        var evidence = new Evidence();
        evidence.Add(patient.Facts.Identifiers);
        evidence.Add(patient.Key);
        return evidence.Settle(IssueCodes.NoNhsNumber)!;
    }

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
        var subject = Subject.Of(fragment);
        var supports = PatientCompartment.MaySupport(fragment.Key.Type);
        if (!subject.IsStated)
            return supports ? PersonClue.Nobody.One : null;
        var evidence = new Evidence();
        evidence.Add(subject.Identifiers);
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
