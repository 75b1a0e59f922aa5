namespace Lhcre.Intake.V2.Mapping;

/// <summary>RXE, RXR and TQ1 → Dosage (segments RXO[MedicationRequest], RXR[MedicationRequest], TQ1[MedicationRequest]).</summary>
internal static class DosageMap
{
    /// <summary>
    /// The dosage; null where nothing is said of it. One for all TQ1: they are parts of one schedule, which FHIR tells in several Dosages only
    /// where the dose changes, and RXE has one dose.
    /// </summary>
    public static IEnumerable<Element?> Map(MessageContext context, OrderGroup group, PrescribedMedicine medicine)
    {
        var schedules = group.Timings.Select(t => Schedule.Of(context, t)).ToList();
        if (schedules.Count == 0)
            schedules.Add(Schedule.Of(MessageContext.FirstOf(medicine.Timing) ?? (group.Order is { } order ? MessageContext.FirstOf(order[7]) : null)));
        return schedules.Select((s, i) => Map(context, group, medicine, s, schedules.Count > 1 ? i + 1 : null));
    }

    /// <summary>The priority of the prescription; null where none of FHIR's is said.</summary>
    public static string? Priority(OrderGroup group, PrescribedMedicine medicine) =>
        ServiceRequestMap.Priority(group) ?? ServiceRequestMap.PriorityOf(medicine.Timing.Component(6) ?? group.Order?[7].Component(6));

    private static Element? Map(MessageContext context, OrderGroup group, PrescribedMedicine medicine, Schedule schedule, int? sequence)
    {
        var instructions = NoteText.Joined(MessageContext.Given(medicine.Instructions).Select(i => i[2] ?? i[9] ?? i.Value ?? ""));
        var dosage = new Element()
            .Set("text", instructions ?? schedule.Words) // RXE-7, else TQ1-11 (TQ1 row 15)
            .Add("additionalInstruction", Words(instructions is null ? null : schedule.Words))
            .Add("additionalInstruction", Words(schedule.Condition)); // TQ1-10 (TQ1 row 14)
        if (group.Routes is [var route, ..])
        {
            dosage
                .Add("additionalInstruction", Concept(context, route[5])) // RXR-5 (RXR row 7)
                .Set("site", Concept(context, route[2])) // RXR-2 (RXR row 4)
                .Set("route", Concept(context, route[1])) // RXR-1 (RXR row 3)
                .Set("method", Concept(context, route[4])); // RXR-4 (RXR row 6)
        }

        dosage.Set("timing", schedule.Timing).Set("asNeededBoolean", schedule.IsAsNeeded ? true : null);
        if (Amount(context, medicine, schedule) is { } amount)
            dosage.Add("doseAndRate", amount);
        if (MessageContext.FirstOf(medicine.Daily) is { } daily && Amounts.Of(context, daily) is { } most) // RXO-23 (rows 32 to 34)
        {
            dosage.Set("maxDosePerPeriod", new Element()
                .Set("numerator", most)
                .Set("denominator", new Element().Number("value", "1").Set("unit", "day").Set("system", "http://unitsofmeasure.org").Set("code", "d")));
        }

        return dosage.IsEmpty ? null : sequence is { } place ? dosage.Number("sequence", $"{place}") : dosage;
    }

    // RXE-3 to RXE-5 (RXO rows 5 to 11): one amount, or from the least to the most; else TQ1-2 (TQ1 row 4).
    private static Element? Amount(MessageContext context, PrescribedMedicine medicine, Schedule schedule)
    {
        var unit = MessageContext.FirstOf(medicine.Unit);
        var least = DataTypes.Quantity(context, medicine.Least.Value, unit);
        var most = DataTypes.Quantity(context, medicine.Most.Value, unit);
        var amount = new Element();
        if (most is null || medicine.Least.Value == medicine.Most.Value)
            amount.Set("doseQuantity", least ?? schedule.Quantity);
        else
            amount.Set("doseRange", new Element().Set("low", least).Set("high", most));
        amount.Set("rateQuantity", DataTypes.Quantity(context, medicine.Rate.Value, MessageContext.FirstOf(medicine.RateUnit))); // RXE-23, RXE-24
        return amount.IsEmpty
            ? null
            : amount.Set("type", Element.Concept(Element.Coding("http://terminology.hl7.org/CodeSystem/dose-rate-type", "ordered", "Ordered"))); // RXO row 6
    }

    private static Element? Words(string? text) => text is null ? null : new Element().Set("text", text);

    private static Element? Concept(MessageContext context, Hl7Field field) =>
        MessageContext.FirstOf(field) is { } given ? DataTypes.Concept(context, given) : null;
}
