using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>PV1 and PV2 → Encounter (segments PV1[Encounter], PV2[Encounter]). Each message states the visit whole, as it is after its event.</summary>
internal static class EncounterMap
{
    private const string Participations = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
    private const string NullFlavours = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor";

    // PV1-7 (row 7), PV1-8 (8), PV1-9 (9), PV1-17 (17), PV1-52 (52) → participant[1–5]
    private static readonly (int Field, string Role)[] Roles = [(7, "ATND"), (8, "REF"), (9, "CON"), (17, "ADM"), (52, "PART")];

    /// <summary>States the visit.</summary>
    /// <returns>The Encounter; null where the message is about none, or does not name it.</returns>
    public static Element? Map(MessageContext context, AdtEvent adt)
    {
        if (context.Message.First("PV1") is not { } pv1)
            return null;
        // A PV1 of class N says that there is no visit, since HL7 v2 demands a PV1 in A28 and A31 (HL7 v2.9, 3.3.28).
        if (pv1[2].Value == "N" && context.Encounter is null)
        {
            context.Takes("PV1", 1, 2);
            return null;
        }

        if (!adt.IsOfVisit)
            return null;
        context.Takes("PV1", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 19, 36, 37, 38, 42, 44, 45, 50, 52);
        context.Takes("PV2", 1, 3, 8, 9, 11, 13, 22, 25, 38);
        context.TakesFirst("PV1", 3, 4, 5, 6, 10, 11, 13, 14, 36, 37, 42);
        context.TakesFirst("PV2", 1, 3, 13, 25, 38);
        if (context.Encounter is null)
        {
            context.Report(IssueCodes.VisitNotNamed, pv1);
            return null;
        }

        var pv2 = context.Message.First("PV2");
        // PV2-22 → meta.security (Segment PV2, row 22: Y is restricted)
        var security = pv2 is not null && context.Flag(pv2, 22) == true ? "R" : null;
        var encounter = context.Draft.Add("Encounter", context.Encounter["Encounter/".Length..], security)!;
        var status = StatusOf(context, adt, pv1);
        Identify(context, encounter, pv1, status);
        encounter.Set("subject", Element.Reference(context.Patient));
        Participants(context, encounter, pv1, pv2);
        encounter.Set("period", PeriodOf(context, adt, pv1)); // PV1-44 → period.start (row 44), PV1-45 → period.end (row 45)
        if (pv2 is not null)
            Reasons(context, encounter, pv2);
        Stay.Map(context, encounter, adt, pv1);
        Places(context, encounter, adt, status, pv1, pv2);
        return encounter;
    }

    // MSH-9 → status (Segment MSH[Encounter]), where the event says it; else PV1-45 → finished (row 45), else PV1-2 → status (row 2).
    private static string StatusOf(MessageContext context, AdtEvent adt, Hl7Segment pv1)
    {
        var patientClass = pv1[2].Value;
        if (adt.Status is "finished" or "cancelled" or "planned" || (adt.Status is not null && adt.IsDischargeUndone))
            return adt.Status;
        if (HasPassed(context, pv1[45].Value))
            return "finished";
        if (CodeTables.EncounterStatus.Code(patientClass) == "planned")
            return "planned";
        // An A08 says what is known of a visit and not where it stands (concept map Event[EncounterStatus], row A08); one that has begun is under way.
        return adt.Status ?? (HasPassed(context, pv1[44].Value) ? CodeTables.EncounterStatus.Code(patientClass) : null) ?? "unknown";
    }

    // Some send a discharge that is only expected.
    private static bool HasPassed(MessageContext context, string? time) =>
        Dtm.Digits(time) is { } at && string.CompareOrdinal(at, Dtm.Digits(context.Message.Header[7].Value) ?? at) <= 0;

    private static void Identify(MessageContext context, Element encounter, Hl7Segment pv1, string status)
    {
        // PV1-19 → identifier[1] of type VN (row 19); PV1-50 → identifier[2] (row 50)
        encounter.Add("identifier", MessageContext.Given(pv1[19]).Select(cx => DataTypes.Identifier(context, cx, "VN")))
            .Add("identifier", MessageContext.Given(pv1[50]).Select(cx => DataTypes.Identifier(context, cx)))
            .Set("status", status);
        // PV1-2 → class (row 2), which FHIR demands.
        encounter.Set("class", CodeTables.EncounterClass.Coding(pv1[2].Value)
            ?? (MessageContext.FirstOf(pv1[2]) is { } own ? DataTypes.Coding(context, own) : null)
            ?? Element.Coding(NullFlavours, "UNK"));
        if (MessageContext.FirstOf(pv1[4]) is { } type && !NationalCodes.AdmissionMethod.Has(type))
            encounter.Add("type", DataTypes.Concept(context, type, CodeTables.AdmissionType)); // PV1-4 → type (row 4)
        if (MessageContext.FirstOf(pv1[10]) is { } service)
            encounter.Set("serviceType", DataTypes.Concept(context, service)); // PV1-10 → serviceType (row 10)
    }

    private static void Participants(MessageContext context, Element encounter, Hl7Segment pv1, Hl7Segment? pv2)
    {
        foreach (var (field, role) in Roles)
        {
            foreach (var xcn in MessageContext.Given(pv1[field]))
                encounter.Add("participant", Participant(context, xcn, role));
        }

        if (pv2 is not null && MessageContext.FirstOf(pv2[13]) is { } referrer)
            encounter.Add("participant", Participant(context, referrer, "REF")); // PV2-13 → participant (Segment PV2, row 13)
    }

    private static Element? Participant(MessageContext context, Hl7Repetition xcn, string role) =>
        Agents.Practitioner(context, xcn) is { } individual
            ? new Element().Add("type", Element.Concept(Element.Coding(Participations, role))).Set("individual", individual)
            : null;

    private static Element? PeriodOf(MessageContext context, AdtEvent adt, Hl7Segment pv1)
    {
        var happened = context.Message.First("EVN")?[6].Value;
        var start = context.DateTime(pv1, 44) is not null ? pv1[44].Value : adt.Time == EventTime.Arrival ? happened : null;
        var end = context.DateTime(pv1, 45) is not null ? pv1[45].Value : adt.Time == EventTime.Departure ? happened : null;
        if (adt.IsDischargeUndone)
            end = null;
        if (DataTypes.IsReversed(start, end))
            context.Report(IssueCodes.ValueLeftOut, pv1, 45);
        return DataTypes.Period(start, end);
    }

    private static void Reasons(MessageContext context, Element encounter, Hl7Segment pv2)
    {
        if (MessageContext.FirstOf(pv2[3]) is { } reason)
            encounter.Add("reasonCode", DataTypes.Concept(context, reason)); // PV2-3 → reasonCode (row 3)
        if (MessageContext.FirstOf(pv2[25]) is { } priority)
            encounter.Set("priority", DataTypes.Concept(context, priority)); // PV2-25 → priority (row 25)
        if (context.Number(pv2, 11) is { } days) // PV2-11 → length, in days (row 11)
        {
            encounter.Set("length", new Element().Number("value", days).Set("unit", "d")
                .Set("system", "http://unitsofmeasure.org").Code("code", "d"));
        }

        // PV2-8, PV2-9 → the planned dates of FHIR 5 (rows 8, 9); PV2-38 → encounter-modeOfArrival (row 38)
        encounter.Extend("http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedStartDate", "valueDateTime", context.DateTime(pv2, 8))
            .Extend("http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate", "valueDateTime", context.DateTime(pv2, 9));
        if (MessageContext.FirstOf(pv2[38]) is { } arrival)
            encounter.Extend("http://hl7.org/fhir/StructureDefinition/encounter-modeOfArrival", "valueCoding", DataTypes.Coding(context, arrival));
    }

    private static void Places(MessageContext context, Element encounter, AdtEvent adt, string status, Hl7Segment pv1, Hl7Segment? pv2)
    {
        var moved = adt.Time == EventTime.Transfer ? context.Message.First("EVN")?[6].Value : null;
        // PV1-3 → location[1], active, or planned before the visit (row 3); completed after it.
        var here = status switch { "planned" => "planned", "finished" => "completed", "cancelled" => null, _ => "active" };
        Place(pv1[3], here, moved, null);
        Place(pv1[6], "completed", null, moved); // PV1-6 → location[2] (row 6)
        Place(pv1[11], "active", null, null); // PV1-11 → location[3] (row 11)
        Place(pv1[42], "reserved", null, null); // PV1-42 → location[4] (row 42)
        Place(pv2?[1] ?? default, "planned", null, null); // PV2-1 → location[5] (Segment PV2, row 1)

        void Place(Hl7Field field, string? use, string? from, string? to)
        {
            if (MessageContext.FirstOf(field) is { } pl && Agents.Location(context, pl) is { } location)
                encounter.Add("location", new Element().Set("location", location).Set("status", use).Set("period", DataTypes.Period(from, to)));
        }
    }
}
