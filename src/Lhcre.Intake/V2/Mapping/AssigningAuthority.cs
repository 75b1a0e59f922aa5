using System.Collections.Frozen;
using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>Who issued an identifier (HD): a name among the sender's own, or one for the whole world, or both.</summary>
/// <param name="Namespace">HD.1, such as <c>RCB</c>; null for none.</param>
/// <param name="UniversalId">HD.2, such as an OID; null for none.</param>
/// <param name="Type">HD.3 (table 0301), such as <c>ISO</c>; null for none.</param>
internal sealed record AssigningAuthority(string? Namespace, string? UniversalId, string? Type)
{
    private const string NhsNumberOid = "2.16.840.1.113883.2.1.4.1";

    // CLINICAL identifiers of the United Kingdom by the names under which messages carry them. Systems: UK Core, "Identifier systems".
    private static readonly FrozenDictionary<string, string> Known = new Dictionary<string, string>
    {
        ["ODS"] = "https://fhir.nhs.uk/Id/ods-organization-code",
        ["SDS"] = "https://fhir.nhs.uk/Id/sds-user-id",
        ["GMC"] = "https://fhir.hl7.org.uk/Id/gmc-number",
        ["GMP"] = "https://fhir.hl7.org.uk/Id/gmp-number",
        ["NMC"] = "https://fhir.hl7.org.uk/Id/nmc-number",
        ["CHI"] = SourceSystem.NationalSystems[0],
        ["GPHC"] = "https://fhir.hl7.org.uk/Id/gphc-number",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private const string Oid = "urn:oid:";
    private const string Uuid = "urn:uuid:";
    private static readonly string[] UriBeginnings = ["http://", "https://", "urn:"];

    private static readonly FrozenSet<string> NhsNames =
        new[] { "NHS", "NHSNO", "NHSNUMBER", NhsNumberOid, NhsNumber.System, NhsNumber.LegacySystem }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The authority in one component, its parts being subcomponents; null where there is none.</summary>
    public static AssigningAuthority? Of(Hl7Repetition repetition, int component)
    {
        var read = new AssigningAuthority(
            Given(repetition.Sub(component, 1)), Given(repetition.Sub(component, 2)), Given(repetition.Sub(component, 3)));
        return read.Name is null ? null : read;
    }

    /// <summary>The authority in a field of its own, its parts being components; null where there is none.</summary>
    public static AssigningAuthority? Of(Hl7Field field)
    {
        var read = new AssigningAuthority(Given(field.Component(1)), Given(field.Component(2)), Given(field.Component(3)));
        return read.Name is null ? null : read;
    }

    /// <summary>What stands for it in an id: the short name where it has one.</summary>
    public string? Name => Namespace ?? UniversalId;

    /// <summary>Whether it issues NHS numbers.</summary>
    public bool IsNhs => (Namespace is not null && NhsNames.Contains(Namespace)) || (UniversalId is not null && NhsNames.Contains(UniversalId));

    /// <summary>
    /// The system of its identifiers. Mapping: data type HD[uri], rows HD.1 and HD.2; but the universal id comes first, since a name is the sender's own and must
    /// not meet another sender's.
    /// </summary>
    /// <param name="source">Whose message it is: the scope of a name.</param>
    public string SystemIn(string source)
    {
        if (Namespace is not null && Known.TryGetValue(Namespace, out var known))
            return known;
        return UniversalSystem(UniversalId, Type) ?? UniversalSystem(Namespace, null) ?? LocalSystem(source, "Id", Name!);
    }

    /// <summary>A system of our own for what has a meaning in one source only.</summary>
    /// <param name="source">The source.</param>
    /// <param name="kind"><c>Id</c> or <c>CodeSystem</c>.</param>
    /// <param name="name">As the source names it.</param>
    public static string LocalSystem(string source, string kind, string name) =>
        $"https://fhir.wessexcarerecords.org.uk/{kind}/{source}/{Uri.EscapeDataString(name)}";

    /// <summary>The URI of an identifier for the whole world; null where it is none.</summary>
    /// <param name="id">Such as an OID, a UUID or a URI.</param>
    /// <param name="type">Its type (table 0301); null where it is to be told by its shape.</param>
    public static string? UniversalSystem(string? id, string? type)
    {
        if (id is null || id.Any(char.IsWhiteSpace))
            return null;
        if (id.StartsWith(Oid, StringComparison.Ordinal))
            return IsOid(id[Oid.Length..]) ? id : null;
        if (id.StartsWith(Uuid, StringComparison.Ordinal))
            return UniversalSystem(id[Uuid.Length..], "UUID");
        if (UriBeginnings.Any(beginning => id.StartsWith(beginning, StringComparison.Ordinal)))
            return Uri.IsWellFormedUriString(id, UriKind.Absolute) ? id : null;
        if (Guid.TryParseExact(id, "D", out var uuid))
            return $"{Uuid}{uuid:D}";
        return IsOid(id) && type is null or "ISO" or "L,M,N" ? $"{Oid}{id}" : null;
    }

    private static bool IsOid(string id) =>
        id is ['0' or '1' or '2', '.', ..] && id.Split('.').All(arc => arc is "0" || (arc is [>= '1' and <= '9', ..] && arc.All(char.IsAsciiDigit)));

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
