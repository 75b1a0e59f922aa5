namespace Lhcre.Record.Summaries;

/// <summary>
/// Devices in or on a person. The entries are statements of use (IPS 1.1.0 takes no other); a Device that names the person and of which nobody states
/// the use is told in words.
/// </summary>
internal sealed class MedicalDevices : SectionRule
{
    public override string Title => "Medical devices";

    public override (string Code, string Display) Loinc => ("46264-8", "History of medical device use");

    public override string[] Types => ["DeviceUseStatement", "Device"];

    public override string Plural => "uses of medical devices";

    public override string[] Columns => ["Device", "Status", "When"];

    public override bool Covers(SummaryItem item) => item.Type == "DeviceUseStatement" || (item.Type == "Device" && item.Json["patient"].Exists);

    public override Selection Select(SummaryRecord record)
    {
        var all = record.Items("DeviceUseStatement");
        var current = all.Where(u => u.Json["status"].Text is not ("completed" or "intended" or "stopped")
            && !record.Lookback.IsPast(ClinicalDate.Parse(u.Json["timingPeriod"]["end"].Text))).ToList();
        var used = all.Select(u => record.Find(u.Json["device"]["reference"].Text)).OfType<SummaryItem>().ToHashSet();
        return Selection.Of(
            [("Medical devices", Latest(current))],
            [
                .. record.Items("Device").Where(d => Covers(d) && !used.Contains(d))
                    .Select(d => $"A device of this person of which no use is stated: {FhirWords.Joined("; ", Cells(d, record))} ({d.SaidBy(record.Sources)})."),
                LeftOut(all.Count - current.Count, "that are over, or are only intended"),
            ]);
    }

    public override string?[] Cells(SummaryItem item, SummaryRecord record)
    {
        var use = item.Json;
        if (item.Type == "Device")
            return [Name(use) ?? "A device without a name", use["status"].Text ?? "status not stated", FhirWords.Date(use["manufactureDate"].Text) is { } made ? $"made {made}" : null];
        var (device, reference) = (use["device"], use["device"]["reference"].Text);
        var target = reference is ['#', ..] ? use["contained"].Items.FirstOrDefault(c => c["id"].Text == reference[1..]) : record.Find(reference)?.Json ?? default;
        return
        [
            FhirWords.Joined(", ", [Name(target) ?? device["display"].Text ?? "A device without a name", FhirWords.Concept(use["bodySite"]), FhirWords.Concepts(use["reasonCode"])]),
            use["status"].Text ?? "status not stated",
            FhirWords.Dated(use, "timing") ?? FhirWords.Date(use["recordedOn"].Text),
        ];
    }

    private static string? Name(Element device) =>
        FhirWords.Joined(", ", [FhirWords.Concept(device["type"]), .. device["deviceName"].Items.Select(n => n["name"].Text), device["modelNumber"].Text]);
}
