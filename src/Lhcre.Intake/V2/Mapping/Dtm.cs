using System.Globalization;
using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// Dates and times of HL7 v2 (DTM, TS, DT): <c>YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]</c>, as far as they are given. Where a time has no offset, clocks in
/// the United Kingdom are meant (HL7 v2.9, 2A.3.22: "the local time zone of the sender"). More digits of a second than four are cut: Java and .NET write up to nine.
/// Mapping: data type DTM[dateTime] and TS[dateTime], row DTM.1.
/// </summary>
internal static class Dtm
{
    /// <summary>As a FHIR dateTime of the same precision, in the sender's own offset; null for what is no date and time.</summary>
    /// <remarks>FHIR has no time without minutes: hours alone are left out. Seconds that are not given are zero, as FHIR has it.</remarks>
    public static string? DateTime(string? dtm)
    {
        if (Parts.Read(dtm) is not { } parts)
            return null;
        return parts.Length switch
        {
            4 => $"{parts.Year:D4}",
            6 => $"{parts.Year:D4}-{parts.Month:D2}",
            8 or 10 => $"{parts.Year:D4}-{parts.Month:D2}-{parts.Day:D2}",
            _ => parts.Instant() is { } at ? Text(at, parts.Fraction) : null,
        };
    }

    /// <summary>The day of it as a FHIR date of the same precision; null for what is no date.</summary>
    public static string? Date(string? dtm) => DateTime(dtm) is { } text ? text[..Math.Min(10, text.Length)] : null;

    /// <summary>The instant as FHIR writes it, what is not given being zero; null for less than a day, and for what is no date and time.</summary>
    public static string? Instant(string? dtm) =>
        Parts.Read(dtm) is { Length: >= 8 } parts && parts.Instant() is { } at ? Text(at, parts.Fraction) : null;

    /// <summary>The instant in UTC as 14 digits (<c>yyyyMMddHHmmss</c>), which compare as numbers do; null as for <see cref="Instant"/>.</summary>
    public static string? Digits(string? dtm) =>
        Parts.Read(dtm) is { Length: >= 8 } parts && parts.Instant() is { } at
            ? at.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)
            : null;

    private static string Text(DateTimeOffset at, string fraction) =>
        at.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + fraction + at.ToString("zzz", CultureInfo.InvariantCulture);

    private sealed record Parts(int Length, int Year, int Month, int Day, int Hour, int Minute, int Second, string Fraction, TimeSpan? Offset)
    {
        // Of a second: those that are kept, and those that are read.
        private const int Digits = 4;
        private const int MostDigits = 9;

        public static Parts? Read(string? dtm)
        {
            var text = dtm.AsSpan().Trim();
            TimeSpan? offset = null;
            var sign = text.LastIndexOfAny('+', '-');
            if (sign > 0)
            {
                if (ReadOffset(text[sign..]) is not { } given)
                    return null;
                offset = given;
                text = text[..sign];
            }

            var point = text.IndexOf('.');
            var fraction = point < 0 ? "" : text[point..].ToString();
            if (fraction.Length > MostDigits + 1 || !fraction.Skip(1).All(char.IsAsciiDigit))
                return null;
            if (point >= 0)
                text = text[..point];
            if (text.Length is not (4 or 6 or 8 or 10 or 12 or 14) || text.ContainsAnyExceptInRange('0', '9') || (fraction != "" && text.Length < 14))
                return null;
            var parts = new Parts(
                text.Length, Two(text, 0) * 100 + Two(text, 2), Two(text, 4, 1), Two(text, 6, 1), Two(text, 8), Two(text, 10), Two(text, 12),
                fraction.Length > 1 ? fraction[..Math.Min(Digits + 1, fraction.Length)] : "", offset);
            return parts.IsPossible ? parts : null;
        }

        // A day of the calendar, some centuries from both ends of what can be reckoned with; 24:00 is no time of a v2 message.
        private bool IsPossible =>
            Year is > 1000 and < 9999 && Month is >= 1 and <= 12 && Day >= 1 && Day <= System.DateTime.DaysInMonth(Year, Month)
            && Hour < 24 && Minute < 60 && Second < 60;

        public DateTimeOffset? Instant()
        {
            var local = new System.DateTime(Year, Month, Day, Hour, Minute, Second, DateTimeKind.Unspecified);
            return new DateTimeOffset(local, Offset ?? local - UkCalendar.Utc(local));
        }

        private static int Two(ReadOnlySpan<char> text, int at, int absent = 0) =>
            at + 2 > text.Length ? absent : ((text[at] - '0') * 10) + text[at + 1] - '0';

        private static TimeSpan? ReadOffset(ReadOnlySpan<char> text)
        {
            if (text.Length != 5 || text[1..].ContainsAnyExceptInRange('0', '9'))
                return null;
            var (hours, minutes) = (Two(text, 1), Two(text, 3));
            if (hours > 14 || minutes > 59 || (hours == 14 && minutes > 0))
                return null;
            var offset = new TimeSpan(hours, minutes, 0);
            return text[0] == '-' ? -offset : offset;
        }
    }
}
