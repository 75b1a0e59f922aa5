using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>RXE, RXR and TQ1 → Dosage (segments RXO[MedicationRequest], RXR[MedicationRequest], TQ1[MedicationRequest]).</summary>
internal static class DosageMap
{
    /// <summary>A dosage for each TQ1, or TQ in RXE-1 or ORC-7, numbered where there are several; null where nothing is said of it.</summary>
    public static IEnumerable<Element?> Map(MessageContext context, OrderGroup group, PrescribedMedicine medicine)
    {
        var schedules = group.Timings.Select(t => Schedule.Of(context, t)).ToList();
        if (schedules.Count == 0)
            schedules.AddRange(Timings(group, medicine).Select(Schedule.Of));
        var amount = AmountInWords(context, medicine);
        return schedules.DefaultIfEmpty(new Schedule()).Select((s, i) => Map(context, group, medicine, amount, s, schedules.Count > 1 ? i + 1 : null));
    }

    /// <summary>The priority of the prescription; null where none of FHIR's is said.</summary>
    public static string? Priority(OrderGroup group, PrescribedMedicine medicine) =>
        ServiceRequestMap.Priority(group) ?? ServiceRequestMap.PriorityOf(medicine.Timing.Component(6) ?? group.Order?[7].Component(6));

    // TQ, of messages from before TQ1.
    private static List<Hl7Repetition> Timings(OrderGroup group, PrescribedMedicine medicine) =>
        MessageContext.InTurn(medicine.Timing).ToList() is { Count: > 0 } own
            ? own
            : [.. MessageContext.InTurn(group.Order?[7] ?? default)];

    private static Element? Map(MessageContext context, OrderGroup group, PrescribedMedicine medicine, string? amountInWords, Schedule schedule, int? sequence)
    {
        var instructions = NoteText.Joined(MessageContext.Given(medicine.Instructions).Select(i => i[2] ?? i[9] ?? i.Value ?? ""));
        var words = instructions ?? schedule.Words;
        var dosage = new Element()
            .Set("text", amountInWords is null || words is null ? amountInWords ?? words : $"{amountInWords}: {words}") // RXE-7, else TQ1-11 (TQ1 row 15)
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
        if (Amount(context, medicine, amountInWords is null, schedule, sequence is not null) is { } amount)
            dosage.Add("doseAndRate", amount);
        if (MessageContext.FirstOf(medicine.Daily) is { } daily && Amounts.Of(context, daily) is { } most) // RXO-23 (rows 32 to 34)
        {
            dosage.Set("maxDosePerPeriod", new Element()
                .Set("numerator", most)
                .Set("denominator", new Element().Number("value", "1").Set("unit", "day").Set("system", "http://unitsofmeasure.org").Set("code", "d")));
        }

        return dosage.IsEmpty ? null : sequence is { } place ? dosage.Number("sequence", $"{place}") : dosage;
    }

    // "1/2 - 1 tablet", where RXE-3 or RXE-4 is no number: a dose is never left out, and half of a range is another dose. Null where they are.
    private static string? AmountInWords(MessageContext context, PrescribedMedicine medicine)
    {
        var (least, most) = (medicine.Least.Value, medicine.Most.Value);
        if ((least is null || DataTypes.Decimal(least) is not null) && (most is null || DataTypes.Decimal(most) is not null))
            return null;
        context.Report(IssueCodes.ValueInWords, medicine.Segment, DataTypes.Decimal(least) is null ? medicine.AmountField : medicine.AmountField + 1);
        var unit = MessageContext.FirstOf(medicine.Unit);
        return DataTypes.Words(least, least is null || most is null || most == least ? null : "-", most == least ? null : most, unit?[2] ?? unit?.Value);
    }

    // RXE-3 to RXE-5 (RXO rows 5 to 11): one amount, or from the least to the most; else TQ1-2 (TQ1 row 4). Of several schedules each has its own
    // where it names one with its unit: a tablet in the morning and two at night are not one to two both times.
    private static Element? Amount(MessageContext context, PrescribedMedicine medicine, bool isNumber, Schedule schedule, bool isOneOfSeveral)
    {
        var unit = MessageContext.FirstOf(medicine.Unit);
        var least = DataTypes.Quantity(context, medicine.Least.Value, unit);
        var most = DataTypes.Quantity(context, medicine.Most.Value, unit);
        var amount = new Element();
        if (isOneOfSeveral && schedule is { HasUnit: true, Quantity: not null })
            amount.Set("doseQuantity", schedule.Quantity);
        else if (isNumber && (most is null || medicine.Least.Value == medicine.Most.Value))
            amount.Set("doseQuantity", least ?? schedule.Quantity);
        else if (isNumber)
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
