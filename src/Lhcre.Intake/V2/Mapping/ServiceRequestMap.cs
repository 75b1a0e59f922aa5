namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// ORC and OBR → ServiceRequest (segments ORC[ServiceRequest], OBR[ServiceRequest]; message ORU_R01, rows 41 and 51: "if a ServiceRequest needs
/// to be created for the receiver"): only where there is an ORC and the placer's number, without which nothing could refer to it.
/// </summary>
internal static class ServiceRequestMap
{
    // Concept map ExtendedPriorityCodes (HL7 table 0485), rows 3 to 5.
    private static readonly CodeTable Priorities = CodeTable.Codes(("S", "stat"), ("A", "asap"), ("R", "routine"));

    /// <summary>States the order.</summary>
    /// <param name="context">The message.</param>
    /// <param name="group">The order.</param>
    /// <param name="isShared">Whether others of the message have the filler's number.</param>
    /// <returns>Its reference; null where none is stated.</returns>
    public static string? Map(MessageContext context, OrderGroup group, bool isShared)
    {
        if (group is not { Order: { } order, Detail: { Name: "OBR" } request } || OrderNumber.Placer(group) is not { } placer)
            return null;
        var service = request[4];
        var id = ResourceId.Of([.. OrderNumber.Parts(context, placer), service.Value ?? service.Component(2) ?? "-"]);
        if (context.Draft.Add("ServiceRequest", id, group.Security) is not { } resource)
            return $"ServiceRequest/{id}";
        resource
            .Add("identifier", OrderNumber.Identifier(context, placer, "PLAC")) // ORC-2, OBR-2 (ORC rows 9 to 11; OBR rows 5 to 7)
            .Add("identifier", OrderNumber.Identifier(context, OrderNumber.Filler(group), isShared ? "ACSN" : "FILL")) // ORC-3, OBR-3
            .Set("requisition", OrderNumber.Identifier(context, MessageContext.FirstOf(order[4]), "PGN")) // ORC-4 (ORC rows 15 to 17)
            .Set("status", ResultStatus.OfRequest(order)) // ORC-5, else ORC-1 (ORC rows 24, 3)
            .Set("intent", request[11].Value == "G" ? "reflex-order" : "order") // OBR-11 (OBR rows 20, 21)
            .Set("priority", Priority(group)) // OBR-5 (OBR row 13), TQ1-9 (TQ1[ServiceRequest], row 13)
            .Set("code", MessageContext.FirstOf(service) is { } code ? DataTypes.Concept(context, code) : null) // OBR-4 (OBR row 12)
            .Set("subject", Element.Reference(context.Patient))
            .Set("encounter", Element.Reference(context.Encounter))
            .Set("occurrenceDateTime", context.DateTime(request, 6)) // OBR-6 (OBR row 14)
            .Set("authoredOn", order[1].Value == "NW" ? context.DateTime(order, 9) : null) // ORC-9 (ORC row 28)
            .Set("requester", Requester(context, order, request)) // ORC-12, else OBR-16 (ORC row 34, OBR row 28)
            .Add("reasonCode", MessageContext.Given(request[31]).Select(r => DataTypes.Concept(context, r))); // OBR-31 (OBR row 48)
        return $"ServiceRequest/{id}";
    }

    /// <summary>The priority of an order; null where none of FHIR's is said.</summary>
    public static string? Priority(OrderGroup group) =>
        group.Timings.Select(t => Priorities.Code(t[9].Value)).FirstOrDefault(p => p is not null)
        ?? Priorities.Code(group.Detail is { Name: "OBR" } request ? request[5].Value ?? request[27].Component(6) : null);

    /// <summary>A priority by its code; null where FHIR has none for it.</summary>
    public static string? PriorityOf(string? code) => Priorities.Code(code);

    private static Element? Requester(MessageContext context, Hl7Segment order, Hl7Segment request) =>
        (MessageContext.FirstOf(order[12]) ?? MessageContext.FirstOf(request[16])) is { } provider ? Agents.Practitioner(context, provider) : null;
}
