using System.Collections.Frozen;

namespace Lhcre.Record.Matching;

/// <summary>
/// What two entries must share to be candidates for the same fact. Rule 0 of CLINICAL.md: a business identifier, issued by the
/// originating system, means the same resource by whatever route it came.
/// </summary>
internal readonly record struct MatchKey(string Type, string System, string Value) : IComparable<MatchKey>
{
    private const string OdsOrganization = "https://fhir.nhs.uk/Id/ods-organization-code";
    private const string OdsSite = "https://fhir.nhs.uk/Id/ods-site-code";

    // HL7 v2 table 0203. A placer's number names the order; an accession number the specimen or the study.
    private static readonly FrozenSet<string> NamesTheOrder = FrozenSet.Create("PLAC", "PGN");
    private const string NamesTheAccession = "ACSN";

    public int CompareTo(MatchKey other)
    {
        var order = string.CompareOrdinal(Type, other.Type);
        if (order == 0)
            order = string.CompareOrdinal(System, other.System);
        return order != 0 ? order : string.CompareOrdinal(Value, other.Value);
    }

    /// <summary>The keys by which an entry may match others: none of a Patient (all Patients of a record are one), none when withdrawn.</summary>
    public static IEnumerable<MatchKey> Of(Entry? entry)
    {
        if (entry is not { IsLive: true, Key.Type: not "Patient" })
            yield break;
        foreach (var identifier in entry.Facts.Identifiers)
        {
            if (identifier.System is { } system && NamesTheResource(entry.Key.Type, system, identifier.TypeCode))
                yield return new MatchKey(entry.Key.Type, system, identifier.Value);
        }
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

/// <summary>An entry under one of its keys.</summary>
internal readonly record struct KeyedEntry(MatchKey Match, EntryKey Entry)
{
    internal readonly struct At(MatchKey match, EntryKey entry) : IProbe<KeyedEntry>
    {
        public int CompareTo(KeyedEntry item)
        {
            var order = match.CompareTo(item.Match);
            return order != 0 ? order : entry.CompareTo(item.Entry);
        }
    }

    internal readonly struct Under(MatchKey match) : IProbe<KeyedEntry>
    {
        public int CompareTo(KeyedEntry item) => match.CompareTo(item.Match);
    }
}
