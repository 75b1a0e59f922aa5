using System.Globalization;

namespace Lhcre.Silo.Synthetic;

/// <summary>How exactly a source dates what it says.</summary>
public enum DatePrecision
{
    /// <summary>Year and month.</summary>
    Month,

    /// <summary>The UK calendar day.</summary>
    Day,

    /// <summary>An instant, with its zone.</summary>
    Instant,
}

/// <summary>
/// FHIR dates as UK systems write them. Summer time is worked out here (from 01:00 UTC on the last Sunday of March to the same of
/// October: Summer Time Order 2002), because a container may have no time zone data.
/// </summary>
internal static class UkTime
{
    /// <summary>The same instant on a UK clock.</summary>
    public static DateTimeOffset Of(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        var summer = utc >= LastSunday(utc.Year, 3) && utc < LastSunday(utc.Year, 10);
        return instant.ToOffset(TimeSpan.FromHours(summer ? 1 : 0));
    }

    /// <summary>The text of a FHIR <c>dateTime</c>; of an <c>instant</c> where the precision is one.</summary>
    /// <param name="instant">When.</param>
    /// <param name="precision">How much of it is told.</param>
    /// <param name="zulu">Instants in UTC (<c>Z</c>) instead of UK time with its offset.</param>
    public static string Text(DateTimeOffset instant, DatePrecision precision, bool zulu = false) => precision switch
    {
        DatePrecision.Month => Of(instant).ToString("yyyy-MM", CultureInfo.InvariantCulture),
        DatePrecision.Day => Of(instant).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ when zulu => instant.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture),
        _ => Of(instant).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
    };

    private static DateTime LastSunday(int year, int month)
    {
        var last = new DateTime(year, month, DateTime.DaysInMonth(year, month), 1, 0, 0, DateTimeKind.Utc);
        return last.AddDays(-(int)last.DayOfWeek);
    }
}
