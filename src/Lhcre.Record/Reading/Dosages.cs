using System.Text.Json;

namespace Lhcre.Record.Reading;

/// <summary>
/// The dose of a medicine: all its Dosages in order, once by their quantities and timing (by their amounts where one has no timing: then the
/// words may say when) and once in words, each only where every Dosage has it. A dose of which a part is missing is not the dose.
/// </summary>
internal static class Dosages
{
    private const string Structured = "structured";
    private const string Amount = "amount";
    private const string Between = "; ";

    /// <summary><c>dosage</c> or <c>dosageInstruction</c>.</summary>
    public static void Take(FactsDraft draft, ref Utf8JsonReader reader)
    {
        List<string?> amounts = [], words = [];
        var isStructured = true;
        for (var items = Items.Of(ref reader); items.Next(ref reader);)
        {
            if (!Json.Enters(ref reader))
                continue;
            var (amount, text, isTimed) = Read(draft, ref reader);
            amounts.Add(amount);
            words.Add(text);
            isStructured &= isTimed;
        }

        draft.Add(FactElement.Dose, isStructured ? Structured : Amount, Joined(amounts));
        draft.Add(FactElement.Dose, FactPart.Text, Joined(words));
    }

    private static string? Joined(List<string?> dosages) => dosages.Contains(null) ? null : string.Join(Between, dosages);

    private static (string? Amount, string? Words, bool IsTimed) Read(FactsDraft draft, ref Utf8JsonReader reader)
    {
        string? amount = null, words = null, timing = null;
        var isAsNeeded = false;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "text"u8))
            {
                words = Concept.Words(Json.Text(ref reader));
            }
            else if (Json.Is(ref reader, "doseAndRate"u8))
            {
                amount = Amounts(ref reader);
            }
            else if (Json.Is(ref reader, "route"u8))
            {
                draft.AddConcepts(ref reader, FactElement.Route);
            }
            else if (Json.Is(ref reader, "timing"u8))
            {
                timing = Timings.Read(ref reader);
            }
            else if (Json.Is(ref reader, "asNeededBoolean"u8))
            {
                isAsNeeded = Json.Flag(ref reader) ?? isAsNeeded;
            }
            else if (Json.Is(ref reader, "asNeededCodeableConcept"u8))
            {
                // What it is needed for is no part of the dose.
                isAsNeeded |= reader.TokenType == JsonTokenType.StartObject;
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        return (amount is null ? null : string.Join(' ', new[] { amount, timing, isAsNeeded ? "as needed" : null }.OfType<string>()), words, timing is not null);
    }

    private static string? Amounts(ref Utf8JsonReader reader)
    {
        var amounts = new List<string>(1);
        for (var items = Items.Of(ref reader); items.Next(ref reader);)
        {
            if (Json.Enters(ref reader) && One(ref reader) is { } amount)
                amounts.Add(amount);
        }

        return amounts.Count > 0 ? string.Join(" + ", amounts) : null;
    }

    private static string? One(ref Utf8JsonReader reader)
    {
        string? dose = null, rate = null;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "doseQuantity"u8))
                dose = Quantity.Read(ref reader);
            else if (Json.Is(ref reader, "doseRange"u8))
                dose = Quantity.ReadRange(ref reader);
            else if (Json.Is(ref reader, "rateQuantity"u8))
                rate = Quantity.Read(ref reader);
            else if (Json.Is(ref reader, "rateRange"u8))
                rate = Quantity.ReadRange(ref reader);
            else if (Json.Is(ref reader, "rateRatio"u8))
                rate = Quantity.ReadRatio(ref reader);
            else
                reader.Skip();
        }

        return rate is null ? dose : $"{dose} at {rate}".TrimStart();
    }
}
