using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>SPM → Specimen (segment SPM[Specimen]); of older messages OBR-15 (segments OBR[Specimen], SPS[Specimen-Source]).</summary>
internal static class SpecimenMap
{
    private static readonly CodeTable Availability = CodeTable.Codes(("Y", "available"), ("N", "unavailable"));

    /// <summary>Notes the fields that are read.</summary>
    public static void Take(MessageContext context)
    {
        context.Takes("SPM", 1, 2, 3, 4, 6, 7, 8, 12, 14, 17, 18, 20, 24, 27, 30, 31, 32);
        context.TakesFirst("SPM", 4, 6, 7, 8, 12, 17, 27, 30, 32);
    }

    /// <summary>States the specimens of an order.</summary>
    /// <param name="context">The message.</param>
    /// <param name="group">The order.</param>
    /// <param name="report">What names its report, in parts of an id.</param>
    /// <returns>References to them.</returns>
    public static List<string> Map(MessageContext context, OrderGroup group, string?[] report)
    {
        var references = group.Specimens.Select((s, i) => Map(context, s, group.Security, [.. report, $"s{i + 1}"])).ToList();
        if (references.Count == 0 && group.Detail is { } request && MessageContext.FirstOf(request[15]) is { } source)
            references.Add(Map(context, request, source, group.Security, report));
        return references;
    }

    private static string Map(MessageContext context, Noted specimen, string? security, string?[] unnamed)
    {
        var spm = specimen.Segment;
        var number = MessageContext.FirstOf(spm[2]);
        var id = ResourceId.Of(number is { } eip && (eip.Sub(2, 1) ?? eip.Sub(1, 1)) is { } value ? [eip.Sub(2, 2) ?? eip.Sub(1, 2) ?? context.Facility?.Name, value] : unnamed);
        if (context.Draft.Add("Specimen", id, security) is not { } resource)
            return $"Specimen/{id}";
        resource
            .Add("identifier", Half(context, number, 1, "PGN")).Add("identifier", Half(context, number, 2, "FGN")) // SPM-2 (rows 4, 5)
            .Add("identifier", MessageContext.Given(spm[31]).Select(x => DataTypes.Identifier(context, x))) // SPM-31 (row 36)
            .Add("identifier", OrderNumber.Identifier(context, MessageContext.FirstOf(spm[32]), "SHIP")) // SPM-32 (rows 37 to 39)
            .Set("accessionIdentifier", MessageContext.FirstOf(spm[30]) is { } accession ? DataTypes.Identifier(context, accession, "ACSN") : null) // SPM-30 (row 35)
            .Set("status", context.Code(spm, 20, Availability)) // SPM-20 (row 25)
            .Set("type", Concept(context, spm[4])) // SPM-4 (row 8)
            .Set("subject", Element.Reference(context.Patient))
            .Set("receivedTime", context.DateTime(spm, 18)) // SPM-18 (row 23)
            .Add("parent", MessageContext.Given(spm[3]).Select(p => Parent(context, p))); // SPM-3 (rows 6, 7)
        var collection = new Element()
            .Set("quantity", Amount(context, spm[12])) // SPM-12 (row 16)
            .Set("method", Concept(context, spm[7])) // SPM-7 (row 11)
            .Set("bodySite", Concept(context, spm[8])); // SPM-8 (row 12)
        var (from, to) = (MessageContext.FirstOf(spm[17])?.Sub(1, 1), MessageContext.FirstOf(spm[17])?.Sub(2, 1));
        if ((from is not null && Dtm.DateTime(from) is null) || (to is not null && Dtm.DateTime(to) is null) || DataTypes.IsReversed(from, to))
            context.Report(IssueCodes.ValueLeftOut, spm, 17);
        if (to is null)
            collection.Set("collectedDateTime", Dtm.DateTime(from)); // SPM-17 (row 22)
        else
            collection.Set("collectedPeriod", DataTypes.Period(from, to)); // SPM-17 (row 21)
        resource.Set("collection", collection)
            .Add("container", new Element().Set("type", Concept(context, spm[27])).Set("additiveCodeableConcept", Concept(context, spm[6]))) // SPM-27 (row 32), SPM-6 (row 10)
            .Add("condition", MessageContext.Given(spm[24]).Select(c => DataTypes.Concept(context, c))); // SPM-24 (row 29)
        if (NoteText.Joined(NoteText.Lines(spm[14])) is { } description)
            resource.Add("note", new Element().Set("text", description)); // SPM-14 (row 18)
        resource.Add("note", NoteText.Annotations(context, specimen.Notes));
        return $"Specimen/{id}";
    }

    // OBR-15 and what else OBR says of the specimen.
    private static string Map(MessageContext context, Hl7Segment request, Hl7Repetition source, string? security, string?[] report)
    {
        var id = ResourceId.Of([.. report, "s"]);
        var collection = new Element()
            .Set("collector", MessageContext.FirstOf(request[10]) is { } collector ? Agents.Practitioner(context, collector) : null) // OBR-10 (row 13)
            .Set("quantity", Amount(context, request[9])) // OBR-9 (row 12)
            .Set("bodySite", Part(context, source, 4)); // SPS.4
        if (request[8].Value is null)
            collection.Set("collectedDateTime", Dtm.DateTime(request[7].Value)); // OBR-7 (row 9)
        else
            collection.Set("collectedPeriod", DataTypes.Period(request[7].Value, request[8].Value)); // OBR-7, OBR-8 (rows 10, 11)
        context.Draft.Add("Specimen", id, security)?
            .Set("type", Part(context, source, 1)) // SPS.1
            .Set("subject", Element.Reference(context.Patient))
            .Set("receivedTime", context.DateTime(request, 14)) // OBR-14 (row 18)
            .Set("collection", collection)
            .Add("container", new Element().Set("additiveCodeableConcept", Part(context, source, 2))) // SPS.2
            .Add("note", new Element().Set("text", source[3])); // SPS.3
        return $"Specimen/{id}";
    }

    // EIP: two EI as subcomponents (data types EIP[Identifier-PlacerAssignedIdentifier], EIP[Identifier-FillerAssignedIdentifier]).
    private static Element? Half(MessageContext context, Hl7Repetition? eip, int component, string type)
    {
        if (eip is not { } given || given.Sub(component, 1) is not { } value)
            return null;
        var own = new AssigningAuthority(given.Sub(component, 2), given.Sub(component, 3), given.Sub(component, 4));
        return new Element()
            .Set("type", Element.Concept(Element.Coding("http://terminology.hl7.org/CodeSystem/v2-0203", type)))
            .Set("system", (own.Name is null ? context.Facility : own)?.SystemIn(context.Source))
            .Set("value", value);
    }

    private static Element? Parent(MessageContext context, Hl7Repetition eip) =>
        (Half(context, eip, 2, "FGN") ?? Half(context, eip, 1, "PGN")) is { } identifier ? new Element().Set("type", "Specimen").Set("identifier", identifier) : null;

    private static Element? Concept(MessageContext context, Hl7Field field) =>
        MessageContext.FirstOf(field) is { } given ? DataTypes.Concept(context, given) : null;

    // A CE within a component: code, text and system are subcomponents.
    private static Element? Part(MessageContext context, Hl7Repetition source, int component)
    {
        var (code, text, system) = (source.Sub(component, 1), source.Sub(component, 2), source.Sub(component, 3));
        if (code is null)
            return text is null ? null : new Element().Set("text", text);
        // A word without a system is no code of anybody's.
        return system is null && text is null ? new Element().Set("text", code) : Element.Concept(Element.Coding(CodingSystems.Of(context.Source, system, code), code, text));
    }

    // CQ (data type CQ[Quantity]): the unit is a CE whose parts are subcomponents.
    private static Element? Amount(MessageContext context, Hl7Field field) =>
        MessageContext.FirstOf(field) is { } cq ? Amounts.Of(context, cq) : null;
}
