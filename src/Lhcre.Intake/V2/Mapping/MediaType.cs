using System.Collections.Frozen;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// What an attachment is: by its first bytes, since senders "are not always accurate" (data type ED[Attachment], row 8), else by ED.3 and
/// ED.2, or RP.4 and RP.3 (HL7 tables 0291 and 0834; many send a whole media type in either).
/// </summary>
internal static class MediaType
{
    /// <summary>Plain text, as we encode it.</summary>
    public const string Text = "text/plain; charset=utf-8";

    private static readonly (byte[] Beginning, string Type)[] Signs =
    [
        ([.. "%PDF-"u8], "application/pdf"),
        ([.. "{\\rtf"u8], "application/rtf"),
        ([0xFF, 0xD8, 0xFF], "image/jpeg"),
        ([0x89, 0x50, 0x4E, 0x47], "image/png"),
        ([.. "GIF8"u8], "image/gif"),
        ([0x49, 0x49, 0x2A, 0x00], "image/tiff"),
        ([0x4D, 0x4D, 0x00, 0x2A], "image/tiff"),
    ];

    private static readonly FrozenDictionary<string, string> Subtypes = new Dictionary<string, string>
    {
        ["BASIC"] = "audio/basic",
        ["DICOM"] = "application/dicom",
        ["DOC"] = "application/msword",
        ["DOCX"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ["GIF"] = "image/gif",
        ["HTML"] = "text/html",
        ["HTM"] = "text/html",
        ["JPEG"] = "image/jpeg",
        ["JPG"] = "image/jpeg",
        ["PDF"] = "application/pdf",
        ["PLAIN"] = "text/plain",
        ["PNG"] = "image/png",
        ["RTF"] = "application/rtf",
        ["TIFF"] = "image/tiff",
        ["TIF"] = "image/tiff",
        ["TXT"] = "text/plain",
        ["XML"] = "text/xml",
        ["X-HL7-CDA-LEVEL-ONE"] = "text/xml",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The type of these bytes; null where it is not known.</summary>
    /// <param name="beginning">The first bytes; none of a pointer.</param>
    /// <param name="subtype">ED.3 or RP.4.</param>
    /// <param name="type">ED.2 or RP.3.</param>
    public static string? Of(ReadOnlySpan<byte> beginning, string? subtype, string? type)
    {
        foreach (var (sign, shown) in Signs)
        {
            if (beginning.StartsWith(sign))
                return shown;
        }

        return Declared(subtype) ?? Declared(type) ?? (type?.ToUpperInvariant() is "TX" or "TEXT" or "FT" ? "text/plain" : null);
    }

    private static string? Declared(string? name)
    {
        var text = name?.Trim() ?? "";
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < text.Length - 1 && !text.Any(char.IsWhiteSpace) ? text.ToLowerInvariant() : Subtypes.GetValueOrDefault(text);
    }
}
