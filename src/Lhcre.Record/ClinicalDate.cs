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
public readonly record struct ClinicalDate(Precision Precision, int Number);
