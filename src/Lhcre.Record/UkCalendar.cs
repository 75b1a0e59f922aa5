namespace Lhcre.Record;

/// <summary>
/// Which calendar day it is in the United Kingdom: UTC, and an hour ahead from 01:00 UTC on the last Sunday of March to 01:00 UTC on the
/// last Sunday of October (The Summer Time Order 2002, SI 2002/262).
/// </summary>
/// <remarks>
/// A rule of our own, and not the machine's time zone data: two silos must never disagree on a day. It holds since 1996; before, summer
/// began and ended on other Sundays, and from 1968 to 1971 it did not end. What was said to the minute so long ago may be one day off
/// in the last hour before midnight.
/// </remarks>
public static class UkCalendar
{
    private const int ChangeHour = 1;

    /// <summary>The day, counted from 0001-01-01, on which an instant falls.</summary>
    /// <param name="minutes">Minutes since 0001-01-01T00:00Z: 0 to the end of the year 9999.</param>
    public static int Day(long minutes) => DateOnly.FromDateTime(Local(minutes)).DayNumber;

    /// <summary>What clocks show at an instant.</summary>
    /// <param name="minutes">Minutes since 0001-01-01T00:00Z: 0 to the end of the year 9999.</param>
    public static DateTime Local(long minutes)
    {
        var utc = new DateTime(minutes * TimeSpan.TicksPerMinute, DateTimeKind.Utc);
        return utc >= Change(utc.Year, 3) && utc < Change(utc.Year, 10) ? utc.AddHours(1) : utc;
    }

    /// <summary>The instant at which clocks in the United Kingdom show a time; of the hour that comes twice, the first.</summary>
    public static DateTime Utc(DateTime local)
    {
        var summer = local.AddHours(-1);
        return summer >= Change(summer.Year, 3) && summer < Change(summer.Year, 10) ? summer : local;
    }

    // March and October both have 31 days.
    private static DateTime Change(int year, int month)
    {
        var last = new DateTime(year, month, 31, ChangeHour, 0, 0, DateTimeKind.Utc);
        return last.AddDays(-(int)last.DayOfWeek);
    }
}
