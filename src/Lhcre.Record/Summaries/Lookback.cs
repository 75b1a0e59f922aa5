namespace Lhcre.Record.Summaries;

/// <summary>How far back a summary looks, from the UK calendar day on which it is made.</summary>
/// <param name="Today">That day.</param>
internal readonly record struct Lookback(DateOnly Today)
{
    /// <summary>Of this instant.</summary>
    public static Lookback From(DateTimeOffset now) => new(DateOnly.FromDayNumber(ClinicalDate.Of(now).At(Precision.Day).Number));

    /// <summary>
    /// Whether something of this date may be of the last so many months, or is still to come. A vague date may be of any day that it names; what
    /// has no date may be of any day at all.
    /// </summary>
    public bool Reaches(ClinicalDate date, int months) => Latest(date) is not { } latest || latest >= Today.AddMonths(-months);

    /// <summary>Whether the date lies behind, whatever day of those that it names is meant.</summary>
    public bool IsPast(ClinicalDate date) => Latest(date) < Today;

    private static DateOnly? Latest(ClinicalDate date) => date.Precision switch
    {
        Precision.None => null,
        Precision.Year => new DateOnly(date.Number, 12, 31),
        Precision.Month => new DateOnly((date.Number / 12) + 1, (date.Number % 12) + 1, DateTime.DaysInMonth((date.Number / 12) + 1, (date.Number % 12) + 1)),
        _ => DateOnly.FromDayNumber(date.At(Precision.Day).Number),
    };
}
