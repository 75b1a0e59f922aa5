using System.Globalization;
using System.Text.Json;

namespace Lhcre.Silo.Tests.Searching;

/// <summary>What pushed JSON says, worked out step by step and without any code of the record: slow, and easy to check by eye.</summary>
internal static class Said
{
    /// <summary>The values at a path, lists opened.</summary>
    public static IEnumerable<JsonElement> At(JsonElement resource, string path)
    {
        IEnumerable<JsonElement> found = [resource];
        foreach (var name in path.Split('.'))
            found = [.. found.Where(f => f.ValueKind == JsonValueKind.Object && f.TryGetProperty(name, out _)).SelectMany(f => Items(f.GetProperty(name)))];
        return found;
    }

    /// <summary>The tokens at a path: system and code, or code alone.</summary>
    public static List<(string? System, string Code)> Tokens(JsonElement resource, string path)
    {
        var tokens = new List<(string? System, string Code)>();
        foreach (var value in At(resource, path))
        {
            if (value.ValueKind == JsonValueKind.String)
                tokens.Add((null, value.GetString()!));
            else if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
                tokens.Add((null, value.GetRawText()));
            else if (value.TryGetProperty("coding", out var codings))
                tokens.AddRange(codings.EnumerateArray().Select(c => (Text(c, "system"), Text(c, "code")!)));
            else if (value.TryGetProperty("value", out _) || value.TryGetProperty("code", out _))
                tokens.Add((Text(value, "system"), Text(value, "value") ?? Text(value, "code")!));
        }

        return tokens;
    }

    /// <summary>The first and the last instant of each date, time or Period at some paths; an open side is that of all time.</summary>
    public static List<(DateTime From, DateTime To)> Dates(JsonElement resource, params IEnumerable<string> paths)
    {
        var dates = new List<(DateTime From, DateTime To)>();
        foreach (var value in paths.SelectMany(p => At(resource, p)))
        {
            if (value.ValueKind == JsonValueKind.String)
                dates.Add(Range(value.GetString()!));
            else if (value.TryGetProperty("start", out _) || value.TryGetProperty("end", out _))
                dates.Add((Text(value, "start") is { } start ? Range(start).From : DateTime.MinValue, Text(value, "end") is { } end ? Range(end).To : DateTime.MaxValue));
        }

        return dates;
    }

    /// <summary>What a date says: a year, a month, a day, or a second with its zone.</summary>
    public static (DateTime From, DateTime To) Range(string text)
    {
        if (text.Contains('T'))
        {
            var at = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcDateTime;
            return text.Contains('.') ? (at, at.AddMilliseconds(1).AddTicks(-1)) : (at, at.AddSeconds(1).AddTicks(-1));
        }

        var parts = text.Split('-').Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        var first = new DateTime(parts[0], parts.ElementAtOrDefault(1) is var m and > 0 ? m : 1, parts.ElementAtOrDefault(2) is var d and > 0 ? d : 1, 0, 0, 0, DateTimeKind.Utc);
        var next = parts.Length switch { 1 => first.AddYears(1), 2 => first.AddMonths(1), _ => first.AddDays(1) };
        return (Midnight(first), Midnight(next).AddTicks(-1));
    }

    /// <summary>Whether dates satisfy a prefixed one, as the specification puts it.</summary>
    public static bool Satisfies(string prefix, (DateTime From, DateTime To) asked, (DateTime From, DateTime To) stated)
    {
        var contains = asked.From <= stated.From && stated.To <= asked.To;
        return prefix switch
        {
            "eq" => contains,
            "ne" => !contains,
            "gt" => stated.To > asked.To,
            "lt" => stated.From < asked.From,
            "ge" => contains || stated.To > asked.To,
            "le" => contains || stated.From < asked.From,
            "sa" => stated.From > asked.To,
            _ => stated.To < asked.From,
        };
    }

    /// <summary>A member's text; null where there is none.</summary>
    public static string? Text(JsonElement value, string name) => value.TryGetProperty(name, out var text) ? text.GetString() : null;

    // Midnight in London: at 23:00 UTC of the day before in summer, which here is told by counting Sundays from the end of the month.
    private static DateTime Midnight(DateTime day)
    {
        DateTime march = new(day.Year, 3, 31, 0, 0, 0, DateTimeKind.Utc), october = new(day.Year, 10, 31, 0, 0, 0, DateTimeKind.Utc);
        while (march.DayOfWeek != DayOfWeek.Sunday)
            march = march.AddDays(-1);
        while (october.DayOfWeek != DayOfWeek.Sunday)
            october = october.AddDays(-1);
        // Clocks change after midnight, so the day of the change itself begins as the day before did.
        return day > march && day <= october ? day.AddHours(-1) : day;
    }

    private static List<JsonElement> Items(JsonElement value) => value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
}
