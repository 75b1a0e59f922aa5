namespace Lhcre.Record.Summaries;

/// <summary>
/// Medicines: repeats now, discontinued repeats of the last 6 months, acute ones of the last 12 (CLINICAL.md). Where a source does not say whether it
/// is a repeat, what it states as active is taken for current, and what has ended for acute. What was given or handed out is a medicine too, also where nobody
/// sent an order for it: as acute, each medicine once.
/// </summary>
internal sealed class Medications : SectionRule
{
    private const int DiscontinuedMonths = 6;
    private const int AcuteMonths = 12;

    // FHIR R4, medicationrequest-course-of-therapy, with what UKCore-MedicationRequestCourseOfTherapy adds; and UKCore-PrescriptionType.
    private static readonly string[] RepeatCodes = ["continuous", "seasonal", "continuous-repeat-dispensing", "repeat", "repeat-dispensing"];
    private static readonly string[] AcuteCodes = ["acute", "delayed-prescribing"];

    public override string Title => "Medicines";

    public override (string Code, string Display) Loinc => ("10160-0", "History of Medication use Narrative");

    public override string[] Types => ["MedicationStatement", "MedicationRequest", "MedicationAdministration", "MedicationDispense"];

    public override string Plural => "medicines";

    public override AbsentCode? Absent => new("no-medication-info", "No information about medications");

    public override string[] Columns => ["Medicine", "Dose", "Status", "When"];

    public override Selection Select(SummaryRecord record)
    {
        var all = record.Items("MedicationStatement", "MedicationRequest");
        var supplied = record.Items("MedicationAdministration", "MedicationDispense");
        var recent = supplied.Where(m => record.Lookback.Reaches(Supplied(m), AcuteMonths)).ToList();
        var last = Latest(recent, Supplied).DistinctBy(m => (m.Type, Name(m, record) ?? m.Reference, HasHappened(m.Json))).ToList();
        var prohibited = all.Where(m => m.Json["doNotPerform"].Flag == true).ToList();
        // A proposal is not prescribed yet, a draft not signed.
        var stated = all.Except(prohibited).Where(m => m.Json["status"].Text != "draft" && m.Json["intent"].Text is not ("proposal" or "option")).ToList();
        var current = stated.Where(m => IsCurrent(m.Json) && (m.IsNoneKnown || Course(m.Json) != false || record.Lookback.Reaches(m.When, AcuteMonths))).ToList();
        var ended = stated.Where(m => !IsCurrent(m.Json) && !m.IsNoneKnown && record.Lookback.Reaches(End(m), Course(m.Json) == true ? DiscontinuedMonths : AcuteMonths)).ToList();
        return Selection.Of(
            [
                ("Current medicines", Latest(current.Where(m => !m.IsNoneKnown))),
                ("Stated: none known", Latest(current.Where(m => m.IsNoneKnown))),
                ("Ended: repeats of the last 6 months, acute ones of the last 12", Latest(ended)),
                ("Given or dispensed in the last 12 months, each medicine as it was last", last),
            ],
            [
                .. prohibited.Select(m => $"Not to be given: {Cells(m, record)[0]} ({m.SaidBy(record.Sources)})."),
                LeftOut(stated.Count - current.Count - ended.Count, "that ended, or were acute, longer ago"),
                LeftOut(all.Count - prohibited.Count - stated.Count, "that are drafts or proposals"),
                LeftOut(recent.Count - last.Count, "earlier times that a medicine listed here was given or dispensed"),
                LeftOut(supplied.Count - recent.Count, $"given or dispensed more than {AcuteMonths} months ago"),
            ]);
    }

    public override string?[] Cells(SummaryItem item, SummaryRecord record)
    {
        var medicine = item.Json;
        return
        [
            Name(item, record) ?? "A medicine without a name",
            Dose(item),
            FhirWords.Joined(", ", [
                item.Type switch { "MedicationAdministration" => "administration", "MedicationDispense" => "dispense", _ => null },
                medicine["doNotPerform"].Flag == true ? "NOT to be given" : null,
                medicine["status"].Text ?? "status not stated",
                Course(medicine) switch { true => "repeat", false => "acute", null => null },
                FhirWords.Concepts(medicine["statusReason"]),
                FhirWords.Concept(medicine["statusReasonCodeableConcept"]),
            ]),
            FhirWords.Joined("; ", [
                FhirWords.Dated(medicine, "effective"),
                FhirWords.Date(medicine["whenHandedOver"].Text) is { } handed ? $"handed over {handed}" : null,
                FhirWords.Date(medicine["whenPrepared"].Text) is { } prepared ? $"prepared {prepared}" : null,
                FhirWords.Date(medicine["authoredOn"].Text) is { } authored ? $"ordered {authored}" : null,
                FhirWords.Period(medicine["dispenseRequest"]["validityPeriod"]),
                FhirWords.Date(medicine["dateAsserted"].Text) is { } asserted ? $"stated {asserted}" : null,
            ]),
        ];
    }

    // Of an administration it is one thing with parts, elsewhere a list of Dosages; a dispense says how much was handed out.
    private static string? Dose(SummaryItem item)
    {
        var (medicine, given) = (item.Json, item.Json["dosage"]);
        return item.Type == "MedicationAdministration"
            ? given["text"].Text ?? FhirWords.Joined(", ", [FhirWords.Quantity(given["dose"]), FhirWords.Quantity(given["rateQuantity"]), FhirWords.Ratio(given["rateRatio"]), FhirWords.Concept(given["route"])])
            : FhirWords.Joined("; ", [
                FhirWords.Dosages(given.Exists ? given : medicine["dosageInstruction"]),
                FhirWords.Quantity(medicine["quantity"]) is { } quantity ? $"supplied: {quantity}" : null,
            ]);
    }

    // That a medicine was refused must not hide that it was given before, nor the other way round.
    private static bool HasHappened(Element medicine) => medicine["status"].Text is not ("not-done" or "cancelled" or "declined" or "preparation");

    // When it was given or handed out; where that is not said, when it was last heard of.
    private static ClinicalDate Supplied(SummaryItem item)
    {
        var (medicine, period) = (item.Json, item.Json["effectivePeriod"]);
        var date = ClinicalDate.Parse(
            medicine["effectiveDateTime"].Text ?? period["end"].Text ?? period["start"].Text ?? medicine["whenHandedOver"].Text ?? medicine["whenPrepared"].Text);
        return date.Precision != Precision.None ? date : item.When;
    }

    // Repeat, acute, or not said.
    private static bool? Course(Element medicine)
    {
        var codes = medicine["courseOfTherapyType"].Codings
            .Concat(medicine["extension"].Items.Where(e => Names(e, "PrescriptionType")).SelectMany(e => e["valueCodeableConcept"].Codings))
            .Select(c => c.Code).ToList();
        if (codes.Any(RepeatCodes.Contains) || medicine["extension"].Items.Any(e => Names(e, "RepeatInformation")))
            return true;
        return codes.Any(AcuteCodes.Contains) ? false : null;
    }

    private static bool Names(Element extension, string name) => extension["url"].Text?.Contains(name, StringComparison.Ordinal) == true;

    private static bool IsCurrent(Element medicine) => medicine["status"].Text is not ("completed" or "stopped" or "cancelled" or "not-taken");

    // When it ended; where that is not said, when it was last heard of.
    private static ClinicalDate End(SummaryItem item)
    {
        var end = ClinicalDate.Parse(item.Json["effectivePeriod"]["end"].Text ?? item.Json["dispenseRequest"]["validityPeriod"]["end"].Text);
        if (end.Precision != Precision.None)
            return end;
        return Course(item.Json) == true && item.Resource.Shown?.Recorded is { } recorded ? ClinicalDate.Of(recorded) : item.When;
    }

    private static string? Name(SummaryItem item, SummaryRecord record)
    {
        var (concept, reference) = (item.Json["medicationCodeableConcept"], item.Json["medicationReference"]);
        if (concept.Exists || reference["reference"].Text is not { } target)
            return FhirWords.Concept(concept) ?? reference["display"].Text;
        var medication = target.StartsWith('#')
            ? item.Json["contained"].Items.FirstOrDefault(c => c["id"].Text == target[1..])
            : record.Find(target)?.Json ?? default;
        return FhirWords.Concept(medication["code"]) ?? reference["display"].Text;
    }
}
