using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// RDE^O11: ORC, RXE, RXR, RXC and TQ1 → MedicationRequest (segments ORC[ServiceRequest], RXO[MedicationRequest], RXR[MedicationRequest],
/// TQ1[MedicationRequest]). There is no official map of this message.
/// </summary>
internal static class PrescriptionMap
{
    // Concept map AllowSubstitution (HL7 table 0161).
    private static readonly CodeTable Substitutions = CodeTable.Of("http://terminology.hl7.org/CodeSystem/v2-0161", ("N", "N"), ("G", "G"), ("T", "T"));

    /// <summary>States the prescriptions.</summary>
    public static void Map(MessageContext context)
    {
        context.Takes("ORC", 1, 2, 3, 4, 5, 7, 9, 12, 28);
        context.Takes("RXR", 1, 2, 4, 5);
        context.Takes("RXC", 1, 2, 3, 4, 5, 6);
        context.Takes("TQ1", 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 13, 14);
        context.TakesFirst("ORC", 12);
        context.TakesFirst("RXR", 1, 2, 4, 5);
        context.TakesFirst("RXC", 2);
        PrescribedMedicine.Take(context);
        ResultMap.TakeObservations(context);
        var groups = OrderGroup.Of(context);
        var shared = OrderNumber.Shared(groups, NumberOf, g => Medicine(g)?.Name);
        foreach (var group in groups)
        {
            if (Medicine(group) is { } medicine)
                Map(context, group, medicine, shared.Contains(group));
        }

        ResultMap.MapObservations(context, groups);
        context.LeaveOut(groups.Where(g => Medicine(g) is null).SelectMany(g => g.Notes));
        context.LeaveOut(groups.SelectMany(g => g.Routes.Skip(1)));
        if (!groups.Exists(g => Medicine(g) is not null))
            context.Report(IssueCodes.NothingStated);
    }

    private static void Map(MessageContext context, OrderGroup group, PrescribedMedicine medicine, bool isShared)
    {
        if (context.Draft.Add("MedicationRequest", ResourceId.Of(PartsOf(context, group, medicine, isShared)), group.Security) is not { } prescription)
        {
            context.Report(IssueCodes.StatedTwice, medicine.Segment);
            return;
        }

        medicine.CheckNumbers(context);
        var order = group.Order;
        SetMedication(context, prescription, group, medicine);
        prescription
            .Add("identifier", OrderNumber.Identifier(context, OrderNumber.Placer(group), "PLAC")) // ORC-2 (ORC rows 9 to 11)
            .Add("identifier", OrderNumber.Identifier(context, OrderNumber.Filler(group), "FILL")) // ORC-3 (ORC rows 12 to 14)
            .Set("groupIdentifier", GroupIdentifier(context, order, medicine)) // RXE-15, ORC-4 (ORC rows 15 to 17)
            .Set("status", ResultStatus.OfPrescription(order)) // ORC-5, else ORC-1 (ORC rows 24, 3)
            .Set("intent", medicine.Segment.Name == "RXO" ? "original-order" : "order") // RXO row 3, ORC row 4
            .Set("priority", DosageMap.Priority(group, medicine)) // TQ1-9 (TQ1 row 13)
            .Set("subject", Element.Reference(context.Patient))
            .Set("encounter", Element.Reference(context.Encounter))
            .Set("authoredOn", (medicine.Ordered.IsEmpty ? null : context.DateTime(medicine.Segment, 32)) ?? (order?[1].Value == "NW" ? context.DateTime(order, 9) : null)) // RXE-32, ORC-9 (ORC row 28)
            .Set("requester", Prescriber(context, order, medicine)) // ORC-12 (ORC row 34), RXO-14 (row 22), RXE-13
            .Add("reasonCode", MessageContext.Given(medicine.Indication).Select(r => DataTypes.Concept(context, r))) // RXE-27
            .Add("note", NoteText.Annotations(context, group.Notes))
            .Add("dosageInstruction", DosageMap.Map(context, group, medicine))
            .Set("dispenseRequest", new Element()
                .Number("numberOfRepeatsAllowed", Numeric.Whole(medicine.Repeats.Value)) // RXO-13 (row 21)
                .Set("quantity", DataTypes.Quantity(context, medicine.Dispensed.Value, MessageContext.FirstOf(medicine.DispensedUnit)))) // RXO-11, RXO-12 (rows 18 to 20)
            .Set("substitution", new Element()
                .Set("allowedCodeableConcept", Element.Concept(Substitutions.Coding(medicine.Substitution.Value)))); // RXO-9 (row 16)
    }

    private static PrescribedMedicine? Medicine(OrderGroup group) =>
        (group.Detail is { Name: "RXE" } encoded ? encoded : group.Requested) is { } segment ? new PrescribedMedicine(segment, group.Requested) : null;

    // ORC-3, else ORC-2. Where several medicines of a message stand under one number, each is told by what it is.
    private static string?[] PartsOf(MessageContext context, OrderGroup group, PrescribedMedicine medicine, bool isShared)
    {
        if (NumberOf(group) is not { } number)
            return [context.PersonId, medicine.Name, medicine.Ordered.Value ?? group.Order?[9].Value ?? context.Message.Header[7].Value];
        return isShared ? [.. OrderNumber.Parts(context, number), medicine.Name] : OrderNumber.Parts(context, number);
    }

    private static Hl7Repetition? NumberOf(OrderGroup group) => OrderNumber.Filler(group) ?? OrderNumber.Placer(group);

    private static Element? GroupIdentifier(MessageContext context, Hl7Segment? order, PrescribedMedicine medicine) =>
        OrderNumber.Identifier(context, MessageContext.FirstOf(medicine.Prescription), null)
        ?? (order is null ? null : OrderNumber.Identifier(context, MessageContext.FirstOf(order[4]), "PGN"));

    private static Element? Prescriber(MessageContext context, Hl7Segment? order, PrescribedMedicine medicine) =>
        ((order is null ? null : MessageContext.FirstOf(order[12])) ?? MessageContext.FirstOf(medicine.Prescriber)) is { } person
            ? Agents.Practitioner(context, person)
            : null;

    // RXO-1 (row 4); with its form, strength or components (rows 12, 26 to 28, 36 to 38) as a contained Medication, since nothing names it
    // outside this order.
    private static void SetMedication(MessageContext context, Element prescription, OrderGroup group, PrescribedMedicine medicine)
    {
        var code = Required.Concept(context, medicine.Code);
        var form = MessageContext.FirstOf(medicine.Form) is { } given ? DataTypes.Concept(context, given) : null;
        var ingredients = group.Ingredients.Select(c => Ingredient(context, c)).ToList();
        if (Ratio(context, medicine.Strength, medicine.StrengthUnit, medicine.Volume, medicine.VolumeUnit) is { } strength)
            ingredients.Add(new Element().Set("itemCodeableConcept", code).Set("strength", strength));
        if (form is null && ingredients.Count == 0)
        {
            prescription.Set("medicationCodeableConcept", code);
            return;
        }

        prescription
            .Add("contained", new Element().Set("resourceType", "Medication").Set("id", "medication").Set("code", code).Set("form", form).Add("ingredient", ingredients))
            .Set("medicationReference", Element.Reference("#medication"));
    }

    // RXC-2: what; RXC-3 and RXC-4: how much of it in one of what is given. A base (RXC-1 B) is what carries the others.
    private static Element Ingredient(MessageContext context, Hl7Segment component) => new Element()
        .Set("itemCodeableConcept", Required.Concept(context, component[2]))
        .Set("isActive", component[1].Value switch { "A" => true, "B" => false, _ => (bool?)null })
        .Set("strength", Ratio(context, component[3], component[4], default, default));

    // FHIR R4, rat-1: never a numerator alone.
    private static Element? Ratio(MessageContext context, Hl7Field number, Hl7Field unit, Hl7Field volume, Hl7Field volumeUnit) =>
        DataTypes.Quantity(context, number.Value, MessageContext.FirstOf(unit)) is { } numerator
            ? new Element().Set("numerator", numerator)
                .Set("denominator", DataTypes.Quantity(context, volume.Value, MessageContext.FirstOf(volumeUnit)) ?? new Element().Number("value", "1"))
            : null;
}
