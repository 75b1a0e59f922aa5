using System.Globalization;
using System.Xml;

namespace Lhcre.Silo;

/// <summary>An option with its value as it was given; what is wrong with it is added to the errors, in one line.</summary>
internal readonly record struct Given(string Name, string Value, List<string> Errors)
{
    private static readonly (string Unit, long Bytes)[] Units = [("KB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30), ("", 1)];

    /// <summary>A whole number of a range; its least where it is none.</summary>
    public int Number(int least, int most)
    {
        if (int.TryParse(Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Errors.Add($"{Name}: '{Value}' is not a number of {least} to {most}.");
        return least;
    }

    /// <summary>Bytes of a range, as a number, with KB, MB or GB (of 1,024) behind it or without; the least where it is none.</summary>
    public long Bytes(long least, long most)
    {
        var value = Value;
        var (unit, size) = Array.Find(Units, u => value.EndsWith(u.Unit, StringComparison.OrdinalIgnoreCase));
        if (long.TryParse(value[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= long.MaxValue / size && number * size >= least && number * size <= most)
            return number * size;
        Errors.Add($"{Name}: '{Value}' is not a number of bytes, such as 512MB or 2GB, {(most == long.MaxValue ? $"of at least {Text(least)}" : $"of {Text(least)} to {Text(most)}")}.");
        return least;
    }

    /// <summary>A duration as ISO 8601 writes it (<c>PT24H</c>, <c>P2D</c>), of a range; the least where it is none.</summary>
    public TimeSpan Duration(string text, TimeSpan least, TimeSpan most)
    {
        try
        {
            if (XmlConvert.ToTimeSpan(text) is var duration && duration >= least && duration <= most)
                return duration;
        }
        catch (Exception failure) when (failure is FormatException or OverflowException)
        {
            // Said below.
        }

        Errors.Add($"{Name}: '{text}' is not a duration, such as PT24H or P2D, of {XmlConvert.ToString(least)} to {XmlConvert.ToString(most)}.");
        return least;
    }

    /// <summary>One of these; the first where it is none of them.</summary>
    public string OneOf(params ReadOnlySpan<string> choices)
    {
        if (choices.Contains(Value))
            return Value;
        Errors.Add($"{Name}: '{Value}' is none of {string.Join(", ", choices)}.");
        return choices[0];
    }

    /// <summary>
    /// Origins as browsers send them, with commas between: scheme, host and, where it is not the scheme's own, port. Each is named; there is
    /// none that stands for all, since what is read here is about patients.
    /// </summary>
    public IReadOnlyList<string> Origins()
    {
        string[] origins = [.. Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(o => o.TrimEnd('/'))];
        foreach (var origin in origins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.GetLeftPart(UriPartial.Authority) != origin || uri.UserInfo.Length > 0)
                Errors.Add($"{Name}: '{origin}' is no origin, such as https://portal.example.nhs.uk.");
        }

        return origins;
    }

    private static string Text(long bytes)
    {
        var (unit, size) = Units.Where(u => u.Unit.Length > 0).LastOrDefault(u => bytes >= u.Bytes, ("", 1));
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{unit}");
    }
}
