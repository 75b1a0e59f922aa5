namespace Lhcre.Record.Summaries;

/// <summary>What a person decided for a time when they cannot: of the Consents, those that are about care in advance. Others, such as about sharing a record, are not.</summary>
internal sealed class AdvanceDirectives : SectionRule
{
    // FHIR R4, consentcategorycodes and consentscope; LOINC's code of an advance directive.
    private static readonly string[] Codes = ["acd", "dnr", "emrgonly", "hcd", "polst", "adr", "42348-3"];

    public override string Title => "Advance directives";

    public override (string Code, string Display) Loinc => ("42348-3", "Advance directives");

    public override string[] Types => ["Consent"];

    public override string Plural => "advance directives";

    public override string[] Columns => ["Directive", "Decision", "Status", "When"];

    public override bool Covers(SummaryItem item) =>
        base.Covers(item) && item.Json["category"].Items.Append(item.Json["scope"]).SelectMany(c => c.Codings).Any(c => Codes.Contains(c.Code));

    public override Selection Select(SummaryRecord record)
    {
        var all = record.Items(Types).Where(Covers).ToList();
        var valid = all.Where(c => c.Json["status"].Text is not ("draft" or "proposed" or "rejected" or "inactive")
            && !record.Lookback.IsPast(ClinicalDate.Parse(c.Json["provision"]["period"]["end"].Text))).ToList();
        return Selection.Of([("Advance directives", Latest(valid))], LeftOut(all.Count - valid.Count, "that are not valid yet, or no longer"));
    }

    public override string?[] Cells(SummaryItem item, SummaryRecord record)
    {
        var consent = item.Json;
        return
        [
            FhirWords.Joined(", ", [FhirWords.Concepts(consent["category"]), consent["sourceAttachment"]["title"].Text, consent["sourceReference"]["display"].Text])
                ?? FhirWords.Concept(consent["scope"]),
            FhirWords.Joined(", ", [
                consent["provision"]["type"].Text,
                FhirWords.Concepts(consent["provision"]["code"]),
                .. consent["provision"]["provision"].Items.Select(p => FhirWords.Joined(" ", [p["type"].Text, FhirWords.Concepts(p["code"])])),
            ]),
            consent["status"].Text ?? "status not stated",
            FhirWords.Joined("; ", [FhirWords.Date(consent["dateTime"].Text), FhirWords.Period(consent["provision"]["period"])]),
        ];
    }
}
