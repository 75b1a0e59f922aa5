using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Silo.Synthetic;

/// <summary>Why somebody is known in Wessex.</summary>
public enum PersonKind
{
    /// <summary>Lives here; all three sources know them.</summary>
    Resident,

    /// <summary>Studies in Hampshire; the GP record is at home, in Dorset or on the Isle of Wight.</summary>
    Student,

    /// <summary>Was taken ill on holiday: few facts, at the place of the holiday and in Hampshire.</summary>
    HolidayMaker,
}

/// <summary>A person who does not exist: what is true about them, and which source tells what.</summary>
public sealed record SyntheticPerson
{
    /// <summary>The person's place in the region, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>The seed that the person was made from.</summary>
    public required int Seed { get; init; }

    /// <summary>From the upper half of the test range, 999 500 0000 to 999 999 9999; decided by <see cref="Number"/> alone.</summary>
    public required NhsNumber NhsNumber { get; init; }

    /// <summary>Why they are known here.</summary>
    public required PersonKind Kind { get; init; }

    /// <summary>Given names, one or two.</summary>
    public required ImmutableArray<string> GivenNames { get; init; }

    /// <summary>Family name.</summary>
    public required string FamilyName { get; init; }

    /// <summary>FHIR administrative-gender.</summary>
    public required string Gender { get; init; }

    /// <summary>Date of birth.</summary>
    public required DateOnly BirthDate { get; init; }

    /// <summary>Home first; where they study or stay, if that is elsewhere, second.</summary>
    public required ImmutableArray<SyntheticAddress> Addresses { get; init; }

    /// <summary>From the numbers that Ofcom keeps for drama, 07700 900000 to 900999.</summary>
    public required string Phone { get; init; }

    /// <summary>The practice at which they are registered.</summary>
    public required SyntheticOrganisation Practice { get; init; }

    /// <summary>The sources that know the person, the one that knows most first.</summary>
    public required ImmutableArray<string> Sources { get; init; }

    /// <summary>Who tells which fact how. A fact that nobody tells does not exist.</summary>
    public required ImmutableArray<Telling> Tellings { get; init; }

    /// <summary>What is true about the person, by number.</summary>
    public IEnumerable<SyntheticFact> Facts => Tellings.Select(t => t.Fact).Distinct<SyntheticFact>(ReferenceEqualityComparer.Instance);

    /// <summary>Given and family name, as a person writes them.</summary>
    public string Name => $"{GivenNames[0]} {FamilyName}";

    /// <summary>What each source that knows the person pushes.</summary>
    public IEnumerable<SyntheticPush> Pushes() => Sources.Select(source => SourceBundle.Write(this, SourceVoice.Of(source)));

    /// <summary>The number of the kind: no name, no NHS number, so that a failing test or a log line gives none away.</summary>
    public override string ToString() => $"{Kind} {Number}";
}

/// <summary>One push: a FHIR Bundle as the source would send it.</summary>
/// <param name="Source">The source's id.</param>
/// <param name="Bundle">JSON in UTF-8.</param>
/// <param name="Resources">Resources in it, the MessageHeader not counted.</param>
public sealed record SyntheticPush(string Source, byte[] Bundle, int Resources);
