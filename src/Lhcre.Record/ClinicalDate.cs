using System.Globalization;

namespace Lhcre.Record;

/// <summary>How exactly something is dated. A higher number is finer.</summary>
public enum Precision : byte
{
    /// <summary>No date at all.</summary>
    None = 0,

    /// <summary>A year.</summary>
    Year = 1,

    /// <summary>A month of a year.</summary>
    Month = 2,

    /// <summary>A day, by the UK calendar.</summary>
    Day = 3,

    /// <summary>A minute: the finest that is compared, since sources round seconds in their own ways.</summary>
    Minute = 4,
}

/// <summary>
/// A FHIR date, dateTime or instant as merging compares it: at its own precision, an instant by the minute in UTC, a date by the UK calendar
/// (CLINICAL.md, "Dates compare at the coarser precision").
/// </summary>
/// <param name="Precision">How exact it is.</param>
/// <param name="Number">Minutes since 0001-01-01T00:00Z, days since 0001-01-01, months since 0001-01, or the year; 0 for none.</param>
public readonly record struct ClinicalDate(Precision Precision, int Number)
{
    private const int MinutesOfDay = 24 * 60;

    /// <summary>An instant by its minute. Where minutes since the year 1 do not fit (after 4083), by its day.</summary>
    public static ClinicalDate Of(DateTimeOffset instant) => OfMinutes(instant.UtcTicks / TimeSpan.TicksPerMinute);

    /// <summary>
    /// Reads a FHIR date, dateTime or instant; none if it is unreadable. A time without a zone is nobody's minute, and counts as its day. The
    /// year 1 is what software writes that has no date, and is none.
    /// </summary>
    public static ClinicalDate Parse(ReadOnlySpan<char> text)
    {
        if (!TryNumber(text, 0, 4, out var year) || year < 2)
            return default;
        if (text.Length == 4)
            return new(Precision.Year, year);
        if (text[4] != '-' || !TryNumber(text, 5, 2, out var month) || month is < 1 or > 12)
            return default;
        if (text.Length == 7)
            return new(Precision.Month, MonthNumber(year, month));
        if (text[7] != '-' || !TryNumber(text, 8, 2, out var day) || day < 1 || day > DateTime.DaysInMonth(year, month))
            return default;
        var days = new DateOnly(year, month, day).DayNumber;
        return text.Length == 10 ? new(Precision.Day, days) : text[10] == 'T' ? WithTime(days, text[11..]) : default;
    }

    /// <summary>The same at another precision, if that is coarser: an instant becomes its UK day first.</summary>
    public ClinicalDate At(Precision coarser)
    {
        if (coarser >= Precision)
            return this;
        if (coarser == Precision.None)
            return default;
        if (Precision == Precision.Minute)
            return new ClinicalDate(Precision.Day, UkCalendar.Day(Number)).At(coarser);
        if (coarser == Precision.Year && Precision == Precision.Month)
            return new(Precision.Year, (Number / 12) + 1);
        var day = DateOnly.FromDayNumber(Number);
        return coarser == Precision.Year ? new(Precision.Year, day.Year) : new(Precision.Month, MonthNumber(day.Year, day.Month));
    }

    /// <summary>Whether the two are equal at the coarser one's precision. None agrees with everything.</summary>
    public bool AgreesWith(ClinicalDate other) => At(other.Precision) == other.At(Precision);

    /// <summary>As FHIR writes it: <c>2024</c>, <c>2024-05</c>, <c>2024-05-12</c>, <c>2024-05-12T09:30Z</c>; empty for none.</summary>
    public override string ToString() => Precision switch
    {
        Precision.Year => Number.ToString("D4", CultureInfo.InvariantCulture),
        Precision.Month => string.Create(CultureInfo.InvariantCulture, $"{(Number / 12) + 1:D4}-{(Number % 12) + 1:D2}"),
        Precision.Day => DateOnly.FromDayNumber(Number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Precision.Minute => new DateTime(Number * TimeSpan.TicksPerMinute, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture),
        _ => "",
    };

    /// <summary>Whether there is such a date: a stored one may be damaged.</summary>
    internal bool IsPossible => Number >= 0 && Precision switch
    {
        Precision.None => Number == 0,
        Precision.Year => Number is >= 1 and <= 9999,
        Precision.Month => Number < 9999 * 12,
        Precision.Day => Number <= DateOnly.MaxValue.DayNumber,
        Precision.Minute => true,
        _ => false,
    };

    // hh:mm, then seconds and their fraction, which do not count, then the zone. FHIR allows second 60.
    private static ClinicalDate WithTime(int days, ReadOnlySpan<char> time)
    {
        if (!TryNumber(time, 0, 2, out var hour) || hour > 23 || time.Length < 5 || time[2] != ':' || !TryNumber(time, 3, 2, out var minute) || minute > 59)
            return default;
        var rest = time[5..];
        if (rest.StartsWith(":"))
        {
            if (!TryNumber(rest, 1, 2, out var second) || second > 60)
                return default;
            rest = rest[3..];
            if (rest.StartsWith("."))
                rest = rest[1..].TrimStart("0123456789");
        }

        if (rest.IsEmpty)
            return new(Precision.Day, days);
        return TryZone(rest, out var ahead) ? OfMinutes(((long)days * MinutesOfDay) + (hour * 60) + minute - ahead) : default;
    }

    // How many minutes local time is ahead of UTC: 14 hours at most.
    private static bool TryZone(ReadOnlySpan<char> text, out int ahead)
    {
        ahead = 0;
        if (text is "Z")
            return true;
        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':'
            || !TryNumber(text, 1, 2, out var hours) || hours > 14 || !TryNumber(text, 4, 2, out var minutes) || minutes > 59)
            return false;
        ahead = ((hours * 60) + minutes) * (text[0] == '+' ? 1 : -1);
        return true;
    }

    private static ClinicalDate OfMinutes(long minutes) =>
        minutes is > int.MaxValue ? new(Precision.Day, UkCalendar.Day(minutes)) : new(Precision.Minute, (int)minutes);

    private static int MonthNumber(int year, int month) => ((year - 1) * 12) + month - 1;

    private static bool TryNumber(ReadOnlySpan<char> text, int start, int length, out int number)
    {
        number = 0;
        return text.Length >= start + length && int.TryParse(text.Slice(start, length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
