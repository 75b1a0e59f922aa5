using System.Globalization;
using Lhcre.Record;

namespace Lhcre.Synthetic;

/// <summary>When a source says that something was: an instant, as exactly as the source tells it.</summary>
/// <param name="Precision">How exactly.</param>
/// <param name="At">The instant that it means.</param>
internal readonly record struct StatedDate(Precision Precision, DateTimeOffset At)
{
    /// <summary>No date.</summary>
    public static readonly StatedDate None = new(Precision.None, default);

    /// <summary>Whether both are the same at the coarser side's precision; no date agrees with every date.</summary>
    public bool AgreesWith(StatedDate other)
    {
        var (mine, theirs) = (UkCalendar.Day(At), UkCalendar.Day(other.At));
        return (Precision < other.Precision ? Precision : other.Precision) switch
        {
            Precision.None => true,
            Precision.Year => mine.Year == theirs.Year,
            Precision.Month => (mine.Year, mine.Month) == (theirs.Year, theirs.Month),
            Precision.Day => mine == theirs,
            _ => At.UtcTicks / TimeSpan.TicksPerMinute == other.At.UtcTicks / TimeSpan.TicksPerMinute,
        };
    }

    /// <summary>As FHIR writes it; null for none.</summary>
    /// <param name="zulu">Whether an instant is written in UTC.</param>
    public string? Text(bool zulu) => Precision switch
    {
        Precision.None => null,
        Precision.Year => UkCalendar.Day(At).ToString("yyyy", CultureInfo.InvariantCulture),
        Precision.Month => UkCalendar.Day(At).ToString("yyyy-MM", CultureInfo.InvariantCulture),
        Precision.Day => UkCalendar.Day(At).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ when zulu => At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture),
        _ => UkCalendar.Local(At).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
    };
}
