namespace Lhcre.Record.Summaries;

/// <summary>What is planned for a person now, such as an end of life plan.</summary>
internal sealed class CarePlans : SectionRule
{
    public override string Title => "Plans of care";

    public override (string Code, string Display) Loinc => ("18776-5", "Plan of care note");

    public override string[] Types => ["CarePlan"];

    public override string Plural => "plans of care";

    public override string[] Columns => ["Plan", "What it says", "Status", "When"];

    public override Selection Select(SummaryRecord record)
    {
        var all = record.Items(Types);
        var current = all.Where(p => p.Json["status"].Text is not ("draft" or "completed" or "revoked")
            && p.Json["intent"].Text is not ("proposal" or "option")
            && !record.Lookback.IsPast(ClinicalDate.Parse(p.Json["period"]["end"].Text))).ToList();
        return Selection.Of([("Plans of care", Latest(current))], LeftOut(all.Count - current.Count, "that are drafts or proposals, or are over"));
    }

    public override string?[] Cells(SummaryItem item, SummaryRecord record)
    {
        var plan = item.Json;
        return
        [
            FhirWords.Joined(", ", [plan["title"].Text, FhirWords.Concepts(plan["category"])]) ?? "A plan without a title",
            plan["description"].Text,
            plan["status"].Text ?? "status not stated",
            FhirWords.Joined("; ", [FhirWords.Period(plan["period"]), FhirWords.Date(plan["created"].Text) is { } created ? $"made {created}" : null]),
        ];
    }
}
