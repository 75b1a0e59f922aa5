using System.Globalization;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// When a medicine is taken: TQ1 (segment TQ1[MedicationRequest], data type RPT[Timing]), or before version 2.5 a TQ in ORC-7 or RXE-1.
/// </summary>
internal sealed record Schedule
{
    /// <summary>TQ1-2 (row 4), TQ.1 with its unit; null for none.</summary>
    public Element? Quantity { get; private init; }

    /// <summary>Whether <see cref="Quantity"/> has a unit: without one it may count doses as well as tablets.</summary>
    public bool HasUnit { get; private init; }

    /// <summary>TQ1-11 (row 15), TQ-8: in words; null for none.</summary>
    public string? Words { get; private init; }

    /// <summary>TQ1-10 (row 14), TQ-7: on which condition; null for none.</summary>
    public string? Condition { get; private init; }

    /// <summary>Whether only when needed: the pattern PRN (HL7 table 0335), or the priority PRN (table 0485).</summary>
    public bool IsAsNeeded { get; private init; }

    /// <summary>When; null for nothing.</summary>
    public Element? Timing { get; private init; }

    /// <summary>What a TQ1 says.</summary>
    public static Schedule Of(MessageContext context, Hl7Segment tq1)
    {
        context.Period(tq1, 7, 8);
        var repeat = Bounds(tq1[7].Value, tq1[8].Value, tq1[6].Value, UnitOf(tq1[6])); // TQ1-6 to TQ1-8 (rows 8 to 12)
        var patterns = MessageContext.InTurn(tq1[3]).ToList(); // TQ1-3 (row 5)
        var pattern = patterns.FirstOrDefault();
        foreach (var time in MessageContext.Given(tq1[4]).Select(t => TimeOfDay(t.Value)))
            repeat.Add("timeOfDay", time); // TQ1-4: the row has timing.event, which would need a day
        if (DurationUnit(UnitOf(tq1[13])) is { } unit && DataTypes.Decimal(tq1[13].Value) is { } lasting)
            repeat.Number("duration", lasting).Set("durationUnit", unit); // TQ1-13 (rows 17, 18)
        repeat.Number("count", Numeric.Positive(tq1[14].Value)); // TQ1-14 (row 19 has countMax, which FHIR R4, tim-8, allows beside count only)
        if (DurationUnit(pattern[6]) is { } per && DataTypes.Decimal(pattern[5]) is { } period)
            repeat.Number("period", period).Set("periodUnit", per); // RPT.5, RPT.6
        if (When(pattern[8]) is { } when)
            repeat.Add("when", when); // RPT.8
        return new Schedule
        {
            Quantity = MessageContext.FirstOf(tq1[2]) is { } amount ? Amounts.Of(context, amount) : null,
            HasUnit = UnitOf(tq1[2]) is not null,
            Words = NoteText.Joined(NoteText.Lines(tq1[11])),
            Condition = NoteText.Joined(NoteText.Lines(tq1[10])),
            IsAsNeeded = patterns.Exists(p => IsPrn(p.Sub(1, 1))) || MessageContext.Given(tq1[9]).Any(p => p.Value == "PRN"),
            Timing = TimingOf(repeat, patterns.Select(p => p.Sub(1, 1) ?? p.Sub(1, 2))),
        };
    }

    /// <summary>What a TQ says (data type TQ: quantity, interval, duration, start, end, priority, condition, text).</summary>
    public static Schedule Of(Hl7Repetition given)
    {
        var length = given[3];
        var repeat = length is [var unit, ..] && DataTypes.Decimal(length[1..]) is { } number && DurationUnit($"{unit}") is { } ucum
            ? Bounds(given[4], given[5], number, ucum)
            : Bounds(given[4], given[5], null, null);
        if (length is ['X', .. var times])
            repeat.Number("count", Numeric.Positive(times));
        foreach (var time in (given.Sub(2, 2) ?? "").Split(',').Select(TimeOfDay))
            repeat.Add("timeOfDay", time);
        return new Schedule
        {
            // With its unit alone: a bare 1 is what nearly all send, whatever the dose.
            Quantity = given.Sub(1, 2) is { } counted && DataTypes.Decimal(given.Sub(1, 1)) is { } amount ? new Element().Number("value", amount).Set("unit", counted) : null,
            HasUnit = given.Sub(1, 2) is not null,
            Words = given[8],
            Condition = given[7],
            IsAsNeeded = IsPrn(given.Sub(2, 1)) || given[6] == "PRN",
            Timing = TimingOf(repeat, [given.Sub(2, 1)]),
        };
    }

    // Rows 8 to 12: a length alone is a length; behind a start it says the end.
    private static Element Bounds(string? start, string? end, string? length, string? unit)
    {
        var ucum = DurationUnit(unit);
        var number = DataTypes.Decimal(length);
        if (Dtm.DateTime(start) is null && Dtm.DateTime(end) is null)
        {
            return number is null || ucum is null ? new Element() : new Element().Set(
                "boundsDuration", new Element().Number("value", number).Set("unit", ucum).Set("system", "http://unitsofmeasure.org").Set("code", ucum));
        }

        if (end is null && number is not null && ucum is not null)
            end = Later(start, number, ucum);
        return new Element().Set("boundsPeriod", DataTypes.Period(start, end));
    }

    // In the digits and the precision of the start; null where that cannot be reckoned, as of months.
    private static string? Later(string? start, string number, string ucum)
    {
        TimeSpan? unit = ucum switch
        {
            "s" => TimeSpan.FromSeconds(1),
            "min" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            "d" => TimeSpan.FromDays(1),
            "wk" => TimeSpan.FromDays(7),
            _ => null,
        };
        if (start is null || unit is null || !double.TryParse(number, CultureInfo.InvariantCulture, out var count) || count > 10_000)
            return null;
        var digits = start.AsSpan(0, start.AsSpan().IndexOfAnyExceptInRange('0', '9') is >= 0 and var stop ? stop : start.Length);
        var form = digits.Length switch { 14 => "yyyyMMddHHmmss", 12 => "yyyyMMddHHmm", 8 => "yyyyMMdd", _ => null };
        if (form is null || !DateTime.TryParseExact(digits, form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var from))
            return null;
        // The calendar ends with the year 9999.
        var length = unit.Value * count;
        return length > DateTime.MaxValue - from ? null : (from + length).ToString(form, CultureInfo.InvariantCulture) + start[digits.Length..];
    }

    // TQ1-3.1 (data type RPT[Timing], row RPT.1; concept map RepeatPattern). FHIR's abbreviations where there is one, an interval as one, a
    // pattern of table 0335 under that table, and words else. PRN is no time.
    private static Element? TimingOf(Element repeat, IEnumerable<string?> patterns)
    {
        Element? code = null;
        string[] names = [.. patterns.Select(p => p?.Trim()).OfType<string>().Where(p => !IsPrn(p)).Distinct()];
        // Several of them ("QAM~QHS") are one timing that FHIR has no code for.
        if (names.Length > 1)
            code = new Element().Set("text", string.Join(", ", names));
        else if (names is [var name])
        {
            if (RepeatPattern.Interval(name) is var (period, unit))
                repeat.Number("frequency", "1").Number("period", period).Set("periodUnit", unit);
            else
                code = RepeatPattern.Code(name);
        }

        return new Element().Set("repeat", repeat).Set("code", code).OrNull();
    }

    // CQ.2, a CWE.
    private static string? UnitOf(Hl7Field cq) => MessageContext.FirstOf(cq)?.Sub(2, 1);

    private static bool IsPrn(string? pattern) => pattern?.StartsWith("PRN", StringComparison.OrdinalIgnoreCase) == true;

    // FHIR's time of day from HHMM or HHMMSS.
    private static string? TimeOfDay(string? time) =>
        TimeOnly.TryParseExact(time?.Trim(), ["HHmm", "HHmmss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at.ToString("HH:mm:ss", CultureInfo.InvariantCulture)
            : null;

    // HL7 table 0335's letters, and UCUM's codes; null for neither. M is a minute there, L a lunar month, which FHIR has as mo.
    private static string? DurationUnit(string? unit) => unit?.Trim() switch
    {
        "S" or "s" => "s",
        "M" or "min" => "min",
        "H" or "h" or "hr" => "h",
        "D" or "d" => "d",
        "W" or "wk" => "wk",
        "L" or "mo" => "mo",
        "a" => "a",
        _ => null,
    };

    // Concept map EventRelatedPeriod (HL7 table 0528): those that FHIR's EventTiming has under the same letters.
    private static string? When(string? code) =>
        code is "AC" or "ACM" or "ACD" or "ACV" or "PC" or "PCM" or "PCD" or "PCV" or "HS" ? code : null;
}
