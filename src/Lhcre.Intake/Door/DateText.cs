namespace Lhcre.Intake.Door;

/// <summary>
/// Dates and times in their everyday form. Odd ones that are valid all the same (leap seconds, a time without seconds, the first and last
/// years that there are) are not recognised.
/// </summary>
internal static class DateText
{
    /// <summary><c>YYYY</c>, <c>YYYY-MM</c> or <c>YYYY-MM-DD</c>.</summary>
    public static bool IsDate(ReadOnlySpan<byte> text)
    {
        if (text.Length is not (4 or 7 or 10) || !IsNumber(text, 0, 4, out var year) || year is < 2 or > 9998)
            return false;
        if (text.Length == 4)
            return true;
        if (text[4] != '-' || !IsNumber(text, 5, 2, out var month) || month is < 1 or > 12)
            return false;
        return text.Length == 7 || (text[7] == '-' && IsNumber(text, 8, 2, out var day) && day >= 1 && day <= DateTime.DaysInMonth(year, month));
    }

    /// <summary><c>YYYY-MM-DDThh:mm:ss</c>, a fraction of at most seven digits or none, and <c>Z</c> or an offset.</summary>
    public static bool IsInstant(ReadOnlySpan<byte> text)
    {
        if (text.Length < 20 || text[10] != 'T' || !IsDate(text[..10]))
            return false;
        var time = text[11..];
        return time[^1] == 'Z' ? IsTime(time[..^1]) : time.Length >= 14 && IsOffset(time[^6..]) && IsTime(time[..^6]);
    }

    /// <summary><c>hh:mm:ss</c> and a fraction of at most seven digits or none.</summary>
    public static bool IsTime(ReadOnlySpan<byte> text)
    {
        if (text.Length < 8 || text[2] != ':' || text[5] != ':' || !IsNumber(text, 0, 2, out var hours) || hours > 23
            || !IsNumber(text, 3, 2, out var minutes) || minutes > 59 || !IsNumber(text, 6, 2, out var seconds) || seconds > 59)
            return false;
        return text.Length == 8 || (text.Length is >= 10 and <= 16 && text[8] == '.' && !text[9..].ContainsAnyExceptInRange((byte)'0', (byte)'9'));
    }

    private static bool IsOffset(ReadOnlySpan<byte> text) =>
        text[0] is (byte)'+' or (byte)'-' && text[3] == ':' && IsNumber(text, 1, 2, out var hours) && hours <= 13 && IsNumber(text, 4, 2, out var minutes) && minutes <= 59;

    private static bool IsNumber(ReadOnlySpan<byte> text, int from, int digits, out int number)
    {
        number = 0;
        foreach (var digit in text.Slice(from, digits))
        {
            if ((uint)(digit - '0') > 9)
                return false;
            number = (number * 10) + digit - '0';
        }

        return true;
    }
}
