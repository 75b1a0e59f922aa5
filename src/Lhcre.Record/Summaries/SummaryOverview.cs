using System.Globalization;

namespace Lhcre.Record.Summaries;

/// <summary>The head of a summary: whom it is about, how it came about, and what it has no section of.</summary>
internal static class SummaryOverview
{
    /// <summary>Writes it.</summary>
    /// <param name="record">The record.</param>
    /// <param name="patient">The merged Patient, if there is one.</param>
    /// <param name="now">When it is made.</param>
    /// <param name="notices">What else a reader has to know.</param>
    /// <param name="absent">The sections that are left out, having nothing in them.</param>
    public static Narrative Write(
        SummaryRecord record, SummaryItem? patient, DateTimeOffset now, IReadOnlyList<Issue> notices, IReadOnlyList<(SectionRule Rule, Selection Selection)> absent)
    {
        var narrative = new Narrative();
        narrative.Facts("About", Person(patient, record));
        var changed = record.Record.Version == 0 ? "Nothing was ever received." : $"It changed last on {FhirWords.Date(ClinicalDate.Of(record.Record.LastUpdated))}.";
        narrative.Paragraph($"Made by the Wessex shared care record on {FhirWords.Date(ClinicalDate.Of(now))} (UK time) from what its sources hold, each in its own words. {changed}");
        if (notices.Count > 0)
        {
            narrative.Paragraph("Take note:");
            narrative.List([.. notices.Select(n => Text(n, record.Sources))]);
        }

        foreach (var (rule, selection) in absent)
        {
            narrative.Paragraph($"No {rule.Plural} are listed.");
            narrative.List([.. selection.Notes, .. Silence.Of(rule, selection, record)]);
        }

        if (Unlisted.Of(record) is { } unlisted)
            narrative.Paragraph(unlisted);
        return narrative;
    }

    // Neither address nor telecom nor practice: nobody needs them to read a summary, and some must not be found by them.
    private static IEnumerable<(string, string?)> Person(SummaryItem? patient, SummaryRecord record)
    {
        if (patient is null)
            return [("Person", "No source has sent a Patient of this person.")];
        var json = patient.Json;
        return
        [
            ("Name", FhirWords.Name(json["name"]) ?? "not stated"),
            ("NHS number", FhirWords.Joined(", ", json["identifier"].Items.Where(i => NhsNumber.IsSystem(i["system"].Text)).Select(Number)) ?? "not stated"),
            ("Identity", record.Record.Key.IsLocal ? "not verified: no verified NHS number is known, and the person is known by what one source calls them" : null),
            ("Born", FhirWords.Date(json["birthDate"].Text) ?? "not stated"),
            ("Gender", json["gender"].Text ?? "not stated"),
            ("Deceased", FhirWords.Date(json["deceasedDateTime"].Text) ?? json["deceasedBoolean"].Flag switch { true => "yes", false => "no", null => null }),
            ("Stated by", patient.SaidBy(record.Sources)),
        ];
    }

    // As people read it: 999 000 0018.
    private static string? Number(Element identifier)
    {
        if (identifier["value"].Text is not { } value || !NhsNumber.TryParse(value, out var number))
            return identifier["value"].Text;
        var digits = number.Digits();
        return string.Create(CultureInfo.InvariantCulture, $"{digits[..3]} {digits[3..6]} {digits[6..]}{Status(identifier)}");
    }

    private static string Status(Element identifier)
    {
        if (identifier["use"].Text == "old")
            return " (old)";
        var statuses = identifier.Extension(VerificationStatus.Extension, "valueCodeableConcept").Codings.Select(c => VerificationStatus.Of(c.Code)).ToList();
        return statuses.Count == 0 ? "" : statuses.Contains(VerificationStatus.PresentAndVerified) ? " (verified)" : " (not verified)";
    }

    private static string Text(Issue issue, SourceSystems sources) =>
        FhirWords.Joined(" ", [issue.Source is { } source ? $"{sources.Name(source)}:" : null, issue.Code.Meaning, issue.Diagnostics])!;
}
