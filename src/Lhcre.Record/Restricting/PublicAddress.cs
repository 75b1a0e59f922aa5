using System.Collections.Frozen;

namespace Lhcre.Record;

/// <summary>
/// Tells addresses and names that everybody uses (code systems, profiles and extensions of HL7, of the NHS as a whole, of ours) from those of somebody in particular,
/// which tell whose the words are.
/// </summary>
internal static class PublicAddress
{
    private static readonly FrozenSet<string> Hosts = FrozenSet.ToFrozenSet(
        [
            "hl7.org", "www.hl7.org", "terminology.hl7.org", "fhir.hl7.org.uk", "fhir.nhs.uk", "fhir.nhs.net", "datadictionary.nhs.uk", "dmd.nhs.uk", "snomed.info",
            "loinc.org", "unitsofmeasure.org", "read.info", "www.whocc.no", "id.who.int", "dicom.nema.org", "standardterms.edqm.eu", "www.genenames.org",
            "fhir.wessexcarerecords.org.uk",
        ],
        StringComparer.OrdinalIgnoreCase);

    // Languages, currencies and device terms by their own standards; and the OIDs of HL7's code systems and of those of the NHS.
    private static readonly string[] Names =
    [
        "urn:ietf:", "urn:iso:", "urn:oid:2.16.840.1.113883.4.642.", "urn:oid:2.16.840.1.113883.5.", "urn:oid:2.16.840.1.113883.6.",
        "urn:oid:2.16.840.1.113883.2.1.3.2.4.",
    ];

    // Schemes of what is an address of somebody, wherever it leads.
    private static readonly string[] Personal = ["urn:", "mailto:", "tel:", "fax:", "sms:", "sip:", "ftp:", "sftp:", "mllp:", "file:", "cid:"];

    /// <summary>Whether a text is an absolute address or name of somebody in particular; what is no address is not.</summary>
    public static bool IsForeign(string? text)
    {
        if (text is null)
            return false;
        var trimmed = text.AsSpan().Trim();
        if (HostOf(trimmed) is { Length: > 0 } host)
            return !Hosts.GetAlternateLookup<ReadOnlySpan<char>>().Contains(host);
        foreach (var name in Names)
        {
            if (trimmed.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                return false;
        }

        foreach (var scheme in Personal)
        {
            if (trimmed.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && trimmed.Length > scheme.Length && !char.IsWhiteSpace(trimmed[scheme.Length]))
                return true;
        }

        return false;
    }

    private static ReadOnlySpan<char> HostOf(ReadOnlySpan<char> text)
    {
        var start = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8 : text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7 : 0;
        if (start == 0)
            return default;
        var rest = text[start..];
        var end = rest.IndexOfAny("/?#:");
        return rest.IsEmpty || end == 0 ? "?" : end < 0 ? rest : rest[..end];
    }
}
