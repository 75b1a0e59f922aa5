using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Lhcre.Record;

/// <summary>A coding: <c>system</c> (null where the source gave none) and <c>code</c>.</summary>
public readonly record struct Coding(string? System, string Code);

/// <summary>
/// An <c>identifier</c> of a resource: its system and value, and the code of its type (HL7 v2 table 0203: <c>PLAC</c>, <c>ACSN</c>, ...)
/// where it has one.
/// </summary>
public readonly record struct Identifier(string? System, string Value, string? TypeCode);

/// <summary>
/// The few values of a resource that merging, routing and searching compare, read once from its bytes by <see cref="FactsReader"/> and
/// journalled beside them. What is not stated is null or empty.
/// </summary>
public sealed record Facts
{
    /// <summary>The facts of a withdrawal: none.</summary>
    public static readonly Facts None = new();

    // Every entry of every warm record keeps its facts: what is mostly absent takes no room.
    private readonly long _lastUpdated;
    private readonly long _recorded;
    private readonly StrongBox<Identifier>? _subjectIdentifier;

    /// <summary><c>meta.versionId</c>.</summary>
    public string? VersionId { get; init; }

    /// <summary><c>meta.lastUpdated</c>.</summary>
    public DateTimeOffset? LastUpdated
    {
        get => Instants.At(_lastUpdated);
        init => _lastUpdated = Instants.Ticks(value);
    }

    /// <summary>
    /// When the source recorded it, as far as the resource itself says so: <see cref="LastUpdated"/>, else its own instant of recording
    /// (<c>issued</c>, <c>recordedDate</c>, <c>recorded</c>, <c>dateAsserted</c>, <c>authoredOn</c>, <c>created</c>, <c>date</c>) where that
    /// has a time and a zone.
    /// </summary>
    public DateTimeOffset? Recorded
    {
        get => Instants.At(_recorded);
        init => _recorded = Instants.Ticks(value);
    }

    /// <summary>The source's own id of the Patient that the resource is about, from a literal reference; of a Patient, its own id.</summary>
    public string? SubjectId { get; init; }

    /// <summary>The identifier of the person that the resource is about, from a logical reference (<c>subject.identifier</c>).</summary>
    public Identifier? SubjectIdentifier
    {
        get => _subjectIdentifier?.Value;
        init => _subjectIdentifier = value is { } identifier ? new StrongBox<Identifier>(identifier) : null;
    }

    /// <summary>More than one Patient is named as what the resource is about.</summary>
    public bool NamesSeveralPatients { get; init; }

    /// <summary>The resource's own <c>identifier</c>s that have a value, in the order of the text.</summary>
    public ImmutableArray<Identifier> Identifiers { get; init; } = [];

    /// <summary>
    /// Of a Patient: the verification status of the NHS number, <c>01</c> to <c>08</c>
    /// (Extension-UKCore-NHSNumberVerificationStatus, UKCore-NHSNumberVerificationStatusEngland; the retired words as their numbers).
    /// </summary>
    public string? NhsNumberStatus { get; init; }

    /// <summary>The codings of what the resource says: <c>code</c>, <c>vaccineCode</c> or <c>medicationCodeableConcept</c>.</summary>
    public ImmutableArray<Coding> Codes { get; init; } = [];

    /// <summary>What the concept of <see cref="Codes"/> says in words, folded; null where it has a coding, or says nothing.</summary>
    public string? Words { get; init; }

    /// <summary>When it was so, as the type's rule dates it: onset, effective, performed, occurrence, start.</summary>
    public ClinicalDate When { get; init; }

    /// <summary>The source takes it back: <c>status</c> or <c>verificationStatus</c> is <c>entered-in-error</c>.</summary>
    public bool IsEnteredInError { get; init; }

    /// <summary>What else is compared, in order, each once.</summary>
    public ImmutableArray<FactPart> Parts { get; init; } = [];

    /// <summary>The security labels of <c>meta.security</c>.</summary>
    public ImmutableArray<Coding> Security { get; init; } = [];
}
