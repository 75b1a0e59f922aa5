namespace Lhcre.Record.Summaries;

/// <summary>
/// What somebody flagged, such as that no resuscitation is to be attempted. Composition.section of IPS 1.1.0 is open, and IPS 2.0.0 has this section with
/// this code.
/// </summary>
internal sealed class Alerts : SectionRule
{
    public override string Title => "Alerts";

    public override (string Code, string Display) Loinc => ("104605-1", "Alert");

    public override string[] Types => ["Flag"];

    public override string Plural => "alerts";

    public override string[] Columns => ["Alert", "Kind", "Status", "When"];

    public override Selection Select(SummaryRecord record)
    {
        var all = record.Items(Types);
        var active = all.Where(f => f.Json["status"].Text != "inactive" && !record.Lookback.IsPast(ClinicalDate.Parse(f.Json["period"]["end"].Text))).ToList();
        return Selection.Of(
            [("Alerts", Latest(active))],
            all.Except(active).Select(f => $"No longer active: {Cells(f, record)[0]} ({f.SaidBy(record.Sources)})."));
    }

    public override string?[] Cells(SummaryItem item, SummaryRecord record)
    {
        var flag = item.Json;
        return
        [
            FhirWords.Concept(flag["code"]) ?? "An alert without words",
            FhirWords.Concepts(flag["category"]),
            flag["status"].Text ?? "status not stated",
            FhirWords.Period(flag["period"]),
        ];
    }
}
