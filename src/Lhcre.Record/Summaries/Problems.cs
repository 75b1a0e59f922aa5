namespace Lhcre.Record.Summaries;

/// <summary>Problems that are active, or of which no source says that they are over (CLINICAL.md: "problems active").</summary>
internal sealed class Problems : SectionRule
{
    public override string Title => "Problems";

    public override (string Code, string Display) Loinc => ("11450-4", "Problem list - Reported");

    public override string[] Types => ["Condition"];

    public override string Plural => "problems";

    public override AbsentCode? Absent => new("no-problem-info", "No information about problems");

    public override string[] Columns => ["Problem", "Status", "Since"];

    public override Selection Select(SummaryRecord record)
    {
        var all = record.Items(Types);
        var active = all.Where(c => IsActive(c.Json, record.Lookback)).ToList();
        return Selection.Of([("Active problems", Latest(active))], LeftOut(all.Count - active.Count, "that sources state as inactive, resolved or refuted"));
    }

    public override string?[] Cells(SummaryItem item, SummaryRecord record)
    {
        var condition = item.Json;
        return
        [
            FhirWords.Joined(", ", [FhirWords.Concept(condition["code"]) ?? "A problem without a name", FhirWords.Concepts(condition["bodySite"])]),
            FhirWords.Joined(", ", [
                FhirWords.Concept(condition["clinicalStatus"]) ?? "status not stated",
                condition["verificationStatus"].Is("confirmed") ? null : FhirWords.Concept(condition["verificationStatus"]),
                FhirWords.Concept(condition["severity"]),
            ]),
            FhirWords.Joined("; ", [FhirWords.Dated(condition, "onset"), FhirWords.Dated(condition, "abatement") is { } end ? $"over: {end}" : null]),
        ];
    }

    // FHIR R4, condition-clinical: recurrence and relapse are kinds of active. Where no status is stated, an end that lies behind is one.
    private static bool IsActive(Element condition, Lookback lookback) =>
        !condition["verificationStatus"].Is("refuted", "entered-in-error")
        && (condition["clinicalStatus"].Exists
            ? !condition["clinicalStatus"].Is("inactive", "remission", "resolved")
            : !HasEnded(condition, lookback));

    private static bool HasEnded(Element condition, Lookback lookback) =>
        (condition["abatementDateTime"].Text ?? condition["abatementPeriod"]["end"].Text) is { } end
            ? lookback.IsPast(ClinicalDate.Parse(end))
            : condition.Names.Any(n => n.StartsWith("abatement", StringComparison.Ordinal) && n != "abatementPeriod");
}
