using System.Text;
using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// The ids under which a source's messages state resources: made of what the message itself names, so that the next message about the same thing has the same
/// one. Decision 0015.
/// </summary>
internal static class ResourceId
{
    // Room for what is put behind an id, such as ".oru".
    private const int MaxLength = 58;

    /// <summary>The parts with dots between them, where that is a FHIR id and no part has a dot itself; else a hash of them.</summary>
    /// <param name="parts">From the general to the particular, such as an authority and its number. Null and empty parts are left out.</param>
    public static string Of(params ReadOnlySpan<string?> parts)
    {
        var given = new List<string>(parts.Length);
        foreach (var part in parts)
        {
            if (!string.IsNullOrWhiteSpace(part))
                given.Add(part.Trim());
        }

        var text = string.Join('.', given);
        return text.Length <= MaxLength && EntryKey.IsValidId(text) && given.TrueForAll(p => !p.Contains('.', StringComparison.Ordinal))
            ? text
            : Hash(given);
    }

    /// <summary>A hash of the parts, where they must not be read off an id or are too many words: 32 hexadecimal digits.</summary>
    public static string Hashed(params ReadOnlySpan<string?> parts) => Hash([.. parts]);

    private static string Hash(IEnumerable<string?> parts) =>
        // With their lengths, so that no two lists of parts read alike.
        $"{ContentHash.Of(Encoding.UTF8.GetBytes(string.Concat(parts.Select(p => p?.Trim() ?? "").Select(p => $"{p.Length}:{p}")))).Bits:x32}";
}
