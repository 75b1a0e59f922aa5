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
    /// What names the report of an order, in parts of an id: the filler's number, else the placer's, OBR-4, and of a result that hangs on
    /// another one (the sensitivities of one of several organisms) which one (OBR-26); without a number, whose, what and when.
    /// </summary>
    public static string?[] OfReport(MessageContext context, OrderGroup group)
    {
        var service = group.Detail?[4];
        var code = service?.Value ?? service?.Component(2) ?? "-";
        if ((Filler(group) ?? Placer(group)) is { } number)
            return [.. Parts(context, number), code, .. OfParent(group)];
        return [context.PersonId, code, .. OfParent(group), group.Detail?[7].Value ?? context.Message.Header[7].Value ?? "-"];
    }

    /// <summary>
    /// Identifier with its type of HL7 table 0203 (segment OBR[DiagnosticReport], rows 4 to 9: <c>PLAC</c>, <c>FILL</c>; null for none); null for no number.
    /// </summary>
    public static Element? Identifier(MessageContext context, Hl7Repetition? number, string? type) =>
        number is { } given ? DataTypes.EntityIdentifier(context, given, type) : null;

    /// <summary>The orders of a message that do not stand alone under their number, but beside another one of another name.</summary>
    /// <param name="groups">All orders.</param>
    /// <param name="number">The number; null for none.</param>
    /// <param name="name">What tells them apart; null for what is no such order.</param>
    public static HashSet<OrderGroup> Shared(List<OrderGroup> groups, Func<OrderGroup, Hl7Repetition?> number, Func<OrderGroup, string?> name) =>
        [.. groups.Where(g => name(g) is not null && number(g) is not null)
            .GroupBy(g => number(g)!.Value.Raw, StringComparer.Ordinal)
            .Where(g => g.DistinctBy(name).Skip(1).Any())
            .SelectMany(g => g)];

    // PRL: the parent's OBX-3 and OBX-4.
    private static string?[] OfParent(OrderGroup group) =>
        group.Detail is { } request && MessageContext.FirstOf(request[26]) is { } parent ? [parent.Sub(1, 1), parent[2]] : [];

    private static Hl7Repetition? First(Hl7Field? field) =>
        field is { } given && given.Repetitions is [var first, ..] && first.Value is not null ? first : null;
}
