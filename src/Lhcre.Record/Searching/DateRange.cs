using System.Globalization;

namespace Lhcre.Record.Searching;

/// <summary>
/// A date as searches compare it: from its first instant to its last one, both included, in UTC ticks of 100 ns (FHIR R4 search.html,
/// "date"). A partial date is all of its year, month or day; a time without seconds all of its minute.
/// </summary>
/// <remarks>
/// A date without a zone is a day of the UK calendar (<see cref="UkCalendar"/>), as it is for the merge: from midnight to midnight in
/// London. A fraction of a second counts as far as it was given, so that who asks for what changed since an instant misses nothing.
/// </remarks>
/// <param name="From">The first tick; <see cref="long.MinValue"/> for an open beginning.</param>
/// <param name="To">The last tick; <see cref="long.MaxValue"/> for an open end.</param>
public readonly record struct DateRange(long From, long To)
{
    /// <summary>All of time.</summary>
    public static DateRange Ever { get; } = new(long.MinValue, long.MaxValue);

    /// <summary>From the beginning of the first to the end of the second, either of which may be open.</summary>
    public static DateRange Between(DateRange? start, DateRange? end) => new(start?.From ?? long.MinValue, end?.To ?? long.MaxValue);

    /// <summary>Whether the two have an instant in common.</summary>
    public bool Overlaps(DateRange other) => From <= other.To && other.From <= To;

    /// <summary>Whether the other lies within this one.</summary>
    public bool Contains(DateRange other) => From <= other.From && other.To <= To;

    /// <summary>
    /// Reads a FHIR date, dateTime or instant; false for anything else. The year 1 is what software writes that has no date, and is none.
    /// </summary>
    /// <param name="text">The text. A blank before the zone stands for the plus sign, which a query that was not escaped loses.</param>
    /// <param name="isAsked">
    /// Whether it stands in a query, where a time without a zone is London's. In a resource such a time is nobody's, and counts as its day.
    /// </param>
    /// <param name="range">What it says.</param>
    public static bool TryParse(ReadOnlySpan<char> text, bool isAsked, out DateRange range)
    {
        range = default;
        if (!TryNumber(text, 0, 4, out var year) || year < 2)
            return false;
        if (text.Length == 4)
            return Days(new DateTime(year, 1, 1), 12, 0, out range);
        if (text[4] != '-' || !TryNumber(text, 5, 2, out var month) || month is < 1 or > 12)
            return false;
        var first = new DateTime(year, month, 1);
        if (text.Length == 7)
            return Days(first, 1, 0, out range);
        if (text[7] != '-' || !TryNumber(text, 8, 2, out var day) || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        var date = first.AddDays(day - 1);
        if (text.Length == 10)
            return Days(date, 0, 1, out range);
        return text[10] == 'T' && WithTime(date, text[11..], isAsked, out range);
    }

    // hh:mm, then seconds and their fraction, then the zone. FHIR allows second 60.
    private static bool WithTime(DateTime date, ReadOnlySpan<char> time, bool isAsked, out DateRange range)
    {
        range = default;
        if (!TryNumber(time, 0, 2, out var hour) || hour > 23 || time.Length < 5 || time[2] != ':' || !TryNumber(time, 3, 2, out var minute) || minute > 59)
            return false;
        var rest = time[5..];
        var (at, length) = (date.AddHours(hour).AddMinutes(minute), TimeSpan.TicksPerMinute);
        if (rest.StartsWith(":"))
        {
            if (!TryNumber(rest, 1, 2, out var second) || second > 60)
                return false;
            rest = rest[3..];
            (at, length) = (at.AddSeconds(Math.Min(second, 59)), TimeSpan.TicksPerSecond);
            if (rest.StartsWith(".") && !TryFraction(ref rest, ref at, ref length))
                return false;
        }

        if (rest.IsEmpty && !isAsked)
            return Days(date, 0, 1, out range);
        var ahead = 0;
        if (!rest.IsEmpty && !TryZone(rest, out ahead))
            return false;
        var from = rest.IsEmpty ? UkCalendar.Utc(at).Ticks : at.Ticks - (ahead * TimeSpan.TicksPerMinute);
        range = new DateRange(from, from + length - 1);
        return true;
    }

    // A tick is the seventh digit; more are not kept.
    private static bool TryFraction(ref ReadOnlySpan<char> rest, ref DateTime at, ref long length)
    {
        var end = rest[1..].IndexOfAnyExceptInRange('0', '9') is var other and >= 0 ? other + 1 : rest.Length;
        var digits = rest[1..Math.Min(end, 8)];
        if (digits.IsEmpty)
            return false;
        foreach (var digit in digits)
        {
            length /= 10;
            at = at.AddTicks((digit - '0') * length);
        }

        rest = rest[end..];
        return true;
    }

    // How many minutes local time is ahead of UTC: 14 hours at most.
    private static bool TryZone(ReadOnlySpan<char> text, out int ahead)
    {
        ahead = 0;
        if (text is "Z")
            return true;
        if (text.Length != 6 || text[0] is not ('+' or '-' or ' ') || text[3] != ':'
            || !TryNumber(text, 1, 2, out var hours) || hours > 14 || !TryNumber(text, 4, 2, out var minutes) || minutes > 59)
            return false;
        ahead = ((hours * 60) + minutes) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool Days(DateTime first, int months, int days, out DateRange range)
    {
        // The last year there is has no next one; it is what software writes for an end that is open.
        var isLast = first.Year == 9999 && (months == 12 || (first.Month == 12 && (months == 1 || first.Day == 31)));
        var next = isLast ? DateTime.MaxValue : first.AddMonths(months).AddDays(days);
        range = new DateRange(UkCalendar.Utc(first).Ticks, UkCalendar.Utc(next).Ticks - 1);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, int start, int length, out int number)
    {
        number = 0;
        return text.Length >= start + length && int.TryParse(text.Slice(start, length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
