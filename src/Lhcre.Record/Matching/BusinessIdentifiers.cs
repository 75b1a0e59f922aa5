using System.Collections.Frozen;

namespace Lhcre.Record.Matching;

/// <summary>
/// Rule 0 of CLINICAL.md: which identifiers name the resource itself, so that it is the same by whatever route it came. Not those that name
/// something else: the person (NHS number), the order (a placer's or group's number), an accession that many results share.
/// </summary>
internal static class BusinessIdentifiers
{
    private const string OdsOrganization = "https://fhir.nhs.uk/Id/ods-organization-code";
    private const string OdsSite = "https://fhir.nhs.uk/Id/ods-site-code";

    // HL7 v2 table 0203. A placer's number names the order; an accession number the specimen or the study.
    private static readonly FrozenSet<string> NamesTheOrder = FrozenSet.Create("PLAC", "PGN");
    private const string NamesTheAccession = "ACSN";

    /// <summary>Those of an entry, of its last statement where it is withdrawn. None of a Patient: all Patients of a record are one.</summary>
    public static IEnumerable<Identifier> Of(EntryKey key, Facts facts) =>
        key.Type == "Patient" ? [] : facts.Identifiers.Where(i => i.System is { } system && NamesTheResource(key.Type, system, i.TypeCode));

    /// <summary>The first that both have; null where they share none.</summary>
    public static Identifier? Shared(Entry left, Entry right)
    {
        foreach (var identifier in Of(left.Key, left.Facts))
        {
            if (Of(right.Key, right.Facts).Any(i => i.System == identifier.System && i.Value == identifier.Value))
                return identifier;
        }

        return null;
    }

    /// <summary>Whether both have identifiers of one system and none of it in common: two things (rule 3).</summary>
    public static bool Differ(Entry left, Entry right)
    {
        if (left.Facts.Identifiers.IsEmpty || right.Facts.Identifiers.IsEmpty)
            return false;
        foreach (var system in Of(left.Key, left.Facts).Select(i => i.System).Distinct())
        {
            var others = Of(right.Key, right.Facts).Where(i => i.System == system).Select(i => i.Value).ToHashSet();
            if (others.Count > 0 && !Of(left.Key, left.Facts).Any(i => i.System == system && others.Contains(i.Value)))
                return true;
        }

        return false;
    }

    private static bool NamesTheResource(string type, string system, string? typeCode)
    {
        if (NhsNumber.IsSystem(system))
            return false;
        if (system is OdsOrganization or OdsSite)
            return type is "Organization" or "Location";
        if (typeCode == NamesTheAccession)
            return type == "ImagingStudy";
        return typeCode is null || !NamesTheOrder.Contains(typeCode) || type.EndsWith("Request", StringComparison.Ordinal);
    }
}
