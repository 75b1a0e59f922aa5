using System.Globalization;

namespace Lhcre.Record.Summaries;

/// <summary>What FHIR data types say, in words for a narrative. Nothing is converted: digits, units and codes are those of the source.</summary>
internal static class FhirWords
{
    private static readonly Dictionary<string, string> Systems = new()
    {
        ["http://snomed.info/sct"] = "SNOMED CT",
        ["http://loinc.org"] = "LOINC",
        ["https://dmd.nhs.uk"] = "dm+d",
        ["http://read.info/readv2"] = "Read v2",
        ["http://read.info/ctv3"] = "CTV3",
    };

    /// <summary>A CodeableConcept: its text, else what a coding displays, else a code; null where it says nothing.</summary>
    public static string? Concept(Element concept)
    {
        if (concept["text"].Text is { } text)
            return text;
        var codings = concept["coding"].Items.ToList();
        var shown = codings.OrderByDescending(c => c["userSelected"].Flag == true).FirstOrDefault(c => c["display"].Text is not null);
        if (shown["display"].Text is { } display)
            return display;
        return concept.Codings.Select(c => $"{SystemName(c.System)}{c.Code}").FirstOrDefault();
    }

    // Codes of HL7 are words: active, refuted. Others are numbers, which say nothing without their system.
    private static string SystemName(string? system) =>
        system is null || system.StartsWith("http://terminology.hl7.org/CodeSystem/", StringComparison.Ordinal) ? "" : $"{Systems.GetValueOrDefault(system, system)} ";

    /// <summary>Several CodeableConcepts, commas between them; null for none.</summary>
    public static string? Concepts(Element concepts) => Joined(", ", concepts.Items.Select(Concept));

    /// <summary>A date, dateTime or instant as people write it, by the UK calendar and clock: <c>12 May 2024, 09:30</c>; as sent where it is none.</summary>
    public static string? Date(string? text)
    {
        if (text is null)
            return null;
        var date = ClinicalDate.Parse(text);
        return date.Precision == Precision.None ? text : Date(date);
    }

    /// <inheritdoc cref="Date(string?)"/>
    public static string? Date(ClinicalDate date) => date.Precision switch
    {
        Precision.Minute => UkCalendar.Local(date.Number).ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture),
        Precision.Day => DateOnly.FromDayNumber(date.Number).ToString("d MMM yyyy", CultureInfo.InvariantCulture),
        Precision.Month => new DateOnly((date.Number / 12) + 1, (date.Number % 12) + 1, 1).ToString("MMM yyyy", CultureInfo.InvariantCulture),
        Precision.Year => date.Number.ToString("D4", CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>The day of an instant.</summary>
    public static string Day(DateTimeOffset instant) => Date(ClinicalDate.Of(instant).At(Precision.Day))!;

    /// <summary>A choice of dateTime, Period, Age, Range or string, such as <c>onset[x]</c>; null where there is none.</summary>
    public static string? Dated(Element resource, string element) =>
        Date(resource[$"{element}DateTime"].Text ?? resource[$"{element}Instant"].Text)
        ?? Period(resource[$"{element}Period"])
        ?? (Quantity(resource[$"{element}Age"]) is { } age ? $"at the age of {age}" : null)
        ?? Range(resource[$"{element}Range"])
        ?? resource[$"{element}String"].Text;

    /// <summary>A Period.</summary>
    public static string? Period(Element period) => (Date(period["start"].Text), Date(period["end"].Text)) switch
    {
        ({ } start, { } end) => start == end ? start : $"{start} to {end}",
        ({ } start, null) => $"from {start}",
        (null, { } end) => $"until {end}",
        _ => null,
    };

    /// <summary>A Quantity with its unit.</summary>
    public static string? Quantity(Element quantity) =>
        quantity["value"].Number is { } value
            ? $"{quantity["comparator"].Text}{value} {quantity["unit"].Text ?? quantity["code"].Text}".TrimEnd()
            : null;

    /// <summary>A Range.</summary>
    public static string? Range(Element range) => (Quantity(range["low"]), Quantity(range["high"])) switch
    {
        ({ } low, { } high) => $"{low} to {high}",
        ({ } low, null) => $"from {low}",
        (null, { } high) => $"up to {high}",
        _ => null,
    };

    /// <summary>A Ratio.</summary>
    public static string? Ratio(Element ratio) =>
        Quantity(ratio["numerator"]) is { } numerator ? $"{numerator} / {Quantity(ratio["denominator"])}".TrimEnd(' ', '/') : null;

    /// <summary><c>value[x]</c> of an Observation or of a component, or why there is none; null where neither is said.</summary>
    public static string? Value(Element observation) =>
        Quantity(observation["valueQuantity"])
        ?? Concept(observation["valueCodeableConcept"])
        ?? observation["valueString"].Text
        ?? observation["valueBoolean"].Flag switch { true => "yes", false => "no", null => null }
        ?? observation["valueInteger"].Number
        ?? Range(observation["valueRange"])
        ?? Ratio(observation["valueRatio"])
        ?? observation["valueTime"].Text
        ?? Dated(observation, "value")
        ?? (observation["valueSampledData"].Exists ? "a series of samples" : null)
        ?? (Concept(observation["dataAbsentReason"]) is { } reason ? $"no value: {reason}" : null);

    /// <summary>The Dosages of a medicine: the words of each, else what it says in parts; null for none.</summary>
    public static string? Dosages(Element dosages) => Joined("; ", dosages.Items.Select(Dosage));

    /// <summary>HumanNames, the usual and official ones first; null for none.</summary>
    public static string? Name(Element names) =>
        names.Items.OrderBy(n => n["use"].Text switch { "usual" or "official" => 0, null => 1, "old" => 3, _ => 2 }).Select(Name1).FirstOrDefault(n => n is not null);

    /// <summary>What there is, with a separator between; null for nothing.</summary>
    public static string? Joined(string separator, IEnumerable<string?> parts) =>
        string.Join(separator, parts.Where(p => !string.IsNullOrEmpty(p)).Distinct()) is { Length: > 0 } text ? text : null;

    /// <summary>A name of FHIR as words: <c>clinicalStatus</c> is clinical status, <c>CarePlan</c> care plan.</summary>
    public static string Spaced(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}")).TrimStart();

    private static string? Name1(Element name) =>
        name["text"].Text ?? Joined(" ", [.. name["prefix"].Items.Select(p => p.Text), .. name["given"].Items.Select(g => g.Text), name["family"].Text, .. name["suffix"].Items.Select(s => s.Text)]);

    private static string? Dosage(Element dosage) =>
        Joined(", ", [dosage["text"].Text, dosage["patientInstruction"].Text])
        ?? Joined(", ", [
            .. dosage["doseAndRate"].Items.SelectMany(d => new[]
            {
                Quantity(d["doseQuantity"]), Range(d["doseRange"]), Quantity(d["rateQuantity"]), Range(d["rateRange"]), Ratio(d["rateRatio"]),
            }),
            Timing(dosage["timing"]),
            dosage["asNeededBoolean"].Flag == true ? "as needed" : Concept(dosage["asNeededCodeableConcept"]) is { } reason ? $"as needed for {reason}" : null,
            Concept(dosage["route"]),
            Concept(dosage["site"]),
        ]);

    private static string? Timing(Element timing)
    {
        var repeat = timing["repeat"];
        var often = (repeat["frequency"].Number, repeat["period"].Number, repeat["periodUnit"].Text) switch
        {
            (var frequency, { } period, { } unit) => $"{frequency ?? "1"} every {period} {unit}",
            ({ } frequency, _, _) => $"{frequency} times",
            _ => null,
        };
        return Concept(timing["code"]) ?? Joined(" ", [often, .. repeat["dayOfWeek"].Items.Select(d => d.Text), .. repeat["timeOfDay"].Items.Select(t => t.Text), .. repeat["when"].Items.Select(w => w.Text)]);
    }
}
