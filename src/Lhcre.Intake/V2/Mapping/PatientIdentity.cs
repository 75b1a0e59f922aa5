using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>Who a PID is about: the identifiers that it gives, and the id under which the source's messages state the person.</summary>
/// <param name="Id">Of the person's own number at the sender; a hash of the NHS number where that is all there is, so that no URL has it.</param>
/// <param name="Identifiers">As FHIR Identifiers, NHS numbers among them.</param>
internal sealed record PatientIdentity(string Id, ImmutableArray<Element> Identifiers)
{
    private const string VerificationStatus = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus";
    private const string VerificationStatuses = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland";

    // The list first, since the others are of before 2.3.1.
    private static readonly ImmutableArray<int> Fields = [3, 2, 4];

    // Which of several numbers is the person's own for longest.
    private static readonly ImmutableArray<string> Lasting = ["MR", "PI", "PT", "U"];

    /// <summary>Reads a PID; null where it has no identifier at all.</summary>
    public static PatientIdentity? Of(MessageContext context, Hl7Segment pid)
    {
        // PID-2 → identifier[1], PID-3 → identifier[2], PID-4 → identifier[3] (Segment PID, rows 2, 3, 4).
        var all = Fields.SelectMany(f => MessageContext.Given(pid[f])).Where(cx => cx.Value is not null).ToList();
        var national = National(all, pid);
        var own = all.Where(cx => !DataTypes.IsNhsNumber(cx) && !Same(cx.Value, national)).ToList();
        if (own.Count == 0 && national is null)
            return null;
        var identifiers = own.Select(cx => DataTypes.Identifier(context, cx)).OfType<Element>().ToList();
        if (national is not null)
            identifiers.Insert(0, WithStatus(all, pid, national));
        // Two of them are a contradiction, for whoever files it to see.
        identifiers.InsertRange(1, all.Where(cx => DataTypes.IsNhsNumber(cx) && !Same(cx.Value, national)).Select(cx => DataTypes.Identifier(context, cx)!));
        // PID-20 → identifier[5] (row 20): DLN.1, DLN.2 as its issuer, DLN.3 as its end.
        if (MessageContext.FirstOf(pid[20]) is { Value: not null } licence)
        {
            identifiers.Add(new Element().Set("type", Element.Concept(Element.Coding("http://terminology.hl7.org/CodeSystem/v2-0203", "DL")))
                .Set("value", licence.Value).Set("period", DataTypes.Period(null, licence[3])));
        }

        return new PatientIdentity(IdOf(context, own, national), [.. identifiers]);
    }

    private static string? National(List<Hl7Repetition> all, Hl7Segment pid)
    {
        foreach (var cx in all)
        {
            if (DataTypes.IsNhsNumber(cx))
                return cx.Value;
        }

        // PID-19 (row 19: "if working in a jurisdiction other than the US … a different system"): laboratories in England send the NHS number there. Only
        // where it passes the check, and does not begin as the numbers of Scotland (a day of birth) and Northern Ireland (32 to 39), which pass it too.
        return NhsNumber.TryParse(pid[19].Value, out var number) && number.Digits()[0] >= '4' ? pid[19].Value : null;
    }

    private static Element WithStatus(List<Hl7Repetition> all, Hl7Segment pid, string national)
    {
        var identifier = DataTypes.NhsNumberOf(national);
        foreach (var cx in all)
        {
            if (DataTypes.IsNhsNumber(cx) && Same(cx.Value, national))
                identifier.Set("period", DataTypes.Period(cx[7], cx[8]));
        }

        // PID-32 (row 32: no map): NHS messages send the NHS number status there, 01 to 08 (NHS Data Dictionary, NHS NUMBER STATUS INDICATOR CODE).
        return pid[32].Value is ['0', >= '1' and <= '8'] status
            ? identifier.Extend(VerificationStatus, "valueCodeableConcept", Element.Concept(Element.Coding(VerificationStatuses, status)))
            : identifier;
    }

    private static string IdOf(MessageContext context, List<Hl7Repetition> own, string? national)
    {
        if (own.Count == 0)
            return ResourceId.Hashed("nhs", NhsNumber.TryParse(national, out var number) ? number.Digits() : national);
        var chosen = own.MinBy(cx => Lasting.IndexOf(cx[5] ?? "") is >= 0 and var rank ? rank : int.MaxValue);
        return ResourceId.Of(DataTypes.AuthorityOf(context, chosen)?.Name, chosen.Value);
    }

    // The NHS number again under no name, as some senders fill PID-2.
    private static bool Same(string? value, string? national) =>
        value is not null && national is not null
        && (value == national || (NhsNumber.TryParse(value, out var one) && NhsNumber.TryParse(national, out var other) && one == other));
}
