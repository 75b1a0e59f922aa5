namespace Lhcre.Record.Summaries;

/// <summary>What was done, or begun. What was planned or not done is no history of procedures.</summary>
internal sealed class Procedures : SectionRule
{
    public override string Title => "Procedures";

    public override (string Code, string Display) Loinc => ("47519-4", "History of Procedures Document");

    public override string[] Types => ["Procedure"];

    public override string Plural => "procedures";

    public override string[] Columns => ["Procedure", "Status", "When"];

    public override Selection Select(SummaryRecord record)
    {
        var all = record.Items(Types);
        var done = all.Where(p => p.Json["status"].Text is not ("not-done" or "preparation")).ToList();
        return Selection.Of([("Procedures", Latest(done))], LeftOut(all.Count - done.Count, "that were planned, or not done"));
    }

    public override string?[] Cells(SummaryItem item, SummaryRecord record)
    {
        var procedure = item.Json;
        return
        [
            FhirWords.Joined(", ", [FhirWords.Concept(procedure["code"]) ?? "A procedure without a name", FhirWords.Concepts(procedure["bodySite"])]),
            FhirWords.Joined(", ", [procedure["status"].Text ?? "status not stated", FhirWords.Concept(procedure["outcome"])]),
            FhirWords.Dated(procedure, "performed"),
        ];
    }
}
