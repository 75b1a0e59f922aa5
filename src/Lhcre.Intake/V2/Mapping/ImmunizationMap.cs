using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// VXU^V04: ORC, RXA, RXR and OBX → Immunization (segments ORC[Immunization], RXA[Immunization], RXR[Immunization]; message VXU_V04, rows 40,
/// 52 and 53).
/// </summary>
internal static class ImmunizationMap
{
    private const string Functions = "http://terminology.hl7.org/CodeSystem/v2-0443";

    // RXA-6 where the amount is not known (HL7 v2.9, 4A.4.7.6).
    private const string UnknownAmount = "999";

    // CVX: no vaccine administered. Registers send it with a refusal or a history of the disease, and many with RXA-20 CP all the same.
    private const string NoVaccine = "998";

    // RXA-9, CDC's NIP001: where the record is from. 00 is who gave it, all others repeat what somebody else said.
    private const string InformationSources = "NIP001";

    // ORC-3 of what was not given, in CDC's guide for VXU: no number, though it looks like one.
    private const string NoNumber = "9999";

    // Concept map CompletionStatus (HL7 table 0322).
    private static readonly CodeTable Completion = CodeTable.Codes(("CP", "completed"), ("PA", "completed"), ("RE", "not-done"), ("NA", "not-done"));

    /// <summary>States the vaccinations.</summary>
    public static void Map(MessageContext context)
    {
        context.Takes("ORC", 1, 2, 3, 4, 9, 12, 28);
        context.Takes("RXA", 1, 2, 3, 5, 6, 7, 9, 10, 11, 15, 16, 17, 18, 19, 20, 21, 22, 27);
        context.Takes("RXR", 1, 2);
        context.TakesFirst("RXA", 5, 11, 15, 16, 17, 18, 27);
        ResultMap.TakeObservations(context);
        var groups = OrderGroup.Of(context);
        var shared = OrderNumber.Shared(groups, OrderNumber.Filler, g => g.Detail is { Name: "RXA" } given ? string.Join('|', Told(given)) : null);
        foreach (var group in groups)
        {
            if (group.Detail is { Name: "RXA" } given)
                Map(context, group, given, shared.Contains(group));
        }

        var others = groups.Where(g => g.Detail is not { Name: "RXA" }).ToList();
        ResultMap.MapObservations(context, others);
        context.LeaveOut(others.SelectMany(g => g.Notes));
        context.LeaveOut(groups.SelectMany(g => g.Routes.Skip(1)));
    }

    private static void Map(MessageContext context, OrderGroup group, Hl7Segment rxa, bool isShared)
    {
        var parts = PartsOf(context, group, rxa, isShared);
        var id = ResourceId.Of(parts);
        if (context.Draft.Add("Immunization", id, group.Security) is not { } immunization)
        {
            context.Report(IssueCodes.StatedTwice, rxa);
            return;
        }

        var status = StatusOf(context, rxa);
        immunization
            .Add("identifier", OrderNumber.Identifier(context, OrderNumber.Placer(group), "PLAC")) // ORC-2 (ORC rows 4 to 6)
            .Add("identifier", HasNumber(group) ? OrderNumber.Identifier(context, OrderNumber.Filler(group), "FILL") : null) // ORC-3 (ORC rows 7 to 9)
            .Set("status", status) // RXA-20, RXA-21 (rows 24 to 26)
            .Set("statusReason", MessageContext.FirstOf(rxa[18]) is { } reason ? DataTypes.Concept(context, reason) : null) // RXA-18 (row 22)
            .Set("vaccineCode", Required.Concept(context, rxa[5])) // RXA-5 (row 7)
            .Set("patient", Element.Reference(context.Patient))
            .Set("encounter", Element.Reference(context.Encounter));
        SetOccurrence(context, immunization, rxa);
        immunization
            .Set("recorded", (rxa[21].Value is null or "A" ? context.DateTime(rxa, 22) : null) ?? (group.Order is { } order ? context.DateTime(order, 9) : null)) // RXA-22 (row 27), ORC-9 (ORC row 16)
            .Set("location", Location(context, rxa)) // RXA-27 (row 32), RXA-11
            .Set("manufacturer", MessageContext.FirstOf(rxa[17]) is { } maker ? Manufacturer(context, maker) : null) // RXA-17 (row 21)
            .Set("lotNumber", rxa[15].Value) // RXA-15 (row 19)
            .Set("expirationDate", context.Date(rxa, 16)) // RXA-16 (row 20)
            .Set("site", Concept(context, group, 2)) // RXR-2 (RXR row 4)
            .Set("route", Concept(context, group, 1)) // RXR-1 (RXR row 3)
            .Set("doseQuantity", rxa[6].Value == UnknownAmount ? null : DataTypes.Quantity(context, context.Number(rxa, 6), MessageContext.FirstOf(rxa[7]))) // RXA-6, RXA-7 (rows 8, 9)
            .Add("performer", MessageContext.Given(rxa[10]).Select(p => Performer(context, p, "AP"))) // RXA-10 (rows 12 to 14)
            .Add("performer", group.Order is { } orc ? MessageContext.Given(orc[12]).Select(p => Performer(context, p, "OP")) : []) // ORC-12 (ORC rows 19 to 21)
            .Add("reasonCode", MessageContext.Given(rxa[19]).Select(r => DataTypes.Concept(context, r))); // RXA-19 (row 23)
        SetOrigin(context, immunization, rxa);
        immunization.Add("note", NoteText.Annotations(context, group.Notes));
        VaccineObservations.Map(context, immunization, group, new ObservationScope(parts) { PartOf = $"Immunization/{id}", Security = group.Security });
    }

    // ORC-3 names what was given; where a message has different ones under one number, each is told by its vaccine and date.
    private static string?[] PartsOf(MessageContext context, OrderGroup group, Hl7Segment rxa, bool isShared)
    {
        if (!HasNumber(group) || OrderNumber.Filler(group) is not { } number)
            return [context.PersonId, .. Told(rxa)];
        return isShared ? [.. OrderNumber.Parts(context, number), .. Told(rxa)] : OrderNumber.Parts(context, number);
    }

    private static string[] Told(Hl7Segment rxa) => [rxa[5].Value ?? rxa[5].Component(2) ?? "-", rxa[3].Value ?? "-"];

    private static bool HasNumber(OrderGroup group) => OrderNumber.Filler(group) is { Value: not NoNumber };

    // The map has completed wherever RXA-20 is empty (row 25); not where a reason for refusing stands in RXA-18, or no vaccine in RXA-5.
    private static string StatusOf(MessageContext context, Hl7Segment rxa)
    {
        if (rxa[21].Value == "D")
            return ResultStatus.Withdrawn;
        if (rxa[5].Value == NoVaccine && rxa[5].Component(3) is "CVX")
            return "not-done";
        return context.Code(rxa, 20, Completion) ?? (rxa[20].Value is null && rxa[18].Value is not null ? "not-done" : "completed");
    }

    // RXA-3 (row 5), which FHIR requires: what is no date stays words.
    private static void SetOccurrence(MessageContext context, Element immunization, Hl7Segment rxa)
    {
        if (context.DateTime(rxa, 3) is { } at)
            immunization.Set("occurrenceDateTime", at);
        else
            immunization.Set("occurrenceString", rxa[3].Value ?? "unknown");
    }

    // RXA-9 (row 11: "in the US … Immunization.reportOrigin. Other realms may do this differently"). Anything else in it are notes.
    private static void SetOrigin(MessageContext context, Element immunization, Hl7Segment rxa)
    {
        foreach (var said in MessageContext.Given(rxa[9]))
        {
            if (said[3] == InformationSources && said.Value is { } origin)
            {
                immunization.Set("primarySource", origin == "00");
                if (origin != "00")
                    immunization.Set("reportOrigin", DataTypes.Concept(context, said));
            }
            else if ((said[2] ?? said.Value) is { } words)
            {
                immunization.Add("note", new Element().Set("text", words));
            }
        }
    }

    private static Element? Performer(MessageContext context, Hl7Repetition person, string function) =>
        Agents.Practitioner(context, person) is { } actor
            ? new Element().Set("function", Element.Concept(Element.Coding(Functions, function))).Set("actor", actor)
            : null;

    // CWE[Organization], rows CWE.1 to CWE.3.
    private static Element? Manufacturer(MessageContext context, Hl7Repetition maker) =>
        maker.Value is { } code
            ? Agents.Organization(context, maker[2], CodingSystems.Of(context.Source, maker[3], code), code)
            : Element.Reference(null, maker[2]);

    // RXA-27, else of older messages RXA-11, an LA2, whose first four parts are those of PL.
    private static Element? Location(MessageContext context, Hl7Segment rxa) =>
        (MessageContext.FirstOf(rxa[27]) ?? MessageContext.FirstOf(rxa[11])) is { } place ? Agents.Location(context, place) : null;

    private static Element? Concept(MessageContext context, OrderGroup group, int field) =>
        group.Routes is [var route, ..] && MessageContext.FirstOf(route[field]) is { } given ? DataTypes.Concept(context, given) : null;
}
