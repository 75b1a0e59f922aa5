namespace Lhcre.Synthetic;

/// <summary>
/// Local time in the United Kingdom: summer time from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October
/// (Summer Time Order 2002). Written apart from the product's own, which it is to judge.
/// </summary>
internal static class UkCalendar
{
    public static DateTimeOffset Local(DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        var isSummer = utc >= Change(utc.Year, 3) && utc < Change(utc.Year, 10);
        return at.ToOffset(TimeSpan.FromHours(isSummer ? 1 : 0));
    }

    public static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(Local(at).DateTime);

    private static DateTime Change(int year, int month)
    {
        var last = new DateTime(year, month, DateTime.DaysInMonth(year, month), 1, 0, 0, DateTimeKind.Utc);
        return last.AddDays(-(int)last.DayOfWeek);
    }
}
