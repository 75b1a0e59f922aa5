namespace Lhcre.Contracts;

/// <summary>
/// Who asks or pushes, for which organisation and for what purpose. Carried from the edge into the grain, because consent and audit are
/// decided there, in the record's own turn.
/// </summary>
/// <param name="Who">A user or system, as the identity provider names it.</param>
/// <param name="Organisation">The ODS code of the organisation, or a source's id.</param>
/// <param name="Purpose">A code of PurposeOfUse (HL7 v3), such as <c>TREAT</c>.</param>
[GenerateSerializer, Immutable, Alias("lhcre.caller")]
public sealed record Caller([property: Id(0)] string Who, [property: Id(1)] string Organisation, [property: Id(2)] string Purpose)
{
    /// <summary>Everybody, until access control exists.</summary>
    public static Caller Development { get; } = new("development", "development", "TREAT");
}
