using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;

namespace Lhcre.Record.Reading;

/// <summary>The attachments of a DocumentReference, by the SHA-1 of their bytes, which FHIR calls <c>hash</c>.</summary>
internal static class Attachments
{
    private const string Form = "sha1";

    /// <summary><c>content</c>.</summary>
    public static void Take(FactsDraft draft, ref Utf8JsonReader reader)
    {
        for (var items = Items.Of(ref reader); items.Next(ref reader);)
        {
            if (!Json.Enters(ref reader))
                continue;
            while (Json.NextMember(ref reader))
            {
                if (Json.Is(ref reader, "attachment"u8))
                    draft.Add(FactElement.Attachment, Form, Read(ref reader));
                else
                    reader.Skip();
            }
        }
    }

    private static string? Read(ref Utf8JsonReader reader)
    {
        if (!Json.Enters(ref reader))
            return null;
        string? stated = null, computed = null;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "hash"u8))
                stated = Json.Trimmed(ref reader);
            else if (Json.Is(ref reader, "data"u8))
                computed = HashOf(ref reader);
            else
                reader.Skip();
        }

        return stated ?? computed;
    }

    [SuppressMessage("Security", "CA5350:Do not use weak cryptographic algorithms", Justification = "FHIR R4, Attachment.hash, is a SHA-1, and this is compared with it.")]
    private static string? HashOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var bytes))
            return bytes.Length > 0 ? Convert.ToBase64String(SHA1.HashData(bytes)) : null;
        reader.Skip();
        return null;
    }
}
