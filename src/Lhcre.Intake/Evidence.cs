using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>All that one entry says about who its person is. What contradicts itself is never settled by guessing.</summary>
internal sealed class Evidence
{
    private readonly HashSet<NhsNumber> _numbers = [];
    private readonly SortedSet<EntryKey> _patients = [];
    private readonly List<Identifier> _identifiers = [];
    private bool _hasInvalidNumber;
    private bool _hasDoubted;
    private bool _hasOldOnly;

    /// <summary>The Patient of this push that is itself parked.</summary>
    public EntryKey? WaitsFor { get; set; }

    /// <summary>Somebody is named whom this source cannot know by that name.</summary>
    public bool IsForeign { get; set; }

    public void Add(NhsNumber number) => _numbers.Add(number);

    public void Add(EntryKey patient) => _patients.Add(patient);

    /// <summary>What names the person, and what might have.</summary>
    public void Add(PersonIdentifiers given)
    {
        Add(given.Names);
        _hasDoubted |= !given.Doubted.IsEmpty;
        _hasOldOnly |= given.HasOldOnly;
    }

    /// <summary>NHS numbers by their system; others by which the source may know the person, which takes a system.</summary>
    public void Add(ImmutableArray<Identifier> identifiers)
    {
        foreach (var identifier in identifiers)
        {
            if (!NhsNumber.IsSystem(identifier.System))
            {
                if (identifier.System is not null && !_identifiers.Contains(identifier))
                    _identifiers.Add(identifier);
            }
            else if (NhsNumber.TryParse(identifier.Value, out var number))
            {
                _numbers.Add(number);
            }
            else
            {
                _hasInvalidNumber = true;
            }
        }
    }

    /// <summary>What follows; null where there is no evidence.</summary>
    /// <param name="ifUnknown">What to park it with where a look-up finds nobody.</param>
    public PersonClue? Settle(IssueCode ifUnknown)
    {
        if (_numbers.Count > 1)
            return new PersonClue.Unknowable(IssueCodes.AmbiguousPerson, null);
        if (_hasInvalidNumber)
            return new PersonClue.Unknowable(IssueCodes.InvalidNhsNumber, null);
        if (_numbers.Count == 1)
            return new PersonClue.Named(_numbers.First(), _patients.Count == 1 ? _patients.Min : null);
        if (_patients.Count > 1)
            return new PersonClue.Unknowable(IssueCodes.AmbiguousPerson, null);
        if (WaitsFor is not null)
            return new PersonClue.Unknowable(IssueCodes.UnknownPerson, WaitsFor);
        if (_patients.Count == 1 || _identifiers.Count > 0)
            return new PersonClue.LookUp(_patients.Min, InOrder(), Why(ifUnknown));
        return IsForeign || _hasDoubted || _hasOldOnly ? new PersonClue.Unknowable(IssueCodes.UnknownPerson, null) : null;
    }

    // Of a Patient, why there is no number to go by; what only refers to one waits for it.
    private IssueCode Why(IssueCode ifUnknown) =>
        ifUnknown != IssueCodes.NoNhsNumber ? ifUnknown
        : _hasDoubted ? IssueCodes.NumberNotVerified
        : _hasOldOnly ? IssueCodes.NumberSuperseded
        : ifUnknown;

    private ImmutableArray<Identifier> InOrder() =>
        [.. _identifiers.OrderBy(i => i.System, StringComparer.Ordinal).ThenBy(i => i.Value, StringComparer.Ordinal)];
}
