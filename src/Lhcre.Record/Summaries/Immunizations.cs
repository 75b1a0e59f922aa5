namespace Lhcre.Record.Summaries;

/// <summary>Every vaccination, also one that was not given: that, too, was somebody's decision.</summary>
internal sealed class Immunizations : SectionRule
{
    public override string Title => "Immunisations";

    public override (string Code, string Display) Loinc => ("11369-6", "History of Immunization Narrative");

    public override string[] Types => ["Immunization"];

    public override string Plural => "immunisations";

    public override string[] Columns => ["Vaccine", "Status", "Date", "Dose"];

    public override Selection Select(SummaryRecord record)
    {
        var all = record.Items(Types);
        return Selection.Of(
            [
                ("Given", Latest(all.Where(i => IsGiven(i) && !i.IsNoneKnown))),
                ("Not given", Latest(all.Where(i => !IsGiven(i) && !i.IsNoneKnown))),
                ("Stated: none known", Latest(all.Where(i => i.IsNoneKnown))),
            ]);
    }

    public override string?[] Cells(SummaryItem item, SummaryRecord record)
    {
        var immunization = item.Json;
        return
        [
            FhirWords.Concept(immunization["vaccineCode"]) ?? "A vaccine without a name",
            FhirWords.Joined(", ", [immunization["status"].Text ?? "status not stated", FhirWords.Concept(immunization["statusReason"])]),
            FhirWords.Dated(immunization, "occurrence"),
            FhirWords.Joined("; ", immunization["protocolApplied"].Items.Select(p =>
                FhirWords.Joined(" ", [p["series"].Text, p["doseNumberPositiveInt"].Number ?? p["doseNumberString"].Text]))),
        ];
    }

    private static bool IsGiven(SummaryItem item) => item.Json["status"].Text != "not-done";
}
