namespace Lhcre.Record.Summaries;

/// <summary>
/// Allergies: the active ones, and those that sources state as resolved or inactive with a date (CLINICAL.md). What was refuted is shown too: that
/// somebody was de-labelled, by whom and when, is what the next prescriber needs to know.
/// </summary>
internal sealed class Allergies : SectionRule
{
    private const string Abatement = "http://hl7.org/fhir/uv/ips/StructureDefinition/abatement-dateTime-uv-ips";

    public override string Title => "Allergies and intolerances";

    public override (string Code, string Display) Loinc => ("48765-2", "Allergies and adverse reactions Document");

    public override string[] Types => ["AllergyIntolerance"];

    public override string Plural => "allergies";

    public override AbsentCode? Absent => new("no-allergy-info", "No information about allergies");

    public override string[] Columns => ["Allergy to", "Status", "Criticality", "Reactions", "When"];

    public override Selection Select(SummaryRecord record)
    {
        var all = record.Items(Types);
        var active = all.Where(a => IsActive(a.Json)).ToList();
        // That none was known is a statement about its day: once it is over, it says nothing.
        var over = all.Except(active).Where(a => !a.IsNoneKnown).ToList();
        var shown = over.Where(a => IsRefuted(a.Json) || When(a).Precision != Precision.None).ToList();
        return Selection.Of(
            [
                ("Active allergies", [.. Latest(active.Where(a => !a.IsNoneKnown)).OrderByDescending(a => a.Json["criticality"].Text == "high")]),
                ("Stated: none known", Latest(active.Where(a => a.IsNoneKnown))),
                ("No longer active, or refuted", Latest(shown)),
            ],
            LeftOut(over.Count - shown.Count, "that sources state as resolved or inactive without any date"));
    }

    public override string?[] Cells(SummaryItem item, SummaryRecord record)
    {
        var allergy = item.Json;
        return
        [
            FhirWords.Concept(allergy["code"]) ?? FhirWords.Joined(", ", allergy["reaction"].Items.Select(r => FhirWords.Concept(r["substance"]))) ?? "A substance without a name",
            FhirWords.Joined(", ", [
                FhirWords.Concept(allergy["clinicalStatus"]) ?? "status not stated",
                allergy["verificationStatus"].Is("confirmed") ? null : FhirWords.Concept(allergy["verificationStatus"]),
                allergy["type"].Text,
            ]),
            allergy["criticality"].Text,
            FhirWords.Joined("; ", allergy["reaction"].Items.Select(r =>
                FhirWords.Joined(", ", [FhirWords.Concepts(r["manifestation"]), r["severity"].Text, r["description"].Text]))),
            FhirWords.Joined("; ", [
                FhirWords.Dated(allergy, "onset") is { } onset ? $"since {onset}" : null,
                FhirWords.Date(allergy["lastOccurrence"].Text) is { } last ? $"last reaction {last}" : null,
                FhirWords.Date(allergy["recordedDate"].Text) is { } recorded ? $"recorded {recorded}" : null,
                FhirWords.Date(allergy.Extension(Abatement, "valueDateTime").Text) is { } end ? $"over: {end}" : null,
            ]),
        ];
    }

    private static bool IsRefuted(Element allergy) => allergy["verificationStatus"].Is("refuted");

    // Where no status is stated, nobody says that it is over.
    private static bool IsActive(Element allergy) => !IsRefuted(allergy) && !allergy["clinicalStatus"].Is("inactive", "resolved");

    private static ClinicalDate When(SummaryItem item)
    {
        string?[] dates =
        [
            item.Json.Extension(Abatement, "valueDateTime").Text, item.Json["lastOccurrence"].Text, item.Json["recordedDate"].Text, item.Json["onsetDateTime"].Text,
            item.Json["onsetPeriod"]["end"].Text, item.Json["onsetPeriod"]["start"].Text,
        ];
        var stated = dates.Select(d => ClinicalDate.Parse(d)).FirstOrDefault(d => d.Precision != Precision.None);
        return stated.Precision == Precision.None ? item.When : stated;
    }
}
