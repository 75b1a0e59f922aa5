namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// An order's numbers (EI), and what is named by them. A filler's number alone does not name a report: laboratories in the United Kingdom use
/// one for all tests of a specimen, each in an OBR of its own, so that OBR-4 belongs to the name.
/// </summary>
internal static class OrderNumber
{
    /// <summary>ORC-2, else the detail's own (OBR-2); null for none.</summary>
    public static Hl7Repetition? Placer(OrderGroup group) => First(group.Order?[2]) ?? (group.Detail?.Name == "OBR" ? First(group.Detail[2]) : null);

    /// <summary>OBR-3, else ORC-3; null for none.</summary>
    public static Hl7Repetition? Filler(OrderGroup group) => (group.Detail?.Name == "OBR" ? First(group.Detail[3]) : null) ?? First(group.Order?[3]);

    /// <summary>An EI in parts of an id: who issued it (else the sending facility), and its number.</summary>
    public static string?[] Parts(MessageContext context, Hl7Repetition number) => [DataTypes.EntityAuthority(context, number)?.Name, number.Value];

    /// <summary>
    /// What names the report of an order, in parts of an id: the filler's number, else the placer's, and OBR-4; without a number, whose, what and when.
    /// </summary>
    public static string?[] OfReport(MessageContext context, OrderGroup group)
    {
        var service = group.Detail?[4];
        var code = service?.Value ?? service?.Component(2) ?? "-";
        if ((Filler(group) ?? Placer(group)) is { } number)
            return [.. Parts(context, number), code];
        return [context.PersonId, code, group.Detail?[7].Value ?? context.Message.Header[7].Value ?? "-"];
    }

    /// <summary>
    /// Identifier with its type of HL7 table 0203 (segment OBR[DiagnosticReport], rows 4 to 9: <c>PLAC</c>, <c>FILL</c>; null for none); null for no number.
    /// </summary>
    public static Element? Identifier(MessageContext context, Hl7Repetition? number, string? type) =>
        number is { } given ? DataTypes.EntityIdentifier(context, given, type) : null;

    /// <summary>
    /// Whether several orders of the message have the filler's number: then it names the specimen or the request, as an accession number does,
    /// and must not join their reports (CLINICAL.md, rule 0: "an accession shared by many results").
    /// </summary>
    public static bool IsShared(MessageContext context, OrderGroup group) =>
        Filler(group) is { } number && context.Message.Named("OBR").Count(o => First(o[3])?.Value == number.Value) > 1;

    private static Hl7Repetition? First(Hl7Field? field) =>
        field is { } given && given.Repetitions is [var first, ..] && first.Value is not null ? first : null;
}
