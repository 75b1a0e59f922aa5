using System.Collections.Immutable;

namespace Lhcre.Synthetic;

/// <summary>What an observation found.</summary>
internal abstract record Finding
{
    /// <summary>A number, in the first spelling of its unit.</summary>
    public sealed record Amount(decimal Number, UnitSpelling[] Unit) : Finding;

    /// <summary>Yes or no.</summary>
    public sealed record Flag(bool IsSo) : Finding;

    /// <summary>A whole number without a unit.</summary>
    public sealed record Count(int Number) : Finding;

    /// <summary>A code.</summary>
    public sealed record Coded(Concept Concept) : Finding;

    /// <summary>Words.</summary>
    public sealed record Words(string Text) : Finding;
}

/// <summary>How much, and how many times a day.</summary>
internal sealed record Dose(decimal Amount, UnitSpelling[] Unit, int TimesADay);

/// <summary>Who somebody is.</summary>
internal sealed record Demographics(string NhsDigits, string Given, string Family, string Gender, DateOnly BirthDate, bool? Deceased);

/// <summary>
/// Something that is so, or, with other words in it, what a source says of it. What is not stated is null. Two facts are one where their
/// <see cref="Number"/>s are.
/// </summary>
internal sealed record TrueFact
{
    public required int Number { get; init; }

    public required string Type { get; init; }

    public Concept? What { get; init; }

    public DateTimeOffset? When { get; init; }

    public Concept? BodySite { get; init; }

    /// <summary>Clinical status; of medication whether it is taken; of a vaccine whether it was given.</summary>
    public string? Status { get; init; }

    public string? Verification { get; init; }

    public string? Criticality { get; init; }

    public Dose? Dose { get; init; }

    public Finding? Found { get; init; }

    public ImmutableArray<(Concept What, Finding.Amount Found)> Components { get; init; } = [];

    public ImmutableArray<TrueFact> Results { get; init; } = [];

    public string? Class { get; init; }

    public (string Ods, string Name)? Organisation { get; init; }

    public string? Document { get; init; }

    public Demographics? Person { get; init; }

    /// <summary>Whether it is an allergy that is denied.</summary>
    public bool IsOfAbsence => What == Clinic.NoKnownAllergy;
}

/// <summary>Facts that belong together, and what makes them hard to keep apart, where they are.</summary>
internal sealed record FactGroup(ImmutableArray<TrueFact> Facts, HardNegative? Negative = null);
