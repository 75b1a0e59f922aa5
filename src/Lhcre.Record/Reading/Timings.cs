using System.Collections.Frozen;
using System.Text.Json;

namespace Lhcre.Record.Reading;

/// <summary>A Timing as it is compared: how often, and at what times of the day or week.</summary>
internal static class Timings
{
    private const string Abbreviations = "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation";

    // HL7 v3 GTSAbbreviation: those that say what a repeat of FHIR says.
    private static readonly FrozenDictionary<string, string> Repeats = new Dictionary<string, string>
    {
        ["QD"] = "1/1d",
        ["BID"] = "2/1d",
        ["TID"] = "3/1d",
        ["QID"] = "4/1d",
        ["QOD"] = "1/2d",
        ["Q1H"] = "1/1h",
        ["Q2H"] = "1/2h",
        ["Q3H"] = "1/3h",
        ["Q4H"] = "1/4h",
        ["Q6H"] = "1/6h",
        ["Q8H"] = "1/8h",
        ["WK"] = "1/1wk",
        ["MO"] = "1/1mo",
    }.ToFrozenDictionary();

    /// <summary>The Timing at which the reader stands; null where it says nothing.</summary>
    public static string? Read(ref Utf8JsonReader reader)
    {
        if (!Json.Enters(ref reader))
            return null;
        string? repeat = null, code = null;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "repeat"u8))
                repeat = Repeat(ref reader);
            else if (Json.Is(ref reader, "code"u8))
                code = Code(ref reader);
            else
                reader.Skip();
        }

        return repeat is null || code is null || repeat == code ? repeat ?? code : $"{repeat} {code}";
    }

    private static string? Code(ref Utf8JsonReader reader)
    {
        var codings = new List<Coding>(1);
        var words = Concept.Read(ref reader, codings);
        foreach (var (system, code) in codings)
        {
            if (system is null or Abbreviations && Repeats.TryGetValue(code, out var repeat))
                return repeat;
        }

        return codings.Count == 0 ? words : string.Join('+', codings.Select(c => $"{c.System}|{c.Code}").Order(StringComparer.Ordinal));
    }

    private static string? Repeat(ref Utf8JsonReader reader)
    {
        if (!Json.Enters(ref reader))
            return null;
        string? frequency = null, frequencyMax = null, period = null, periodMax = null, unit = null, count = null;
        var moments = new SortedSet<string>(StringComparer.Ordinal);
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "frequency"u8))
                frequency = Json.Number(ref reader);
            else if (Json.Is(ref reader, "frequencyMax"u8))
                frequencyMax = Json.Number(ref reader);
            else if (Json.Is(ref reader, "period"u8))
                period = Json.Number(ref reader);
            else if (Json.Is(ref reader, "periodMax"u8))
                periodMax = Json.Number(ref reader);
            else if (Json.Is(ref reader, "periodUnit"u8))
                unit = Json.Trimmed(ref reader);
            else if (Json.Is(ref reader, "count"u8))
                count = Json.Number(ref reader);
            else if (Json.Is(ref reader, "when"u8) || Json.Is(ref reader, "dayOfWeek"u8) || Json.Is(ref reader, "timeOfDay"u8))
                Add(moments, ref reader);
            else
                reader.Skip();
        }

        // FHIR: a period without a frequency is once in it.
        if (frequency is not null || period is not null)
            moments.Add($"{UpTo(frequency ?? "1", frequencyMax)}/{UpTo(period ?? "", periodMax)}{unit}");
        if (count is not null)
            moments.Add($"x{count}");
        return moments.Count > 0 ? string.Join(' ', moments) : null;
    }

    private static void Add(SortedSet<string> moments, ref Utf8JsonReader reader)
    {
        for (var items = Items.Of(ref reader); items.Next(ref reader);)
        {
            if (Json.Trimmed(ref reader) is { } moment)
                moments.Add(moment);
        }
    }

    private static string UpTo(string least, string? most) => most is null ? least : $"{least}-{most}";
}
