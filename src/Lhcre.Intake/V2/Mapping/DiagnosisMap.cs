using System.Globalization;
using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>DG1 → Condition and Encounter.diagnosis (segments DG1[Condition], DG1[Encounter]).</summary>
internal static class DiagnosisMap
{
    /// <summary>States each diagnosis of the message.</summary>
    /// <param name="context">The message.</param>
    /// <param name="encounter">The visit that it states; null for none.</param>
    public static void Map(MessageContext context, Element? encounter)
    {
        context.Takes("DG1", 1, 3, 4, 5, 6, 15, 16, 19, 20, 21);
        context.TakesFirst("DG1", 3, 6, 16, 20);
        foreach (var dg1 in context.Message.Named("DG1"))
        {
            if (Condition(context, dg1) is not { } reference)
                continue;
            // DG1-6 → diagnosis.use (row 6), DG1-15 → diagnosis.rank (row 15)
            var use = MessageContext.FirstOf(dg1[6]) is { } type ? DataTypes.Concept(context, type, CodeTables.DiagnosisType) : null;
            encounter?.Add("diagnosis", new Element().Set("condition", Element.Reference(reference)).Set("use", use).Number("rank", Rank(dg1)));
        }
    }

    private static string? Condition(MessageContext context, Hl7Segment dg1)
    {
        var coded = MessageContext.FirstOf(dg1[3]);
        // DG1-3 → code (row 3); DG1-4 → code.text (row 4)
        var code = (coded is { } cwe ? DataTypes.Concept(context, cwe) : null) ?? new Element();
        if (dg1[4].Value is { } description)
            code.Set("text", description);
        if (code.IsEmpty)
        {
            context.Report(IssueCodes.ValueLeftOut, dg1, 3);
            return null;
        }

        var number = MessageContext.FirstOf(dg1[20]);
        var id = number is { Value: { } own } ei
            ? ResourceId.Of(DataTypes.EntityAuthority(context, ei)?.Name, own)
            : ResourceId.Hashed(
                "DG1", context.PersonId, context.Encounter ?? Dtm.Date(dg1[5].Value), coded?.Value, coded?[3],
                coded?.Value is null ? dg1[4].Value ?? coded?[2] : null);
        if (context.Draft.Add("Condition", id) is not { } condition)
        {
            context.Report(IssueCodes.StatedTwice, dg1);
            return $"Condition/{id}";
        }

        if (number is { } identifier)
            condition.Add("identifier", DataTypes.EntityIdentifier(context, identifier)); // DG1-20 → identifier (row 20)
        if (dg1[21].Value == "D") // DG1-21 → verificationStatus (row 21)
            condition.Set("verificationStatus", Element.Concept(Element.Coding("http://terminology.hl7.org/CodeSystem/condition-ver-status", "entered-in-error")));
        condition.Add("category", Element.Concept(Element.Coding("http://terminology.hl7.org/CodeSystem/condition-category", "encounter-diagnosis")))
            .Set("code", code)
            .Set("subject", Element.Reference(context.Patient))
            .Set("encounter", Element.Reference(context.Encounter))
            .Set("onsetDateTime", context.DateTime(dg1, 5)) // DG1-5 → onsetDateTime (row 5)
            .Set("recordedDate", context.DateTime(dg1, 19)); // DG1-19 → recordedDate (row 19)
        if (MessageContext.FirstOf(dg1[16]) is { } clinician)
            condition.Set("asserter", Agents.Practitioner(context, clinician)); // DG1-16 → asserter (row 16)
        return $"Condition/{id}";
    }

    // A positiveInt; table 0359 has 0 for "not included in the ranking".
    private static string? Rank(Hl7Segment dg1) =>
        int.TryParse(dg1[15].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var rank) && rank > 0
            ? rank.ToString(CultureInfo.InvariantCulture)
            : null;
}
