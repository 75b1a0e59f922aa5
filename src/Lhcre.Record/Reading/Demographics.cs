using System.Text.Json;

namespace Lhcre.Record.Reading;

/// <summary>What of a Patient is compared: who this is, and whether they live.</summary>
internal static class Demographics
{
    private const string Date = "date";

    /// <summary>Takes the member at whose name the reader stands, if it is compared.</summary>
    public static bool Take(FactsDraft draft, ref Utf8JsonReader reader)
    {
        if (Json.Is(ref reader, "birthDate"u8))
            draft.Add(FactElement.BirthDate, "", ClinicalDate.Parse(Json.Text(ref reader)).ToString());
        else if (Json.Is(ref reader, "gender"u8))
            draft.Add(FactElement.Gender, "", Json.Trimmed(ref reader)?.ToLowerInvariant());
        else if (Json.Is(ref reader, "deceasedBoolean"u8))
            draft.Add(FactElement.Deceased, "", Json.Flag(ref reader) is { } isDead ? isDead ? "true" : "false" : null);
        else if (Json.Is(ref reader, "deceasedDateTime"u8))
            AddDeath(draft, Json.Trimmed(ref reader));
        else if (Json.Is(ref reader, "name"u8))
            AddNames(draft, ref reader);
        else
            return false;
        return true;
    }

    // When somebody died is also that they died: a source that knows only that does not contradict it.
    private static void AddDeath(FactsDraft draft, string? text)
    {
        if (text is null)
            return;
        draft.Add(FactElement.Deceased, "", "true");
        draft.Add(FactElement.Deceased, Date, ClinicalDate.Parse(text).ToString());
    }

    // Every name counts, also old and maiden ones: a person is known by them elsewhere.
    private static void AddNames(FactsDraft draft, ref Utf8JsonReader reader)
    {
        for (var items = Items.Of(ref reader); items.Next(ref reader);)
        {
            if (!Json.Enters(ref reader))
                continue;
            var (whole, isInParts) = ("", false);
            while (Json.NextMember(ref reader))
            {
                if (Json.Is(ref reader, "family"u8))
                    isInParts |= AddName(draft, FactElement.FamilyName, ref reader);
                else if (Json.Is(ref reader, "given"u8))
                    isInParts |= AddName(draft, FactElement.GivenName, ref reader);
                else if (Json.Is(ref reader, "text"u8))
                    whole = Folded.Text(Json.Text(ref reader) ?? "");
                else
                    reader.Skip();
            }

            if (!isInParts)
                AddWhole(draft, whole);
        }
    }

    // A name in one text: the last word is the family name, as people write it here.
    private static void AddWhole(FactsDraft draft, string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2)
            return;
        draft.Add(FactElement.FamilyName, "", words[^1]);
        draft.Add(FactElement.GivenName, "", words[0]);
    }

    // The first of a list: the others are middle names, which most sources leave out.
    private static bool AddName(FactsDraft draft, FactElement element, ref Utf8JsonReader reader)
    {
        string? first = null;
        for (var items = Items.Of(ref reader); items.Next(ref reader);)
        {
            var name = Folded.Text(Json.Text(ref reader) ?? "");
            if (name.Length > 0)
                first ??= name;
        }

        draft.Add(element, "", first);
        return first is not null;
    }
}
