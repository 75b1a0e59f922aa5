namespace Lhcre.Intake.V2.Mapping;

/// <summary>PV1 → Encounter.hospitalization: how somebody came in, was kept and left.</summary>
internal static class Stay
{
    private const string UkCore = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-";

    /// <summary>Adds it to the visit, where the message says any of it.</summary>
    public static void Map(MessageContext context, Element encounter, AdtEvent adt, Hl7Segment pv1)
    {
        var stay = new Element();
        if (MessageContext.FirstOf(pv1[4]) is { } method) // PV1-4 in England: how somebody was admitted (UK Core, Extension-UKCore-AdmissionMethod)
            stay.Extend(UkCore + "AdmissionMethod", "valueCodeableConcept", NationalCodes.AdmissionMethod.Concept(method));
        if (MessageContext.FirstOf(pv1[5]) is { } number)
            stay.Set("preAdmissionIdentifier", DataTypes.Identifier(context, number)); // PV1-5 (row 5)
        if (MessageContext.FirstOf(pv1[14]) is { } origin)
            stay.Set("admitSource", NationalCodes.SourceOfAdmission.Concept(origin) ?? DataTypes.Concept(context, origin)); // PV1-14 (row 14)
        if (MessageContext.FirstOf(pv1[13]) is { } again)
            stay.Set("reAdmission", DataTypes.Concept(context, again)); // PV1-13 (row 13)
        stay.Add("dietPreference", MessageContext.Given(pv1[38]).Select(d => DataTypes.Concept(context, d))) // PV1-38 (row 38)
            .Add("specialCourtesy", MessageContext.Given(pv1[16]).Select(v => DataTypes.Concept(context, v))) // PV1-16 (row 16)
            .Add("specialArrangement", MessageContext.Given(pv1[15]).Select(a => DataTypes.Concept(context, a))); // PV1-15 (row 15)
        if (!adt.IsDischargeUndone)
            Leaving(context, encounter, stay, pv1);
        encounter.Set("hospitalization", stay);
    }

    // PV1-36 → dischargeDisposition (row 36), PV1-37 → destination (row 37). In England PV1-36 is how somebody left, and PV1-37 where to, which UK Core has in
    // an extension of the Encounter and in dischargeDisposition.
    private static void Leaving(MessageContext context, Element encounter, Element stay, Hl7Segment pv1)
    {
        var how = MessageContext.FirstOf(pv1[36]);
        var where = MessageContext.FirstOf(pv1[37]);
        if (how is { } way)
        {
            if (NationalCodes.DischargeMethod.Concept(way) is { } method)
                encounter.Extend(UkCore + "DischargeMethod", "valueCodeableConcept", method);
            else
                stay.Set("dischargeDisposition", DataTypes.Concept(context, way));
        }

        if (where is { } place)
        {
            if (NationalCodes.DischargeDestination.Concept(place) is { } destination && (how is null || NationalCodes.DischargeMethod.Has(how.Value)))
                stay.Set("dischargeDisposition", destination);
            else
                stay.Set("destination", Element.Reference(null, place.Value));
        }
    }
}
