using System.Text.Json;

namespace Lhcre.Record.Reading;

/// <summary>An Identifier as it is compared, and what a Patient's says of the NHS number.</summary>
internal static class Identification
{
    /// <summary>The Identifier at which the reader stands; null where it has no value.</summary>
    /// <param name="reader">At the value.</param>
    /// <param name="numberStatus">Set to the verification status of an NHS number, unless it is set already.</param>
    public static Identifier? Read(ref Utf8JsonReader reader, ref string? numberStatus)
    {
        if (!Json.Enters(ref reader))
            return null;
        string? system = null, value = null, type = null, status = null;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "system"u8))
            {
                system = Json.Trimmed(ref reader);
            }
            else if (Json.Is(ref reader, "value"u8))
            {
                value = Json.Trimmed(ref reader);
            }
            else if (Json.Is(ref reader, "type"u8))
            {
                type = FirstCode(ref reader);
            }
            else if (Json.Is(ref reader, "extension"u8))
            {
                for (var items = Items.Of(ref reader); items.Next(ref reader);)
                    status = Status(ref reader) ?? status;
            }
            else
            {
                reader.Skip();
            }
        }

        if (NhsNumber.IsSystem(system))
            numberStatus ??= status;
        return value is null ? null : new Identifier(Recurring.TextOrNull(system), value, type);
    }

    private static string? Status(ref Utf8JsonReader reader)
    {
        if (!Json.Enters(ref reader))
            return null;
        string? url = null, code = null;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "url"u8))
                url = Json.Text(ref reader);
            else if (Json.Is(ref reader, "valueCodeableConcept"u8))
                code = FirstCode(ref reader);
            else
                reader.Skip();
        }

        return url == VerificationStatus.Extension ? VerificationStatus.Of(code) : null;
    }

    private static string? FirstCode(ref Utf8JsonReader reader)
    {
        var codings = new List<Coding>(1);
        Concept.Read(ref reader, codings);
        return codings.Count > 0 ? codings[0].Code : null;
    }
}
